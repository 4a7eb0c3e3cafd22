import { pathToFileURL } from 'node:url';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { packageRoot } from '../../src/core/files/paths.js';
import { leanStart } from '../../src/native/lean-start.js';
import { smallCommandLine, type StartedProcess } from '../../src/native/small-start.js';

t.test('small start', async (t) => {
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
    const module = pathToFileURL(join(packageRoot(), 'src/native/small-start.ts')).href;
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
});

t.test('lean start', async (t) => {
  const preload = leanStart({})['LD_PRELOAD'];
  const missing = preload === undefined && 'no compiled addon, or no Linux';

  t.test('keeps the rest of the environment', async (t) => {
    t.equal(leanStart({ PATH: '/bin' })['PATH'], '/bin');
  });

  t.test("keeps the caller's preloaded library first", { skip: missing }, async (t) => {
    t.equal(leanStart({ LD_PRELOAD: '/lib/x.so' })['LD_PRELOAD'], `/lib/x.so ${preload}`);
  });

  /** Kilobytes of mapped files in a program that was linked with hundreds of libraries and reads its own figures. */
  function fileKilobytes(env: NodeJS.ProcessEnv): number {
    const dir = mkdtempSync(join(tmpdir(), 'showroom-lean-'));
    try {
      // ffmpeg copies a file it is told to read as raw bytes: here its own memory map.
      const out = join(dir, 'smaps');
      const run = spawnSync(
        'ffmpeg',
        ['-v', 'error', '-f', 'data', '-i', '/proc/self/smaps', '-map', '0', '-c', 'copy', '-f', 'data', out],
        { env, encoding: 'utf8' },
      );
      if (run.status !== 0) throw new Error(run.stderr);
      const smaps = spawnSync('cat', [out], { encoding: 'utf8', maxBuffer: 64 << 20 }).stdout;
      let kilobytes = 0;
      let file = false;
      for (const line of smaps.split('\n')) {
        const mapping = /^[0-9a-f]+-[0-9a-f]+ \S+ \S+ \S+ \S+\s*(.*)$/.exec(line);
        if (mapping !== null) file = mapping[1]!.startsWith('/');
        else if (file && line.startsWith('Rss:')) kilobytes += Number(/\d+/.exec(line)![0]);
        else if (file && line.startsWith('Anonymous:')) kilobytes -= Number(/\d+/.exec(line)![0]);
      }
      return kilobytes;
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  }
  const ffmpeg = existsSync('/usr/bin/ffmpeg') ? false : 'no ffmpeg of a distribution';

  t.test("leaves a distribution's ffmpeg with few resident library pages", { skip: missing || ffmpeg }, async (t) => {
    const plain = fileKilobytes(process.env);
    const lean = fileKilobytes(leanStart(process.env));
    t.ok(lean < plain / 2, `${lean} kB in place of ${plain} kB`);
  });
});
