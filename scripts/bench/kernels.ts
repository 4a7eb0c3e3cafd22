/**
 * Median time of each kernel on a synthetic reference scene, native beside the twin and a plain copy.
 *
 *     npm run bench -- kernels [ROUNDS]
 */
import { TEXTURE_OUT } from '../../src/core/kernels.js';
import { BitmapTable, DrawList, RectList, i420Size, type YuvaBitmap } from '../../src/core/media/picture.js';
import { seededRandom } from '../../src/core/random.js';
import type { Kernels } from '../../src/core/kernels.js';
import { loadKernels } from '../../src/native/load-kernels.js';

const W = 1280;
const H = 720;
const rounds = Number(process.argv[2] ?? 200);
const random = seededRandom(7);

/** Soft-edged ellipses on a transparent ground: clear corners, a solid body, a narrow blended border, like a sprite. */
function sprite(kernels: Kernels, w: number, h: number): YuvaBitmap {
  const rgba = new Uint8Array(w * h * 4);
  for (let y = 0; y < h; y += 1) {
    for (let x = 0; x < w; x += 1) {
      const d = Math.hypot((2 * x) / w - 1, (2 * y) / h - 1);
      const at = (y * w + x) * 4;
      rgba[at] = 120 + ((x * y) & 63);
      rgba[at + 1] = (x ^ y) & 255;
      rgba[at + 2] = 90;
      rgba[at + 3] = Math.max(0, Math.min(255, (1 - d) * 40 * 255));
    }
  }
  return kernels.rgbaToYuva(rgba, w, h, 0, 0);
}

function background(kernels: Kernels): YuvaBitmap {
  const rgba = new Uint8Array(W * H * 4);
  for (let i = 0; i < rgba.length; i += 4) {
    const x = (i >> 2) % W;
    const y = Math.floor((i >> 2) / W);
    rgba[i] = 60 + (x >> 4);
    rgba[i + 1] = 40 + (y >> 3) + (((x >> 5) ^ (y >> 5)) & 1) * 30;
    rgba[i + 2] = 100 + Math.floor(random() * 4);
    rgba[i + 3] = 255;
  }
  return kernels.rgbaToYuva(rgba, W, H, 0, 0);
}

function median(run: () => void, times: number): number {
  const micros: number[] = [];
  for (let i = 0; i < times; i += 1) {
    const from = process.hrtime.bigint();
    run();
    micros.push(Number(process.hrtime.bigint() - from) / 1000);
  }
  micros.sort((a, b) => a - b);
  return micros[times >> 1]!;
}

const maker = loadKernels();
const table = new BitmapTable();
const whole = new RectList();
whole.push(0, 0, W, H);
const moving = new RectList();
moving.push(840, 0, 434, 720);
moving.push(40, 600, 700, 80);
const list = new DrawList();
table.set(1, background(maker));
list.push(1, 0, 0, 256, 0, 0, W, H);
// Presenter, product, card, caption, ticker, sticker, bubble and label.
const layers = [
  [842, -90, 430, 900],
  [60, 80, 360, 360],
  [460, 120, 300, 200],
  [40, 600, 700, 80],
  [0, 690, 1280, 30],
  [480, 360, 120, 120],
  [640, 60, 180, 90],
  [1100, 12, 160, 40],
] as const;
layers.forEach(([x, y, w, h], i) => {
  table.set(i + 2, sprite(maker, w, h));
  list.push(i + 2, x, y, 256, 0, 0, W, H);
});

const frame = new Uint8Array(new SharedArrayBuffer(i420Size(W, H)));
const other = new Uint8Array(new SharedArrayBuffer(i420Size(W, H)));
const rgbaOut = new Uint8Array(W * H * 4);
const presenter = new Uint8Array(430 * 900 * 4).fill(200);
const hits = new Int32Array(4 * 64);
const stats = new Float64Array(4);
const luma = frame.subarray(0, W * H);
const [cb, cr] = [frame.subarray(W * H, (W * H * 5) / 4), frame.subarray((W * H * 5) / 4)];
const areas = new Int32Array(TEXTURE_OUT);
const work = new Uint8Array(W * H);

function measure(kernels: Kernels): [string, number][] {
  const n = kernels.name === 'twin' ? Math.max(5, rounds >> 4) : rounds;
  kernels.compose(frame, W, H, whole, list, table);
  return [
    ['compose: presenter and caption moved', median(() => kernels.compose(frame, W, H, moving, list, table), n)],
    ['compose: whole frame', median(() => kernels.compose(frame, W, H, whole, list, table), n)],
    ['copyRects: whole frame', median(() => kernels.copyRects(frame, other, W, H, whole), n)],
    ['findFinders: whole frame', median(() => kernels.findFinders(luma, W, H, 0, 0, W, H, hits), n)],
    ['findFinders: presenter', median(() => kernels.findFinders(luma, W, H, 840, 0, 434, 720, hits), n)],
    ['findTexture: whole frame', median(() => kernels.findTexture(luma, W, H, 24, whole, 1, areas), n)],
    ['shrinkRect: whole frame to half', median(() => kernels.shrinkRect(luma, W, 0, 0, W, H, 1, work), n)],
    ['sharpenPlane: whole frame', median(() => kernels.sharpenPlane(luma, W, H, 2, 4, work), n)],
    ['enlargePlane: chroma of a frame', median(() => kernels.enlargePlane(cb, W / 2, H / 2, work), n)],
    [
      'mixPlanes: chroma of a frame',
      median(() => kernels.mixPlanes(cb, cr, W / 2, 0, 0, W / 2, H / 2, 1, 1, 6, work), n),
    ],
    ['meanCells: whole frame', median(() => kernels.meanCells(luma, W, H, 12, work), n)],
    ['blurPlane: whole frame', median(() => kernels.blurPlane(work, W, H, 3), n)],
    ['planeStats: whole frame', median(() => kernels.planeStats(luma, W, 0, 0, W, H, stats), n)],
    ['countDifferences: whole frame', median(() => kernels.countDifferences(frame, other), n)],
    ['i420ToRgba: whole frame', median(() => kernels.i420ToRgba(frame, W, H, rgbaOut), n)],
    ['rgbaToYuva: 430×900 sprite', median(() => kernels.rgbaToYuva(presenter, 430, 900, 1, 1), Math.max(5, n >> 3))],
  ];
}

const columns = [
  maker.name === 'native' ? measure(maker) : undefined,
  maker.name === 'native' ? measure(loadKernels({ variant: 'scalar' })) : undefined,
  measure(loadKernels({ prefer: 'twin' })),
];
console.log(`median µs at ${W}×${H}; native is ${maker.variant}`);
console.log(`${'kernel'.padEnd(40)}${'native'.padStart(10)}${'scalar'.padStart(10)}${'twin'.padStart(10)}`);
columns[2]!.forEach(([title], i) => {
  const cells = columns.map((c) => (c === undefined ? '–' : c[i]![1].toFixed(1)).padStart(10));
  console.log(title.padEnd(40) + cells.join(''));
});
console.log(
  `${'memcpy of a frame'.padEnd(40)}${median(() => other.set(frame), rounds)
    .toFixed(1)
    .padStart(10)}`,
);
