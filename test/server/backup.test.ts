import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { backupStudio, restoreStudio } from '../../src/server/backup.js';
import { lockStudio } from '../../src/server/studio-lock.js';
import { startStudio } from './studio-rig.js';

t.test('a backup of a studio that runs restores accounts, rooms, versions and keys', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'backup-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const rig = await startStudio();
  t.teardown(() => rig.close());
  const room = await rig.room();
  const key = 'a-stream-key-of-some-length';
  const made = (await rig.owner.post('/api/destinations', { preset: 'rtmp', server: 'rtmp://live.example/app', key }))
    .body;
  const archive = join(folder, 'studio.tar.gz');
  t.match(await backupStudio(rig.data, archive), { rooms: 1 });
  await rig.owner.call('PATCH', `/api/rooms/${room.id}`, { title: 'Changed later' });

  const data = join(folder, 'data');
  t.match(await restoreStudio(archive, data), { rooms: 1, running: [], aside: undefined });
  const again = await startStudio({ data });
  t.teardown(() => again.close());
  again.owner.cookie = rig.owner.cookie;
  t.match((await again.owner.get('/api/rooms')).body, { rooms: [{ id: room.id, title: 'Lamp shop', version: 1 }] });
  const { destinations, accounts } = again.server.studio;
  t.match(destinations.output(accounts.firstOrganisation()!, made.id, folder), {
    url: `rtmp://live.example/app/${key}`,
  });

  const lock = await lockStudio(data);
  await t.rejects(restoreStudio(archive, data), { code: 'E_IN_USE' });
  await lock.close();
  writeFileSync(join(folder, 'other.tar.gz'), 'no archive');
  await t.rejects(restoreStudio(join(folder, 'other.tar.gz'), data), { code: 'E_STORE' });
});
