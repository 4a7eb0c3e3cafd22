import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import t from 'tap';
import { startEngine } from './run-engine.js';

t.test('no command reads a device or a pipe', { skip: process.platform === 'win32' }, async (t) => {
  const dir = t.testdir();
  const pipe = join(dir, 'pipe.json');
  execFileSync('mkfifo', [pipe]);
  const runs: (readonly string[])[] = [
    ['product', '/dev/zero'],
    ['product', pipe],
    ['check', pipe],
    ['check', '/dev/zero'],
  ];
  for (const args of runs) {
    const engine = startEngine(args);
    const timer = setTimeout(() => engine.child.kill('SIGKILL'), 30_000);
    const { code, signal, stderr } = await engine.ended;
    clearTimeout(timer);
    t.equal(signal, null, `${args.join(' ')} ends by itself`);
    t.equal(code, 1);
    t.match(stderr, /a device or a pipe/, args.join(' '));
  }
});
