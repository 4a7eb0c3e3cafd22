import { join } from 'node:path';
import sharp from 'sharp';
import { articulationsOf, mouthTrack } from '../../avatar/mouth-track.js';
import type { Kernels } from '../../core/kernels.js';
import type { Log } from '../../core/log.js';
import { SAMPLE_RATE_HZ, type FrameRate } from '../../core/time.js';
import { gapsOf, smoothPoints } from '../face/track-face.js';
import { lumaAt } from '../face/refine-pose.js';
import type { Rgb } from '../footage/open-footage.js';
import { pearson } from '../mouths/talk-bank.js';
import { FaceNets, findFaces, meshIn } from '../nets/find-face.js';
import { Resampler } from '../../core/audio/resample.js';
import type { MouthTrack, PhonemeTiming } from '../../core/speech.js';
import { EspeakProvider } from '../../speech/espeak/espeak-provider.js';
import type { PresenterData } from '../../avatar/presenter-data.js';
import { isGhost, lumaOf, mouthBox, seamContrast, toothColour, toothJump } from './picture-faults.js';
import { FilmStage, RATE } from './render-film.js';

interface SpokenLine {
  readonly phonemes: PhonemeTiming[];
  readonly track: MouthTrack;
  /** Mono, at 48 kHz. */
  readonly pcm: Float32Array;
}

/** A line of the embedded voice: its sounds and the mouth of each frame. */
export async function spokenLine(
  text: string,
  language: string,
  rate: FrameRate,
  log: Log,
  signal: AbortSignal,
): Promise<SpokenLine> {
  const espeak = new EspeakProvider({ log, processes: 1, timeoutMs: 60_000 });
  try {
    const voices = await espeak.voices();
    const wanted = language.toLowerCase();
    const voice =
      voices.find((v) => !v.name.includes('+') && v.languages.some((l) => l.toLowerCase() === wanted)) ??
      voices.find(
        (v) => !v.name.includes('+') && v.languages.some((l) => l.toLowerCase().split('-')[0] === wanted.split('-')[0]),
      );
    if (voice === undefined) return { phonemes: [], track: mouthTrack([], 0, rate), pcm: new Float32Array(0) };
    const phonemes: PhonemeTiming[] = [];
    const parts: Float32Array[] = [];
    let at = 0;
    for await (const chunk of espeak.speak({ text, language, voice, rate: 1, pitch: 1 }, signal)) {
      const scale = SAMPLE_RATE_HZ / chunk.sampleRateHz;
      for (const p of chunk.phonemes)
        phonemes.push({
          ipa: p.ipa,
          startSample: Math.round(at + p.startSample * scale),
          endSample: Math.round(at + p.endSample * scale),
        });
      parts.push(new Resampler(chunk.sampleRateHz, SAMPLE_RATE_HZ).convert(chunk.pcm));
      at += chunk.pcm.length * scale;
    }
    const pcm = new Float32Array(Math.round(at));
    let to = 0;
    for (const part of parts) {
      pcm.set(part.subarray(0, Math.max(0, pcm.length - to)), to);
      to += part.length;
    }
    return { phonemes, track: mouthTrack(phonemes, pcm.length, rate), pcm };
  } finally {
    await espeak.close();
  }
}

export interface MeasureOptions {
  readonly out: string;
  readonly text?: string;
  readonly language: string;
  readonly ffmpegPath: string;
  readonly kernels: Kernels;
  readonly log: Log;
  readonly signal: AbortSignal;
}

export interface Figure {
  readonly name: string;
  readonly value: string;
  readonly wanted: string;
  readonly ok?: boolean;
}

const TEXT =
  'My mother bought a big brown map. Papa made apple pie above the bamboo bar. You and I always go home for a warm soup, ' +
  'and the father of Barbara saw all of our five fine offers.';
const SILENCE = 45;
const STRIP = 30;
/** Share of the eye distance from which a mouth is open, and up to which it is closed. */
const MAX_CLOSED = 0.035;
const MIN_OPEN = 0.055;
const MAX_JITTER_PX = 0.5;
const MAX_PAINT_MS = 0.4;
const MAX_GHOSTS = 0.01;
const MAX_TOOTH_JUMP = 6;
const MAX_SEAM = 12;

/** Renders a spoken line and silence with the pack, measures both with the face net, and writes strips to look at. */
export async function measureFilm(pack: string, options: MeasureOptions): Promise<Figure[]> {
  const { out, kernels, log, ffmpegPath, signal } = options;
  const size = { width: 720, height: 1080 };
  const open = (): Promise<FilmStage> => FilmStage.open(pack, { ...size, kernels, log, ffmpegPath });
  const { phonemes, track } = await spokenLine(options.text ?? TEXT, options.language, RATE, log, signal);
  const start = SILENCE;
  const frames = start + track.viseme.length + SILENCE;
  const [spoken, silent] = [await open(), await open()];
  spoken.speak(start, track);
  const nets = await FaceNets.load();
  const points: Float32Array[] = [];
  const silentPoints: Float32Array[] = [];
  const shifts: [number, number][] = [];
  const recent: { picture: Rgb; points: Float32Array }[] = [];
  const ghosts: number[] = [];
  const teeth: ReturnType<typeof toothColour>[] = [];
  let strip: Rgb[] = [];
  let strips = 0;
  let square;
  for (let n = 0; n < frames; n += 1) {
    const talking = spoken.frame(n);
    const still = silent.frame(n);
    square ??= (await findFaces(still, nets))[0]!.square;
    const found = await meshIn(still, square, nets);
    square = found.next;
    silentPoints.push(found.mesh.points);
    points.push((await meshIn(talking, square, nets)).mesh.points);
    if (n >= start && n < start + track.viseme.length) shifts.push(ringShift(still, talking, found.mesh.points));
    recent.push({ picture: talking, points: points.at(-1)! });
    if (recent.length > 3) recent.shift();
    if (recent.length === 3 && n > start && n < start + track.viseme.length) {
      const box = mouthBox(recent[1]!.points);
      const [before, now, after] = recent.map(({ picture }) => lumaOf(picture, box));
      if (isGhost(before!, now!, after!)) ghosts.push(n - 1);
      teeth.push(toothColour(talking, points.at(-1)!));
    }
    if (n >= start - 8) {
      strip.push(faceCrop(talking, found.mesh.points));
      if (strip.length === STRIP) {
        await writeStrip(join(out, `strip-${strips}.png`), strip);
        strip = [];
        strips += 1;
      }
    }
    if (n === start + 20) await writePicture(join(out, 'whole.png'), talking);
  }
  if (strip.length > 0) await writeStrip(join(out, `strip-${strips}.png`), strip);
  const paint = spoken.paintMs.slice(start, start + track.viseme.length).sort((a, b) => a - b);
  const bytes = spoken.data.bytes;
  const seam = seamOf(spoken.data);
  const jump = toothJump(teeth);
  spoken.close();
  silent.close();
  const gaps = gapsOf(points);
  const restGaps = gapsOf(smoothPoints(silentPoints));
  const closed = atSounds(phonemes, (look) => look.closed);
  const wide = atSounds(phonemes, (look) => look.vowel && look.open > 0.75);
  const gap = (f: number, reach: number, pick: (...v: number[]) => number): number =>
    pick(...Array.from({ length: 2 * reach + 1 }, (_, k) => gaps[start + f + k - reach] ?? 0));
  const closedGaps = closed.map((f) => gap(f, 1, Math.min));
  const wideGaps = wide.map((f) => gap(f, 1, Math.max));
  const share = (list: readonly number[], test: (v: number) => boolean): number =>
    list.length === 0 ? 0 : list.filter(test).length / list.length;
  const closedLimit = Math.max(MAX_CLOSED, median(restGaps) + 0.012);
  const isClosed = share(closedGaps, (v) => v <= closedLimit);
  const isOpen = share(wideGaps, (v) => v >= MIN_OPEN);
  const quiet = gaps.slice(0, start - 10);
  const stillness = deviation(quiet);
  const jitter = rms(highPass(shifts.map(([x]) => x)), highPass(shifts.map(([, y]) => y)));
  const wanted = [...track.openness].map(Number);
  const correlation = pearson(wanted, gaps.slice(start, start + wanted.length));
  const percent = (v: number): string => `${Math.round(100 * v)} %`;
  const ms = paint[paint.length >> 1] ?? 0;
  return [
    {
      name: `closed on m, b, p (${closed.length} of them)`,
      value: percent(isClosed),
      wanted: '≥ 95 %',
      ok: isClosed >= 0.95,
    },
    { name: `open on a, o (${wide.length} of them)`, value: percent(isOpen), wanted: '≥ 90 %', ok: isOpen >= 0.9 },
    {
      name: 'lip gap in silence, deviation / eye distance',
      value: stillness.toFixed(4),
      wanted: '≤ 0.006',
      ok: stillness <= 0.006,
    },
    {
      name: 'mouth ring jitter, px RMS',
      value: jitter.toFixed(3),
      wanted: `< ${MAX_JITTER_PX}`,
      ok: jitter < MAX_JITTER_PX,
    },
    {
      name: 'correlation of lip gap with the sounds',
      value: correlation.toFixed(2),
      wanted: '≥ 0.7',
      ok: correlation >= 0.7,
    },
    { name: `painting a frame, ms median (${kernels.name})`, value: ms.toFixed(2), wanted: `≤ ${MAX_PAINT_MS}` },
    {
      name: `frames with a double mouth${ghosts.length === 0 ? '' : ` (${ghosts.slice(0, 6).join(', ')})`}`,
      value: percent(ghosts.length / Math.max(1, track.viseme.length)),
      wanted: `≤ ${percent(MAX_GHOSTS)}`,
      ok: ghosts.length <= MAX_GHOSTS * track.viseme.length,
    },
    {
      name: 'greatest jump of the teeth’s colour, % of red or blue',
      value: jump.toFixed(1),
      wanted: `≤ ${MAX_TOOTH_JUMP}`,
      ok: jump <= MAX_TOOTH_JUMP,
    },
    ...(seam === undefined
      ? []
      : [
          {
            name: 'contrast of the seam along the matte, levels',
            value: seam.toFixed(1),
            wanted: `≤ ${MAX_SEAM}`,
            ok: seam <= MAX_SEAM,
          },
        ]),
    { name: 'memory, MB', value: (bytes / 1024 / 1024).toFixed(0), wanted: '≤ 60', ok: bytes <= 60 * 1024 * 1024 },
  ];
}

/** Contrast along the matte of a film that has one. */
function seamOf({ film, sprites }: PresenterData): number | undefined {
  if (film === undefined || film.opaque) return undefined;
  const { width, height, data } = sprites[film.still]!.bitmap;
  const luma = data.subarray(0, width * height);
  return seamContrast(luma, data.subarray((width * height * 3) / 2), width, height);
}

/** Frames in the middle of the sounds that look like this. */
function atSounds(
  phonemes: readonly { ipa: string; startSample: number; endSample: number }[],
  test: (look: ReturnType<typeof articulationsOf>[number]) => boolean,
): number[] {
  const perFrame = (SAMPLE_RATE_HZ * RATE.den) / RATE.num;
  return phonemes
    .filter(
      (p) => p.ipa !== '' && p.endSample - p.startSample > 0.04 * SAMPLE_RATE_HZ && test(articulationsOf(p.ipa)[0]!),
    )
    .map((p) => Math.floor((p.startSample + p.endSample) / 2 / perFrame));
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

function deviation(values: readonly number[]): number {
  const mean = values.reduce((a, b) => a + b, 0) / Math.max(1, values.length);
  return Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / Math.max(1, values.length));
}

/** Trembling: a course without its slow part. */
const highPass = (values: readonly number[]): number[] =>
  values.map((v, i) => {
    const near = values.slice(Math.max(0, i - 3), i + 4);
    return v - near.reduce((a, b) => a + b, 0) / near.length;
  });

const rms = (xs: readonly number[], ys: readonly number[]): number =>
  Math.sqrt(xs.reduce((s, x, i) => s + x * x + ys[i]! ** 2, 0) / Math.max(1, xs.length));

/** How far the skin beside and above the mouth of one picture lies from that of another (one Lucas-Kanade step). */
function ringShift(from: Rgb, to: Rgb, points: Float32Array): [number, number] {
  const unit = Math.hypot(points[263 * 3]! - points[33 * 3]!, points[263 * 3 + 1]! - points[33 * 3 + 1]!);
  const cx = (points[61 * 3]! + points[291 * 3]!) / 2;
  const cy = (points[61 * 3 + 1]! + points[291 * 3 + 1]!) / 2;
  let [xx, xy, yy, ex, ey] = [0, 0, 0, 0, 0];
  for (let y = cy - 0.24 * unit; y < cy + 0.1 * unit; y += 1) {
    for (let x = cx - 0.5 * unit; x < cx + 0.5 * unit; x += 1) {
      if (((x - cx) / (0.33 * unit)) ** 2 + ((y - cy) / (0.16 * unit)) ** 2 < 1) continue;
      const gx = (lumaAt(from, x + 1, y) - lumaAt(from, x - 1, y)) / 2;
      const gy = (lumaAt(from, x, y + 1) - lumaAt(from, x, y - 1)) / 2;
      const e = lumaAt(to, x, y) - lumaAt(from, x, y);
      xx += gx * gx;
      xy += gx * gy;
      yy += gy * gy;
      ex -= gx * e;
      ey -= gy * e;
    }
  }
  const det = xx * yy - xy * xy;
  return det === 0 ? [0, 0] : [(yy * ex - xy * ey) / det, (xx * ey - xy * ex) / det];
}

/** The face and some room, at full size. */
function faceCrop({ data, width, height }: Rgb, points: Float32Array): Rgb {
  const unit = Math.hypot(points[263 * 3]! - points[33 * 3]!, points[263 * 3 + 1]! - points[33 * 3 + 1]!);
  const w = 2 * Math.round(0.85 * unit);
  const h = 2 * Math.round(0.85 * unit);
  const left = Math.max(0, Math.min(width - w, Math.round(points[1 * 3]! - w / 2)));
  const top = Math.max(0, Math.min(height - h, Math.round(points[1 * 3 + 1]! - h * 0.38)));
  const out = new Uint8Array(w * h * 3);
  for (let y = 0; y < h; y += 1)
    out.set(data.subarray(((top + y) * width + left) * 3, ((top + y) * width + left + w) * 3), y * w * 3);
  return { data: out, width: w, height: h };
}

async function writeStrip(path: string, strip: readonly Rgb[]): Promise<void> {
  const w = Math.max(...strip.map((s) => s.width));
  const h = Math.max(...strip.map((s) => s.height));
  const columns = 6;
  const tiles = strip.map(({ data, width, height }, i) => ({
    input: Buffer.from(data),
    raw: { width, height, channels: 3 as const },
    left: (i % columns) * w,
    top: Math.floor(i / columns) * h,
  }));
  const create = {
    width: columns * w,
    height: Math.ceil(strip.length / columns) * h,
    channels: 3 as const,
    background: 'black',
  };
  await sharp({ create }).composite(tiles).png().toFile(path);
}

const writePicture = async (path: string, { data, width, height }: Rgb): Promise<void> =>
  void (await sharp(Buffer.from(data), { raw: { width, height, channels: 3 } })
    .png()
    .toFile(path));
