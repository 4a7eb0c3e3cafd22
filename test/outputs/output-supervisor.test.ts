import t from 'tap';
import { EngineError } from '../../src/core/errors.js';
import { silentLog } from '../../src/core/log.js';
import { OutputSupervisor } from '../../src/outputs/output-supervisor.js';
import { FakeClock, FakeOutput, lost, settle } from './supervisor-rig.js';

t.test('retries at once when another output reaches the same host, or the first output is back', async (t) => {
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

t.test('does not let two outputs that are accepted and thrown out hurry each other for ever', async (t) => {
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

t.test('keeps state changes with their previous state and without secrets', async (t) => {
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

t.test('reports queue, losses and delivered rate as congestion', async (t) => {
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
