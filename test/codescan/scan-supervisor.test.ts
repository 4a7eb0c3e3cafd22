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
    if (performance.now() > deadline) throw new Error('the condition did not become true in time');
    await new Promise((done) => setTimeout(done, 5));
  }
}

t.test('ends a stalled thread, retries its job once, and fails a job that stalls twice', async (t) => {
  const scanner = await FrameScanner.open(options);
  t.teardown(() => scanner.close());
  const client = new SharedFrameScannerClient(scanner.handle);
  const memory = new ScanMemory(scanner.handle);
  // The job's state as thread 0 leaves it when it never returns.
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

t.test('replaces a thread that hangs before it takes a job, and the next thread does the job', async (t) => {
  const scanner = await FrameScanner.open(options);
  t.teardown(() => scanner.close());
  const client = new SharedFrameScannerClient(scanner.handle);
  // It sleeps and nobody wakes it: the job is posted without the client's notify. A thread that is not asleep yet when
  // the job arrives takes it at once and does not hang; then the test posts once more.
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
  t.ok(performance.now() - began > 200, 'not before the stall time');
  t.equal(scanner.restarts, 1);
  t.equal(client.outcome(1), OUTCOME.clean);
});

t.test('keeps waiting jobs when the only thread dies', async (t) => {
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

t.test('shares the work between two threads; close ends both and is idempotent', async (t) => {
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

t.test('leaves a thread alone while it makes steps, up to five stall times', async (t) => {
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
});

/** A job in the state in which thread 0 leaves it when it never returns. */
function hang(memory: ScanMemory, buffer: number): void {
  const at = memory.jobAt(buffer);
  memory.jobs[at + JOB.rectCount] = 0;
  Atomics.store(memory.jobs, at + JOB.claimedAtMs, monotonicMs());
  Atomics.store(memory.jobs, at + JOB.state, JOB_STATE.claimed);
}

t.test('ends no thread that the machine starves, and one that computes without an end', async (t) => {
  let cpuMs = 0;
  const scanner = await FrameScanner.open({ ...options, readThread: () => ({ cpuMs, asleep: false }) });
  t.teardown(() => scanner.close());
  const client = new SharedFrameScannerClient(scanner.handle);
  hang(new ScanMemory(scanner.handle), 0);
  await new Promise((done) => setTimeout(done, options.stallMs * 8));
  t.equal(scanner.restarts, 0, 'eight stall times by the clock, and no CPU time');
  const spin = setInterval(() => (cpuMs += 50), 20);
  t.teardown(() => clearInterval(spin));
  await until(() => scanner.restarts > 0);
  clearInterval(spin);
  await until(() => client.done(0));
  t.equal(scanner.restarts, 1, 'CPU time grew without a step');
});

t.test('pauses longer each time its threads end soon', async (t) => {
  const pauses: number[] = [];
  const log = { ...silentLog, warn: (fields: object) => void pauses.push((fields as { delayMs: number }).delayMs) };
  const scanner = await FrameScanner.open({ ...options, log });
  t.teardown(() => scanner.close());
  for (let i = 1; i <= 4; i += 1) {
    await scanner.kill(0);
    await until(() => pauses.length === i && (i === 4 || scanner.threadIds[0] !== undefined));
  }
  t.strictSame(pauses, [0, 250, 500, 1000]);
});

t.test('replaces a thread that hangs between two jobs while the waiting jobs are coalesced', async (t) => {
  const scanner = await FrameScanner.open(options);
  t.teardown(() => scanner.close());
  const client = new SharedFrameScannerClient(scanner.handle);
  const memory = new ScanMemory(scanner.handle);
  const began = monotonicMs();
  let sequence = 1;
  // The oldest waiting job changes each time, and nobody wakes the thread.
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
});

t.test('starts a second thread while one cannot keep up, and ends it when the load falls', async (t) => {
  const scanner = await FrameScanner.open({ ...options, stallMs: 20_000, mostThreads: 2, calmLooks: 16 });
  t.teardown(() => scanner.close());
  const client = new SharedFrameScannerClient(scanner.handle);
  const memory = new ScanMemory(scanner.handle);
  t.equal(scanner.threadIds[1], undefined, 'one thread is enough at the start');
  // Thread 0 has a long job.
  const at = memory.jobAt(0);
  memory.jobs[at + JOB.rectCount] = 0;
  Atomics.store(memory.jobs, at + JOB.claimedAtMs, monotonicMs());
  Atomics.store(memory.jobs, at + JOB.state, JOB_STATE.claimed);
  await until(() => scanner.threadIds[1] !== undefined);
  Atomics.store(memory.jobs, at + JOB.state, JOB_STATE.done);
  client.retire(0);
  // A show that has not started is never quiet: only samples of a scanner that gets frames count.
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
  t.equal(scanner.restarts, 0, 'it was not ended for a fault, and is not restarted');
  client.post(1, 1, whole, nowhere, 0);
  await until(() => client.done(1));
  t.equal(client.outcome(1), OUTCOME.clean, 'the first thread continues');
});
