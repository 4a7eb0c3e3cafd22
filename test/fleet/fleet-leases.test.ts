import { join } from 'node:path';
import { Worker } from 'bullmq';
import t from 'tap';
import { silentLog } from '../../src/core/log.js';
import { type RoomRecord, SPEAKS } from '../../src/fleet/records.js';
import { FleetRedis, PREFIX, roomJob, ROOMS, SCHEDULES } from '../../src/fleet/redis.js';
import { recordKey } from '../../src/fleet/rooms/room-package.js';
import { schedule, startScheduled, unschedule } from '../../src/fleet/schedules.js';
import { FolderStore } from '../../src/fleet/store/open-object-store.js';
import { putJson } from '../../src/fleet/store/object-store.js';
import { redisProgram, RedisServer } from '../../scripts/bench/fleet/redis-server.js';
import { until } from '../kit/until.js';

const skip = redisProgram() === undefined ? 'no Redis or Valkey' : false;
const record = (id: string, more: Partial<RoomRecord> = {}): RoomRecord => ({
  v: SPEAKS,
  id,
  submission: 's',
  name: id,
  owner: 'acme',
  show: null,
  language: 'en',
  cost: 1,
  priority: 5,
  labels: {},
  pinned: null,
  schedule: null,
  submittedAt: '2026-01-01T00:00:00Z',
  withoutOutputs: false,
  origin: null,
  ...more,
});

t.test('leases, limits and schedules on a real Redis', { skip }, async (t) => {
  const server = await RedisServer.start(join(t.testdir(), 'redis'));
  t.teardown(() => server.end());
  const redis = new FleetRedis(server.url, silentLog, { patient: true });
  t.teardown(() => redis.close());
  await redis.ready();
  const worker = (lockMs: number): Worker<RoomRecord> => {
    const one = new Worker<RoomRecord>(ROOMS, null, {
      connection: redis.steady,
      prefix: PREFIX,
      autorun: false,
      lockDuration: lockMs,
      stalledInterval: 100,
      maxStalledCount: 1e9,
      drainDelay: 1,
    });
    one.on('error', () => undefined);
    t.teardown(() => one.close(true));
    return one;
  };

  await t.test('a token that was handed over renews; the lock’s end gives the room to the next', async (t) => {
    const [first, second] = [worker(600), worker(600)];
    await redis.rooms.add('shop', record('shop'), roomJob(record('shop')));
    const job = await first.getNextJob('token-1');
    t.equal(job?.id, 'shop');
    // Whoever knows the token has the lease: this is how an offer is taken.
    t.same(await redis.renew(new Map([['shop', 'token-1']]), 600), []);
    t.same(await redis.renew(new Map([['shop', 'another']]), 600), ['shop']);
    void second.startStalledCheckTimer();
    let taken;
    await until('the next worker gets it', async () => {
      taken = await second.getNextJob('token-2');
      return taken !== undefined;
    });
    t.same(await redis.renew(new Map([['shop', 'token-1']]), 600), ['shop'], 'the old token is worth nothing');
    await taken!.moveToCompleted('stopped', 'token-2', false);
    t.equal(await redis.rooms.getJob('shop'), undefined);
  });

  await t.test('fencing tokens rise, also above those of the store', async (t) => {
    t.equal(await redis.fence('shop', 0), 1);
    t.equal(await redis.fence('shop', 0), 2);
    t.equal(await redis.fence('shop', 7), 8, 'Redis had lost its own');
    t.equal(await redis.fence('shop', 7), 9);
  });

  await t.test('an owner’s limit counts each room once', async (t) => {
    await redis.limit('*', 2);
    t.match(await redis.countFor('acme', 'a'), { ok: true, rooms: 1 });
    t.match(await redis.countFor('acme', 'b'), { ok: true, rooms: 2 });
    t.match(await redis.countFor('acme', 'b'), { ok: true, rooms: 2 });
    t.match(await redis.countFor('acme', 'c'), { ok: false, limit: 2, rooms: 2 });
    await redis.limit('acme', 3);
    t.match(await redis.countFor('acme', 'c'), { ok: true, rooms: 3 });
    await redis.uncount('acme', 'a');
    t.match(await redis.countFor('acme', 'd'), { ok: true, rooms: 3 });
  });

  await t.test('a schedule starts and ends its room, in the seller’s time zone', async (t) => {
    const store = new FolderStore(join(t.testdir(), 'store'));
    const show = record('evening', {
      owner: 'other',
      schedule: { pattern: '0 20 * * *', zone: 'Asia/Shanghai', forMs: 200 },
    });
    await putJson(store, recordKey('evening'), show);
    const next = await schedule(redis, show);
    t.equal(next?.getUTCHours(), 12, '20:00 in Shanghai');
    t.equal(next?.getUTCMinutes(), 0);
    const [delayed] = await redis.schedules.getDelayed();
    t.match(delayed?.data, { room: 'evening', action: 'start' });
    const runner = new Worker(SCHEDULES, (job) => startScheduled(redis, store, job), {
      connection: redis.steady,
      prefix: PREFIX,
    });
    runner.on('error', () => undefined);
    t.teardown(() => runner.close(true));
    await delayed!.promote();
    await until('it is queued', async () => (await redis.rooms.getJob('evening')) !== undefined);
    await until('its time is over', async () => (await redis.rooms.getJob('evening')) === undefined);
    t.equal((await redis.schedules.getDelayed()).length, 1, 'tomorrow’s is there');
    await unschedule(redis, 'evening');
    t.equal((await redis.schedules.getDelayed()).length, 0);
  });

  await t.test('a Redis that has just started is known as such', async (t) => {
    t.equal(await redis.isEmpty(), true);
    t.equal(await redis.isEmpty(), false);
    t.equal(await redis.isYoung(1e6), true);
    t.equal(await redis.isYoung(-1000), false);
    await server.end();
    await t.rejects(redis.renew(new Map([['shop', 'x']]), 600), 'fails at once while Redis is gone');
  });
});
