import t from 'tap';
import {
  type Backend,
  IdleWorker,
  type IdleWorkerOptions,
  WorkFault,
} from '../../../src/core/processes/idle-worker.js';

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
