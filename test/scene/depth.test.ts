import t from 'tap';
import type { PresenterPainter } from '../../src/core/media/picture.js';
import { LayoutMaker } from '../../src/scene/lay-out.js';
import { compilerOf, draw, kernels, near, roomOf, Stage } from './scene-kit.js';

const LIGHTS =
  '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="100">' +
  '<rect x="10" y="10" width="20" height="20" fill="#ff0000"/><rect x="250" y="60" width="20" height="20" fill="#ff0000"/></svg>';

/** Sways by one 256th a frame. */
const swaying: PresenterPainter = { paint: () => undefined, driftAt: (n) => Math.min(256, n) };

async function swayed(dir: string, layer: object) {
  const room = roomOf(dir, { layers: [{ id: 'lights', type: 'image', src: 'lights.svg', ...layer }] });
  const stage = new Stage(room);
  stage.runtime.apply(await compilerOf(room).open());
  stage.draw(0, swaying);
  return { room, stage };
}

t.test('a layer with depth follows the slow sway of the presenter in whole pixels', async (t) => {
  const dir = t.testdir({ 'lights.svg': LIGHTS });
  // 1.2 % of 240 pixels at depth 1.4: four pixels.
  const { stage } = await swayed(dir, { depth: 1.4 });
  t.ok(near(stage.pixel(12, 20), [255, 0, 0], 8));
  let moved = 0;
  let largest = 0;
  for (let n = 1; n <= 256; n += 1) {
    stage.draw(n, swaying);
    if (stage.damagedArea() > 0) moved += 1;
    largest = Math.max(largest, stage.damagedArea());
    if (Buffer.compare(stage.canvas, stage.whole()) !== 0) return t.fail(`frame ${n} is not its whole`);
  }
  t.equal(moved, 4, 'a frame is damaged only where a whole pixel is passed');
  t.ok(largest < 2 * 64 * 64, 'the clear space between two parts is not damaged');
  t.ok(near(stage.pixel(12, 20), [0x20, 0x40, 0x60], 8), 'it went to the right');
  t.ok(near(stage.pixel(32, 20), [255, 0, 0], 8));
});

t.test('a layer without depth stands still, and one with a negative depth goes the other way', async (t) => {
  const dir = t.testdir({ 'lights.svg': LIGHTS });
  const still = await swayed(dir, {});
  still.stage.draw(256, swaying);
  t.equal(still.stage.damagedArea(), 0);
  const back = await swayed(dir, { depth: -1.4 });
  back.stage.draw(256, swaying);
  t.ok(near(back.stage.pixel(28, 20), [0x20, 0x40, 0x60], 8));
});

t.test('a presenter from another engine sways by itself: the planes stand still', async (t) => {
  const dir = t.testdir({ 'lights.svg': LIGHTS });
  const { stage } = await swayed(dir, { depth: 1.4 });
  stage.draw(1, { paint: () => undefined });
  stage.draw(2, { paint: () => undefined });
  t.equal(stage.damagedArea(), 0);
});

t.test('a motion with stepMs moves at that pace only', async (t) => {
  const keyframes = [
    { atMs: 0, opacity: 0 },
    { atMs: 2000, opacity: 1, easing: 'linear' },
  ];
  const dir = t.testdir({ 'lights.svg': LIGHTS });
  const { stage } = await swayed(dir, { motion: { keyframes, stepMs: 500 } });
  const changed: number[] = [];
  for (let n = 1; n < 70; n += 1) {
    stage.draw(n);
    if (stage.damagedArea() > 0) changed.push(n);
  }
  t.same(changed, [15, 30, 45, 60]);
});

t.test('engine check measures a layer with depth at both ends of the sway', async (t) => {
  const dir = t.testdir({ 'lights.svg': LIGHTS });
  const room = roomOf(dir, { layers: [{ id: 'lights', type: 'image', src: 'lights.svg', depth: 1.4 }] });
  const laid = await new LayoutMaker(room, { kernels, draw, admit: async () => undefined }).layers(null);
  const offsets = laid.find(({ layer }) => layer.id === 'lights')!.offsets;
  t.same(
    offsets.map(({ dx }) => dx),
    [0, -4, 4],
  );
});
