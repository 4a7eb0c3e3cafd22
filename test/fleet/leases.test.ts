import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { Worker } from 'bullmq';
import t from 'tap';
import { redisProgram, RedisServer } from '../../scripts/bench/fleet/redis-server.js';
import { type HeldLease, holdLease } from '../../src/cli/hold-lease.js';
import { bootMs } from '../../src/core/boot-clock.js';
import { silentLog } from '../../src/core/log.js';
import { below, endTree } from '../../src/fleet/lease/end-tree.js';
import { type Claim, ClaimWatch, Lease, LEASE_TIMES } from '../../src/fleet/lease/lease-rule.js';
import {
  place,
  type PlacedRoom,
  type PlacedWorker,
  type RoomRecord,
  SPEAKS,
  unfit,
  whyNowhere,
} from '../../src/fleet/records.js';
import { FleetRedis, PREFIX, roomJob, ROOMS, SCHEDULES } from '../../src/fleet/redis.js';
import { recordKey } from '../../src/fleet/rooms/room-package.js';
import { schedule, startScheduled, unschedule } from '../../src/fleet/fleet-schedules.js';
import { putJson } from '../../src/fleet/store/object-store.js';
import { FolderStore } from '../../src/fleet/store/open-object-store.js';
import { until, wait } from '../kit/until.js';

t.test('fleet leases', async (t) => {
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
});

t.test('hold lease', async (t) => {
  t.test('an engine ends itself when no renewal moves its deadline', async (t) => {
    const input = new PassThrough();
    let ended = 0;
    const holder = holdLease(input, () => (ended += 1));
    t.teardown(() => holder.close());
    const leases: HeldLease[] = [];
    holder.onLease((lease) => leases.push(lease));
    const renew = (fence: number, ms: number): boolean =>
      input.write(`${JSON.stringify({ worker: 'w1', fence, untilMs: bootMs() + ms })}\n`);
    renew(1, 400);
    input.write('not a renewal\n');
    await wait(200);
    renew(1, 600);
    await wait(350);
    t.equal(ended, 0, 'it was renewed');
    renew(2, 300);
    // The end of the input renews nothing.
    input.end();
    await until('it ends', () => ended > 0, 5000);
    t.same(leases, [
      { worker: 'w1', fence: 1 },
      { worker: 'w1', fence: 2 },
    ]);
  });

  t.test('a tree is ended with what leads sessions of its own, and with what is stopped', async (t) => {
    const child = spawn('sh', ['-c', 'setsid sleep 60 & sleep 60 & wait'], { stdio: 'ignore' });
    t.teardown(() => child.kill('SIGKILL'));
    await until('its children run', () => below(child.pid!).length >= 2);
    const all = [child.pid!, ...below(child.pid!)];
    process.kill(all.at(-1)!, 'SIGSTOP');
    endTree(child.pid!);
    const runs = (pid: number): boolean => {
      try {
        process.kill(pid, 0);
        return below(process.pid).includes(pid) || pid !== child.pid;
      } catch {
        return false;
      }
    };
    await until('all have ended', () => all.slice(1).every((pid) => !runs(pid)), 5000);
    t.pass();
  });
});

t.test('lease rule', async (t) => {
  const { lockMs, marginMs, claimMs, claimAfterMs } = LEASE_TIMES;

  t.test('a renewal counts from when it was sent, and ends before the lock does', async (t) => {
    const lease = new Lease(LEASE_TIMES, 1000);
    t.equal(lease.untilMs, 1000 + lockMs - marginMs);
    // Sent at 2000, answered at 3500: Redis may have set the lock at any time between.
    lease.renewed(2000);
    t.equal(lease.untilMs, 2000 + lockMs - marginMs);
    lease.renewed(1500);
    t.equal(lease.untilMs, 2000 + lockMs - marginMs, 'an old answer moves nothing back');
  });

  t.test('a claim extends a lease only when the store confirmed it before the deadline', async (t) => {
    const lease = new Lease(LEASE_TIMES, 0);
    t.notOk(lease.needsClaim(claimAfterMs - 1));
    t.ok(lease.needsClaim(claimAfterMs));
    const late = new Lease(LEASE_TIMES, 0);
    t.notOk(late.claimed(2000, late.untilMs), 'it was over when the answer came');
    t.equal(late.untilMs, lockMs - marginMs);
    t.ok(lease.claimed(2000, 2100));
    t.equal(lease.untilMs, 2000 + claimMs - marginMs);
    t.ok(lease.isClaimed(lockMs));
    lease.renewed(5000);
    t.notOk(lease.isClaimed(5100), 'the lock carries it again');
  });

  t.test('a lost lock wants a claim at once', async (t) => {
    const lease = new Lease(LEASE_TIMES, 0);
    lease.forgetRenewal();
    t.ok(lease.needsClaim(1));
    t.equal(lease.untilMs, lockMs - marginMs, 'and the deadline stays');
  });

  t.test('a claim holds a room until it was seen unchanged for its whole length', async (t) => {
    const watch = new ClaimWatch(LEASE_TIMES);
    const claim = (count: number, rooms = ['shop']): Claim[] => [{ worker: 'w1', count, rooms }];
    t.equal(watch.holder('shop', claim(1), 0), 'w1');
    t.equal(watch.holder('other', claim(1), 0), undefined);
    t.equal(watch.holder('shop', claim(2), claimMs - 1), 'w1', 'renewed');
    t.equal(watch.holder('shop', claim(2), claimMs + claimMs - 2), 'w1');
    t.equal(watch.holder('shop', claim(2), claimMs + claimMs - 1), undefined);
    t.equal(watch.holder('shop', claim(3, []), 2 * claimMs), undefined, 'taken back');
  });

  t.test('a holder has always ended when a taker finds its claim over', async (t) => {
    // The taker first reads the claim as late as it can: just before it would end.
    const holder = new Lease(LEASE_TIMES, 0);
    const sentMs = 2000;
    holder.claimed(sentMs, sentMs + 50);
    for (const firstLookMs of [sentMs + 1, holder.untilMs - 1, holder.untilMs + 5000]) {
      const watch = new ClaimWatch(LEASE_TIMES);
      const claims: Claim[] = [{ worker: 'w1', count: 1, rooms: ['shop'] }];
      let nowMs = firstLookMs;
      while (watch.holder('shop', claims, nowMs) !== undefined) nowMs += 10;
      t.ok(nowMs >= holder.untilMs, `looked first at ${firstLookMs}`);
    }
  });
});

t.test('placement', async (t) => {
  const worker = (name: string, more: Partial<PlacedWorker> = {}): PlacedWorker => ({
    name,
    capacity: 4,
    used: 0,
    labels: {},
    draining: false,
    speaks: 1,
    owners: {},
    shows: {},
    ...more,
  });
  const room = (more: Partial<PlacedRoom> = {}): PlacedRoom => ({
    cost: 1,
    owner: 'acme',
    show: null,
    labels: {},
    version: 1,
    pinned: null,
    last: null,
    avoid: [],
    ...more,
  });
  const names = (of: PlacedRoom, workers: PlacedWorker[]): string[] =>
    place(of, workers, () => 0).map(({ name }) => name);

  t.test('the least loaded worker that fits comes first', async (t) => {
    t.same(names(room(), [worker('a', { used: 3 }), worker('b', { used: 1 }), worker('c', { used: 4 })]), ['b', 'a']);
  });

  t.test('leaves out those that drain, are older, lack a label, or were tried', async (t) => {
    t.equal(unfit(room(), worker('a', { draining: true })), 'draining');
    t.equal(unfit(room({ version: 2 }), worker('a')), 'version');
    t.equal(unfit(room({ version: 2 }), worker('a', { speaks: 2 })), undefined);
    t.equal(unfit(room({ labels: { region: 'eu' } }), worker('a', { labels: { region: 'us' } })), 'labels');
    t.equal(unfit(room({ labels: { region: 'eu' } }), worker('a', { labels: { region: 'eu' } })), undefined);
    t.equal(unfit(room({ pinned: 'b' }), worker('a')), 'pinned');
    t.equal(unfit(room({ avoid: ['a'] }), worker('a')), 'avoided');
    t.equal(unfit(room({ cost: 4.1 }), worker('a')), 'full');
    t.equal(unfit(room({ cost: 0.1 }), worker('a', { capacity: 0.3, used: 0.1 + 0.1 })), undefined, 'sums are inexact');
  });

  t.test('spreads a show and an owner, and prefers the worker that has the files', async (t) => {
    t.same(names(room({ show: 'sale' }), [worker('a', { shows: { sale: 1 } }), worker('b', { used: 1 })]), ['b', 'a']);
    t.same(names(room(), [worker('a', { owners: { acme: 4 } }), worker('b')]), ['b', 'a']);
    t.same(names(room({ last: 'b' }), [worker('a'), worker('b')]), ['b', 'a']);
  });

  t.test('says why no worker takes a room', async (t) => {
    t.equal(whyNowhere(room(), []), 'no worker is up');
    t.equal(
      whyNowhere(room({ cost: 3 }), [worker('a', { used: 2 }), worker('b', { draining: true })]),
      '1 of 2 workers have no room for it, 1 of 2 workers drain',
    );
  });
});
