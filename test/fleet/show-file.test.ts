import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { readShow, writeShow } from '../../src/fleet/show-file.js';

t.test('a show lists a room a language, with ids of its own', async (t) => {
  const folder = join(t.testdir(), 'Spring_Sale');
  mkdirSync(folder);
  const { name, rooms } = await readShow(await writeShow(folder, ['en', 'zh-Hant']));
  t.equal(name, 'spring-sale');
  t.same(rooms, [
    { id: 'spring-sale-en', language: 'en', file: join(folder, 'en', 'room.json') },
    { id: 'spring-sale-zh-hant', language: 'zh-Hant', file: join(folder, 'zh-Hant', 'room.json') },
  ]);
  writeFileSync(join(folder, 'show.json'), '{"name": "a", "rooms": {}}');
  await t.rejects(readShow(join(folder, 'show.json')), { code: 'E_ROOM_JSON' });
});
