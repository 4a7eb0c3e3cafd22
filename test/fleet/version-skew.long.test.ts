import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { silentLog } from '../../src/core/log.js';
import { packageRoot } from '../../src/core/files/paths.js';
import { FleetClient } from '../../src/fleet/fleet-client.js';
import { newFleetKey } from '../../src/fleet/fleet-key.js';
import { LEASE_TIMES } from '../../src/fleet/lease/lease-rule.js';
import { aboutOf, WAITING, type Command, type RoomRecord } from '../../src/fleet/records.js';
import { roomJob } from '../../src/fleet/redis.js';
import { packRoom, recordKey, sendRoom } from '../../src/fleet/rooms/room-package.js';
import { FolderStore } from '../../src/fleet/store/open-object-store.js';
import { putJson } from '../../src/fleet/store/object-store.js';
import { FleetWorker } from '../../src/fleet/worker/fleet-worker.js';
import { redisProgram, RedisServer } from '../../scripts/bench/fleet/redis-server.js';
import { writeSmallRoom } from '../../scripts/bench/fleet/small-room.js';
import { until } from '../kit/until.js';

const skip = redisProgram() === undefined ? 'no Redis or Valkey' : false;

t.test(
  'workers of two versions take over each other’s rooms, and newer rooms wait for newer workers',
  { skip },
  async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'showroom-fleet-'));
    t.teardown(() => rmSync(folder, { recursive: true, force: true }));
    const server = await RedisServer.start(join(folder, 'redis'));
    t.teardown(() => server.end());
    const store = new FolderStore(join(folder, 'store'));
    const key = await newFleetKey();
    const fleet = await FleetClient.connect(server.url, store, { patient: true });
    t.teardown(() => fleet.close());
    const worker = async (name: string, speaks: number): Promise<FleetWorker> => {
      const one = await FleetWorker.start({
        name,
        redisUrl: server.url,
        store,
        key,
        folder: join(folder, name),
        capacity: 2,
        coresPerRoom: 0.5,
        labels: {},
        host: '127.0.0.1',
        advertised: '127.0.0.1',
        page: null,
        times: LEASE_TIMES,
        maxCacheBytes: 1e8,
        log: silentLog,
        version: `${speaks}.0.0`,
        command: [process.execPath, join(packageRoot(), 'dist', 'cli', 'main.js')],
        env: { PATH: process.env['PATH'] ?? '', HOME: folder },
        speaks,
      });
      t.teardown(() => one.close());
      return one;
    };
    const older = await worker('older', 1);
    const newer = await worker('newer', 2);
    const options = { owner: 'acme', publicKey: key.publicKey, env: {}, withoutOutputs: true };
    const small = (id: string): string => writeSmallRoom(join(folder, 'made', id), id);
    /** As a newer engine does it: with a version and a key that the older one does not know. */
    const submitNewer = async (id: string, like: RoomRecord): Promise<void> => {
      await sendRoom(store, id, await packRoom(small(id), {}), key.publicKey);
      const record = { ...like, id, v: 2, ofNewer: { any: 'thing' } } as RoomRecord;
      await putJson(store, recordKey(id), record);
      await fleet.redis.rooms.add(id, record, roomJob(record));
      await fleet.redis.putStatus({ ...WAITING, room: id, about: aboutOf(record) });
    };
    const onAir = (id: string, name: string): Promise<void> =>
      until(
        `${id} on ${name}`,
        async () => {
          const { state, worker: on } = await fleet.room(id);
          return state === 'on-air' && on === name;
        },
        90_000,
      );

    const { record } = await fleet.submit(small('plain'), { ...options, id: 'plain' });
    await until('it is on air', async () => (await fleet.room('plain')).state === 'on-air', 90_000);
    const first = (await fleet.room('plain')).worker!;
    await fleet.move('plain', first === 'older' ? 'newer' : 'older');
    await onAir('plain', first === 'older' ? 'newer' : 'older');
    if (first === 'older') await fleet.move('plain', 'older');
    await onAir('plain', 'older');
    t.pass('from one version to the other and back');

    // No older worker takes a room of a newer version, though it has more room.
    await newer.close();
    await until('the newer one is gone', async () => (await fleet.redis.workers()).length === 1, 10_000);
    await submitNewer('modern', record);
    await until(
      'it waits, and says why',
      async () => /1 of 1 workers run an older version/.test((await fleet.room('modern')).error),
      20_000,
    );
    t.equal((await fleet.room('modern')).state, 'waiting');
    await worker('newer-again', 2);
    await onAir('modern', 'newer-again');

    await t.test('an older worker leaves what it does not understand alone', async (t) => {
      const queue = fleet.redis.mailbox('older');
      const job = await queue.add('dance', { kind: 'dance', room: 'plain' } as unknown as Command);
      await until('it is answered', async () => (await job.getState()) === 'completed', 10_000);
      t.match((await queue.getJob(job.id!))?.returnvalue, { done: false, why: /does not understand/ });
      t.match(await fleet.room('plain'), { state: 'on-air', worker: 'older' });
    });
    t.equal(older.rooms.length, 1);
  },
);
