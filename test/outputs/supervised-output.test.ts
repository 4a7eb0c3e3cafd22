import t from 'tap';
import { EngineError } from '../../src/core/errors.js';
import { silentLog } from '../../src/core/log.js';
import { OutputSupervisor } from '../../src/outputs/output-supervisor.js';
import { FakeClock, FakeOutput, lost, settle } from './supervisor-rig.js';

t.test('retries for ever with waits that double up to 15 s and restart small after a good run', async (t) => {
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

t.test('detects a wedge after 4 s of undelivered bytes, for the affected output only', async (t) => {
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

t.test('never treats an idle output as wedged, and marks a lagging one degraded until it recovers', async (t) => {
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

t.test('abandons an output that ignores its end', async (t) => {
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

t.test('waits as long as the peer asks, within limits', async (t) => {
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

t.test("keeps a platform's publishes per hour, whatever hurries the output", async (t) => {
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
    lastError: /3 publishes per hour are used up; the next is in \d+ s/,
  });
  supervisor.networkReturned();
  await clock.pass(1_150_000);
  t.equal(output.runs, 3);
  await clock.pass(60_000);
  t.equal(output.runs, 4, 'the fourth comes after a third of an hour');
  await supervisor.close();
});
