import { execFile } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import t from 'tap';
import { loadRoom } from '../../src/config/load-room.js';
import type { RoomConfig } from '../../src/config/room-config.js';
import { isProductPicture, layersInShot, shotsOf, type Layer } from '../../src/config/sections/layer.js';
import { wordingsOf } from '../../src/config/sections/script.js';
import { templatePath } from '../../src/core/files/paths.js';
import { whole } from '../kit/whole.js';

const file = (name: string): string => templatePath('rooms', name, 'room.json');

/** Words (or, in Chinese, characters) per second of the embedded voices at rate 1, measured on these scripts. */
const PACE = { en: 3, zh: 4.2 };

function estimateSeconds(room: RoomConfig): number {
  const chinese = room.language.startsWith('zh');
  let seconds = 0;
  for (const { lines } of room.script.segments) {
    for (const line of lines) {
      const isChinese = line.language === undefined ? chinese : line.language.startsWith('zh');
      const units = isChinese ? line.text.length / PACE.zh : line.text.split(/\s+/).length / PACE.en;
      seconds += units / room.presenter.voice.rate + (line.pauseMs ?? room.script.gapMs) / 1000;
    }
  }
  return seconds;
}

function assetsOf(room: RoomConfig): string[] {
  const files = room.products.flatMap((p) => [p.image, ...p.images]);
  if (room.audio.music !== undefined) files.push(room.audio.music.src);
  for (const layer of room.layers) {
    if ((layer.type === 'image' || layer.type === 'sticker') && !isProductPicture(layer.src)) files.push(layer.src);
    if (layer.type === 'image' && layer.night !== undefined) files.push(layer.night);
    if (layer.type === 'media') files.push(...layer.items);
  }
  files.push(join(room.presenter.pack, 'pack.json'));
  return files;
}

const sizes = { 'demo-portrait': [720, 1280], 'demo-landscape': [1280, 720] } as const;
const kinds = ['image', 'presenter', 'card', 'caption', 'ticker', 'sticker', 'bubble', 'label'];

t.test('a demo room is one room file and its assets', async (t) => {
  for (const name of readdirSync(templatePath('rooms'))) {
    const files = readdirSync(templatePath('rooms', name)).filter((one) => one !== 'assets');
    t.same(files, ['room.json'], name);
  }
});

for (const [name, [width, height]] of Object.entries(sizes)) {
  t.test(`${name} is a complete show`, async (t) => {
    const room = loadRoom(file(name));
    t.same([room.video.width, room.video.height, room.rate], [width, height, { num: 30, den: 1 }]);
    t.equal(room.products.length, 3);
    for (const kind of kinds)
      t.ok(
        room.layers.some((l) => l.type === kind),
        `has a layer of type ${kind}`,
      );
    for (const p of room.products) {
      t.ok(
        room.script.segments.some((s) => s.product === p.id),
        `${p.id} is presented`,
      );
      t.ok(
        room.layers.some((l) => l.type === 'card' && l.product === p.id),
        `${p.id} has a card`,
      );
      t.ok(
        room.layers.some((l) => l.type === 'image' && l.product === p.id),
        `${p.id} has a picture`,
      );
    }
    t.ok(
      room.layers.some((l) => l.type === 'sticker' && l.motion?.loopMs !== undefined),
      'a sticker keeps moving',
    );
    t.equal(room.script.loop, true);
  });

  t.test(`${name} speaks for two to three minutes`, async (t) => {
    const seconds = estimateSeconds(loadRoom(file(name)));
    t.ok(seconds >= 120 && seconds <= 180, `${seconds.toFixed(0)} s`);
  });

  t.test(`${name} states prices and the minimum order as on the listing`, async (t) => {
    const room = loadRoom(file(name));
    for (const { product: id, lines } of room.script.segments) {
      const product = room.products.find((p) => p.id === id)!;
      const said = lines.flatMap(wordingsOf).join('\n');
      const listed = new Set([product.price.amount, ...product.priceLadder.map((step) => step.price)]);
      if (product.sample !== undefined) listed.add(product.sample.price);
      const prices = [...said.matchAll(/(\d+(?:\.\d+)?)\s*(?:US dollars|美元)/g)].map((m) => Number(m[1]));
      t.ok(prices.includes(product.price.amount), `${id}: its price is said`);
      t.same(
        prices.filter((price) => !listed.has(price)),
        [],
        `${id}: no other price`,
      );
      t.match(said, product.minimumOrder, `${id}: minimum order`);
    }
  });

  t.test(`${name} claims no figure that is missing from the listing`, async (t) => {
    const room = loadRoom(file(name));
    for (const { product: id, lines } of room.script.segments) {
      // The next product is named by its title.
      const stated = JSON.stringify([
        room.products.find((one) => one.id === id),
        room.products.map(({ title }) => title),
      ]);
      const known = new Set((stated.match(/\d+(?:\.\d+)?/g) ?? []).map(Number));
      // The closing lines mention samples of an earlier product.
      for (const other of room.products)
        for (const f of other.facts) if (/sample|样品/i.test(f)) known.add(Number(f.match(/\d+/)![0]));
      for (const text of lines.flatMap(wordingsOf)) {
        for (const figure of text.match(/\d+(?:\.\d+)?/g) ?? [])
          t.ok(known.has(Number(figure)), `${id}: ${figure} in "${text}"`);
      }
    }
  });

  t.test(`${name} keeps its layers off the presenter’s face`, async (t) => {
    const room = loadRoom(file(name));
    const num = (v: unknown): number => (typeof v === 'number' ? v : 0);
    for (const shot of shotsOf(room.layers)) {
      const layers = layersInShot(room.layers, shot);
      const host = layers.find((l) => l.type === 'presenter')!;
      // The head fills the middle quarter of a presenter's box, down to two fifths of its height.
      const face = {
        left: num(host.x) + num(host.width) * 0.35,
        right: num(host.x) + num(host.width) * 0.65,
        top: num(host.y) + num(host.height) * 0.03,
        bottom: num(host.y) + num(host.height) * 0.4,
      };
      for (const l of layers) {
        if (l.type === 'presenter' || l.type === 'label' || l.z < host.z || frames(l)) continue;
        const clear =
          num(l.x) >= face.right ||
          num(l.x) + num(l.width) <= face.left ||
          num(l.y) >= face.bottom ||
          num(l.y) + num(l.height) <= face.top;
        t.ok(clear, `${l.id} leaves the face free in the shot ${shot}`);
      }
    }
    const host = room.layers.find((l) => l.type === 'presenter')!;
    const right = Math.min(width, num(host.x) + num(host.width));
    const bottom = Math.min(height, num(host.y) + num(host.height));
    const area = (right - Math.max(0, num(host.x))) * (bottom - num(host.y));
    t.ok(
      area > (width * height) / 3,
      `the presenter has ${((100 * area) / width / height).toFixed(0)} % of the picture`,
    );
  });

  t.test(`${name} is seen in three shots, the product large in the first`, async (t) => {
    const { layers } = loadRoom(file(name));
    t.same(shotsOf(layers), ['hero', 'side-by-side', 'close-up']);
    for (const l of layersInShot(layers, 'hero'))
      if (l.type === 'image' && l.product !== undefined) t.ok((l.stands?.share ?? 0) >= 0.12, l.id);
  });
}

/** An outline: what is inside stays clear. */
const frames = (l: Layer): boolean => l.type === 'shape' && l.outline !== undefined && l.fill === '#00000000';

for (const name of [...Object.keys(sizes), 'minimal']) {
  t.test(`${name} finds all its files`, async (t) => {
    for (const asset of assetsOf(loadRoom(file(name)))) t.ok(existsSync(asset), asset);
  });

  t.test(`${name} names the schema`, async (t) => {
    const raw = JSON.parse(readFileSync(file(name), 'utf8')) as { $schema: string };
    t.equal(join(dirname(file(name)), raw.$schema), templatePath('schema', 'room.schema.json'));
  });
}

// It runs from sources, which takes longer than all other tests here.
if (whole)
  t.test('demo-portrait is made from the listings by the product path', async (t) => {
    const folder = t.testdir();
    const copy = join(folder, 'room.json');
    copyFileSync(file('demo-portrait'), copy);
    cpSync(join(dirname(file('demo-portrait')), 'assets'), join(folder, 'assets'), { recursive: true });
    await promisify(execFile)(process.execPath, ['--import=tsx', 'scripts/tools/art/make-demo-room.ts', copy]);
    t.equal(
      readFileSync(copy, 'utf8'),
      readFileSync(file('demo-portrait'), 'utf8'),
      'scripts/tools/art/make-demo-room.ts changes nothing',
    );
  });

t.test('demo-portrait shows the ladder and the attributes of each product, in three languages', async (t) => {
  const room = loadRoom(file('demo-portrait'));
  const shown = (id: string) =>
    room.script.segments.map(({ lines }) => lines.filter(({ show }) => show?.includes(id)).length);
  t.ok(
    shown('price-ladder').every((count) => count > 0),
    'each product shows its ladder',
  );
  t.ok(
    shown('key-attributes').every((count) => count > 0),
    'and its attributes',
  );
  const languages = new Set(room.script.segments.flatMap(({ lines }) => lines.map((one) => one.language ?? 'en')));
  t.same(languages, new Set(['en', 'zh', 'es']));
});
