import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import t from 'tap';
import { packageRoot } from '../../src/core/files/paths.js';
import { stopSignals } from '../../src/cli/stop-signals.js';

t.test('stops on the first signal, ignores its copy, and ends at once on one a second later', async (t) => {
  let now = 0;
  const codes: number[] = [];
  const stop = stopSignals(
    (code) => codes.push(code),
    () => now,
    { wholeMs: 1e6, afterCloseMs: 1e6 },
  );
  t.teardown(() => stop.close());
  let stopped = 0;
  let hungUp = 0;
  stop.onStop = () => (stopped += 1);
  stop.onHangup = () => (hungUp += 1);
  process.emit('SIGHUP');
  t.same([stop.signal.aborted, hungUp], [false, 1], 'a closed terminal does not end the show');
  process.emit('SIGINT');
  process.emit('SIGINT');
  t.same([stop.signal.aborted, stopped, codes.length], [true, 1, 0], 'a wrapper repeats it');
  now = 1500;
  process.emit('SIGINT');
  t.same(codes, [130]);
});

const program = (dir: string, body: string): string => `
  import { open } from 'node:fs';
  const { stopSignals } = await import(${JSON.stringify(pathToFileURL(join(packageRoot(), 'dist', 'cli', 'stop-signals.js')).href)});
  const stop = stopSignals(undefined, undefined, { wholeMs: 1500, afterCloseMs: 300 });
  // A thread of the pool that never comes back.
  open(${JSON.stringify(join(dir, 'pipe'))}, 'r', () => undefined);
  ${body}
  console.log('running');
`;

t.test(
  'ends a process that a hanging thread or a hanging close keeps alive',
  { skip: process.platform === 'win32' },
  async (t) => {
    const dir = t.testdir();
    execFileSync('mkfifo', [join(dir, 'pipe')]);
    const bodies = {
      'everything is closed': 'stop.onStop = () => setTimeout(() => stop.close(), 10);',
      'a close hangs': 'setInterval(() => undefined, 1000);',
    };
    for (const [name, body] of Object.entries(bodies)) {
      const child = spawn(process.execPath, ['--input-type=module', '-e', program(dir, body)], {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, NODE_OPTIONS: '' },
      });
      const ended = once(child, 'exit');
      t.teardown(() => child.kill('SIGKILL'));
      await once(child.stdout, 'data');
      child.kill('SIGTERM');
      const beganMs = performance.now();
      const [, signal] = (await ended) as [number | null, string | null];
      t.equal(signal, 'SIGKILL', name);
      t.ok(performance.now() - beganMs < 10_000, name);
    }
  },
);
