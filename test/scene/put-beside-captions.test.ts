import t from 'tap';
import { layer as layerSchema } from '../../src/config/sections/layer.js';
import { silentLog } from '../../src/core/log.js';
import { frameIndex } from '../../src/core/time.js';
import { SceneCompiler } from '../../src/scene/scene-compiler.js';
import { draw, kernels, roomOf, square } from './scene-kit.js';

const cue = { text: 'Hello', language: 'en', startFrame: 30, endFrame: 90, words: [] };
const product = (id: string) => ({ id, title: id, image: `${id}.svg`, price: { amount: 1, currency: 'USD' } });

t.test('does not delay captions, texts and products while a new picture is drawn', async (t) => {
  const dir = t.testdir({ 'a.svg': square('#ff0000'), 'b.svg': square('#00ff00') });
  const room = roomOf(dir, {
    layers: [{ id: 'words', type: 'caption', x: 10, y: 10, width: 300 }],
    products: [product('a'), product('b')],
    product: 'a',
  });
  let release = (): void => undefined;
  const stuck = new Promise<void>((resolve) => (release = resolve));
  const scene = new SceneCompiler(room, {
    ...{ kernels, log: silentLog, admit: async () => undefined, draw },
    drawPut: async (request) => {
      await stuck;
      return draw(request);
    },
  });
  await scene.open();
  let isIn = false;
  const put = scene.putLayer(
    layerSchema.parse({ id: 'pic', type: 'image', src: 'product', x: 5, y: 5 }),
    frameIndex(5),
  );
  void put.then(() => (isIn = true));
  t.ok((await scene.caption(cue)).layers.length > 0, 'a caption');
  const text = layerSchema.parse({ id: 'news', type: 'text', text: 'Bamboo boards', x: 5, y: 50 });
  t.equal((await scene.putLayer(text, frameIndex(6))).layers.length, 1, 'a text');
  await scene.product('b', frameIndex(8));
  t.equal(isIn, false);
  release();
  const update = await put;
  t.equal(update.layers.length, 1);
  const { bitmap } = update.bitmaps[0]!;
  // The product had changed meanwhile: green, not red, is what belongs there now.
  t.ok(bitmap.data[bitmap.width * bitmap.height]! < 100, 'the picture is that of the product of now');
});
