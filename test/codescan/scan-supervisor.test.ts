import t from 'tap';
import { silentLog } from '../../src/core/log.js';
import { RectList } from '../../src/core/media/picture.js';
import { SharedFrameScannerClient } from '../../src/codescan/jobs/frame-scanner-client.js';
import { FrameScanner } from '../../src/codescan/jobs/frame-scanner.js';
import { CONTROL, JOB, JOB_STATE, monotonicMs, OUTCOME, ScanMemory } from '../../src/codescan/jobs/scan-memory.js';

const options = { width: 320, height: 192, buffers: 4, threads: 1, log: silentLog, stallMs: 200 };
const whole = new RectList(1);
whole.push(0, 0, 320, 192);
const nowhere = new Int32Array(4);

async function until(what: () => boolean): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!what()) {
    if (performance.now() > deadline) throw new Error('it did not come to pass');
    await new Promise((done) => setTimeout(done, 5));
  }
}

t.test('a stalled thread is ended, its job done by the next, and a job that stalls twice is failed', async (t) => {
  const scanner = await FrameScanner.open(options);
  t.teardown(() => scanner.close());
  const client = new SharedFrameScannerClient(scanner.handle);
  const memory = new ScanMemory(scanner.handle);
  // The job stands as thread 0 leaves it when it never comes back from it.
  const stall = (buffer: number): void => {
    const at = memory.jobAt(buffer);
    memory.jobs[at + JOB.rectCount] = 0;
    Atomics.store(memory.jobs, at + JOB.claimedAtMs, monotonicMs());
    Atomics.store(memory.jobs, at + JOB.state, JOB_STATE.claimed);
  };
  stall(2);
  await until(() => client.done(2));
  t.equal(scanner.restarts, 1);
  t.equal(client.outcome(2), OUTCOME.clean, 'done by the second thread');
  client.retire(2);
  memory.jobs[memory.jobAt(2) + JOB.attempts] = 1;
  memory.jobs[memory.jobAt(2) + JOB.outcome] = OUTCOME.clean;
  stall(2);
  await until(() => client.done(2));
  t.equal(client.outcome(2), OUTCOME.failed);
  await until(() => scanner.threadIds[0] !== undefined);
  client.post(0, 1, whole, nowhere, 0);
  await until(() => client.done(0));
  t.equal(client.outcome(0), OUTCOME.clean, 'the third thread works');
});

t.test('a thread that hangs before it takes a job is noticed, and the job is done by the next', async (t) => {
  const scanner = await FrameScanner.open(options);
  t.teardown(() => scanner.close());
  const client = new SharedFrameScannerClient(scanner.handle);
  // It sleeps and nobody wakes it: the job is posted without the call that a client makes. A thread that is not asleep
  // yet when the job comes takes it at once, so that nothing hangs; then once more.
  const memory = new ScanMemory(scanner.handle);
  const at = memory.jobAt(1);
  let began = 0;
  for (let tries = 0; tries < 50 && scanner.restarts === 0; tries += 1) {
    client.retire(1);
    memory.jobs[at + JOB.rectCount] = 0;
    memory.jobs[at + JOB.sequence] = tries + 1;
    began = performance.now();
    Atomics.store(memory.jobs, at + JOB.state, JOB_STATE.posted);
    await until(() => client.done(1));
  }
  t.ok(performance.now() - began > 200, 'not before the time a stalled thread is given');
  t.equal(scanner.restarts, 1);
  t.equal(client.outcome(1), OUTCOME.clean);
});

t.test('jobs that wait are kept over the death of the only thread', async (t) => {
  const scanner = await FrameScanner.open(options);
  t.teardown(() => scanner.close());
  const client = new SharedFrameScannerClient(scanner.handle);
  await scanner.kill(0);
  for (let b = 0; b < 4; b += 1) client.post(b, b, whole, nowhere, 0);
  await until(() => [0, 1, 2, 3].every((b) => client.done(b)));
  t.strictSame(
    [0, 1, 2, 3].map((b) => client.outcome(b)),
    [OUTCOME.clean, OUTCOME.clean, OUTCOME.clean, OUTCOME.clean],
  );
});

t.test('two threads share the work and close ends both, any number of times', async (t) => {
  const scanner = await FrameScanner.open({ ...options, threads: 2 });
  const client = new SharedFrameScannerClient(scanner.handle);
  for (let round = 0; round < 50; round += 1) {
    for (let b = 0; b < 4; b += 1) client.post(b, b, whole, nowhere, 0);
    for (let b = 0; b < 4; b += 1) {
      if (!client.waitUntilDone(b, 5000) || client.outcome(b) !== OUTCOME.clean) t.fail(`round ${round}`);
      client.retire(b);
    }
  }
  await scanner.close();
  await scanner.close();
  await until(() => scanner.threadIds.every((id) => id === undefined));
  client.post(0, 0, whole, nowhere, 0);
  await new Promise((done) => setTimeout(done, 50));
  t.notOk(client.done(0));
});

t.test(
  'a thread that goes on with its job is left alone, however long it takes, up to five times as long',
  async (t) => {
    const scanner = await FrameScanner.open(options);
    t.teardown(() => scanner.close());
    const client = new SharedFrameScannerClient(scanner.handle);
    const memory = new ScanMemory(scanner.handle);
    const at = memory.jobAt(0);
    memory.jobs[at + JOB.rectCount] = 0;
    const began = monotonicMs();
    Atomics.store(memory.jobs, at + JOB.claimedAtMs, began);
    Atomics.store(memory.jobs, at + JOB.state, JOB_STATE.claimed);
    let endedMs = 0;
    await until(() => {
      Atomics.add(memory.jobs, at + JOB.steps, 1);
      endedMs = monotonicMs() - began;
      return scanner.restarts > 0;
    });
    t.ok(endedMs > options.stallMs * 4, `ended after ${endedMs} ms`);
    await until(() => client.done(0));
  },
);

t.test(
  'a thread that hangs between two jobs is noticed although those that wait are put into each other',
  async (t) => {
    const scanner = await FrameScanner.open(options);
    t.teardown(() => scanner.close());
    const client = new SharedFrameScannerClient(scanner.handle);
    const memory = new ScanMemory(scanner.handle);
    const began = monotonicMs();
    let sequence = 1;
    // The oldest that waits is another one each time, and nobody wakes the thread.
    await until(() => {
      sequence += 1;
      const at = memory.jobAt(sequence % 4);
      memory.jobs[at + JOB.rectCount] = 0;
      memory.jobs[at + JOB.sequence] = sequence;
      Atomics.store(memory.jobs, memory.jobAt((sequence + 3) % 4) + JOB.state, JOB_STATE.idle);
      Atomics.store(memory.jobs, at + JOB.state, JOB_STATE.posted);
      return scanner.restarts > 0 || monotonicMs() - began > 10_000;
    });
    t.equal(scanner.restarts, 1);
    await until(() => [0, 1, 2, 3].some((b) => client.done(b)));
  },
);

t.test('while one thread cannot keep up another helps, and ends when there is calm', async (t) => {
  const scanner = await FrameScanner.open({ ...options, stallMs: 20_000, mostThreads: 2, calmLooks: 16 });
  t.teardown(() => scanner.close());
  const client = new SharedFrameScannerClient(scanner.handle);
  const memory = new ScanMemory(scanner.handle);
  t.equal(scanner.threadIds[1], undefined, 'one is enough for a start');
  // Thread 0 is at a job that takes long.
  const at = memory.jobAt(0);
  memory.jobs[at + JOB.rectCount] = 0;
  Atomics.store(memory.jobs, at + JOB.claimedAtMs, monotonicMs());
  Atomics.store(memory.jobs, at + JOB.state, JOB_STATE.claimed);
  await until(() => scanner.threadIds[1] !== undefined);
  Atomics.store(memory.jobs, at + JOB.state, JOB_STATE.done);
  client.retire(0);
  // Before the show there is no calm: only looks at a scanner that gets frames count.
  for (let i = 0; i < 18; i += 1) scanner.check();
  t.equal(memory.control[CONTROL.wanted], 2);
  t.not(scanner.threadIds[1], undefined);
  await until(() => {
    if (client.done(2)) client.retire(2);
    if (Atomics.load(memory.jobs, memory.jobAt(2) + JOB.state) === JOB_STATE.idle) {
      client.post(2, 2, new RectList(1), nowhere, 0);
    }
    return scanner.threadIds[1] === undefined;
  });
  t.equal(scanner.restarts, 0, 'it was not ended for a fault, and is not started again');
  client.post(1, 1, whole, nowhere, 0);
  await until(() => client.done(1));
  t.equal(client.outcome(1), OUTCOME.clean, 'the first goes on');
});
