import t from 'tap';
import { EngineError } from '../../src/core/errors.js';
import { silentLog } from '../../src/core/log.js';
import type { Output, OutputProgress } from '../../src/outputs/output.js';
import { OutputSupervisor } from '../../src/outputs/output-supervisor.js';
import type { SupervisorClock } from '../../src/outputs/supervisor-clock.js';

/** Time that passes only when told to. */
class FakeClock implements SupervisorClock {
  private ms = 0;
  private readonly due: { at: number; callback: () => void }[] = [];
  waits: number[] = [];

  nowMs(): number {
    return this.ms;
  }
  random(): number {
    return 1;
  }
  after(ms: number, callback: () => void): () => void {
    const entry = { at: this.ms + ms, callback };
    this.due.push(entry);
    if (ms !== 500 && ms !== 2000) this.waits.push(ms);
    return () => {
      const at = this.due.indexOf(entry);
      if (at >= 0) this.due.splice(at, 1);
    };
  }
  async pass(ms: number): Promise<void> {
    const end = this.ms + ms;
    for (;;) {
      await settle();
      const next = this.due.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.due.splice(this.due.indexOf(next), 1);
      this.ms = next.at;
      next.callback();
    }
    this.ms = end;
  }
}

const settle = async (): Promise<void> => {
  for (let i = 0; i < 20; i += 1) await Promise.resolve();
};

class FakeOutput implements Output {
  readonly kind = 'fake';
  readonly target = 'fake://host';
  runs = 0;
  report: (progress: Partial<OutputProgress>) => void = () => undefined;
  fail: (error: Error) => void = () => undefined;
  deaf = false;

  constructor(readonly id: string) {}

  run(signal: AbortSignal, report: (progress: OutputProgress) => void): Promise<void> {
    this.runs += 1;
    this.report = (progress) =>
      report({ accepted: true, bytesSent: 0, bytesDelivered: 0, packetsDropped: 0, lagMs: 0, ...progress });
    return new Promise((resolve, reject) => {
      this.fail = reject;
      if (!this.deaf) signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }
}

const lost = (): EngineError => new EngineError('E_OUTPUT_LOST', { where: 'output "a"', found: 'nothing' });

t.test('it tries for ever, with waits that double up to 15 s and start small after a good run', async (t) => {
  const clock = new FakeClock();
  const output = new FakeOutput('a');
  const supervisor = new OutputSupervisor({ outputs: [output], log: silentLog, clock });
  supervisor.start();
  for (let i = 0; i < 12; i += 1) {
    output.fail(lost());
    await settle();
    t.equal(supervisor.snapshots()[0]!.state, 'backoff');
    await clock.pass(15_000);
    t.equal(output.runs, i + 2);
  }
  t.same(
    clock.waits,
    [250, 500, 1000, 2000, 4000, 8000, ...Array.from({ length: 6 }, () => 15_000)].filter(
      (ms) => ms !== 500 && ms !== 2000,
    ),
  );
  output.report({});
  await clock.pass(11_000);
  output.fail(lost());
  await settle();
  t.equal(clock.waits.at(-1), 250, 'forgiven');
  t.match(supervisor.snapshots()[0], { reconnects: 13, lastError: /nothing/ });
  await supervisor.close();
  t.equal(supervisor.snapshots()[0]!.state, 'stopped');
});

t.test('bytes that nobody receives are a wedge after 4 s, and only for the one output', async (t) => {
  const clock = new FakeClock();
  const stuck = new FakeOutput('stuck');
  const fine = new FakeOutput('fine');
  const seen: string[] = [];
  const supervisor = new OutputSupervisor({
    outputs: [stuck, fine],
    log: silentLog,
    clock,
    onChange: ({ id, state }) => seen.push(`${id} ${state}`),
  });
  supervisor.start();
  let sent = 0;
  for (let i = 0; i < 12; i += 1) {
    sent += 100_000;
    stuck.report({ bytesSent: sent, bytesDelivered: Math.min(sent, 200_000) });
    fine.report({ bytesSent: sent, bytesDelivered: sent - 50_000 });
    await clock.pass(500);
  }
  t.ok(seen.includes('stuck wedged'), seen.join(', '));
  t.notOk(seen.includes('fine wedged'));
  t.equal(stuck.runs, 2, 'it was started anew');
  t.match(supervisor.snapshots()[1], { state: 'live', reconnects: 0 });
  await supervisor.close();
});

t.test('an output that is idle is not wedged, one that lags is degraded and recovers', async (t) => {
  const clock = new FakeClock();
  const output = new FakeOutput('a');
  const supervisor = new OutputSupervisor({ outputs: [output], log: silentLog, clock });
  supervisor.start();
  output.report({ bytesSent: 1000, bytesDelivered: 900 });
  await clock.pass(20_000);
  t.equal(supervisor.snapshots()[0]!.state, 'live');
  output.report({ bytesSent: 1000, bytesDelivered: 1000, lagMs: 2500 });
  await clock.pass(600);
  t.equal(supervisor.snapshots()[0]!.state, 'degraded');
  output.report({ bytesSent: 2000, bytesDelivered: 2000, lagMs: 50 });
  await clock.pass(6000);
  t.equal(supervisor.snapshots()[0]!.state, 'live');
  await supervisor.close();
});

t.test('an output that ignores its end is left behind', async (t) => {
  const clock = new FakeClock();
  const output = new FakeOutput('deaf');
  output.deaf = true;
  const supervisor = new OutputSupervisor({ outputs: [output], log: silentLog, clock });
  supervisor.start();
  output.report({ bytesSent: 500_000, bytesDelivered: 1 });
  await clock.pass(4500);
  t.equal(supervisor.snapshots()[0]!.state, 'wedged');
  await clock.pass(2600);
  t.equal(output.runs, 2, 'it goes on without the old run');
  const closed = supervisor.close();
  await clock.pass(2500);
  await closed;
  t.equal(supervisor.snapshots()[0]!.state, 'stopped');
});

t.test('an output waits no longer once another reaches the same host, or the first of all is back', async (t) => {
  const clock = new FakeClock();
  const make = (id: string, hosts: string[]): FakeOutput => Object.assign(new FakeOutput(id), { hosts });
  const [a, b, c, d] = [
    make('a', ['one.net']),
    make('b', ['one.net']),
    make('c', ['two.net']),
    make('d', ['localhost']),
  ];
  const all = [a!, b!, c!, d!];
  const supervisor = new OutputSupervisor({ outputs: all, log: silentLog, clock });
  supervisor.start();
  for (let i = 0; i < 8; i += 1) {
    for (const output of all) output.fail(lost());
    await settle();
    if (i < 7) await clock.pass(15_000);
  }
  const runs = all.map((output) => output.runs);
  t.ok(supervisor.snapshots().every(({ state }) => state === 'backoff'));
  // `a` tries when its wait is over; the others have just begun theirs.
  await clock.pass(14_000);
  for (const output of [b!, c!, d!]) t.equal(supervisor.snapshots()[all.indexOf(output)]!.state, 'backoff');
  supervisor.networkReturned();
  await settle();
  t.same(
    all.map((output, i) => output.runs - runs[i]!),
    [1, 1, 1, 1],
    'all try when the network returns',
  );
  for (const output of all) output.fail(lost());
  await settle();
  await clock.pass(15_000);
  for (const output of [b!, c!]) output.fail(lost());
  d!.fail(new EngineError('E_OUTPUT_REFUSED', { where: 'd' }));
  await settle();
  const before = all.map((output) => output.runs);
  a!.report({});
  await settle();
  t.same(
    all.map((output, i) => output.runs - before[i]!),
    [0, 1, 1, 0],
    'its neighbour, and the other remote one, as it was the first to come back',
  );
  c!.fail(lost());
  await settle();
  b!.report({});
  await settle();
  t.equal(c!.runs - before[2]!, 1, 'not when another host was reached all the while');
  await supervisor.close();
});

t.test('two outputs that are accepted and thrown out do not hurry each other for ever', async (t) => {
  const clock = new FakeClock();
  const both = ['a', 'b'].map((id) => Object.assign(new FakeOutput(id), { hosts: ['one.net'] }));
  const supervisor = new OutputSupervisor({ outputs: both, log: silentLog, clock });
  supervisor.start();
  // Whenever one is let in, the other waits: each welcome is a reason to try for the one that was thrown out.
  for (let ms = 0; ms < 60_000; ms += 50) {
    for (const [i, output] of both.entries()) {
      if (supervisor.snapshots()[i]!.state !== 'connecting') continue;
      output.report({});
      await settle();
      output.fail(lost());
      await settle();
    }
    await clock.pass(50);
  }
  const runs = both.map((output) => output.runs);
  t.ok(
    runs.every((n) => n > 6 && n < 30),
    `${runs.join(' and ')} tries in a minute`,
  );
  await supervisor.close();
});

t.test('a far side that says when to come again is left alone until then, within bounds', async (t) => {
  const clock = new FakeClock();
  const output = new FakeOutput('a');
  const supervisor = new OutputSupervisor({ outputs: [output], log: silentLog, clock });
  supervisor.start();
  const busy = (retryAfterMs: number): EngineError =>
    new EngineError('E_OUTPUT_CONNECT', { where: 'a', details: { retryAfterMs } });
  output.fail(busy(120_000));
  await clock.pass(119_000);
  supervisor.networkReturned();
  await settle();
  t.equal(output.runs, 1);
  await clock.pass(1000);
  t.equal(output.runs, 2);
  output.fail(busy(86_400_000));
  await clock.pass(299_000);
  t.equal(output.runs, 2);
  await clock.pass(1000);
  t.equal(output.runs, 3, 'a day is too long');
  await supervisor.close();
});

t.test("a platform's number of publishes an hour is kept, and nothing hurries it", async (t) => {
  const clock = new FakeClock();
  const output = Object.assign(new FakeOutput('a'), { publishesPerHour: 3 });
  const supervisor = new OutputSupervisor({ outputs: [output], log: silentLog, clock });
  supervisor.start();
  for (let i = 0; i < 3; i += 1) {
    output.report({});
    output.fail(lost());
    await settle();
    await clock.pass(1000);
  }
  t.equal(output.runs, 3, 'three were opened');
  t.match(supervisor.snapshots()[0], {
    state: 'backoff',
    publishes: 3,
    lastError: /3 publishes an hour are spent, the next is in \d+ s/,
  });
  supervisor.networkReturned();
  await clock.pass(1_150_000);
  t.equal(output.runs, 3);
  await clock.pass(60_000);
  t.equal(output.runs, 4, 'the fourth comes after a third of an hour');
  await supervisor.close();
});

t.test('changes of state are kept, with what was before and without secrets', async (t) => {
  const clock = new FakeClock();
  const output = new FakeOutput('a');
  const told: string[] = [];
  const supervisor = new OutputSupervisor({
    outputs: [output],
    log: silentLog,
    clock,
    onEvent: ({ before, state }) => told.push(`${before} ${state}`),
  });
  supervisor.start();
  output.report({});
  await clock.pass(1000);
  output.fail(lost());
  await settle();
  await clock.pass(300);
  t.same(told, ['connecting live', 'live backoff', 'backoff connecting']);
  t.match(supervisor.events(2), [
    { state: 'connecting', output: 'a', seq: 3 },
    { state: 'backoff', lastError: /nothing/, seq: 2 },
  ]);
  await supervisor.close();
});

t.test('congestion tells what waits, what was lost and what gets through', async (t) => {
  const clock = new FakeClock();
  const output = new FakeOutput('a');
  const supervisor = new OutputSupervisor({ outputs: [output], log: silentLog, clock });
  supervisor.start();
  for (let i = 0; i <= 8; i += 1) {
    const sent = i * 50_000;
    output.report({
      bytesSent: sent + 20_000,
      bytesDelivered: sent,
      lagMs: 900,
      packetsDropped: 7,
      estimateKbps: 700,
    });
    await clock.pass(500);
  }
  t.match(supervisor.congestion(), [
    { id: 'a', queueMs: 900, queueBytes: 20_000, dropped: 7, takenKbps: 800, estimateKbps: 700 },
  ]);
  await supervisor.close();
});
