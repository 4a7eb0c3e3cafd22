import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { LiveRoomConfig } from '../../../src/config/room-config.js';
import { absoluteIn, resolveLayer } from '../../../src/config/resolve-room.js';
import { loadRoom } from '../../../src/config/load-room.js';
import { layer as layerSchema, type Layer } from '../../../src/config/sections/layer.js';
import { RoomSaver } from '../../../src/room/commands/save-room.js';

const TEXT = `{
    "name": "shop",
    "presenter": { "pack": "mei", "voice": { "rate": 1 } },
    "products": [
        { "id": "mug",   "title": "Mug", "image": "mug.png", "price": { "amount": 5, "currency": "USD" } }
    ],
    "layers": [
        { "id": "who", "type": "presenter" },
        { "id": "sale",   "type": "text", "text": "Sale",  "x": 10 },
        { "id": "news", "type": "text", "text": "News" },
        { "id": "star", "type": "sticker", "src": "art/star.png" }
    ],
    "script": { "segments": [{ "product": "mug", "lines": [{ "text": "Hello" }] }] },
    "outputs": [{ "id": "live", "kind": "rtmp", "url": "\${LIVE_URL}" }]
}
`;

function roomOf(t: Test) {
  const dir = t.testdir({ 'room.json': TEXT });
  const file = join(dir, 'room.json');
  const live = new LiveRoomConfig(loadRoom(file, { env: { LIVE_URL: 'rtmp://127.0.0.1/app/secret' } }));
  const edited = new Map<string, Layer | undefined>();
  const saver = new RoomSaver({ room: live.room, layers: () => edited });
  const put = (json: object): void => {
    const layer = resolveLayer(layerSchema.parse(json), absoluteIn(dir));
    edited.set(layer.id, layer);
  };
  return { dir, file, live, edited, saver, put, text: () => readFileSync(file, 'utf8') };
}

t.test('writes only the changes, in the style of the file, and keeps a backup', async (t) => {
  const { live, edited, saver, put, text, file, dir } = roomOf(t);
  live.set({
    products: live.room.products.map((p) => ({ ...p, price: { ...p.price, amount: 4 }, stock: 'sold-out' })),
  });
  put({ id: 'sale', type: 'text', text: 'Last day', x: 10 });
  put({ id: 'coupon', type: 'coupon', amount: 5, x: 20 });
  edited.set('star', undefined);
  live.set({ audio: { ...live.room.audio, duckDb: -14 } });
  t.match(await saver.save(), {
    file: 'room.json',
    backup: 'room.json.bak',
    changed: ['products', 'layers', 'audio'],
  });
  const now = text();
  t.match(now, '"id": "sale",   "type": "text", "text": "Last day",  "x": 10', 'its spaces stay');
  t.match(now, '${LIVE_URL}');
  t.notMatch(now, 'secret');
  t.notMatch(now, dir);
  const raw = JSON.parse(now);
  t.same(
    raw.layers.map(({ id }: Layer) => id),
    ['who', 'sale', 'news', 'coupon'],
  );
  t.same(raw.layers[3], { id: 'coupon', type: 'coupon', amount: 5, x: 20 }, 'no defaults');
  t.match(raw.products[0], { price: { amount: 4, currency: 'USD' }, stock: 'sold-out', image: 'mug.png' });
  t.same(raw.audio, { duckDb: -14 });
  t.equal(readFileSync(`${file}.bak`, 'utf8'), TEXT);
  t.equal(statSync(file).mode & 0o777, statSync(`${file}.bak`).mode & 0o777);
  t.match(await saver.save(), { backup: null, changed: [] }, 'a second save has nothing to write');
  edited.set('coupon', undefined);
  t.match(await saver.save(), { changed: ['layers'] });
  t.equal(JSON.parse(text()).layers.length, 3);
});

t.test('leaves a file alone that somebody changed meanwhile, unless forced', async (t) => {
  const { live, saver, file, text } = roomOf(t);
  const theirs = TEXT.replace('"Sale"', '"Their sale"');
  writeFileSync(file, theirs);
  live.set({ products: live.room.products.map((p) => ({ ...p, title: 'Blue mug' })) });
  await t.rejects(saver.save(), { code: 'E_ROOM_CHANGED', httpStatus: 409 });
  t.equal(text(), theirs);
  t.notOk(existsSync(`${file}.bak`));
  t.match(await saver.save({ force: true }), { changed: ['products'] });
  t.match(text(), 'Their sale');
  t.match(text(), 'Blue mug');
  t.equal(readFileSync(`${file}.bak`, 'utf8'), theirs);
});

t.test('makes a picture that came in a request a file', async (t) => {
  const { live, saver, text, dir } = roomOf(t);
  const [mug] = live.room.products;
  const image = `data:image/png;base64,${Buffer.from('picture').toString('base64')}`;
  live.set({ products: [mug!, { ...mug!, id: 'pen', image }] });
  await saver.save();
  const first = JSON.parse(text()).products[1].image as string;
  t.match(first, /^products\/pen\/[0-9a-f]{12}\.png$/);
  live.set({ products: [mug!, { ...mug!, id: 'pen', image: `data:image/png;base64,${btoa('another')}` }] });
  await saver.save();
  const second = JSON.parse(text()).products[1].image as string;
  t.equal(readFileSync(join(dir, first), 'utf8'), 'picture', 'undo still finds the picture before');
  t.equal(readFileSync(join(dir, second), 'utf8'), 'another');
});

t.test(
  'keeps the settings of a script that no edit on air changes, and takes a file with a byte order mark',
  async (t) => {
    const before = TEXT.replace('"script": {', '"script": { "resume": "never", "slateAfterMs": 9000,');
    const dir = t.testdir({ 'room.json': `\uFEFF${before}` });
    const { room } = new LiveRoomConfig(loadRoom(join(dir, 'room.json'), { withoutKeys: true }));
    const script = { loop: true, segments: [{ product: 'mug', lines: [{ text: 'Good evening' }] }] };
    const saver = new RoomSaver({ room, layers: () => new Map(), script: () => script });
    await saver.save();
    const text = readFileSync(join(dir, 'room.json'), 'utf8').replace(/^\uFEFF/, '');
    t.match(JSON.parse(text).script, { resume: 'never', slateAfterMs: 9000, segments: script.segments });
  },
);

t.test('saves a script that its owner offers', async (t) => {
  const dir = t.testdir({ 'room.json': TEXT });
  const { room } = new LiveRoomConfig(loadRoom(join(dir, 'room.json'), { withoutKeys: true }));
  const script = { segments: [{ product: 'mug', lines: [{ text: 'Good evening' }] }] };
  const saver = new RoomSaver({ room, layers: () => new Map(), script: () => script });
  t.match(await saver.save(), { changed: ['script'] });
  t.match(JSON.parse(readFileSync(join(dir, 'room.json'), 'utf8')), { script });
});

t.test('edits and saves at once leave a whole file at every moment, and lose nothing', async (t) => {
  const { live, saver, put, edited, file, text } = roomOf(t);
  let saved = false;
  let looks = 0;
  const look = async (): Promise<void> => {
    for (; !saved; looks += 1) {
      loadRoom(file, { env: { LIVE_URL: 'rtmp://127.0.0.1/app/secret' } });
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const saves: Promise<unknown>[] = [];
  const looking = look();
  for (let i = 0; i < 20; i += 1) {
    live.set({ products: live.room.products.map((p) => ({ ...p, title: `Mug ${i}` })) });
    put({ id: `n${i % 5}`, type: 'text', text: `Number ${i}` });
    if (i % 7 === 0) edited.set('news', undefined);
    saves.push(saver.save(), saver.save());
    if (i % 3 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  await Promise.all(saves);
  await saver.save();
  saved = true;
  await looking;
  t.ok(looks > 3);
  const now = JSON.parse(text());
  t.equal(now.products[0].title, 'Mug 19');
  t.same(
    now.layers.map(({ id }: Layer) => id),
    ['who', 'sale', 'star', 'n0', 'n1', 'n2', 'n3', 'n4'],
  );
  t.equal(now.layers.at(-1).text, 'Number 19');
});
