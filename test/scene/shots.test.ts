import t from 'tap';
import { DRAW, DRAW_STRIDE, type PresenterPainter } from '../../src/core/media/picture.js';
import { newBitmapId } from '../../src/core/media/picture.js';
import { frameIndex } from '../../src/core/time.js';
import { LayoutMaker } from '../../src/scene/lay-out.js';
import { compilerOf, draw, kernels, near, roomOf, square, Stage } from './scene-kit.js';

const GROUND = [0x20, 0x40, 0x60];
const LAYERS = [
  { id: 'red', type: 'image', src: 'red.svg', x: 20, y: 20, shots: { hero: {}, 'close-up': { x: 120, y: 60 } } },
  { id: 'lime', type: 'image', src: 'lime.svg', x: 200, y: 20, shots: { 'side-by-side': {} } },
  { id: 'name', type: 'text', text: 'Name', x: 20, y: 180, shots: { hero: {} } },
];
const files = { 'red.svg': square('#ff0000'), 'lime.svg': square('#00ff00') };
const [hero, side, close] = [frameIndex(0), frameIndex(30), frameIndex(60)];

t.test('a cut shows the layers of the next shot at their places, whole from its first frame', async (t) => {
  const room = roomOf(t.testdir(files), { layers: LAYERS });
  const scene = compilerOf(room);
  const stage = new Stage(room);
  stage.runtime.apply(await scene.open());
  stage.runtime.apply(scene.cut(side, [{ atFrame: side, shot: 'side-by-side' }]));
  stage.runtime.apply(scene.cut(close, [{ atFrame: close, shot: 'close-up' }]));
  for (let n = 0; n < 70; n += 1) {
    stage.draw(n);
    if (Buffer.compare(stage.canvas, stage.whole()) !== 0) return t.fail(`frame ${n} is not its whole`);
    const inHero = n < side;
    t.equal(near(stage.pixel(40, 40), [255, 0, 0], 8), inHero, `frame ${n}: red at its place`);
    t.equal(near(stage.pixel(220, 40), [0, 255, 0], 8), n >= side && n < close, `frame ${n}: lime`);
    t.equal(near(stage.pixel(140, 80), [255, 0, 0], 8), n >= close, `frame ${n}: red moved`);
    if (!inHero) t.ok(near(stage.pixel(22, 22), GROUND, 8));
    if (n !== hero && n !== side && n !== close) t.equal(stage.damagedArea(), 0, `frame ${n} costs nothing`);
  }
});

t.test('cuts that were withdrawn do not come; the places and texts follow the shot', async (t) => {
  const room = roomOf(t.testdir(files), { layers: LAYERS });
  const scene = compilerOf(room);
  const stage = new Stage(room);
  stage.runtime.apply(await scene.open());
  const boxOf = (id: string, frame = hero) => scene.placeAt(id, frame);
  t.match(boxOf('red'), { x: 20, y: 20 });
  t.equal(boxOf('lime'), null, 'not on the picture');
  t.equal(scene.textBoxes().length, 2, 'the name and the label');
  const before = scene.still()!.digest;
  stage.runtime.apply(scene.cut(close, [{ atFrame: close, shot: 'close-up' }]));
  t.match(boxOf('red', close), { x: 120, y: 60 });
  t.match(boxOf('red', side), { x: 20, y: 20 }, 'a cut that is due moves nothing before it comes');
  t.same(
    [hero, side, close].map((frame) => scene.shotAt(frame)),
    ['hero', 'hero', 'close-up'],
  );
  t.equal(scene.textBoxes().length, 3, 'of the shot that viewers see, and of the next one');
  t.match(scene.still(), { sinceFrame: 60 });
  t.not(scene.still()!.digest, before);
  stage.runtime.apply(scene.cut(close, []));
  t.equal(scene.still()!.digest, before);
  for (let n = 0; n < 70; n += 1) stage.draw(n);
  t.ok(near(stage.pixel(40, 40), [255, 0, 0], 8));
});

t.test('the presenter moves with the shot, and is seen through its window only', async (t) => {
  const room = roomOf(t.testdir(), { layers: [] });
  const who = {
    ...room.layers[0]!,
    shots: { hero: {}, 'close-up': { x: 40, window: { x: 100, y: 50, width: 40, height: 30 } } },
  };
  const set = { ...room, layers: [who] } as typeof room;
  const stage = new Stage(set);
  const id = newBitmapId();
  const white = new Uint8Array(200 * 200 * 4).fill(255);
  const painter: PresenterPainter = { paint: (_n, list) => void list.push(id, 60, 20, 256, 0, 0, 320, 240) };
  const scene = compilerOf(set);
  stage.runtime.apply(await scene.open());
  stage.runtime.bitmaps.set(id, kernels.rgbaToYuva(white, 200, 200, 0, 0));
  stage.runtime.apply(scene.cut(close, [{ atFrame: close, shot: 'close-up' }]));
  stage.draw(59, painter);
  t.ok(near(stage.pixel(70, 30), [255, 255, 255], 8), 'whole in the first shot');
  stage.draw(60, painter);
  t.ok(near(stage.pixel(70, 30), GROUND, 8), 'nothing outside of the window');
  t.ok(near(stage.pixel(120, 60), [255, 255, 255], 8));
  const item = 1 * DRAW_STRIDE;
  t.equal(stage.list.items[item + DRAW.x], 100, 'moved by 40');
});

t.test('captions are drawn for the shots that they are seen in', async (t) => {
  const caption = { type: 'caption', size: 20, width: 300 };
  const room = roomOf(t.testdir(), {
    layers: [
      { id: 'here', ...caption, y: 20, shots: { hero: {} } },
      { id: 'there', ...caption, y: 150, shots: { 'close-up': {} } },
    ],
  });
  const scene = compilerOf(room);
  await scene.open();
  scene.cut(close, [{ atFrame: close, shot: 'close-up' }]);
  const said = async (startFrame: number, endFrame: number) => {
    const update = await scene.caption({ text: 'Hello', language: 'en', startFrame, endFrame, words: [] });
    return update.layers.map(({ id }) => id);
  };
  t.same(await said(0, 50), ['here']);
  t.same(await said(50, 70), ['here', 'there']);
  t.same(await said(70, 90), ['there']);
  t.ok(scene.placeAt('here', hero), 'its place is in its own shot');
  t.equal(scene.placeAt('there', hero), null);
  t.equal(scene.placeAt('here', close), null);
  t.ok(scene.placeAt('there', close));
});

t.test('a room may open with another shot', async (t) => {
  const room = roomOf(t.testdir(files), { layers: LAYERS });
  const opened = { ...room, shots: { ...room.shots, opening: 'side-by-side' as const } };
  const stage = new Stage(opened);
  stage.runtime.apply(await compilerOf(opened).open());
  stage.draw(0);
  t.ok(near(stage.pixel(220, 40), [0, 255, 0], 8));
});

t.test('each shot is laid out by itself for the check', async (t) => {
  const room = roomOf(t.testdir(files), { layers: LAYERS });
  const maker = new LayoutMaker(room, { admit: async () => undefined, draw, kernels });
  const ids = async (shot: 'hero' | 'close-up') => (await maker.layers(null, shot)).map(({ layer }) => layer.id);
  t.same(await ids('hero'), ['who', 'red', 'name', 'ai-label']);
  t.same(await ids('close-up'), ['who', 'red', 'ai-label']);
  t.match(
    (await maker.layers(null, 'close-up')).find(({ layer }) => layer.id === 'red'),
    { box: { x: 120, y: 60 } },
  );
});
