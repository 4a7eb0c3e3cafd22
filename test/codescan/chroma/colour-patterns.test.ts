import t from 'tap';
import { LiveScan } from '../../../src/codescan/pipeline/live-scan.js';
import { EFFORT } from '../../../src/codescan/jobs/scan-memory.js';
import { ZxingReader } from '../../../src/codescan/decoders/zxing-reader.js';
import { i420Size, RectList } from '../../../src/core/media/picture.js';
import type { FrameHit } from '../../../src/core/verdict.js';
import { hash01, seededRandom } from '../../../src/core/random.js';
import { loadKernels } from '../../../src/native/load-kernels.js';
import { loadSharp } from '../../../src/scene/sharp.js';
import { makeCode } from '../../../scripts/scan-bench/make-code.js';
import { type Frame, paintSymbol, type Placing, type Rgb } from '../../../scripts/scan-bench/paint-symbol.js';
import { type Ink, matrixShape, roundShape, type Shape } from '../../../scripts/scan-bench/symbol-shapes.js';
import { frameOf, STRAIGHT } from '../placing.js';

const SIDE = 480;
const kernels = loadKernels();
const zxing = await ZxingReader.open(LiveScan.pixels(SIDE, SIDE));
t.teardown(() => zxing.close());
const scan = new LiveScan(kernels, zxing, SIDE, SIDE);

/** Of one luma each. */
const PAIRS: readonly (readonly [Rgb, Rgb])[] = [
  [
    [200, 60, 90],
    [20, 119, 40],
  ],
  [
    [60, 110, 200],
    [186, 84, 20],
  ],
];

/** Kinds of what is found in a picture of one shape; by the search for such patterns alone where `alone`. */
function look(
  shape: Shape,
  placing: Partial<Placing>,
  pair = PAIRS[0]!,
  on?: (frame: Frame) => void,
  alone = false,
  ground: Rgb = [120, 120, 120],
): string[] {
  const frame = frameOf(SIDE, SIDE, ground);
  paintSymbol(frame, shape, {
    ...STRAIGHT,
    x: 240,
    y: 240,
    size: 60,
    degrees: 1,
    dark: pair[0],
    light: pair[1],
    ...placing,
  });
  on?.(frame);
  const picture = kernels.rgbaToYuva(frame.rgba, SIDE, SIDE, 0, 0).data.subarray(0, i420Size(SIDE, SIDE));
  const whole = new RectList(1);
  whole.push(0, 0, SIDE, SIDE);
  if (alone) {
    const hits: FrameHit[] = [];
    scan.patterns.run(picture, whole, hits);
    return hits.map((h) => h.kind);
  }
  scan.run(picture, whole, whole.items, EFFORT.deep | EFFORT.exact);
  return scan.hits.map((h) => h.kind);
}

/** A square of `ink` with a margin of its light colour, `aspect` times as wide as high. */
const drawn = (ink: (u: number, v: number) => number, aspect = 1): Shape => ({
  ink: (u, v) =>
    u < 0 || v < 0 || u >= 1 || v >= 1 ? (u > -0.1 && u < 1.1 && v > -0.1 && v < 1.1 ? 0 : undefined) : ink(u, v),
  aspect,
  module: 0.05,
});

const BITMAP = 160;
/** The same, looked up. */
function bitmap(ink: (u: number, v: number) => boolean): (u: number, v: number) => number {
  const dark = Uint8Array.from({ length: BITMAP * BITMAP }, (_, i) =>
    ink(((i % BITMAP) + 0.5) / BITMAP, (Math.floor(i / BITMAP) + 0.5) / BITMAP) ? 1 : 0,
  );
  return (u, v) => dark[Math.floor(v * BITMAP) * BITMAP + Math.floor(u * BITMAP)]!;
}

t.test('codes in two hues of one luma are read, whatever their form, at 60 px and at any angle', async (t) => {
  for (const [format, kind] of [
    ['Aztec', 'aztec'],
    ['DataMatrix', 'data-matrix'],
    ['MicroQRCode', 'micro-qr'],
  ] as const) {
    const shape = matrixShape(await makeCode('4711', format), 2);
    for (const pair of PAIRS) {
      t.strictSame(look(shape, {}, pair), [kind], `${format}, upright`);
      t.strictSame(look(shape, { degrees: 32 }, pair), [kind], `${format}, turned`);
    }
  }
});

t.test('a wide Data Matrix of 90 by 30 px, lower than the search for texture looks, is read', async (t) => {
  const shape = matrixShape(await makeCode('ABC123', 'DataMatrix', 'forceSquare=false,version=28'), 2);
  t.equal(shape.aspect, 3);
  t.strictSame(look(shape, { size: 90 }), ['data-matrix']);
});

t.test('a PDF417 of less than a chroma sample a module counts by its pattern', async (t) => {
  const shape = matrixShape(await makeCode('u.wx.qq.com', 'PDF417'), 2);
  for (const pair of PAIRS) t.strictSame(look(shape, { size: 150 }, pair), ['colour-pattern']);
});

t.test(
  'a PDF417 of 1.3 chroma samples a module is found by its start, which lies outside of where colours change',
  async (t) => {
    const shape = matrixShape(await makeCode('u.wx.qq.com', 'PDF417'), 2);
    const pair = [
      [93, 53, 214],
      [125, 64, 76],
    ] as const;
    for (const degrees of [87, 45]) t.strictSame(look(shape, { size: 260, degrees }, pair), ['pdf417'], `${degrees}°`);
  },
);

t.test('a round code of 100 px counts by its pattern', (t) => {
  for (const seed of [5, 6, 7]) t.strictSame(look(roundShape(seed, 54, false), { size: 100 }), ['colour-pattern']);
  t.end();
});

/** Strokes of letters in a row above the middle, whose lower ends are `above` pixels away from it. */
const letters =
  (above: number) =>
  ({ rgba }: Frame): void => {
    const paint = (x: number, y: number, w: number, h: number): void => {
      for (let i = 0; i < w * h; i += 1)
        rgba.set([200, 30, 30, 255], 4 * ((y + Math.floor(i / w)) * SIDE + x + (i % w)));
    };
    for (let x = 170; x < 310; x += 9) {
      paint(x, 240 - above - 24, 4, 24);
      paint(x, 240 - above - 24 + (x % 3) * 9, 9, 4);
    }
  };

t.test('a code in two hues of one luma is found with letters of another luma right beside it', async (t) => {
  const card: Rgb = [240, 215, 230];
  const wide = matrixShape(await makeCode('A12345', 'DataMatrix', 'forceSquare=false,version=26'), 2);
  for (const gap of [2, 4, 8]) {
    const on = letters(Math.round(30 / wide.aspect + 6 + gap));
    for (const pair of PAIRS) t.strictSame(look(wide, {}, pair, on, false, card), ['data-matrix'], `${gap} px away`);
  }
  for (const spokes of [36, 54, 72]) {
    const found = look(roundShape(spokes, spokes, false), { size: 100 }, PAIRS[0], letters(55), false, card);
    t.strictSame(found, ['colour-pattern'], `a round code of ${spokes} spokes`);
  }
});

t.test(
  'a code in two hues of one luma is found on a third colour of that luma that is further off than they are',
  async (t) => {
    const pair = [
      [234, 17, 128],
      [166, 35, 217],
    ] as const;
    const aztec = matrixShape(await makeCode('4711aXz9', 'Aztec'), 2);
    const bars = matrixShape(await makeCode('u.wx', 'PDF417'), 2);
    for (const ground of [
      [30, 70, 70],
      [20, 100, 60],
      [90, 50, 40],
    ] as const) {
      const on = `on ${ground.join(', ')}`;
      t.strictSame(look(aztec, { size: 90, degrees: 26 }, pair, undefined, false, ground), ['aztec'], `Aztec ${on}`);
      const found = look(bars, { size: 140, degrees: 26 }, pair, undefined, false, ground);
      t.strictSame(found, ['colour-pattern'], `PDF417 ${on}`);
    }
  },
);

t.test('a round code of 36 spokes, few of which a line crosses, counts by their equal angles', (t) => {
  for (const [seed, size] of [
    [4, 90],
    [5, 90],
    [6, 100],
  ] as const)
    t.strictSame(look(roundShape(seed, 36, false), { size }), ['colour-pattern'], `${seed}, ${size} px`);
  t.end();
});

t.test(
  'a round code with thin lines, or a large picture that is its own mirror image, counts by its many spokes',
  (t) => {
    for (const [seed, spokes] of [
      [3, 36],
      [4, 54],
    ] as const) {
      const { ink, ...rest } = roundShape(seed, spokes, true);
      const disc: Ink = (u, v) => {
        const r = Math.hypot(u - 0.5, v - 0.5);
        return r < 0.26 ? (r < 0.23 ? 1 : 0) : ink(u, v);
      };
      t.strictSame(look({ ...rest, ink: disc }, { size: 140 }), ['colour-pattern'], `${spokes} spokes around a disc`);
    }
    t.end();
  },
);

t.test('Aztec codes of dots in two hues of one luma are read', async (t) => {
  for (const text of ['u.wx.qq.com', 'https://u.wx.qq.com/join42']) {
    const shape = matrixShape(await makeCode(text, 'Aztec'), 3, 'small dots');
    for (const pair of PAIRS) t.strictSame(look(shape, { size: 110, degrees: 0 }, pair), ['aztec'], text);
  }
});

t.test(
  'a code that is too fine to be read counts by its pattern, but not if the luma shows another picture in it',
  async (t) => {
    const square: Ink = (u, v) => (u < -0.1 || v < -0.1 || u > 1.1 || v > 1.1 ? undefined : fine(u, v));
    const fine = (u: number, v: number): number =>
      u < 0 || v < 0 || u >= 1 || v >= 1 ? 0 : hash01(Math.floor(u * 37), Math.floor(v * 37)) < 0.5 ? 1 : 0;
    const shape = { ink: square, aspect: 1, module: 1 / 37 };
    t.strictSame(look(shape, {}), ['colour-pattern']);
    const withGrain = (frame: Frame): void => {
      for (let i = 0; i < SIDE * SIDE; i += 1) {
        const off = (hash01((i % SIDE) >> 1, i >> 1) - 0.5) * 90;
        for (let c = 0; c < 3; c += 1) frame.rgba[4 * i + c] = Math.max(0, Math.min(255, frame.rgba[4 * i + c]! + off));
      }
    };
    t.strictSame(look(shape, {}, PAIRS[0], withGrain), []);
  },
);

t.test('cloth, confetti and ornaments in two hues of one luma are no codes', (t) => {
  const pieces = bitmap((u, v) =>
    Array.from({ length: 90 }, (_, i) => {
      const turn = hash01(i, 1) * Math.PI;
      const [dx, dy] = [u - hash01(i, 2), v - hash01(i, 3)];
      const [a, b] = [dx * Math.cos(turn) + dy * Math.sin(turn), dy * Math.cos(turn) - dx * Math.sin(turn)];
      const size = 0.02 + hash01(i, 4) * 0.05;
      return Math.abs(a) < size && Math.abs(b) < size / 2;
    }).includes(true),
  );
  const harmless: Record<string, Shape> = {
    'checks of large squares': drawn((u, v) => (Math.floor(u * 6) + Math.floor(v * 6)) & 1),
    'checks of small squares': drawn((u, v) => (Math.floor(u * 20) + Math.floor(v * 20)) & 1),
    'a plaid': drawn((u, v) => ((u * 7) % 1 < 0.3 ? 1 : 0) ^ ((v * 7) % 1 < 0.4 ? 1 : 0)),
    stripes: drawn((u) => ((u * 18) % 1 < 0.5 ? 1 : 0)),
    'stripes of many widths': drawn((u) => (hash01(9, Math.floor(u * 40)) < 0.5 ? 1 : 0), 3),
    'slanting stripes': drawn((u, v) => (((u + v) * 14) % 1 < 0.5 ? 1 : 0)),
    dots: drawn((u, v) => (Math.hypot(((u * 12) % 1) - 0.5, ((v * 12) % 1) - 0.5) < 0.35 ? 1 : 0)),
    rings: drawn((u, v) => (Math.floor(Math.hypot(u - 0.5, v - 0.5) * 26) % 2 === 0 ? 1 : 0)),
    'a sun': drawn((u, v) => (Math.floor((Math.atan2(v - 0.5, u - 0.5) / Math.PI) * 22) % 2 === 0 ? 1 : 0)),
    confetti: drawn(pieces),
    camouflage: drawn((u, v) =>
      Math.sin(u * 31 + 3 * Math.sin(v * 17)) + Math.sin(v * 29 + 3 * Math.cos(u * 19)) > 0 ? 1 : 0,
    ),
    'a knit of mirrored stitches': drawn((u, v) =>
      hash01(Math.min(Math.floor(u * 24), 23 - Math.floor(u * 24)), Math.floor(v * 24)) < 0.5 ? 1 : 0,
    ),
  };
  for (const [name, shape] of Object.entries(harmless)) {
    for (const [size, degrees] of [
      [60, 0],
      [90, 24],
      [140, 0],
    ] as const) {
      const found = look(shape, { size, degrees }, PAIRS[size % 3 === 0 ? 0 : 1], undefined, size !== 90);
      t.strictSame(found, [], `${name}, ${size} px, ${degrees}°`);
    }
  }
  t.end();
});

t.test('text in a hue of its ground’s luma is no code: captions, dense columns, seals', async (t) => {
  const sharp = await loadSharp();
  const letters = '直播间新款限时特惠立即购买关注主播优惠券满减包邮正品保障回田国圆目固团圈围园品晶器';
  const random = seededRandom(8);
  const letter = (): string => letters[Math.floor(random() * letters.length)]!;
  const rows = (columns: number, count: number, weight: number, gap: number): string =>
    Array.from({ length: count }, (_, row) =>
      Array.from(
        { length: columns },
        (_, i) =>
          `<text x="${10 + i * 100}" y="${95 + row * gap}" font-family="Noto Sans SC" font-weight="${weight}" font-size="100">${letter()}</text>`,
      ).join(''),
    ).join('');
  for (const [name, columns, count, weight, gap] of [
    ['a caption of one row', 5, 1, 800, 100],
    ['two rows', 6, 2, 700, 130],
    ['a paragraph', 6, 5, 400, 130],
    ['a dense block', 8, 8, 900, 104],
    ['a seal', 2, 2, 900, 100],
    ['a large seal', 3, 3, 800, 100],
  ] as const) {
    const [w, h] = [columns * 100 + 20, count * gap + 20];
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}"><rect width="100%" height="100%" fill="#fff"/>${rows(columns, count, weight, gap)}</svg>`;
    const { data } = await sharp(Buffer.from(svg))
      .removeAlpha()
      .greyscale()
      .raw()
      .toBuffer({ resolveWithObject: true });
    const shape = drawn((u, v) => (data[Math.floor(v * h) * w + Math.floor(u * w)]! < 128 ? 1 : 0), w / h);
    for (const size of [60, 90, 140]) {
      const [dark, light] = PAIRS[size % 4 === 0 ? 0 : 1]!;
      const pair = size === 90 ? ([light, dark] as const) : ([dark, light] as const);
      t.strictSame(look(shape, { size }, pair, undefined, size !== 140), [], `${name}, ${size} px`);
    }
  }
});
