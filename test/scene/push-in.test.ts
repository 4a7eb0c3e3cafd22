import t from 'tap';
import { shrunk } from '../../src/scene/layer-compiler.js';
import type { Candidate } from '../../src/scene/picture-store.js';
import { compilerOf, near, roomOf, square, Stage } from './scene-kit.js';

const GROUND = [0x20, 0x40, 0x60];
const red = (pixel: readonly number[]): boolean => near(pixel, [255, 0, 0], 10);

async function pushed(dir: string, pushIn: object, more: object = {}) {
  const judged: Candidate[] = [];
  const room = roomOf(dir, {
    layers: [{ id: 'pic', type: 'image', src: 'a.svg', x: 40, y: 40, width: 100, height: 100, pushIn, ...more }],
  });
  const compiler = compilerOf(room, async (picture) => void judged.push(picture));
  const stage = new Stage(room);
  stage.runtime.apply(structuredClone(await compiler.open()));
  return { stage, judged };
}

t.test('grows to its full size in the given time and then stands still', async (t) => {
  const dir = t.testdir({ 'a.svg': square('#ff0000') });
  const { stage } = await pushed(dir, { from: 0.9, durationMs: 2000 });
  stage.draw(0);
  t.ok(near(stage.pixel(42, 90), GROUND, 10), 'smaller at first');
  t.ok(red(stage.pixel(47, 90)), 'around its middle');
  let steps = 0;
  for (let n = 1; n <= 60; n += 1) {
    stage.draw(n);
    if (stage.damagedArea() > 0) steps += 1;
    if (Buffer.compare(stage.canvas, stage.whole()) !== 0) return t.fail(`frame ${n} is not its whole`);
  }
  t.equal(steps, 20, 'ten pixels in steps of half a pixel');
  for (const [x, y] of [
    [41, 41],
    [138, 41],
    [41, 138],
    [138, 138],
  ] as const)
    t.ok(red(stage.pixel(x, y)), `${x},${y}`);
  stage.draw(61);
  t.equal(stage.damagedArea(), 0);
});

t.test('stays on its foot', async (t) => {
  const dir = t.testdir({ 'a.svg': square('#ff0000') });
  const { stage } = await pushed(dir, { from: 0.9, durationMs: 2000, towards: 'foot' });
  for (const n of [0, 20, 40, 59]) {
    stage.draw(n);
    t.ok(red(stage.pixel(90, 138)), `frame ${n}`);
  }
});

t.test('begins where its entrance ends, whatever that is', async (t) => {
  for (const type of ['pop', 'slide-left', 'wipe', 'fade']) {
    const dir = t.testdir({ 'a.svg': square('#ff0000') });
    const enter = { type, durationMs: 400, easing: 'linear' };
    const { stage } = await pushed(dir, { from: 0.9, durationMs: 4000 }, { enter });
    for (let n = 0; n < 13; n += 1) stage.draw(n);
    t.ok(near(stage.pixel(42, 90), GROUND, 10), `${type}: not yet its full size`);
    t.ok(red(stage.pixel(48, 90)), type);
    for (let n = 13; n <= 120; n += 1) stage.draw(n);
    t.ok(red(stage.pixel(41, 90)), `${type}: full at last`);
  }
});

t.test('the full size is judged; no size is larger', async (t) => {
  const dir = t.testdir({ 'a.svg': square('#ff0000') });
  const { judged } = await pushed(dir, { from: 0.85 });
  t.same(
    judged.map(({ width, height }) => [width, height]),
    [[100, 100]],
  );
});

t.test('a size keeps the colours of a picture and adds none at its edges', (t) => {
  const rgba = new Uint8Array(40 * 40 * 4);
  for (let i = 0; i < rgba.length; i += 4) rgba.set([200, 100, 50, 255], i);
  const small = shrunk({ rgba, width: 40, height: 40 }, 0.9, 0.5);
  for (let i = 0; i < small.rgba.length; i += 4) {
    if (small.rgba[i + 3] === 0) continue;
    if (Math.abs(small.rgba[i]! - 200) > 1 || Math.abs(small.rgba[i + 2]! - 50) > 1) return t.fail(`pixel ${i / 4}`);
  }
  t.equal(small.rgba[3], 0, 'the corner is clear');
  t.end();
});
