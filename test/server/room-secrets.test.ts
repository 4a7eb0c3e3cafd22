import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { silentLog } from '../../src/core/log.js';
import { LocalRoomHost } from '../../src/fleet/local/local-room-host.js';
import { until } from '../kit/until.js';
import { startStudio } from './studio-rig.js';

const KEY = 'sk-SECRETSECRET-of-a-model-a1B2';

t.test('keeps the key of a room’s language model sealed, for its engine alone', async (t) => {
  const rig = await startStudio();
  t.teardown(() => rig.close());
  const { id } = await rig.room();
  const at = `/api/rooms/${id}/secrets`;
  t.same((await rig.owner.call('PUT', `${at}/ROOM_LLM_KEY`, { value: KEY })).body, { takesEffect: 'now' });
  t.same((await rig.owner.get(at)).body.secrets, [{ name: 'ROOM_LLM_KEY', end: 'a1B2' }]);
  t.equal((await rig.owner.call('PUT', `${at}/HOME`, { value: KEY })).status, 400, 'no variable of the studio');
  t.same(rig.server.studio.secrets.environment(id), { ROOM_LLM_KEY: KEY });

  const file = (await rig.owner.get(`/api/rooms/${id}/file`)).body;
  const llm = { baseUrl: 'https://llm.example/v1', model: 'small', apiKey: '${ROOM_LLM_KEY}' };
  const patch = (value: unknown) =>
    rig.owner.call('PATCH', `/api/rooms/${id}/file`, { base: file.version, changes: [{ path: '/llm', value }] });
  t.match(await patch({ ...llm, apiKey: '${PATH}' }), { status: 422, body: { error: { code: 'E_ROOM_REFUSED' } } });
  t.equal((await patch(llm)).status, 200);

  await rig.owner.post(`/api/rooms/${id}/start`, {});
  const later = await rig.owner.call('PUT', `${at}/ROOM_LLM_KEY`, { value: `${KEY}-2` });
  t.same(later.body, { takesEffect: 'next-start' }, 'a show is not interrupted');

  for (const path of [at, '/api/audit', `/api/rooms/${id}/file`, '/api/rooms'])
    t.notMatch(JSON.stringify((await rig.owner.get(path)).body), 'SECRETSECRET', path);
  for (const name of ['studio.db', 'studio.db-wal'])
    if (existsSync(join(rig.data, name)))
      t.notMatch(readFileSync(join(rig.data, name), 'latin1'), 'SECRETSECRET', `${name} holds it sealed`);
  t.equal((await rig.owner.call('DELETE', `${at}/ROOM_LLM_KEY`)).status, 200);
  t.same((await rig.owner.get(at)).body.secrets, []);
});

t.test('an engine gets the keys of its room in its environment', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'secrets-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const room = join(folder, 'room');
  mkdirSync(room);
  const note = `require('fs').writeFileSync('seen', process.env.ROOM_LLM_KEY ?? 'none'); setTimeout(() => {}, 60000)`;
  const host = new LocalRoomHost({
    folder: join(folder, 'run'),
    seal: { seal: (text) => Buffer.from(text), open: (sealed) => Buffer.from(sealed).toString() },
    newToken: () => 'token',
    log: silentLog,
    events: { onReady: () => undefined, onChange: () => undefined },
    secrets: (id) => ({ ROOM_LLM_KEY: `key of ${id}` }),
    command: [process.execPath, '-e', note],
  });
  const started = host.start({ id: 'a', folder: room }).catch(() => undefined); // it never answers
  await until(
    'the engine has started',
    () => existsSync(join(room, 'seen')) && readFileSync(join(room, 'seen')).length > 0,
  );
  t.equal(readFileSync(join(room, 'seen'), 'utf8'), 'key of a');
  await host.stop('a');
  await started;
  await host.close();
});
