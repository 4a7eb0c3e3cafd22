/**
 * Contact sheets of a presenter, painted by the real runtime: whole figure, mouths, lids and brows, gestures, and
 * two seconds of talk frame by frame.
 *
 *     npm run tool -- presenter-sheet mei var/sheets --height 900
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { loadPresenter } from '../../../src/avatar/load-presenter.js';
import { FULL_OPENNESS, mouthTrack } from '../../../src/avatar/mouth-track.js';
import { BROW_STATES, EYE_STATES, GESTURES } from '../../../src/avatar/presenter-pack.js';
import { PresenterRuntime } from '../../../src/avatar/presenter-runtime.js';
import type { PresenterData } from '../../../src/avatar/presenter-data.js';
import { createLog } from '../../../src/core/log.js';
import { templatePath } from '../../../src/core/files/paths.js';
import {
  BitmapTable,
  DRAW_STRIDE,
  DrawList,
  i420Size,
  newBitmapId,
  RectList,
} from '../../../src/core/media/picture.js';
import { VISEMES, type MouthTrack, type PhonemeTiming } from '../../../src/core/speech.js';
import { frameIndex, type FrameRate } from '../../../src/core/time.js';
import { loadKernels } from '../../../src/native/load-kernels.js';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    height: { type: 'string', default: '900' },
    seed: { type: 'string', default: '1' },
    twin: { type: 'boolean', default: false },
  },
});
const name = positionals[0] ?? 'mei';
const out = positionals[1] ?? join('var', 'sheets');
mkdirSync(out, { recursive: true });

const rate: FrameRate = { num: 30, den: 1 };
const height = Number(values.height);
const width = Math.round((height * 0.8) / 2) * 2;
const kernels = loadKernels(values.twin ? { prefer: 'twin' } : {});
const box = { x: 0, y: 0, width, height };
const dir = name.includes('/') ? name : templatePath('presenters', name);
const data: PresenterData = await loadPresenter(dir, { box, kernels, log: createLog() });

const table = new BitmapTable();
const ground = newBitmapId();
const backdrop = new Uint8Array(width * height * 4);
for (let i = 0; i < width * height; i += 1) backdrop.set([214, 226, 230, 255], i * 4);
table.set(ground, kernels.rgbaToYuva(backdrop, width, height, 0, 0));

interface Crop {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

function painter(prepare: (runtime: PresenterRuntime) => void): (n: number, crop?: Crop) => Promise<Buffer> {
  const runtime = new PresenterRuntime(data, rate, Number(values.seed));
  runtime.registerBitmaps(table);
  prepare(runtime);
  return (n, crop) => {
    const list = new DrawList();
    list.push(ground, 0, 0, 256, 0, 0, width, height);
    runtime.paint(frameIndex(n), list);
    return picture(list, crop);
  };
}

const canvas = new Uint8Array(i420Size(width, height));
const rgba = new Uint8Array(width * height * 4);
function picture(list: DrawList, crop?: Crop): Promise<Buffer> {
  const all = new RectList();
  all.push(0, 0, width, height);
  kernels.compose(canvas, width, height, all, list, table);
  kernels.i420ToRgba(canvas, width, height, rgba);
  const whole = sharp(Buffer.from(rgba), { raw: { width, height, channels: 4 } });
  return (crop === undefined ? whole : whole.extract(crop)).png().toBuffer();
}

async function sheet(file: string, tiles: readonly Buffer[], columns: number): Promise<void> {
  const { width: w, height: h } = await sharp(tiles[0]).metadata();
  const rows = Math.ceil(tiles.length / columns);
  await sharp({ create: { width: w * columns, height: h * rows, channels: 3, background: '#ffffff' } })
    .composite(tiles.map((input, i) => ({ input, left: (i % columns) * w, top: Math.floor(i / columns) * h })))
    .png()
    .toFile(join(out, `${name.split('/').at(-1)}-${file}.png`));
}

const placed = (index: number): { x: number; y: number; w: number; h: number } => {
  const s = data.sprites[index]!;
  return { x: s.x, y: s.y, w: s.bitmap.width, h: s.bitmap.height };
};
const middle = data.sway[(data.sway.length - 1) / 2]!;
const skull = placed(middle.head);
const faceCrop: Crop = {
  left: skull.x - 20,
  top: skull.y + 4,
  width: Math.min(width - skull.x + 20, skull.w + 40),
  height: skull.h,
};

// The whole figure, idle.
const idle = painter(() => undefined);
await sheet('figure', [await idle(30)], 1);

// Every viseme at each level.
const shown: MouthTrack = { viseme: new Uint8Array(VISEMES.length * 3), openness: new Uint8Array(VISEMES.length * 3) };
VISEMES.forEach((_, v) => {
  for (let level = 0; level < 3; level += 1) {
    shown.viseme[v * 3 + level] = v;
    shown.openness[v * 3 + level] = v < 2 ? 0 : FULL_OPENNESS[v]! * [0.3, 0.7, 1][level]!;
  }
});
const mouths = painter((r) => r.speak(frameIndex(0), shown));
const tiles: Buffer[] = [];
for (let i = 0; i < shown.viseme.length; i += 1) tiles.push(await mouths(i, faceCrop));
await sheet('visemes', tiles, 9);

// Every state of the eyes, then of the brows.
const states: Buffer[] = [];
const face = (eyes: number, brows: number): Promise<Buffer> => {
  const list = new DrawList();
  list.push(ground, 0, 0, 256, 0, 0, width, height);
  const parts = [middle.back, data.bodyLower, data.bodyUpper[0]!, middle.head, middle.mouths[0]!];
  for (const index of [...parts, middle.eyes[eyes]!, middle.brows[brows]!, middle.front]) {
    const s = data.sprites[index];
    if (s !== undefined) list.push(s.id, s.x, s.y, 256, 0, 0, width, height);
  }
  return picture(list, faceCrop);
};
new PresenterRuntime(data, rate, 1).registerBitmaps(table);
for (let i = 0; i < EYE_STATES.length; i += 1) states.push(await face(i, 0));
for (let i = 1; i < BROW_STATES.length; i += 1) states.push(await face(0, i));
await sheet('states', states, 5);

// Ten seconds of idling, two frames a second.
const idling: Buffer[] = [];
for (let n = 0; n < 300; n += 15) idling.push(await idle(n, faceCrop));
await sheet('idle', idling, 10);

// Every gesture at six moments.
const acts: Buffer[] = [];
for (const gesture of GESTURES) {
  const act = painter((r) => r.gesture(frameIndex(0), gesture));
  for (const n of [8, 14, 18, 24, 36, 46, 56, 70])
    acts.push(
      await sharp(await act(n))
        .resize({ width: Math.round(width / 2.5) })
        .png()
        .toBuffer(),
    );
}
await sheet('gestures', acts, 8);

// Two seconds of talk: "Hello, my name is Mei, welcome to our room."
const sounds = 'h ə l əʊ _ m aɪ n eɪ m ɪ z m eɪ _ w ɛ l k ə m t ə aʊ ə ɹ uː m'.split(' ');
const phonemes: PhonemeTiming[] = [];
let at = 2400;
for (const ipa of sounds) {
  const samples = ipa === '_' ? 6000 : /[aeiouəɛɪ]/.test(ipa) ? 4300 : 2900;
  if (ipa !== '_') phonemes.push({ ipa, startSample: at, endSample: at + samples });
  at += samples;
}
const talk = painter((r) => r.speak(frameIndex(0), mouthTrack(phonemes, at, rate)));
const strip: Buffer[] = [];
for (let n = 0; n < 64; n += 1) strip.push(await talk(n, faceCrop));
await sheet('talk', strip, 16);

// The frame path's cost: area redrawn per frame over half a minute of talk with a gesture in it.
const busy = new PresenterRuntime(data, rate, Number(values.seed));
for (let k = 0; k < 8; k += 1) busy.speak(frameIndex(k * 110), mouthTrack(phonemes, at, rate));
busy.gesture(frameIndex(100), 'present');
const byId = new Map(data.sprites.map((s) => [s.id, s]));
const lists = [new DrawList(), new DrawList()] as const;
const touched = new Uint8Array((width * height) / 16);
let redrawn = 0;
let quiet = 0;
let paintMs = 0;
const composeMs: number[] = [];
const damage = new RectList(16);
const FRAMES = 900;
lists[1].push(ground, 0, 0, 256, 0, 0, width, height);
busy.paint(frameIndex(0), lists[1]);
for (let n = 1; n <= FRAMES; n += 1) {
  const now = lists[(n + 1) % 2]!;
  const before = lists[n % 2]!;
  now.clear();
  now.push(ground, 0, 0, 256, 0, 0, width, height);
  const started = performance.now();
  busy.paint(frameIndex(n), now);
  paintMs += performance.now() - started;
  touched.fill(0);
  damage.clear();
  let any = 0;
  for (let i = 0; i < now.count; i += 1) {
    const [a, b] = [now.items[i * DRAW_STRIDE]!, before.items[i * DRAW_STRIDE]!];
    if (a === b) continue;
    for (const s of [byId.get(a), byId.get(b)]) {
      if (s === undefined) continue;
      damage.push(s.x, s.y, s.bitmap.width, s.bitmap.height);
      for (let y = s.y >> 2; y <= (s.y + s.bitmap.height - 1) >> 2; y += 1)
        touched.fill(1, y * (width >> 2) + (s.x >> 2), y * (width >> 2) + ((s.x + s.bitmap.width - 1) >> 2) + 1);
    }
  }
  const composed = performance.now();
  kernels.compose(canvas, width, height, damage, now, table);
  composeMs.push(performance.now() - composed);
  for (const t of touched) any += t;
  redrawn += any * 16;
  if (any === 0) quiet += 1;
}
composeMs.sort((a, b) => a - b);
const quantile = (q: number): string => composeMs[Math.floor(q * (FRAMES - 1))]!.toFixed(3);
process.stdout.write(
  `${name}: ${(data.bytes / 2 ** 20).toFixed(1)} MiB, ${data.sway.length} head steps, ${Math.round(redrawn / FRAMES)} px redrawn a frame of ${width * height}, ` +
    `${Math.round((100 * quiet) / FRAMES)} % of frames unchanged, paint ${((1000 * paintMs) / FRAMES).toFixed(1)} µs, ` +
    `compose (${kernels.variant}) p50 ${quantile(0.5)} p90 ${quantile(0.9)} p99 ${quantile(0.99)} ms\n`,
);
