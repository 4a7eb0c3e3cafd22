import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { smallCommandLine, type StartedProcess } from '../../src/native/small-start.js';

const started = (more: Partial<StartedProcess> = {}): StartedProcess => ({
  execPath: '/bin/node',
  execArgv: ['--import=tsx'],
  argv: ['/bin/node', '/app/main.js', 'start', '--room', 'a b.json'],
  env: {},
  ...more,
});

t.test('restarts a process with a small young generation and all its arguments', async (t) => {
  t.same(smallCommandLine(started()), [
    '/bin/node',
    '--max-semi-space-size=2',
    '--single-threaded-gc',
    '--import=tsx',
    '/app/main.js',
    'start',
    '--room',
    'a b.json',
  ]);
});

t.test('does not restart with a limit, under a debugger, or with a parent channel', async (t) => {
  t.equal(smallCommandLine(started({ execArgv: ['--max-semi-space-size=2'] })), undefined);
  t.equal(smallCommandLine(started({ execArgv: ['--max_semi_space_size=64'] })), undefined);
  t.equal(smallCommandLine(started({ env: { NODE_OPTIONS: '--no-warnings --max-semi-space-size=8' } })), undefined);
  t.equal(smallCommandLine(started({ execArgv: ['--inspect-brk=0'] })), undefined);
  t.equal(smallCommandLine(started({ send: () => undefined })), undefined);
});

t.test('restarts in the same process, exactly once', { skip: process.platform !== 'linux' }, async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'showroom-small-'));
  t.teardown(() => rmSync(dir, { recursive: true, force: true }));
  const script = join(dir, 'script.mjs');
  const module = new URL('../../src/native/small-start.ts', import.meta.url).href;
  writeFileSync(
    script,
    `const { startSmall } = await import(${JSON.stringify(module)});
     console.error('begun');
     const limited = startSmall();
     const { cachedDataVersionTag, getHeapSpaceStatistics } = await import('node:v8');
     const kept = [];
     for (let i = 0; i < 3_000_000; i += 1) {
       kept.push({ i, text: 'x' + i });
       if (kept.length > 200_000) kept.length = 0;
     }
     const young = getHeapSpaceStatistics().find((s) => s.space_name === 'new_space').space_size;
     const { pid, execArgv, argv, env } = process;
     console.log(JSON.stringify({ pid, execArgv, last: argv.at(-1), given: env.GIVEN, limited, young, tag: cachedDataVersionTag() }));`,
  );
  const { pid, stdout, stderr, status } = spawnSync(process.execPath, ['--import=tsx', script, 'wörter'], {
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '', GIVEN: 'yes' },
  });
  t.equal(status, 0, stderr);
  // Asked of a process of its own: other tests in this one may have set flags of V8.
  const plain = spawnSync(process.execPath, ['-p', "require('node:v8').cachedDataVersionTag()"], {
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const { young, ...told } = JSON.parse(stdout) as { young: number };
  t.ok(young <= 4 << 20, `the limit stays: ${young} bytes`);
  t.same(told, {
    pid,
    execArgv: ['--max-semi-space-size=2', '--single-threaded-gc', '--import=tsx'],
    last: 'wörter',
    given: 'yes',
    limited: true,
    // Compiled code of a process without flags is taken.
    tag: Number(plain.stdout),
  });
  t.equal(stderr.match(/begun/g)?.length, 2);
});
