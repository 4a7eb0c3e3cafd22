import t, { type Test } from 'tap';
import { layer as layerSchema, type Layer, type LayerOf } from '../../src/config/sections/layer.js';
import { parseRoom } from '../../src/config/load-room.js';
import { DRAW, DRAW_STRIDE } from '../../src/core/media/picture.js';
import { frameIndex } from '../../src/core/time.js';
import { SceneCompiler } from '../../src/scene/scene-compiler.js';
import { LayoutMaker } from '../../src/scene/lay-out.js';
import { saleTexts, saleWords, shownAttributes } from '../../src/scene/sale/sale-texts.js';
import { silentLog } from '../../src/core/log.js';
import { compilerOf, draw, kernels, roomOf, square, Stage, type RoomParts } from './scene-kit.js';
import { sampled } from '../kit/whole.js';

const product = {
  id: 'bottle',
  title: 'Steel bottle',
  image: 'p.svg',
  price: { amount: 4.8, currency: 'USD', unit: 'piece', was: 5.6 },
  priceLadder: [
    { from: 500, to: 1999, price: 4.8 },
    { from: 2000, price: 4.35 },
  ],
  attributes: [
    { name: 'Material', value: '18/8 stainless steel' },
    { name: 'Capacity', value: '750 ml' },
  ],
};
const PACKS = 'ar de en es fr hi id it ja ko nl pl pt ru th tr vi zh'.split(' ');

async function onStage(t: Test, parts: RoomParts, day?: { nowMs: () => number; frame: () => number }) {
  const room = roomOf(t.testdir({ 'p.svg': square('#0000ff') }), { width: 720, height: 720, ...parts });
  const scene =
    day === undefined
      ? compilerOf(room)
      : new SceneCompiler(room, { kernels, log: silentLog, admit: async () => undefined, draw, day });
  const stage = new Stage(room);
  stage.runtime.apply(structuredClone(await scene.open()));
  return { room, scene, stage };
}

/** The digits on the picture, by the bitmaps of the list's last items but the label. */
function digitsAt(stage: Stage, n: number, cells: number, known: Map<number, number>): string {
  stage.runtime.draw(frameIndex(n), { paint: () => undefined }, stage.list);
  const digits: string[] = [];
  const last = stage.list.count - 1; // the AI label
  for (let i = last - cells; i < last; i += 1) {
    const id = stage.list.items[i * DRAW_STRIDE + DRAW.bitmap]!;
    digits.push(String(known.get(id) ?? '?'));
  }
  return digits.join('');
}

function digitIds(update: {
  layers: readonly { countdown: { digits: readonly { ids: readonly number[] }[] } | null }[];
}) {
  const known = new Map<number, number>();
  for (const { countdown } of update.layers)
    countdown?.digits.forEach(({ ids }, digit) => {
      for (const id of ids) known.set(id, digit);
    });
  return known;
}

const countdown = { id: 'sale', type: 'countdown', offer: 'Half price today', x: 10, y: 10 };

t.test('a countdown shows the seconds left, one step a second, and then its last words', async (t) => {
  const room = roomOf(t.testdir(), {
    width: 720,
    height: 720,
    layers: [{ ...countdown, durationMs: 3_725_000, ended: 'Over' }],
  });
  const update = await compilerOf(room).open();
  const known = digitIds(update);
  const stage = new Stage(room);
  stage.runtime.apply(update);
  t.equal(digitsAt(stage, 0, 6, known), '010205');
  t.equal(digitsAt(stage, 29, 6, known), '010205', 'the same through the second');
  t.equal(digitsAt(stage, 30, 6, known), '010204');
  t.equal(digitsAt(stage, 3_724 * 30 + 29, 6, known), '000001');
  stage.runtime.draw(frameIndex(3_725 * 30), { paint: () => undefined }, stage.list);
  t.equal(stage.list.count, 3, 'background, panel with the last words, label: no digits');
});

t.test('a countdown without last words leaves at its end', async (t) => {
  const { stage } = await onStage(t, { layers: [{ ...countdown, durationMs: 2000 }] });
  stage.runtime.draw(frameIndex(59), { paint: () => undefined }, stage.list);
  t.equal(stage.list.count, 2 + 1 + 6);
  stage.runtime.draw(frameIndex(60), { paint: () => undefined }, stage.list);
  t.equal(stage.list.count, 2);
});

t.test('only the changed digit is drawn again', async (t) => {
  const { stage } = await onStage(t, { layers: [{ ...countdown, durationMs: 600_000 }] });
  stage.draw(0);
  for (let n = 1; n < 30; n += 1) {
    stage.draw(n);
    t.equal(stage.damagedArea(), 0, `frame ${n}`);
  }
  stage.draw(30);
  t.ok(stage.damagedArea() > 0);
  t.ok(stage.damagedArea() < 720 * 720 * 0.05, `${stage.damagedArea()} pixels`);
});

t.test('a countdown to a time of day follows both clocks', async (t) => {
  let nowMs = Date.parse('2026-11-11T12:00:00Z');
  let frame = 0;
  const endsAt = '2026-11-11T13:00:00+00:00';
  const day = { nowMs: () => nowMs, frame: () => frame };
  const room = roomOf(t.testdir(), { width: 720, height: 720, layers: [{ ...countdown, endsAt }] });
  const scene = new SceneCompiler(room, { kernels, log: silentLog, admit: async () => undefined, draw, day });
  const update = await scene.open();
  const known = digitIds(update);
  const stage = new Stage(room);
  stage.runtime.apply(update);
  t.equal(digitsAt(stage, 0, 6, known), '010000');
  // The show began 8 s late.
  nowMs += 8000;
  stage.runtime.apply(scene.retimeCountdowns());
  t.equal(digitsAt(stage, 1, 6, known), '005952');
  t.equal(stage.runtime.secondsLeft, 59 * 60 + 52, 'for the ticks of its end');
  frame = 300;
  nowMs += 10_000;
  stage.runtime.apply(scene.retimeCountdowns());
  t.equal(digitsAt(stage, 300, 6, known), '005942');
});

t.test('offline a countdown to a time of day is the same at any time', async (t) => {
  const layers = [{ ...countdown, endsAt: '2099-01-01T00:00:00Z' }];
  const one = await onStage(t, { layers });
  one.stage.draw(45);
  const two = await onStage(t, { layers });
  two.stage.draw(45);
  t.same(Buffer.from(one.stage.canvas).equals(Buffer.from(two.stage.canvas)), true);
});

t.test('a countdown does not start again when its product comes back', async (t) => {
  const two = { ...product, id: 'two' };
  const { scene, stage } = await onStage(t, {
    products: [product, two],
    product: 'bottle',
    layers: [{ ...countdown, durationMs: 100_000, product: 'bottle' }],
  });
  stage.draw(0);
  stage.runtime.apply(await scene.product('two', frameIndex(300)));
  const back = await scene.product('bottle', frameIndex(600));
  t.equal(back.layers[0]!.countdown!.endFrame, 3000);
});

t.test('a countdown needs an offer and one end', (t) => {
  const parse = (layer: object) => layerSchema.safeParse({ id: 'sale', type: 'countdown', ...layer }).success;
  t.equal(parse({ offer: 'Half price', durationMs: 5000 }), true);
  t.equal(parse({ durationMs: 5000 }), false, 'a time without an offer');
  t.equal(parse({ offer: 'Half price' }), false, 'an offer without an end');
  t.equal(parse({ offer: 'Half price', durationMs: 5000, endsAt: '2026-11-11T12:00:00Z' }), false);
  t.equal(parse({ offer: 'Half price', endsAt: '2026-11-11 12:00' }), false, 'no time zone');
  t.end();
});

t.test('a coupon has one value', (t) => {
  const parse = (layer: object) => layerSchema.safeParse({ id: 'c', type: 'coupon', ...layer }).success;
  t.equal(parse({ amount: 5 }), true);
  t.equal(parse({ percent: 15 }), true);
  t.equal(parse({}), false);
  t.equal(parse({ amount: 5, percent: 15 }), false);
  t.equal(parse({ amount: 5, code: 'SAVE5' }), false, 'codes are not shown');
  t.end();
});

t.test('product tables are absent without their data, and come with the product', async (t) => {
  const bare = { id: 'bare', title: 'Bare', image: 'p.svg', price: { amount: 1, currency: 'USD' } };
  const { scene, stage } = await onStage(t, {
    products: [bare, product],
    product: 'bare',
    layers: [
      { id: 'ladder', type: 'ladder' },
      { id: 'table', type: 'attributes', y: 300 },
    ],
  });
  stage.draw(0);
  t.equal(stage.list.count, 2, 'background and label');
  stage.runtime.apply(await scene.product('bottle', frameIndex(1)));
  stage.draw(1);
  t.equal(stage.list.count, 4);
});

t.test('a table of attributes is in the room’s language where that has words for them', (t) => {
  const [listed] = parseRoom(
    JSON.stringify({
      name: 'x',
      presenter: { pack: 'mei' },
      products: [
        {
          ...product,
          attributes: [
            { name: 'Capacity', value: '750 ml' },
            { name: 'Dishwasher Safe', value: 'Yes' },
            { name: 'Lid thread', value: 'M52' },
          ],
        },
      ],
      layers: [
        { id: 'table', type: 'attributes' },
        { id: 'presenter', type: 'presenter' },
      ],
      script: { segments: [{ product: 'bottle', lines: [{ text: 'Hello.' }] }] },
    }),
    'room.json',
  ).products;
  const table = layerSchema.parse({ id: 'table', type: 'attributes' }) as LayerOf<'attributes'>;
  const shown = (language: string) =>
    shownAttributes(table, listed!, language).map(({ name, value }) => `${name}: ${value}`);
  t.same(shown('en'), ['Capacity: 750 ml', 'Dishwasher Safe: Yes', 'Lid thread: M52']);
  const [capacity, dishwasher, thread] = shown('de');
  t.match(capacity, /^Fassungsvermögen: 750\sMilliliter$/);
  t.match(dishwasher, /: ja$/i);
  t.equal(thread, 'Lid thread: M52');
  t.match(shown('zh-CN')[0], /^容量: 750毫升$/);
  t.end();
});

t.test('a sold-out product carries the mark on its card', async (t) => {
  const layers = [{ id: 'card', type: 'card', y: 120 }];
  const on = await onStage(t, { background: '#ffffff', products: [product], product: 'bottle', layers });
  const out = await onStage(t, {
    background: '#ffffff',
    products: [{ ...product, stock: 'sold-out' }],
    product: 'bottle',
    layers,
  });
  on.stage.draw(0);
  out.stage.draw(0);
  const count = (stage: Stage, near: readonly number[]): number => {
    const rgba = stage.rgba();
    let sum = 0;
    for (let i = 0; i < rgba.length; i += 4) {
      if (near.every((v, k) => Math.abs(rgba[i + k]! - v) < 14)) sum += 1;
    }
    return sum;
  };
  const mark = [0x3a, 0x40, 0x4c];
  t.ok(count(out.stage, mark) > count(on.stage, mark) + 1000, 'a dark mark');
  const accent = [0xe8, 0x45, 0x3c];
  t.ok(count(out.stage, accent) < count(on.stage, accent) / 2, 'the price is grey');
  t.match(saleWords('de').soldOut, 'Ausverkauft');
});

t.test('the engine has its own words for a sale in every pack language, and they fit', async (t) => {
  const layers = [
    { ...countdown, durationMs: 200_000_000, ended: 'x' },
    { id: 'coupon', type: 'coupon', amount: 1250, currency: 'EUR', minimumSpend: 10_000, y: 300 },
    { id: 'ladder', type: 'ladder', y: 500 },
    { id: 'table', type: 'attributes', y: 600 },
  ];
  const english = Object.values(saleWords('en'));
  for (const language of sampled(PACKS, 4)) {
    if (language !== 'en') t.not(saleWords(language).soldOut, english.at(-1), language);
    const room = roomOf(t.testdir({ 'p.svg': square('#0000ff') }), {
      width: 720,
      height: 1280,
      language,
      products: [product],
      product: 'bottle',
      layers,
    });
    const layout = new LayoutMaker(room, { kernels, admit: async () => undefined, draw });
    for (const one of await layout.layers('bottle')) {
      if (one.layer.id === 'who' || one.layer.type === 'label') continue;
      t.equal(one.overflow, undefined, `${language}: ${one.layer.id}`);
    }
  }
});

t.test('product tables with a height of their own stay within it, in larger letters where there is room', async (t) => {
  const wordy = {
    ...product,
    attributes: [
      ...product.attributes,
      { name: 'Insulation', value: 'Keeps drinks hot for 12 hours and cold for 24 hours' },
      { name: 'Lid', value: 'Screw lid of bamboo with a ring of steel and a seal of silicone' },
    ],
    priceLadder: [500, 1000, 2000, 5000].map((from, i) => ({ from, price: 4.8 - i / 10 })),
  };
  const short = {
    ...product,
    priceLadder: product.priceLadder.map((step) => ({ ...step, price: 4.8 })),
    attributes: product.attributes.slice(1),
  };
  const boxesOf = async (shown: object, height?: number) => {
    const place = { x: 200, y: 100, width: 304, ...(height === undefined ? {} : { height }) };
    const room = roomOf(t.testdir({ 'p.svg': square('#0000ff') }), {
      ...{ width: 720, height: 1280, language: 'en', product: 'bottle', products: [shown] },
      layers: [
        { id: 'ladder', type: 'ladder', ...place },
        { id: 'table', type: 'attributes', ...place },
      ],
    });
    const layout = new LayoutMaker(room, { kernels, admit: async () => undefined, draw });
    const tables = (await layout.layers('bottle')).filter(({ layer: { id } }) => id === 'ladder' || id === 'table');
    for (const { layer, overflow } of tables) t.equal(overflow, undefined, layer.id);
    return tables;
  };
  for (const shown of [wordy, short]) {
    for (const { layer, box } of await boxesOf(shown, 212)) t.equal(box.height, 212, layer.id);
  }
  const usual = await boxesOf(wordy);
  t.ok(
    usual.every(({ box }) => box.height > 190),
    'without a height a panel grows with its rows',
  );
  const [ladder, table] = await boxesOf(wordy, 212);
  for (const step of ['500', '1,000', '2,000', '5,000']) t.match(ladder!.text, step, 'every price stays');
  t.match(table!.text, /Material.*Capacity.*Insulation/);
  t.notMatch(table!.text, 'Lid', 'fewer rows in readable letters');
  const [small] = await boxesOf({ ...wordy, price: { ...wordy.price, unit: 'carton' } });
  const [large] = await boxesOf({ ...short, price: { ...short.price, unit: 'carton' } }, 212);
  for (const one of [small, large]) t.match(one!.text, '/ carton', 'the unit is not given up for larger letters');
});

t.test('the judge reads the texts of a sale layer', async (t) => {
  const room = parseRoom(
    JSON.stringify({
      name: 'r',
      language: 'en',
      presenter: { pack: '/nobody' },
      products: [product],
      layers: [{ id: 'who', type: 'presenter' }],
      script: { segments: [{ lines: [{ text: 'x' }] }] },
    }),
    '/tmp/room.json',
  );
  const texts = (layer: object) => saleTexts(layerSchema.parse(layer) as Layer, room, room.products[0]!);
  t.same(texts({ id: 'c', type: 'coupon', amount: 5, minimumSpend: 100 }), [
    'Coupon: $5 off',
    'Orders of $100 or more',
    'Claim it on the product page',
  ]);
  t.same(texts({ ...countdown, durationMs: 5000, offer: '{{product.price}} today' }), [
    'Flash sale',
    '$4.80 today',
    '',
  ]);
  t.match(texts({ id: 'a', type: 'attributes', names: ['Capacity'] }), ['Key attributes', 'Capacity: 750 ml']);
});
