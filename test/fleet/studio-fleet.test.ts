import { rmSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { silentLog } from '../../src/core/log.js';
import { FleetClient } from '../../src/fleet/fleet-client.js';
import { FleetRoomHost, fleetId } from '../../src/fleet/fleet-room-host.js';
import { newFleetKey } from '../../src/fleet/fleet-key.js';
import { WAITING, type WorkerBeat } from '../../src/fleet/records.js';
import { FolderStore } from '../../src/fleet/store/open-object-store.js';
import { redisProgram, RedisServer } from '../../scripts/bench/fleet/redis-server.js';
import { startStudio } from '../server/studio-rig.js';

const skip = redisProgram() === undefined ? 'no Redis or Valkey' : false;
const beat: WorkerBeat = {
  name: 'w1',
  version: '1.0.0',
  speaks: 1,
  capacity: 4,
  used: 1.25,
  coresPerRoom: 0.4,
  labels: {},
  draining: false,
  rooms: ['shop'],
  owners: {},
  shows: {},
  metrics: null,
  sinceMs: 0,
  claimed: 0,
};
const alarm = {
  severity: 'critical' as const,
  text: { en: 'No connection.', zh: '已断开。' },
  sinceMs: 1000,
  isOver: false,
};

t.test('a studio without a fleet says so', async (t) => {
  const rig = await startStudio();
  t.teardown(() => rig.close());
  t.same((await rig.owner.get('/api/fleet')).body, { fleet: null });
  t.equal((await rig.anybody().get('/api/fleet')).status, 401);
});

t.test('the studio lists the rooms of all workers, each to whom it belongs', { skip }, async (t) => {
  const dir = t.testdir({});
  const server = await RedisServer.start(join(dir, 'redis'));
  t.teardown(() => server.end());
  const store = new FolderStore(join(dir, 'store'));
  const key = await newFleetKey();
  const fleet = await FleetClient.connect(server.url, store, { patient: true });
  const rig = await startStudio({
    createHost: ({ events }) => new FleetRoomHost({ fleet, key, log: silentLog, events }),
  });
  t.teardown(() => rig.close());
  t.teardown(() => rmSync(rig.data, { recursive: true, force: true }));
  const { id } = await rig.room();
  const about = { name: 'Shop', owner: 'acme', language: 'en', origin: null };
  const onAir = { ...WAITING, state: 'on-air' as const, worker: 'w1', sinceMs: 5000, presenter: 'mei', alarm };
  const own = { ...onAir, room: fleetId(id), alarm: null, about: { ...about, name: 'Mine', origin: id } };
  await fleet.redis.beat(beat, [
    { ...onAir, room: 'shop', about },
    own,
    { ...onAir, room: 'lost', worker: 'gone', about },
  ]);

  const { body } = await rig.owner.get('/api/fleet');
  t.match(body.fleet.workers, [{ name: 'w1', used: 1.25, capacity: 4, rooms: 1 }]);
  const byId = new Map<string, Record<string, unknown>>(body.fleet.rooms.map((one: { id: string }) => [one.id, one]));
  t.match(byId.get('shop'), {
    room: null,
    name: 'Shop',
    state: 'on-air',
    worker: 'w1',
    presenter: 'mei',
    since: '1970-01-01T00:00:05.000Z',
    alarm: { severity: 'critical', since: '1970-01-01T00:00:01.000Z', isOver: false },
  });
  t.match(byId.get(fleetId(id)), { room: id, name: 'Mine', alarm: null }, 'a link to the desk');
  t.match(byId.get('lost'), { state: 'waiting', error: 'worker gone is gone' });
  t.notOk('origin' in byId.get('shop')!, 'no id of another studio');

  await t.test('whoever may not see a room does not find it', async (t) => {
    const other = rig.server.studio.rooms;
    const row = other.row(id)!;
    const { organisation } = row;
    t.ok((await (await rig.invite('viewer')).get('/api/fleet')).body.fleet.rooms.length === 3);
    // The room goes to another organisation.
    Object.assign(other, {
      row: (asked: string) => (asked === id ? { ...row, organisation: `${organisation}-2` } : undefined),
    });
    await new Promise((resolve) => setTimeout(resolve, 1100));
    const { rooms } = (await rig.owner.get('/api/fleet')).body.fleet;
    t.same(
      rooms.map((one: { id: string }) => one.id),
      ['lost', 'shop'],
    );
  });

  await t.test('a fleet that does not answer is an error, not an empty wall', async (t) => {
    await server.end();
    await new Promise((resolve) => setTimeout(resolve, 1100));
    const answer = await rig.owner.get('/api/fleet');
    t.match(answer.body.error, { code: 'E_REDIS' });
  });
});
