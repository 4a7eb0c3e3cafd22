import t from 'tap';
import { makeCode as makeBenchCode } from '../../scripts/bench/scan/make-code.js';
import { paintSymbol } from '../../scripts/bench/scan/paint-symbol.js';
import { matrixShape } from '../../scripts/bench/scan/symbol-shapes.js';
import { ZxingReader } from '../../src/codescan/decoders/library-readers.js';
import { EFFORT, findersOnly, slotEffort } from '../../src/codescan/jobs/scan-memory.js';
import { FINDER_STRIDE } from '../../src/codescan/locate/candidate-boxes.js';
import { contrastOf, spreadTones, tonesOfCells } from '../../src/codescan/locate/cell-texture.js';
import { CrowdedMarks, MarkFinder } from '../../src/codescan/locate/crowded-marks.js';
import { LiveScan } from '../../src/codescan/pipeline/live-scan.js';
import { rgbaToPlanes } from '../../src/codescan/pipeline/rgba-planes.js';
import { FinderReader, MAX_FINDERS } from '../../src/codescan/qr/finder-reader.js';
import { OUTLINE, OUTLINES_OUT } from '../../src/core/kernels.js';
import { RectList } from '../../src/core/media/picture.js';
import { seededRandom } from '../../src/core/random.js';
import { loadKernels } from '../../src/native/load-kernels.js';
import { drawCode, makeCode, makeCode as makeQr, type Modules, plainFrame } from '../kit/draw-code.js';
import { paintModules } from './paint-modules.js';
import { frameOf, STRAIGHT } from './placing.js';

t.test('cell texture', async (t) => {
  const W = 200;
  const H = 200;
  const matrix = await makeCode('https://evil.example/cells', 'DataMatrix');
  const bars = await makeCode('https://evil.example/cells', 'PDF417');

  /** A luma plane of one level. */
  const plain = (level: number): Uint8Array => new Uint8Array(W * H).fill(level);

  function cutOut(plane: Uint8Array, x: number, y: number, w: number, h: number): Uint8Array {
    const out = new Uint8Array(w * h);
    for (let v = 0; v < h; v += 1) out.set(plane.subarray((y + v) * W + x, (y + v) * W + x + w), v * w);
    return out;
  }

  t.test('accepts codes as cells: upright, rotated, of dots and in twenty levels', async (t) => {
    for (const [degrees, dot, dark, light] of [
      [0, 0, 20, 230],
      [30, 0, 20, 230],
      [5, 0.42, 20, 230],
      [10, 0, 110, 130],
      [10, 0, 130, 110],
    ] as const) {
      const plane = plain(light);
      const { x, y, width, height } = paintModules(plane, W, H, matrix, {
        x: 100,
        y: 100,
        module: 4,
        degrees,
        dot,
        dark,
      });
      const tones = tonesOfCells(cutOut(plane, x, y, width, height), width, height);
      t.ok(tones, `${degrees}°, dots ${dot}, ${dark} on ${light}`);
      t.notOk(tones?.bars);
      t.ok(Math.abs((tones?.low ?? 0) - Math.min(dark, light)) < 30, 'with its tones');
    }
  });

  t.test('accepts a PDF417 as bars in both directions', async (t) => {
    for (const degrees of [0, 90]) {
      const plane = plain(230);
      const painted = { x: 100, y: 100, module: 1.2, degrees, dark: 20 };
      const { x, y, width, height } = paintModules(plane, W, H, bars, painted);
      t.ok(tonesOfCells(cutOut(plane, x, y, width, height), width, height), `${degrees}°`);
    }
  });

  t.test(
    'rejects an empty card, a gradient, stripes, lines of strokes and thin strokes on a wide background',
    async (t) => {
      const at = (i: number): [number, number] => [i % W, Math.floor(i / W)];
      const planes = {
        card: plain(230),
        slope: plain(0).map((_, i) => (i % W) + 20),
        stripes: plain(0).map((_, i) => ((i % W) % 12 < 6 ? 20 : 230)),
        lines: plain(0).map((_, i) => (at(i)[1] % 40 < 14 && at(i)[0] % 8 < 3 && at(i)[1] % 7 < 5 ? 20 : 230)),
        strokes: plain(0).map((_, i) => (at(i)[0] % 12 < 1 || at(i)[1] % 24 < 1 ? 20 : 230)),
      };
      for (const [name, plane] of Object.entries(planes)) t.notOk(tonesOfCells(plane, W, H), name);
      t.notOk(tonesOfCells(plain(0), 6, 6), 'too small');
    },
  );

  t.test('stretches tones with a margin beyond them', async (t) => {
    const plane = Uint8Array.of(0, 90, 100, 150, 200, 210, 255);
    spreadTones(plane, plane.length, { low: 100, high: 200, bars: false });
    t.same([plane[0], plane[6]], [0, 255]);
    t.ok(plane[1]! > 0 && plane[1]! < plane[2]! && plane[4]! < plane[5]! && plane[5]! < 255);
    t.ok(plane[3]! > 120 && plane[3]! < 135);
  });

  t.test('leaves a few samples out of the contrast of a plane', async (t) => {
    const plane = plain(100).map((v, i) => (i % 2 === 0 ? v : 160));
    plane[0] = 255;
    t.equal(contrastOf(plane, plane.length), 60);
  });
});

t.test('crowded marks', async (t) => {
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
    const shape = matrixShape(await makeBenchCode('https://evil.example/1', 'Aztec'), 2);
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
});

t.test('mark finder', async (t) => {
  const SIDE = 640;

  /** The requested number of finders of 2 px per module, 24 px apart, row by row, on a light background. */
  function pictureOf(finders: number): Uint8Array {
    const plane = new Uint8Array(SIDE * SIDE).fill(220);
    for (let i = 0; i < finders; i += 1) {
      const left = 10 + (i % 25) * 24;
      const top = 10 + Math.floor(i / 25) * 24;
      for (let y = 0; y < 14; y += 1) {
        for (let x = 0; x < 14; x += 1) {
          const d = Math.max(Math.abs((x >> 1) - 3), Math.abs((y >> 1) - 3));
          if (d === 3 || d <= 1) plane[(top + y) * SIDE + left + x] = 20;
        }
      }
    }
    return plane;
  }

  t.test('reports a full list when a picture has too many locators', (t) => {
    const marks = new MarkFinder(loadKernels());
    const finders = new Int32Array(MAX_FINDERS * FINDER_STRIDE);
    const whole = new RectList(4);
    whole.push(0, 0, SIDE, SIDE);
    const some = marks.find(pictureOf(60), SIDE, SIDE, 1, whole, finders);
    t.same(some, { count: 60, full: false });
    const halves = new RectList(4);
    halves.push(0, 0, SIDE, 320);
    halves.push(0, 300, SIDE, 340);
    halves.push(0, 0, SIDE, 100);
    t.same(marks.find(pictureOf(60), SIDE, SIDE, 1, halves, finders), some, 'rectangles that overlap count once');
    const all = marks.find(pictureOf(400), SIDE, SIDE, 1, whole, finders);
    t.equal(all.count, MAX_FINDERS);
    t.ok(all.full, 'unlisted locators may be anywhere');
    t.end();
  });
});

t.test('mark follower', async (t) => {
  const W = 720;
  const H = 480;
  const MODULE = 5;
  const [X, Y] = [200, 160];
  const STEP = 20;
  const FRAMES = 5;
  const zxing = await ZxingReader.open(LiveScan.pixels(W, H));
  t.teardown(() => zxing.close());

  type Rect = readonly [x: number, y: number, width: number, height: number];

  /** The modules of a code within a rectangle. */
  function part(code: Modules, [x0, y0, width, height]: Rect): Modules {
    const dark = new Uint8Array(width * height);
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1) dark[y * width + x] = code.dark[(y0 + y) * code.width + x0 + x]!;
    }
    return { width, height, dark };
  }

  /** The moving half, and its origin. */
  const WAYS = ['right', 'left', 'above', 'below'] as const;

  function halves(
    { width: w, height: h }: Modules,
    way: (typeof WAYS)[number],
  ): { moves: Rect; stands: Rect; dx: number; dy: number } {
    const [cw, ch] = [w >> 1, h >> 1];
    if (way === 'right') return { moves: [cw, 0, w - cw, h], stands: [0, 0, cw, h], dx: 1, dy: 0 };
    if (way === 'left') return { moves: [0, 0, cw, h], stands: [cw, 0, w - cw, h], dx: -1, dy: 0 };
    if (way === 'above') return { moves: [0, 0, w, ch], stands: [0, ch, w, h - ch], dx: 0, dy: -1 };
    return { moves: [0, ch, w, h - ch], stands: [0, 0, w, ch], dx: 0, dy: 1 };
  }

  for (const [name, format, parameters] of [
    ['low Data Matrix', 'DataMatrix', 'version=32'],
    ['square Data Matrix', 'DataMatrix', 'version=8'],
    ['cut bull’s eye', 'Aztec', ''],
  ] as const) {
    const code = (await makeBenchCode('https://evil.example/m1', format, parameters)) as Modules;
    // The lower half of the low one, four modules high, has no locator.
    for (const way of WAYS.filter((w) => !name.startsWith('low') || w !== 'above')) {
      t.test(`reads a ${name} in the one frame in which it is whole, when the half from ${way} moves`, async (t) => {
        const scan = new LiveScan(loadKernels(), zxing, W, H);
        const { moves, stands, dx, dy } = halves(code, way);
        const draw = (shift: number): { frame: Uint8Array; damage: RectList } => {
          const frame = plainFrame(W, H, [200, 128, 128]);
          const at = (rect: Rect, by: number) => ({
            x: X + rect[0] * MODULE + dx * by,
            y: Y + rect[1] * MODULE + dy * by,
            module: MODULE,
            quiet: 0,
          });
          drawCode(frame, W, H, part(code, stands), at(stands, 0));
          drawCode(frame, W, H, part(code, moves), at(moves, shift));
          const here = at(moves, shift + STEP / 2);
          const damage = new RectList(1);
          const grow = STEP / 2 + 32;
          damage.push(here.x - grow, here.y - grow, moves[2] * MODULE + 2 * grow, moves[3] * MODULE + 2 * grow);
          return { frame, damage };
        };
        const hits: string[] = [];
        for (let n = -FRAMES; n <= FRAMES; n += 1) {
          const { frame, damage } = draw(Math.abs(n) * STEP);
          if (n === -FRAMES) {
            damage.clear();
            damage.push(0, 0, W, H);
          }
          // Only the locator search, as between the round-robin slots that read every moving part.
          scan.run(frame, damage, new Int32Array(4), EFFORT.deep | slotEffort(0, 0) | findersOnly(1));
          if (scan.hits.length > 0) hits.push(`${n} ${scan.hits[0]!.kind}`);
        }
        t.strictSame(hits, [`0 ${format === 'Aztec' ? 'aztec' : 'data-matrix'}`]);
      });
    }
  }
});
