import t from 'tap';
import { planFleet } from '../../src/fleet/fleet-client.js';
import { WAITING, type RoomRecord, type WorkerBeat } from '../../src/fleet/records.js';
import { checkPattern } from '../../src/fleet/schedule-pattern.js';
import { StartGate } from '../../src/fleet/worker/start-gate.js';
import { serveWorkerPage, targetsOf } from '../../src/fleet/worker/worker-presence.js';

const beat: WorkerBeat = {
  name: 'w1',
  version: '1.0.0',
  speaks: 1,
  capacity: 4,
  used: 1.5,
  coresPerRoom: 0.4,
  labels: {},
  draining: false,
  rooms: ['shop'],
  owners: { acme: 1 },
  shows: {},
  metrics: '10.0.0.7:9871',
  sinceMs: 0,
  claimed: 0,
};
const room = {
  ...WAITING,
  room: 'shop',
  state: 'on-air' as const,
  worker: 'w1',
  url: 'http://10.0.0.7:4001',
  fence: 3,
};
const counters = {
  takeovers: 1,
  restarts: 0,
  renewals: 9,
  renewalsFailed: 2,
  claims: 1,
  leasesLost: 0,
  redisFailures: 5,
  endsWaiting: 1,
};

t.test('a worker serves its metrics, and the fleet’s targets for Prometheus', async (t) => {
  const page = await serveWorkerPage(
    {
      beat: () => beat,
      rooms: () => [room],
      counters: () => counters,
      fleet: async () => ({ workers: [beat], rooms: [room] }),
    },
    '127.0.0.1',
    0,
  );
  t.teardown(() => page.close());
  const at = `http://127.0.0.1:${page.port}`;
  const metrics = await (await fetch(`${at}/metrics`)).text();
  t.match(metrics, /^showroom_worker_used_rooms\{worker="w1"\} 1\.5$/m);
  t.match(metrics, /^showroom_room_on_air\{worker="w1",room="shop"\} 1$/m);
  t.match(metrics, /^showroom_worker_renewals_failed_total\{worker="w1"\} 2$/m);
  t.match(metrics, /^showroom_worker_redis_failures_total\{worker="w1"\} 5$/m);
  t.match(metrics, /^showroom_worker_ends_waiting\{worker="w1"\} 1$/m);
  t.same(await (await fetch(`${at}/discovery`)).json(), [
    { targets: ['10.0.0.7:9871'], labels: { job: 'showroom-worker', worker: 'w1' } },
    { targets: ['10.0.0.7:4001'], labels: { job: 'showroom-room', worker: 'w1', room: 'shop' } },
  ]);
  t.equal((await fetch(`${at}/other`)).status, 404);
});

t.test('rooms of a worker that is gone are no targets', async (t) => {
  t.same(targetsOf({ workers: [], rooms: [room] }), []);
});

t.test('a plan places all rooms again, and says what stays when the largest worker dies', async (t) => {
  const record = (id: string, cost: number): RoomRecord =>
    ({ v: 1, id, cost, owner: id, show: null, labels: {}, pinned: null, priority: 5 }) as RoomRecord;
  const workers = [beat, { ...beat, name: 'w2', capacity: 2 }];
  const records = [record('a', 2), record('b', 2), record('c', 1)];
  const plan = planFleet(workers, records, { add: 0, cost: 1, without: [] });
  t.match(plan, { placed: 3, left: [], free: 1, freeWithoutLargest: -3 });
  const less = planFleet(workers, records, { add: 2, cost: 1, without: ['w2'] });
  t.equal(less.placed, 2, 'the dearest first');
  t.match(less.left, [{ room: 'c', why: '1 of 1 workers have no room for it' }, { room: 'new-1' }, { room: 'new-2' }]);
});

t.test('schedules name a pattern and a zone that exist', async (t) => {
  checkPattern('0 20 * * 1-5', 'Asia/Shanghai');
  t.throws(() => checkPattern('0 25 * * *', 'UTC'), { code: 'E_BAD_REQUEST', where: '--schedule' });
  t.throws(() => checkPattern('0 20 * * *', 'Asia/Nowhere'), { code: 'E_BAD_REQUEST', where: '--zone' });
});

t.test('rooms start apart, so that their IDRs stay apart', async (t) => {
  let nowMs = 10_000;
  const gate = new StartGate(() => nowMs, 99, 0);
  t.equal(gate.untilFreePhase(nowMs), 0, 'the first waits for nobody');
  (await gate.enter('a', new AbortController().signal))();
  t.equal(gate.untilFreePhase(10_000), 1000, 'half a GOP after the first');
  nowMs = 10_900;
  (await gate.enter('b', new AbortController().signal))();
  gate.leave('a');
  t.equal(gate.untilFreePhase(11_900), 0);
});
