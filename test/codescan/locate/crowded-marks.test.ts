import t from 'tap';
import { makeCode } from '../../../scripts/bench/scan/make-code.js';
import { paintSymbol } from '../../../scripts/bench/scan/paint-symbol.js';
import { matrixShape } from '../../../scripts/bench/scan/symbol-shapes.js';
import { FINDER_STRIDE } from '../../../src/codescan/locate/candidate-boxes.js';
import { CrowdedMarks } from '../../../src/codescan/locate/crowded-marks.js';
import { FinderReader } from '../../../src/codescan/qr/finder-reader.js';
import { rgbaToPlanes } from '../../../src/codescan/pipeline/rgba-planes.js';
import { ZxingReader } from '../../../src/codescan/decoders/zxing-reader.js';
import { OUTLINE, OUTLINES_OUT } from '../../../src/core/kernels.js';
import { seededRandom } from '../../../src/core/random.js';
import { loadKernels } from '../../../src/native/load-kernels.js';
import { drawCode, makeCode as makeQr, plainFrame } from '../../kit/draw-code.js';
import { frameOf, STRAIGHT } from '../placing.js';

const W = 480;
const H = 480;
const kernels = loadKernels();
const marks = new CrowdedMarks();
const none = new Int32Array(0);

/** Locators as `Kernels.findFinders` writes them: x, y, pixels per module, kind. */
function listOf(...all: readonly (readonly [x: number, y: number, module: number, kind: number])[]): Int32Array {
  return Int32Array.from(all.flatMap(([x, y, module, kind]) => [x, y, module * 16, kind]));
}

/** Rings and loose finders where a plane of film grain has them. */
function grainMarks(x: number, y: number): [number, number, number, number][] {
  return Array.from({ length: 100 }, (_, i) => [x + 11 * (i % 10), y + 11 * Math.floor(i / 10), 2, i < 25 ? 2 : 4]);
}

/** The kinds of the locators that are left in a plane. */
function left(plane: Uint8Array, list: Int32Array): number[] {
  const count = marks.sift(plane, W, H, list, list.length / FINDER_STRIDE);
  return Array.from({ length: count }, (_, i) => list[i * FINDER_STRIDE + 3]!);
}

t.test('checks a few finders among rings and loose ones like a crowd, and isolated ones not', async (t) => {
  const random = seededRandom(5);
  const frame = plainFrame(W, H, [130, 128, 128]);
  for (let i = 0; i < W * H; i += 1) frame[i] = 100 + random() * 60;
  drawCode(frame, W, H, await makeQr('https://evil.example/1'), { x: 40, y: 40, module: 4 });
  const plane = frame.subarray(0, W * H);
  const real = [70, 70, 4, 0] as const;
  const grain = [300, 300, 2, 0] as const;
  t.same(left(plane, listOf(real, grain)), [0, 0], 'no crowd at all');
  t.same(left(plane, listOf(real, grain, ...grainMarks(255, 255))), [0], 'the one in the grain is rejected');
  t.same(left(plane, listOf(real, grain, ...grainMarks(20, 20))), [0, 0], 'the grain is elsewhere, the code stays');
  t.end();
});

t.test("keeps a lone bull's eye that matches the pattern", async (t) => {
  const eyes = new Int32Array(OUTLINES_OUT);
  const count = (plane: Uint8Array): number => marks.siftOutlines(plane, W, H, eyes.subarray(1), 1);
  const shape = matrixShape(await makeCode('https://evil.example/1', 'Aztec'), 2);
  for (const [size, degrees, tilt, blurModules] of [
    [60, 0, 0, 0],
    [90, 33, 0.2, 0.4],
    [120, 70, 0.15, 0.3],
  ] as const) {
    const painted = frameOf(W, H, [150, 150, 150]);
    paintSymbol(painted, shape, { ...STRAIGHT, x: 240, y: 240, size, degrees, tilt, blurModules });
    const plane = rgbaToPlanes(painted.rgba, W, H, 255).y;
    kernels.findFinders(plane, W, H, 0, 0, W, H, none, eyes);
    const at = [...Array(Math.max(0, eyes[0]!)).keys()].find((i) => eyes[1 + i * 5] === OUTLINE.bullseye);
    t.not(at, undefined, `found at ${size} px`);
    eyes.copyWithin(1, 1 + at! * 5, 6 + at! * 5);
    t.equal(count(plane), 1, `${size} px, rotated by ${degrees}°`);
  }
  const random = seededRandom(6);
  const noise = Uint8Array.from({ length: W * H }, () => random() * 255);
  let kept = 0;
  for (let i = 0; i < 40; i += 1) {
    eyes.set([OUTLINE.bullseye, 20 + 10 * i, 200, 24, 24], 1);
    kept += count(noise);
  }
  t.ok(kept <= 4, `${kept} of 40 positions in noise`);
});

t.test('takes three similar finders at a right angle as corners of a code, loose ones included', async (t) => {
  const zxing = await ZxingReader.open(1);
  t.teardown(() => zxing.close());
  const reader = new FinderReader(zxing);
  const has = (...list: (readonly [number, number, number, number])[]): boolean => {
    const sorted = listOf(...list);
    reader.finders.set(sorted);
    reader.sort(list.length);
    return reader.placeOfTriples({ x: 0, y: 0, width: 300, height: 300 }) !== undefined;
  };
  t.ok(has([50, 50, 4, 0], [150, 52, 4, 0], [48, 150, 4, 0]));
  t.ok(has([50, 50, 4, 0], [150, 52, 4, 0], [48, 150, 4, 4]), 'one is loose');
  t.notOk(has([50, 50, 4, 0], [150, 52, 4, 0], [48, 150, 4, 1]), 'one is inverted');
  t.notOk(has([50, 50, 4, 0], [150, 52, 9, 0], [48, 150, 4, 0]), 'one is larger');
  t.notOk(has([50, 50, 4, 0], [150, 52, 4, 0], [250, 55, 4, 0]), 'in a row');
  t.notOk(has([50, 50, 4, 0], [150, 52, 4, 0], [48, 350, 4, 0], [350, 150, 4, 0]), 'the third is elsewhere');
});

t.test('covers the whole code and its background from three finders at any rotation or tilt', async (t) => {
  const zxing = await ZxingReader.open(1);
  t.teardown(() => zxing.close());
  const reader = new FinderReader(zxing);
  const box = { x: 10, y: 20, width: 800, height: 800 };
  const corners = [
    [300, 300],
    [400, 300],
    [300, 400],
  ] as const;
  for (const degrees of [0, 30, 45, 90, 200]) {
    const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
    const turn = ([x, y]: readonly [number, number]): readonly [number, number] => [
      Math.round(400 + (x - 350) * c - (y - 350) * s),
      Math.round(400 + (x - 350) * s + (y - 350) * c),
    ];
    const turned = corners.map((at) => [...turn(at), 5, 0] as const);
    reader.finders.set(listOf(...turned));
    reader.sort(3);
    const place = reader.placeOfTriples(box)!;
    // Half a finder and four modules of background around the four middles, the one without a finder moved by a tenth.
    for (const [x, y] of [...corners, [410, 410] as const].map(turn)) {
      const margin = 3.5 * 5 + 4 * 5;
      t.ok(x - margin >= place.x && y - margin >= place.y, `${degrees}°`);
      t.ok(x + margin <= place.x + place.width && y + margin <= place.y + place.height, `${degrees}°`);
    }
    t.ok(place.width <= 290 && place.height <= 290, `${degrees}°: ${place.width}×${place.height}`);
  }
});
