import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import type { RunStatus } from '../../src/core/room-host.js';
import { silentLog } from '../../src/core/log.js';
import { FleetClient } from '../../src/fleet/fleet-client.js';
import { FleetRoomHost, fleetId } from '../../src/fleet/fleet-room-host.js';
import { newFleetKey } from '../../src/fleet/fleet-key.js';
import { WAITING } from '../../src/fleet/records.js';
import { FolderStore } from '../../src/fleet/store/open-object-store.js';
import { newRoom } from '../../src/templates/new-room.js';
import { redisProgram, RedisServer } from '../../scripts/bench/fleet/redis-server.js';
import { until } from '../kit/until.js';

const skip = redisProgram() === undefined ? 'no Redis or Valkey' : false;

t.test('the studio’s rooms follow what their workers say, through a takeover and a restart', { skip }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'showroom-fleet-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const server = await RedisServer.start(join(folder, 'redis'));
  t.teardown(() => server.end());
  const key = await newFleetKey();
  const store = new FolderStore(join(folder, 'store'));
  newRoom(join(folder, 'shop'), 'minimal');
  const seen: RunStatus[] = [];
  const ready: string[] = [];
  const events = {
    onReady: (id: string) => void ready.push(id),
    onChange: (_: string, status: RunStatus) => void seen.push(status),
  };
  const open = async (): Promise<FleetRoomHost> => {
    const fleet = await FleetClient.connect(server.url, store, { patient: true });
    return new FleetRoomHost({ fleet, key, log: silentLog, events });
  };
  const host = await open();
  const id = 'Room_7';
  const started = host.start({ id, folder: join(folder, 'shop') });
  const watcher = await FleetClient.connect(server.url, store, { patient: true });
  t.teardown(() => watcher.close());
  await until('it is queued', async () => (await watcher.redis.rooms.getJob(fleetId(id))) !== undefined);
  t.match((await watcher.redis.rooms.getJob(fleetId(id)))?.data, { withoutOutputs: true, origin: id, owner: 'studio' });
  const say = (worker: string, url: string, fence: number): Promise<void> =>
    watcher.redis.putStatus({ ...WAITING, room: fleetId(id), state: 'on-air', worker, url, fence, tokenFence: fence });
  await say('w1', 'http://10.0.0.1:4000', 1);
  await started;
  const first = host.endpoint(id);
  t.equal(first?.url, 'http://10.0.0.1:4000');
  await say('w2', 'http://10.0.0.2:4000', 2);
  await until('it is told of the other worker', () => ready.length === 2);
  t.equal(host.endpoint(id)?.url, 'http://10.0.0.2:4000');
  t.not(host.endpoint(id)?.token, first?.token);
  await host.close();

  const next = await open();
  t.teardown(() => next.close());
  t.same(await next.adopt(), [id]);
  await until('it is known again', () => next.status(id).state === 'running');
  await watcher.redis.putStatus({ ...WAITING, room: fleetId(id) });
  await next.stop(id);
  t.equal(next.status(id).state, 'off');
  t.equal(await watcher.redis.rooms.getJob(fleetId(id)), undefined);
});
