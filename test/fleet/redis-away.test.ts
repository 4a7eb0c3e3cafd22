import { join } from 'node:path';
import { Worker } from 'bullmq';
import t from 'tap';
import { silentLog, type Log } from '../../src/core/log.js';
import { newFleetKey } from '../../src/fleet/fleet-key.js';
import { Lease, LEASE_TIMES } from '../../src/fleet/lease/lease-rule.js';
import { StoreClaims } from '../../src/fleet/lease/store-claims.js';
import { aboutOf, SPEAKS, WAITING, type RoomRecord } from '../../src/fleet/records.js';
import { FleetRedis, PREFIX, roomJob, ROOMS } from '../../src/fleet/redis.js';
import { FolderStore } from '../../src/fleet/store/open-object-store.js';
import type { ObjectStore } from '../../src/fleet/store/object-store.js';
import { FleetWorker } from '../../src/fleet/worker/fleet-worker.js';
import { RedisFaults } from '../../src/fleet/worker/worker-presence.js';
import { RoomEnds } from '../../src/fleet/worker/room-placer.js';
import type { RoomTenure } from '../../src/fleet/worker/room-tenure.js';
import { redisProgram, RedisServer } from '../../scripts/bench/fleet/redis-server.js';
import { until, wait } from '../kit/until.js';

const skip = redisProgram() === undefined ? 'no Redis or Valkey' : false;
const record: RoomRecord = {
  v: SPEAKS,
  id: 'shop',
  submission: 's',
  name: 'Shop',
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
};

function listeningLog(): { log: Log; said: string[] } {
  const said: string[] = [];
  const say = (_fields: unknown, text: string): void => void said.push(text);
  return { said, log: { ...silentLog, warn: say, info: say, error: say } as unknown as Log };
}

t.test('an outage of Redis is counted, and said once', async (t) => {
  const { log, said } = listeningLog();
  const faults = new RedisFaults(log);
  for (let i = 0; i < 5; i += 1) faults.failed('a state', new Error('gone'));
  faults.beaten();
  t.equal(said.length, 1, 'a heartbeat beside failures is no end of the outage');
  faults.beaten();
  faults.beaten();
  t.same(said, ['Redis takes no records: rooms stay on air', 'Redis takes records again']);
  faults.failed('a state', new Error('gone'));
  t.equal(said.length, 3, 'the next outage is said again');
  t.equal(faults.count, 6);
});

t.test('the end of a stopped room is recorded when Redis is back', { skip }, async (t) => {
  const server = await RedisServer.start(join(t.testdir(), 'redis'));
  t.teardown(() => server.end());
  const redis = new FleetRedis(server.url, silentLog, { patient: true });
  t.teardown(() => redis.close());
  await redis.ready();
  const fetcher = new Worker<RoomRecord>(ROOMS, null, { connection: redis.steady, prefix: PREFIX, autorun: false });
  fetcher.on('error', () => undefined);
  t.teardown(() => fetcher.close(true));
  await redis.countFor('acme', 'shop');
  await redis.rooms.add('shop', record, roomJob(record));
  await redis.putStatus({ ...WAITING, room: 'shop', worker: 'w1', about: aboutOf(record) });
  t.equal((await fetcher.getNextJob('token'))?.id, 'shop');
  // It is on the disk.
  await wait(1200);
  await server.end();

  const { log, said } = listeningLog();
  const faults = new RedisFaults(log);
  const stop = new AbortController();
  const ends = new RoomEnds({ name: 'w1', redis, faults, placer: undefined as never, log, signal: stop.signal });
  const tenure = { record, token: 'token', lease: new Lease(LEASE_TIMES, 0) } as unknown as RoomTenure;
  const recorded = ends.record(tenure, 'stopped');
  await until('it was tried again and again', () => faults.count > 2);
  t.equal(ends.waiting, 1);
  await server.begin();
  await recorded;
  t.equal(ends.waiting, 0);
  t.equal(await redis.rooms.getJob('shop'), undefined);
  t.equal(await redis.status('shop'), undefined);
  t.same(said, ['Redis takes no records: rooms stay on air', 'the end of a room is recorded']);
});

t.test('a room that was stopped is not started again by whoever finds its job', { skip }, async (t) => {
  const dir = t.testdir({});
  const server = await RedisServer.start(join(dir, 'redis'));
  t.teardown(() => server.end());
  const redis = new FleetRedis(server.url, silentLog, { patient: true });
  t.teardown(() => redis.close());
  // Its record is gone from the store: somebody stopped it, and its worker could not say so any more.
  await redis.rooms.add('shop', record, roomJob(record));
  await redis.countFor('acme', 'shop');
  const worker = await FleetWorker.start({
    name: 'w1',
    redisUrl: server.url,
    store: new FolderStore(join(dir, 'store')),
    key: await newFleetKey(),
    folder: join(dir, 'w1'),
    capacity: 2,
    coresPerRoom: 0.5,
    labels: {},
    host: '127.0.0.1',
    advertised: '127.0.0.1',
    page: null,
    times: LEASE_TIMES,
    maxCacheBytes: 1e8,
    log: silentLog,
    version: '1.0.0',
    command: ['/bin/false'],
    env: {},
  });
  t.teardown(() => worker.close());
  await until('its job is over', async () => (await redis.rooms.getJob('shop')) === undefined, 15_000);
  t.same(worker.rooms, []);
  await redis.limit('acme', 1);
  t.match(await redis.countFor('acme', 'another'), { ok: true }, 'its owner has the place again');
});

t.test('a claim that got no answer is taken back until it cannot arrive any more', async (t) => {
  const inner = new FolderStore(join(t.testdir({}), 'store'));
  let release: (() => void) | undefined;
  // A bucket that carries out a request long after its sender has given it up.
  const slow: ObjectStore = {
    ...(['get', 'has', 'list', 'remove'] as const).reduce(
      (all, name) => ({ ...all, [name]: inner[name].bind(inner) }),
      {} as Pick<ObjectStore, 'get' | 'has' | 'list' | 'remove'>,
    ),
    name: 'slow',
    put: (key, bytes, signal) =>
      new Promise((_resolve, reject) => {
        release = () => void inner.put(key, bytes);
        signal?.addEventListener('abort', () => reject(new Error('aborted')));
      }),
  };
  const claims = new StoreClaims(slow, 'w1');
  await t.rejects(claims.claim(['shop'], AbortSignal.timeout(20)), /aborted/);
  await claims.claim([]);
  release!();
  await until('it has arrived', async () => (await inner.list('claims/')).length === 1);
  await claims.claim([]);
  t.same(await inner.list('claims/'), [], 'nobody waits for a claim without rooms');
});
