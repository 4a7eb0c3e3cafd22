import { createHash } from 'node:crypto';
import t from 'tap';
import { resolveLayer } from '../../src/config/resolve-room.js';
import { layer as layerSchema } from '../../src/config/sections/layer.js';
import { DRAW } from '../../src/core/media/picture.js';
import { frameIndex } from '../../src/core/time.js';
import { compilerOf, near, nobody, roomOf, square, Stage, type RoomParts } from './scene-kit.js';
import { presenterBox } from '../../src/scene/place-box.js';

const f = frameIndex;
const files = {
  'a.svg': square('#ff0000'),
  'b.svg': square('#00ff00'),
  'p.svg': square('#0000ff'),
  'q.svg': square('#ffff00'),
};
const products = [
  {
    id: 'one',
    title: 'First',
    image: 'p.svg',
    price: { amount: 4.5, currency: 'USD', was: 6 },
    minimumOrder: '10 pieces',
  },
  { id: 'two', title: 'Second', image: 'q.svg', price: { amount: 1299, currency: 'USD', unit: 'piece' } },
];

async function onStage(t: { testdir(files: Record<string, string>): string }, parts: RoomParts) {
  const room = roomOf(t.testdir(files), parts);
  const scene = compilerOf(room);
  const stage = new Stage(room);
  stage.runtime.apply(structuredClone(await scene.open()));
  return { room, scene, stage };
}
const put = (dir: string, json: object) => resolveLayer(layerSchema.parse(json), (s) => `${dir}/${s}`);

t.test('judges later products side by side before the show, and names the first fault in their order', async (t) => {
  const third = { id: 'three', title: 'Third', image: 'a.svg', price: { amount: 2, currency: 'USD' } };
  const dir = t.testdir(files);
  const room = roomOf(dir, {
    products: [...products, third],
    product: 'one',
    layers: [{ id: 'pic', type: 'image', src: 'product', x: 10, y: 10 }],
  });
  const waiting: string[] = [];
  const scene = compilerOf(room, async ({ where, rgba }) => {
    if (rgba[0] === 0 && rgba[2] === 255) return; // the first product's
    waiting.push(where);
    // The later product's fault is known first.
    while (waiting.length < 2) await new Promise((done) => setTimeout(done, 5));
    if (rgba[1] === 255) await new Promise((done) => setTimeout(done, 50));
    throw new Error(rgba[1] === 255 ? 'the second' : 'the third');
  });
  await t.rejects(scene.open(), { message: 'the second' });
});

t.test('always shows the AI label, tall enough and on top', async (t) => {
  const { room, scene, stage } = await onStage(t, {
    width: 720,
    height: 1280,
    layers: [{ id: 'cover', type: 'shape', fill: '#ff00ff', z: 1000 }],
  });
  stage.draw(0);
  const before = stage.rgba();
  let top = 1280;
  let bottom = 0;
  for (let y = 100; y < 320; y += 1) {
    for (let x = 0; x < 720; x += 1) {
      const at = (y * 720 + x) * 4;
      if (before[at]! > 235 && before[at + 1]! > 235 && before[at + 2]! > 235) {
        top = Math.min(top, y);
        bottom = Math.max(bottom, y);
      }
    }
  }
  t.ok(bottom - top + 1 >= 34, `letters are ${bottom - top + 1} px high in full white`);
  await t.rejects(async () => scene.removeLayer('ai-label', f(1)), { code: 'E_LAYER_INVALID' });
  const over = put(room.dir, { id: 'ai-label', type: 'shape', fill: '#ff00ff', z: 1000 });
  stage.runtime.apply(await scene.putLayer(over, f(1)));
  stage.draw(1);
  const last = (stage.list.count - 1) * 8;
  t.equal(stage.list.items[last + DRAW.opacity], 256);
  t.same(Buffer.compare(stage.rgba(), before), 0, 'the label is back in the same frame, at the same place');
});

t.test('keeps a label inside the frame, ignores its opacity and motion, and requires its meaning', async (t) => {
  const { room, scene, stage } = await onStage(t, {
    layers: [{ id: 'lab', type: 'label', x: 5000, y: -900, opacity: 0, leave: { type: 'fade' }, product: undefined }],
  });
  stage.draw(0);
  const at = (stage.list.count - 1) * 8;
  const [id, x, y, opacity] = stage.list.items.subarray(at, at + 4);
  const bitmap = stage.runtime.bitmaps.get(id!)!;
  t.ok(x! >= 0 && y! >= 0 && x! + bitmap.width <= 320 && y! + bitmap.height <= 240);
  t.equal(opacity, 256);
  await t.rejects(scene.putLayer(put(room.dir, { id: 'lab', type: 'label', text: 'Hello email' }), f(1)), {
    code: 'E_LAYER_INVALID',
  });
});

t.test('makes room for the label in a full draw list', async (t) => {
  const { stage } = await onStage(t, {});
  stage.draw(0, {
    paint: (_n, list) => {
      while (list.push(list.items[0]!, 0, 0, 1, 0, 0, 2, 2)) continue;
    },
  });
  t.equal(stage.list.count, stage.list.capacity);
  t.equal(stage.list.items[(stage.list.count - 1) * 8 + DRAW.opacity], 256);
});

t.test('changes product pictures, cards and texts at the frame of the product', async (t) => {
  const { scene, stage } = await onStage(t, {
    products,
    product: 'one',
    layers: [
      { id: 'pic', type: 'image', src: 'product', x: 10, y: 10 },
      { id: 'card', type: 'card', x: 100, y: 10, width: 150, enter: { type: 'fade', durationMs: 200 } },
      { id: 'only', type: 'shape', fill: '#ffffff', x: 10, y: 80, width: 20, height: 20, product: 'two' },
    ],
  });
  stage.draw(0);
  t.ok(near(stage.pixel(20, 20), [0, 0, 255], 8));
  stage.runtime.apply(structuredClone(await scene.product('two', f(5))));
  stage.draw(4);
  t.ok(near(stage.pixel(20, 20), [0, 0, 255], 8), 'not before');
  t.notOk(near(stage.pixel(20, 90), [255, 255, 255], 20));
  stage.draw(5);
  t.ok(near(stage.pixel(20, 20), [255, 255, 0], 8));
  t.ok(near(stage.pixel(20, 90), [255, 255, 255], 8), 'what belongs to a product comes with it');
  stage.runtime.apply(await scene.product(null, f(9)));
  for (let n = 6; n < 30; n += 1) stage.draw(n);
  t.ok(near(stage.pixel(20, 20), [0x20, 0x40, 0x60], 8), 'nothing of a product is left');
  await t.rejects(scene.product('three', f(40)), { code: 'E_NOT_FOUND' });
});

t.test('enters, moves and leaves a layer with complete damage', async (t) => {
  for (const type of ['fade', 'slide-left', 'slide-right', 'slide-up', 'slide-down', 'pop', 'wipe']) {
    const { scene, stage } = await onStage(t, {
      layers: [
        { id: 'a', type: 'image', src: 'a.svg', x: 101, y: 51, enter: { type, easing: 'back-out' }, leave: { type } },
      ],
    });
    let partly = 0;
    for (let n = 0; n < 60; n += 1) {
      if (n === 20) stage.runtime.apply(scene.removeLayer('a', f(30)));
      stage.draw(n);
      if (!near(stage.pixel(121, 71), [255, 0, 0], 6)) partly += 1;
      if (Buffer.compare(stage.canvas, stage.whole()) !== 0) return t.fail(`${type}: frame ${n} is not its whole`);
      if (n === 15 || n === 29) t.ok(near(stage.pixel(121, 71), [255, 0, 0], 6), `${type} in place at ${n}`);
      if (n === 15) t.equal(stage.damagedArea(), 0, `${type} still once it is in place`);
    }
    t.ok(partly > 20, type);
    t.ok(near(stage.pixel(121, 71), [0x20, 0x40, 0x60], 6), `${type} gone`);
  }
});

t.test('cross-fades pictures, scrolls a ticker and moves a sticker with matching damage', async (t) => {
  const { stage } = await onStage(t, {
    layers: [
      { id: 'm', type: 'media', items: ['a.svg', 'b.svg'], holdMs: 500, fadeMs: 200, x: 10, y: 10 },
      { id: 't', type: 'ticker', items: ['Hello', 'مرحبا'], y: 100, size: 14, speedPxPerSecond: 45, padding: 4 },
      {
        id: 's',
        type: 'sticker',
        src: 'b.svg',
        x: 200,
        y: 10,
        motion: {
          loopMs: 1000,
          keyframes: [
            { atMs: 500, dx: 31, dy: 7 },
            { atMs: 1000, dx: 0, dy: 0 },
          ],
        },
      },
    ],
  });
  const colours = new Set<string>();
  for (let n = 0; n < 70; n += 1) {
    stage.draw(n);
    if (Buffer.compare(stage.canvas, stage.whole()) !== 0) return t.fail(`frame ${n} is not its whole`);
    colours.add(stage.pixel(20, 20).join());
    if (n > 0) t.ok(stage.damagedArea() < 320 * 34 + 48 * 60 + 40 * 40 + 500, `frame ${n}: ${stage.damagedArea()}`);
  }
  t.ok(colours.size > 8, 'a fade has steps');
});

t.test('highlights a caption word by word and turns its pages, in both writing directions', async (t) => {
  for (const [language, text] of [
    ['en', 'Welcome to our show today, this bottle keeps tea hot all day long'],
    ['ar', 'مرحبا بكم في البث المباشر هذه الزجاجة تحافظ على الحرارة طوال اليوم'],
  ] as const) {
    const { scene, stage } = await onStage(t, {
      language,
      layers: [{ id: 'c', type: 'caption', size: 20, y: 20, x: 10 }],
    });
    const words = [...text.matchAll(/\S+/g)].map((m, i) => ({
      startChar: m.index,
      endChar: m.index + m[0].length,
      frame: 10 + i * 5,
    }));
    const end = 10 + words.length * 5;
    stage.runtime.apply(structuredClone(await scene.caption({ text, language, startFrame: 10, endFrame: end, words })));
    const centres: number[] = [];
    for (let n = 0; n <= end; n += 1) {
      stage.draw(n);
      if (Buffer.compare(stage.canvas, stage.whole()) !== 0) return t.fail(`frame ${n} is not its whole`);
      if ((n === 12 || n === 17) && n < end) {
        const rgba = stage.rgba();
        let sum = 0;
        let count = 0;
        for (let i = 0; i < 320 * 140; i += 1) {
          if (rgba[i * 4]! > 200 && rgba[i * 4 + 2]! < 130) {
            sum += i % 320;
            count += 1;
          }
        }
        t.ok(count > 10, `${language}: a word is highlighted at ${n}`);
        centres.push(sum / count);
      }
      if (n === 15)
        t.ok(stage.damagedArea() < 130 * 40 * 2, `two words are damaged, not the panel: ${stage.damagedArea()}`);
    }
    t.ok(
      language === 'ar' ? centres[1]! < centres[0]! : centres[1]! > centres[0]!,
      `${language}: runs with the reading`,
    );
    t.ok(near(stage.pixel(12, 40), [0x20, 0x40, 0x60], 6), 'gone at its end');
  }
});

t.test('frees bitmaps with their layers, so a long show does not grow', async (t) => {
  const { scene, stage } = await onStage(t, {
    products,
    product: 'one',
    layers: [
      { id: 'pic', type: 'image', src: 'product' },
      { id: 'c', type: 'caption', size: 16 },
      { id: 'card', type: 'card', width: 100 },
    ],
  });
  const held = (): number => (stage.runtime.bitmaps as unknown as { byId: Map<number, unknown> }).byId.size;
  let n = 0;
  const sizes: number[] = [];
  for (let round = 0; round < 12; round += 1) {
    stage.runtime.apply(await scene.product(round % 2 === 0 ? 'two' : 'one', f(n)));
    const words = [
      { startChar: 0, endChar: 5, frame: n },
      { startChar: 6, endChar: 11, frame: n + 3 },
    ];
    stage.runtime.apply(
      await scene.caption({ text: 'Hello there', language: 'en', startFrame: n, endFrame: n + 8, words }),
    );
    for (const stop = n + 10; n < stop; n += 1) stage.draw(n);
    sizes.push(held());
  }
  t.equal(sizes.at(-1), sizes[2], `held: ${sizes.join(' ')}`);
});

t.test('gives the same frames for the same room', async (t) => {
  const run = async (): Promise<string> => {
    const { scene, stage } = await onStage(t, {
      products,
      product: 'one',
      layers: [
        { id: 'card', type: 'card', width: 140, enter: { type: 'pop' } },
        { id: 't', type: 'ticker', items: ['你好 hello'], y: 150, size: 16 },
        { id: 'b', type: 'bubble', text: '{{product.price}}', x: 200, tail: 'bottom', size: 18 },
      ],
    });
    const hash = createHash('sha256');
    for (let n = 0; n < 40; n += 1) {
      if (n === 10) stage.runtime.apply(await scene.product('two', f(12)));
      stage.draw(n);
      hash.update(stage.canvas);
    }
    return hash.digest('hex');
  };
  t.equal(await run(), await run());
});

t.test("shows the presenter at its height and in its layer's motion, and the label on the slate", async (t) => {
  const { room, scene, stage } = await onStage(t, { language: 'zh' });
  const box = presenterBox(room);
  t.ok([box.x, box.y, box.width, box.height].every((v) => v % 2 === 0));
  t.equal(box.y + box.height, 240);
  await t.rejects(async () => scene.removeLayer('who', f(0)), { code: 'E_LAYER_INVALID' });
  await t.rejects(async () => scene.removeLayer('nobody', f(0)), { code: 'E_LAYER_UNKNOWN' });
  stage.draw(0, nobody);
  const slate = await scene.slate('马上回来');
  t.equal(slate.length, (room.video.width * room.video.height * 3) / 2);
  t.ok(
    slate.subarray(320 * 200, 320 * 240).some((v) => v > 220),
    'white letters at the bottom',
  );
});
