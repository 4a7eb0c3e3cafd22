import { join } from 'node:path';
import t from 'tap';
import { newToken } from '../../src/control/auth.js';
import type { RoomHostEvents } from '../../src/core/room-host.js';
import { silentLog } from '../../src/core/log.js';
import { packageRoot } from '../../src/core/files/paths.js';
import { LocalRoomHost } from '../../src/fleet/local/local-room-host.js';
import { Seal } from '../../src/store/studio/seal.js';
import { newRoom } from '../../src/templates/new-room.js';
import { until } from '../kit/until.js';

t.test('a room outlives its server, is found again, and starts again after a kill', async (t) => {
  const folder = t.testdir();
  const room = join(folder, 'shop');
  newRoom(room, 'minimal');
  const seal = await Seal.open(join(folder, 'studio.key'));
  const ready: string[] = [];
  const events: RoomHostEvents = { onReady: (id) => void ready.push(id), onChange: () => undefined };
  const command = [process.execPath, join(packageRoot(), 'dist', 'cli', 'main.js')];
  const host = (): LocalRoomHost =>
    new LocalRoomHost({ folder: join(folder, 'run'), seal, newToken, log: silentLog, events, command });
  const first = host();
  t.teardown(() => first.stop('shop'));
  await first.start({ id: 'shop', folder: room });
  const { pid } = first.status('shop');
  t.match(first.status('shop'), { state: 'running', restarts: 0 });
  // The first server is gone: it only stops looking.
  await first.close();

  const second = host();
  t.teardown(() => second.stop('shop'));
  t.same(await second.adopt(), ['shop']);
  await until('the same engine answers', () => second.endpoint('shop') !== undefined);
  t.equal(second.status('shop').pid, pid);
  process.kill(pid!, 'SIGKILL');
  await until(
    'it is started again',
    () => second.status('shop').restarts === 1 && second.endpoint('shop') !== undefined,
  );
  t.not(second.status('shop').pid, pid, 'another process');
  t.ok(ready.length >= 3, 'its server is told each time');
  await second.stop('shop');
  t.equal(second.status('shop').state, 'off');
  t.same(await host().adopt(), [], 'nothing is left');
});
