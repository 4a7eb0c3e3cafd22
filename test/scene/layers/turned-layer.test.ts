import t from 'tap';
import { layer as layerSchema } from '../../../src/config/sections/layer.js';
import { frameIndex } from '../../../src/core/time.js';
import type { SceneDeps } from '../../../src/scene/scene-compiler.js';
import { compilerOf, roomOf, Stage } from '../scene-kit.js';

const bar = { id: 'bar', type: 'shape', fill: '#ffffff', x: 60, y: 100, width: 120, height: 20 };

/** The white part of a frame, above the AI label. */
function whiteBox(stage: Stage): { x: number; y: number; width: number; height: number } {
  const [xs, ys]: [number[], number[]] = [[], []];
  for (let y = 0; y < 190; y += 1)
    for (let x = 0; x < 320; x += 1)
      if (stage.canvas[y * 320 + x]! > 200) {
        xs.push(x);
        ys.push(y);
      }
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x + 1, height: Math.max(...ys) - y + 1 };
}

t.test('turns a layer about the middle of its box', async (t) => {
  const room = roomOf(t.testdir(), { layers: [{ ...bar, rotate: 90 }] });
  const scene = compilerOf(room);
  const stage = new Stage(room);
  stage.runtime.apply(await scene.open());
  stage.draw(0);
  t.match(whiteBox(stage), { x: 110, y: 50, width: 20, height: 120 });
  t.match(
    scene.placeAt('bar', frameIndex(0)),
    { x: 60, y: 100, width: 120, height: 20 },
    'its place is the one before the turn',
  );
});

t.test('keeps a hidden layer in the room and off the picture', async (t) => {
  const room = roomOf(t.testdir(), { layers: [bar] });
  const scene = compilerOf(room);
  const stage = new Stage(room);
  stage.runtime.apply(await scene.open());
  stage.draw(0);
  t.equal(whiteBox(stage).width, 120);
  stage.runtime.apply(await scene.putLayer(layerSchema.parse({ ...bar, hidden: true }), frameIndex(1)));
  stage.draw(1);
  t.equal(whiteBox(stage).width, -Infinity);
  t.match(scene.layer('bar'), { hidden: true });
  t.equal(scene.placeAt('bar', frameIndex(1)), null);
  stage.runtime.apply(await scene.putLayer(layerSchema.parse(bar), frameIndex(2)));
  stage.draw(2);
  t.equal(whiteBox(stage).width, 120);
  t.notOk(layerSchema.safeParse({ id: 'ai', type: 'label', hidden: true }).success, 'the AI label cannot be hidden');
});

t.test('has a turned picture judged as it will be seen', async (t) => {
  const judged: string[] = [];
  const admit: SceneDeps['admit'] = async ({ where }) => void judged.push(where);
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><rect width="40" height="40"/></svg>';
  const src = `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
  const room = roomOf(t.testdir(), { layers: [{ id: 'star', type: 'sticker', src, rotate: 30 }] });
  await compilerOf(room, admit).open();
  t.match(judged.at(-1), 'turned by 30°');
});

t.test('moves a person’s layer', async (t) => {
  const room = roomOf(t.testdir());
  const scene = compilerOf(room);
  await scene.open();
  const moved = layerSchema.parse({ id: 'who', type: 'presenter', x: 20, y: 40, width: 100, height: 120 });
  const update = await scene.placePerson(moved, frameIndex(5));
  t.match(update.layers, [{ id: 'who', presenter: true, startFrame: 5, x: 20, y: 40 }]);
  t.equal(update.ends.length, 1, 'the former place ends');
  t.match(scene.placeAt('who', frameIndex(5)), { x: 20, y: 40, width: 100, height: 120 });
});

t.test('changes a layer in its place without leaving and coming, where that is asked for', async (t) => {
  const slow = { enter: { type: 'fade', durationMs: 2000 }, leave: { type: 'fade', durationMs: 2000 } };
  const room = roomOf(t.testdir(), { layers: [{ ...bar, ...slow }] });
  const scene = compilerOf(room);
  const stage = new Stage(room);
  stage.runtime.apply(await scene.open());
  stage.draw(100);
  const moved = layerSchema.parse({ ...bar, ...slow, y: 140 });
  stage.runtime.apply(await scene.putLayer(moved, frameIndex(101), { cut: true }));
  stage.draw(101);
  t.match(whiteBox(stage), { y: 140, height: 20 }, 'in one frame from one place to the other');
  stage.runtime.apply(await scene.putLayer(layerSchema.parse({ ...bar, ...slow }), frameIndex(102)));
  stage.draw(104);
  t.match(whiteBox(stage), { y: 140 }, 'without it the former one fades out');
});
