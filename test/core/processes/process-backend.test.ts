import t from 'tap';
import { ThreadBackend } from '../../../src/core/processes/thread-backend.js';
import { ProcessBackend, type ProcessBackendOptions } from '../../../src/core/processes/process-backend.js';

const LIMITS = { cpuMs: 400, memoryMb: 300 };

function childOf(options: Partial<ProcessBackendOptions> = {}): ProcessBackend<string, string> {
  const child = new ProcessBackend<string, string>({
    module: new URL('../worker-process.js', import.meta.url),
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
  const module = new URL('../no-such-child.js', import.meta.url);
  const process = childOf({ module });
  const thread = new ThreadBackend<string, string>({ module, caller: import.meta.url, onError: () => undefined });
  t.teardown(() => thread.end());
  for (const backend of [process, thread]) {
    const error = await backend.ask('a').then(
      () => undefined,
      (cause: unknown) => cause,
    );
    t.match(error, { code: 'E_PACKAGE', found: /^no .*no-such-child/, todo: /install the package anew/ });
    t.notMatch((error as Error).message, /\n|node:internal|requireStack/);
  }
});
