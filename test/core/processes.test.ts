import { pathToFileURL } from 'node:url';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import t from 'tap';
import { loadMusic } from '../../src/audio/load-music.js';
import { packageRoot } from '../../src/core/files/paths.js';
import { silentLog } from '../../src/core/log.js';
import { childEnvironment, spawnApart } from '../../src/core/processes/child-process.js';
import { type Backend, IdleWorker, type IdleWorkerOptions, WorkFault } from '../../src/core/processes/idle-worker.js';
import { isAnotherOnAir, markOnAir, markProcess } from '../../src/core/processes/process-mark.js';
import { ProcessBackend, type ProcessBackendOptions } from '../../src/core/processes/process-backend.js';
import { PreparedWorkers } from '../../src/core/processes/spawn-worker.js';
import { ThreadBackend } from '../../src/core/processes/thread-backend.js';
import { findFfmpeg } from '../../src/encoder/process/find-ffmpeg.js';
import { checkSrtProgram } from '../../src/outputs/srt/srt-output.js';
import { probeClip } from '../../src/scene/clips/probe-clip.js';
import { SynthesiserChild } from '../../src/speech/synthesiser/synthesiser-child.js';
import { SyntheticRoom } from '../encoder/synthetic-room.js';

t.test('child process', async (t) => {
  const skip = process.platform === 'linux' ? false : 'needs /proc';
  const SECRET = 'k3y-of-an-output';
  for (const name of [
    'ENGINE_TOKEN',
    'TAOBAO_KEY',
    'LLM_KEY',
    'AWS_SECRET_ACCESS_KEY',
    'HTTPS_PROXY',
    'NOTIFY_SOCKET',
  ]) {
    process.env[name] = SECRET;
  }

  const environOf = (pid: number): string => readFileSync(`/proc/${pid}/environ`, 'utf8');
  /** Behind the program's name: state, parent, group, session. */
  const groupOf = (pid: number): string =>
    readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)!.split(' ')[2]!;

  t.test('passes the variables that programs need, and no unknown one', (t) => {
    const env = {
      PATH: '/bin',
      LC_ALL: 'C',
      MALLOC_ARENA_MAX: '1',
      LD_LIBRARY_PATH: '/opt',
      ENGINE_MODELS: '/models',
      YOUTUBE_KEY: 'a',
      PATH_KEY: 'b',
    };
    const { YOUTUBE_KEY: _, PATH_KEY: __, ...passed } = env;
    t.same(childEnvironment(env), passed);
    t.notMatch(JSON.stringify(childEnvironment()), SECRET);
    t.end();
  });

  t.test('no other source starts a process', (t) => {
    const root = join(packageRoot(), 'src');
    const sources = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
    t.ok(sources.length > 300);
    const starts = /^(?!import type ).*['"](?:node:)?(?:child_process|cluster)['"]/m;
    const found = sources.filter((name) => starts.test(readFileSync(join(root, name), 'utf8')));
    t.same(found, [join('core', 'processes', 'child-process.ts')]);
    t.end();
  });

  t.test(
    'encoders, speech and text reading get no key, and encoders are detached from the terminal',
    { skip },
    async (t) => {
      const room = await SyntheticRoom.start();
      t.teardown(() => room.close());
      const encoders = Object.values(room.supervisor.stats().pids).filter((pid) => pid !== undefined);
      t.equal(encoders.length, 2);
      const module = pathToFileURL(join(packageRoot(), 'src/speech/espeak/espeak-process.ts'));
      const program = { name: 'espeak', module, package: '@echogarden/espeak-ng-emscripten', heapMib: 64 };
      const espeak = new SynthesiserChild(program, silentLog);
      t.teardown(() => espeak.close());
      const ocr = new ProcessBackend({
        module: new URL('../../src/compliance/ocr/ocr-process.js', import.meta.url),
        caller: import.meta.url,
      });
      t.teardown(() => ocr.end());
      for (const pid of [...encoders, espeak.pid!, ocr.pid!]) {
        const name = readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ').slice(0, 80);
        t.match(environOf(pid), /(^|\0)PATH=/, `readable: ${name}`);
        t.notMatch(environOf(pid), SECRET, name);
      }
      for (const pid of encoders) t.not(groupOf(pid), groupOf(process.pid), 'a group of its own');
    },
  );

  t.test('programs that read files of strangers get no key', { skip }, async (t) => {
    // Not t.testdir(): its path may contain characters that a script's first line cannot.
    const dir = mkdtempSync(join(tmpdir(), 'showroom-children-'));
    t.teardown(() => rmSync(dir, { recursive: true, force: true }));
    const said = join(dir, 'environ');
    const program = join(dir, 'ffmpeg');
    writeFileSync(program, `#!/bin/sh\ncat /proc/$$/environ >> ${said}\nexit 1\n`, { mode: 0o755 });
    const file = join(dir, 'sound.mp3');
    writeFileSync(file, 'not sound');
    const { signal } = new AbortController();
    const runs: [string, () => Promise<unknown>][] = [
      ['probe of a clip', () => probeClip(program, file, 'mov', 'layer', signal)],
      ['decoding of music', () => loadMusic(file, { ffmpegPath: program, signal, cacheDir: dir })],
      ['question for SRT', () => checkSrtProgram(program, 'output')],
      ['question for encoders', () => findFfmpeg({ env: { ENGINE_FFMPEG: program } })],
    ];
    for (const [name, run] of runs) {
      writeFileSync(said, '');
      await run().catch(() => undefined);
      const environ = readFileSync(said, 'utf8');
      t.match(environ, /(^|\0)PATH=/, `${name} ran`);
      t.notMatch(environ, SECRET, name);
    }
  });

  t.test('adds the caller’s variables', { skip }, async (t) => {
    const child = spawnApart('sh', ['-c', 'echo $ADDED $ENGINE_TOKEN; read x'], { env: { ADDED: 'yes' } });
    const said = await new Promise<string>((resolve) =>
      child.stdout.once('data', (data: Buffer) => resolve(`${data}`)),
    );
    t.equal(said, 'yes\n');
    child.kill('SIGKILL');
  });
});

t.test('idle worker', async (t) => {
  interface Pending {
    request: string;
    resolve(reply: string): void;
    reject(fault: WorkFault): void;
  }

  /** Backends that answer under the control of the test. */
  function workerOf(options: Partial<IdleWorkerOptions<string, string>> = {}) {
    const started: { ended: boolean; pending: Pending[] }[] = [];
    const worker = new IdleWorker<string, string>({
      start: () => {
        const one = { ended: false, pending: [] as Pending[] };
        started.push(one);
        const backend: Backend<string, string> = {
          get alive() {
            return !one.ended;
          },
          ask: (request) => new Promise((resolve, reject) => one.pending.push({ request, resolve, reject })),
          end: async () => {
            one.ended = true;
            for (const { reject } of one.pending.splice(0)) reject(new WorkFault('died', 'ended'));
          },
        };
        return backend;
      },
      timeoutMs: () => 60_000,
      idleMs: 60_000,
      ...options,
    });
    return { worker, started };
  }

  const turn = (): Promise<void> => new Promise((done) => setImmediate(done));

  async function answer(one: { pending: Pending[] } | undefined, reply: string): Promise<void> {
    one!.pending.shift()!.resolve(reply);
    await turn();
  }

  t.test('answers one request after another with one backend, started by the first', async (t) => {
    const { worker, started } = workerOf();
    t.equal(started.length, 0);
    const replies = [worker.run('a'), worker.run('b')];
    await turn();
    t.same(
      started[0]!.pending.map((p) => p.request),
      ['a'],
      'the second waits',
    );
    await answer(started[0], 'A');
    await answer(started[0], 'B');
    t.same(await Promise.all(replies), ['A', 'B']);
    t.equal(started.length, 1);
  });

  t.test('keeps several requests of one slot together', async (t) => {
    const { worker, started } = workerOf();
    const both = worker.use(async (ask) => [await ask('a1'), await ask('a2')]);
    const other = worker.run('b');
    await turn();
    await answer(started[0], 'A1');
    t.equal(started[0]!.pending[0]!.request, 'a2');
    await answer(started[0], 'A2');
    await answer(started[0], 'B');
    t.same(await both, ['A1', 'A2']);
    t.equal(await other, 'B');
  });

  t.test('a late request ends the backend, and the next one gets another', async (t) => {
    const { worker, started } = workerOf({ timeoutMs: () => 20 });
    await t.rejects(worker.run('a'), { kind: 'late', message: 'none in 20 ms' });
    t.equal(started[0]!.ended, true);
    const next = worker.run('b');
    await turn();
    await answer(started[1], 'B');
    t.equal(await next, 'B');
  });

  t.test('a dying backend rejects its request only', async (t) => {
    const { worker, started } = workerOf();
    const [first, second] = [worker.run('a'), worker.run('b')];
    await turn();
    started[0]!.ended = true;
    started[0]!.pending.shift()!.reject(new WorkFault('died', 'ended with SIGSEGV'));
    await t.rejects(first, { kind: 'died', message: 'ended with SIGSEGV' });
    await turn();
    await answer(started[1], 'B');
    t.equal(await second, 'B');
  });

  t.test('ends the backend when idle, and after a number of requests', async (t) => {
    const { worker, started } = workerOf({ idleMs: 20, maxRequests: 2 });
    for (const request of ['a', 'b', 'c']) {
      const reply = worker.run(request);
      await turn();
      await answer(started.at(-1), request);
      await reply;
    }
    t.equal(started.length, 2, 'the third request has a new one');
    t.equal(started[0]!.ended, true);
    for (let i = 0; i < 100 && !started[1]!.ended; i += 1) await new Promise((done) => setTimeout(done, 10));
    t.equal(started[1]!.ended, true, 'ended when idle');
  });

  t.test('refuses a request when too many wait, and accepts the next when there is room', async (t) => {
    const { worker, started } = workerOf({ maxWaiting: 2 });
    const [a, b] = [worker.run('a'), worker.run('b')];
    await t.rejects(worker.run('c'), { kind: 'full', message: '2 waiting requests' });
    await turn();
    await answer(started[0], 'A');
    await answer(started[0], 'B');
    t.same(await Promise.all([a, b]), ['A', 'B']);
    const d = worker.run('d');
    await turn();
    await answer(started[0], 'D');
    t.equal(await d, 'D');
  });

  t.test('rest waits for queued requests, close does not', async (t) => {
    const { worker, started } = workerOf();
    const a = worker.run('a');
    const rested = worker.rest();
    await turn();
    t.equal(started[0]!.ended, false);
    await answer(started[0], 'A');
    await rested;
    t.equal(await a, 'A');
    t.equal(started[0]!.ended, true);
    const [b, c] = [worker.run('b'), worker.run('c')];
    b.catch(() => undefined);
    c.catch(() => undefined);
    await turn();
    await worker.close();
    await worker.close();
    await t.rejects(b, { kind: 'closed', message: 'a closed worker' });
    await t.rejects(c, { kind: 'closed', message: 'a closed worker' });
    await t.rejects(worker.run('d'), { kind: 'closed', message: 'a closed worker' });
    t.equal(started.length, 2, 'nothing starts after close');
  });
});

t.test('on air marks', async (t) => {
  const skip = existsSync('/proc/self/stat') ? false : 'needs /proc';

  t.test('detects another engine on air, and forgets a killed one', { skip }, async (t) => {
    const folder = join(t.testdir(), 'on-air');
    t.equal(isAnotherOnAir(folder), false, 'no folder');
    const own = markOnAir(folder);
    t.equal(isAnotherOnAir(folder), false, 'this process itself');
    const other = spawn('sleep', ['60']);
    const mark = markProcess(other.pid!)!;
    writeFileSync(join(folder, `${other.pid}.json`), JSON.stringify(mark));
    t.equal(isAnotherOnAir(folder), true);
    const ended = new Promise((resolve) => other.once('exit', resolve));
    other.kill('SIGKILL');
    await ended;
    t.equal(isAnotherOnAir(folder), false);
    t.strictSame(readdirSync(folder), [`${process.pid}.json`], 'its file is removed');
    await own.close();
    await own.close();
    t.strictSame(readdirSync(folder), []);
  });

  t.test('trusts neither a later process of the same number nor a folder of others', { skip }, async (t) => {
    const folder = join(t.testdir(), 'on-air');
    mkdirSync(folder, { mode: 0o700 });
    const init = { pid: process.ppid, born: 'another boot:1' };
    writeFileSync(join(folder, '1.json'), JSON.stringify(init));
    t.equal(isAnotherOnAir(folder), false);
    writeFileSync(join(folder, '1.json'), JSON.stringify(markProcess(process.ppid)));
    t.equal(isAnotherOnAir(folder), true);
    chmodSync(folder, 0o777);
    t.equal(isAnotherOnAir(folder), false);
    await markOnAir(folder).close();
  });
});

t.test('process backend', async (t) => {
  const LIMITS = { cpuMs: 400, memoryMb: 300 };

  function childOf(options: Partial<ProcessBackendOptions> = {}): ProcessBackend<string, string> {
    const child = new ProcessBackend<string, string>({
      module: new URL('./worker-process.js', import.meta.url),
      caller: import.meta.url,
      limits: LIMITS,
      ...options,
    });
    t.teardown(() => child.end());
    return child;
  }

  const isGone = (pid: number): boolean => {
    try {
      return !process.kill(pid, 0);
    } catch {
      return true;
    }
  };

  t.test('a child answers, reports a failure, and lives on', async (t) => {
    for (const limits of [LIMITS, undefined]) {
      const child = childOf({ limits: limits! });
      t.equal(await child.ask('a'), 'a!');
      await t.rejects(child.ask('throw'), { kind: 'failed', message: 'not this one' });
      t.equal(await child.ask('b'), 'b!');
      await child.end();
      t.equal(child.alive, false);
      await t.rejects(child.ask('c'), { kind: 'died', message: /had ended/ });
    }
  });

  t.test('a child that ends by itself rejects with how it ended', async (t) => {
    const child = childOf();
    await t.rejects(child.ask('die'), { kind: 'died', message: /code 3/ });
  });

  t.test('kills a request that takes too much CPU time', { skip: process.platform !== 'linux' }, async (t) => {
    const child = childOf();
    t.equal(await child.ask('a'), 'a!');
    await t.rejects(child.ask('spin'), { kind: 'cpu', message: 'more than 400 ms of CPU time' });
    t.ok(isGone(child.pid!));
  });

  t.test('kills a request that takes too much memory', { skip: process.platform !== 'linux' }, async (t) => {
    const child = childOf({ limits: { cpuMs: 20_000, memoryMb: 300 } });
    await t.rejects(child.ask('grow'), { kind: 'memory', message: 'more than 300 MB of memory' });
  });

  t.test('ends a busy child at once', async (t) => {
    const child = childOf({ limits: { cpuMs: 60_000, memoryMb: 300 } });
    t.equal(await child.ask('a'), 'a!', 'it has started');
    const spinning = child.ask('spin');
    spinning.catch(() => undefined);
    await new Promise((done) => setTimeout(done, 300));
    await child.end();
    await t.rejects(spinning, { kind: 'died', message: /SIGKILL/ });
    t.ok(isGone(child.pid!));
  });

  t.test('a missing file of the engine is one clear error, of a process and of a thread', async (t) => {
    const module = new URL('./no-such-child.js', import.meta.url);
    const process = childOf({ module });
    const thread = new ThreadBackend<string, string>({ module, caller: import.meta.url, onError: () => undefined });
    t.teardown(() => thread.end());
    for (const backend of [process, thread]) {
      const error = await backend.ask('a').then(
        () => undefined,
        (cause: unknown) => cause,
      );
      t.match(error, { code: 'E_PACKAGE', found: /^no .*no-such-child/, todo: /install the package again/ });
      t.notMatch((error as Error).message, /\n|node:internal|requireStack/);
    }
  });
});

t.test('prepared workers', async (t) => {
  const module = new URL(
    `data:text/javascript,${encodeURIComponent(`
    import { parentPort } from 'node:worker_threads';
    parentPort.once('message', (word) => parentPort.postMessage({ word }));
  `)}`,
  );
  const dying = new URL(`data:text/javascript,${encodeURIComponent('throw new Error("no")')}`);
  const built = 'file:///x.js';

  t.test('hands out a prepared thread once, and it works as any other', async (t) => {
    const prepared = new PreparedWorkers();
    prepared.prepare(module, built);
    const worker = prepared.take(module)!;
    t.equal(prepared.take(module), undefined);
    worker.postMessage('a');
    const [{ word }] = (await once(worker, 'message')) as [{ word: string }];
    t.equal(word, 'a');
    await worker.terminate();
  });

  t.test('forgets a thread that died before it was taken', async (t) => {
    const started = once(process, 'worker') as Promise<[Worker]>;
    const prepared = new PreparedWorkers();
    prepared.prepare(dying, built);
    const [dead] = await started;
    dead.ref(); // by itself it keeps nothing alive
    await new Promise((resolve) => dead.once('exit', resolve));
    t.equal(prepared.take(dying), undefined);
  });
});
