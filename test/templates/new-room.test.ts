import { cpSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { loadRoom } from '../../src/config/load-room.js';
import type { RoomConfig } from '../../src/config/room-config.js';
import { isProductPicture } from '../../src/config/sections/layer.js';
import { templatePath } from '../../src/core/files/paths.js';
import { houseRooms, newRoom } from '../../src/templates/new-room.js';

/** Every file that a room names. */
const filesOf = (room: RoomConfig): string[] => [
  ...(room.audio.music === undefined ? [] : [room.audio.music.src]),
  ...room.products.flatMap((product) => [product.image, ...(product.images ?? [])]),
  ...room.layers.flatMap((layer) => ('src' in layer && !isProductPicture(layer.src) ? [layer.src] : [])),
  ...room.layers.flatMap((layer) => (layer.type === 'media' ? layer.items : [])),
];

t.test('copies every file a room names into its folder, so that the folder can be moved', async (t) => {
  for (const { name: from } of houseRooms()) {
    const dir = t.testdir({});
    const file = newRoom(join(dir, 'deep', 'my-shop'), from);
    t.equal(file, join(dir, 'deep', 'my-shop', 'room.json'));
    const moved = join(dir, 'moved');
    cpSync(join(dir, 'deep', 'my-shop'), moved, { recursive: true });
    rmSync(join(dir, 'deep'), { recursive: true });
    const room = loadRoom(join(moved, 'room.json'));
    const original = loadRoom(templatePath('rooms', from, 'room.json'));
    t.equal(room.name, 'my-shop');
    t.equal(filesOf(room).length, filesOf(original).length);
    for (const path of filesOf(room)) t.ok(path.startsWith(moved) && existsSync(path), `${from}: ${path}`);
    t.same(room.script, original.script);
    const { $schema: schema } = JSON.parse(readFileSync(room.file, 'utf8')) as { $schema: string };
    t.ok(existsSync(join(moved, schema)), 'the schema for editors');
  }
});

t.test('refuses a folder with files, an invalid name and a missing room', async (t) => {
  const dir = t.testdir({ taken: { notes: 'mine' }, empty: {} });
  t.throws(() => newRoom(join(dir, 'taken'), 'minimal'), {
    code: 'E_BAD_REQUEST',
    message: /taken: expected a folder that is not there yet, found a folder with files in it/,
  });
  t.equal(readFileSync(join(dir, 'taken', 'notes'), 'utf8'), 'mine');
  t.throws(() => newRoom(join(dir, 'two words'), 'minimal'), { message: /letters, digits and dashes/ });
  t.throws(() => newRoom(join(dir, 'x'), 'demo-potrait'), {
    message: /found "demo-potrait"; did you mean demo-portrait\?/,
  });
  t.notOk(existsSync(join(dir, 'x')));
  t.ok(existsSync(newRoom(join(dir, 'empty'), 'minimal')), 'an empty folder is accepted');
});
