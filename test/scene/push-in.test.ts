import t from 'tap';
import { loadTemplateLayouts } from '../../src/templates/load-template.js';
import { PUSH } from '../../src/templates/template-layers.js';
import { frameIndex } from '../../src/core/time.js';
import { loadKernels } from '../../src/native/load-kernels.js';
import { shrunk } from '../../src/scene/layer-compiler.js';
import type { Candidate } from '../../src/scene/picture-store.js';
import { compilerOf, kernels, near, roomOf, square, Stage } from './scene-kit.js';

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

/** A picture with fine stripes in both directions, wider than the frame of 320 × 240 at every size. */
const STRIPES = `<svg xmlns="http://www.w3.org/2000/svg" width="352" height="272"><rect width="352" height="272" fill="#ff0000"/>${Array.from(
  { length: 40 },
  (_, i) =>
    `<path d="M${i * 9} 0v272M0 ${i * 7}h352" stroke="#${(0x100 + i * 3).toString(16)}0${i % 10}0" stroke-width="2"/>`,
).join('')}</svg>`;
const FULL = { x: -16, y: -16, width: 352, height: 272, fit: 'fill', pushIn: { from: 0.94, durationMs: 4000 } };

async function closeUp(dir: string, use = kernels, more: object = {}) {
  const room = roomOf(dir, { layers: [{ id: 'pic', type: 'image', src: 'a.svg', ...FULL, ...more }] });
  const compiler = compilerOf(room);
  const stage = new Stage(room, undefined, use);
  stage.runtime.apply(structuredClone(await compiler.open()));
  return { stage, compiler };
}

t.test('over the whole frame it takes five steps a second, and leaves no pixel of the frame free', async (t) => {
  const { stage } = await closeUp(t.testdir({ 'a.svg': square('#ff0000') }));
  const steps: number[] = [];
  for (let n = 0; n <= 121; n += 1) {
    stage.draw(n);
    if (n > 0 && stage.damagedArea() > 0) steps.push(n);
    if (Buffer.compare(stage.canvas, stage.whole()) !== 0) return t.fail(`frame ${n} is not its whole`);
    for (const [x, y] of [
      [0, 0],
      [319, 0],
      [0, 239],
      [319, 239],
      [160, 119],
      [160, 120],
    ] as const)
      if (!red(stage.pixel(x, y))) return t.fail(`frame ${n} at ${x}, ${y}: ${stage.pixel(x, y).join()}`);
  }
  t.same(
    steps,
    Array.from({ length: 20 }, (_, i) => (i + 1) * 6),
  );
});

t.test('a frame is the same whatever was drawn before, with the native kernels and the twin', async (t) => {
  const dir = t.testdir({ 'a.svg': STRIPES });
  for (const more of [{}, { x: 41, y: 33, width: 151, height: 99 }]) {
    const { stage } = await closeUp(dir, kernels, more);
    const { stage: twin } = await closeUp(dir, loadKernels({ prefer: 'twin' }), more);
    const seen: Buffer[] = [];
    for (let n = 0; n <= 121; n += 1) {
      stage.draw(n);
      twin.draw(n);
      if (Buffer.compare(stage.canvas, twin.canvas) !== 0) return t.fail(`frame ${n} differs from the twin's`);
      seen.push(Buffer.from(stage.canvas));
    }
    t.ok(new Set(seen.map((one) => one.toString('base64'))).size >= 18, 'it grows');
    const { stage: late } = await closeUp(dir, kernels, more);
    for (const n of [0, 1, 40, 43, 47, 54, 90, 119, 120]) {
      late.draw(n);
      t.equal(Buffer.compare(late.canvas, seen[n]!), 0, `frame ${n} alone`);
    }
  }
});

t.test('begins anew with each of its shots, from a size that is ready', async (t) => {
  const dir = t.testdir({ 'a.svg': STRIPES });
  const { stage } = await closeUp(dir, kernels, { shots: { 'close-up': {} } });
  const { stage: always } = await closeUp(dir);
  always.draw(0);
  const cut = (atFrame: number, shot: number) => ({ atFrame: frameIndex(atFrame), shot });
  const update = { bitmaps: [], layers: [], ends: [], removeBitmaps: [] };
  stage.runtime.apply({ ...update, cuts: { fromFrame: 0, shots: [cut(10, 2), cut(50, 0), cut(60, 2)] } });
  for (let n = 0; n < 60; n += 1) {
    stage.draw(n);
    if (n === 10) t.equal(Buffer.compare(stage.canvas, always.canvas), 0, 'the first size');
  }
  t.not(Buffer.compare(stage.canvas, always.canvas), 0, 'another shot');
  stage.draw(60);
  t.equal(Buffer.compare(stage.canvas, always.canvas), 0, 'the first size again');
});

t.test('close-ups of the templates cover the frame at their first size', (t) => {
  for (const [name, orientations] of Object.entries(loadTemplateLayouts().compositions)) {
    for (const { width, height, close } of Object.values(orientations)) {
      const { picture } = close;
      for (const [start, length, frame] of [
        [picture.x, picture.width, width],
        [picture.y, picture.height, height],
      ] as const) {
        const first = length * PUSH.from;
        const edge = start + (length - first) / 2;
        t.ok(edge <= -4 && edge + first >= frame + 4, `${name}, ${width}×${height}: ${edge} to ${edge + first}`);
      }
    }
  }
  t.end();
});
