import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { silentLog } from '../../../src/core/log.js';
import { LearnedDetector } from '../../../src/codescan/admission/admission-scanner.js';
import { SearchPool } from './search-pool.js';

export interface Recording {
  readonly receiver: string;
  readonly file: string;
}

interface FoundPicture {
  readonly found: string[];
  /** Where it was received: receiver and picture number. */
  readonly seen: { receiver: string; picture: number }[];
  /** I420, kept for inspection. */
  readonly picture: Uint8Array;
}

export interface SearchResult {
  readonly received: Record<string, number>;
  readonly distinct: number;
  readonly jsqr: number;
  readonly learned: number;
  readonly doubtful: number;
  readonly leaks: readonly FoundPicture[];
}

interface Known {
  seen: { receiver: string; picture: number }[];
  found: string[];
}

/** For jsQR, pictures are near-identical while no block of 16×16 changes its mean by more than this (of 255). */
const NEAR = 1.5;
/** A mean block change above this is a cut, to the slate or back. */
const CUT = 12;
/** Pictures on each side of a cut for the learned detector. */
const AROUND_CUT = 3;

/**
 * Decodes every received picture and searches it. Receivers get the same packets, so most pictures are bit-identical at
 * all of them: each distinct picture is searched once. jsQR, which is slow, skips pictures in which no block of 16×16
 * changed since the last one it saw; the learned detector, slower still, covers the pictures around each cut to and
 * from the slate.
 */
export async function searchFrames(
  ffmpeg: string,
  recordings: readonly Recording[],
  width: number,
  height: number,
  onProgress: (line: string) => void,
): Promise<SearchResult> {
  const pool = new SearchPool(width, height);
  const learnedDetector = new LearnedDetector({ log: silentLog, timeoutMs: 30_000 });
  const known = new Map<string, Known>();
  const leaking = new Map<string, Uint8Array>();
  const received: Record<string, number> = {};
  const counts = { jsqr: 0, learned: 0, doubtful: 0 };
  let learnedWork: Promise<void> = Promise.resolve();

  const lookLearned = (key: string, picture: Uint8Array): void => {
    counts.learned += 1;
    learnedWork = learnedWork.then(async () => {
      const { hits } = await learnedDetector.scan(greyRgba(picture, width * height), width, height);
      if (hits.length === 0) return;
      known.get(key)!.found.push(...hits.map((h) => `learned: ${h.text ?? h.kind}`));
      leaking.set(key, picture);
    });
  };

  try {
    for (const { receiver, file } of recordings) {
      let index = 0;
      let before: Float32Array | undefined;
      let lastJsQr: Float32Array | undefined;
      let recent: { key: string; picture: Uint8Array }[] = [];
      let afterCut = 0;
      for await (const picture of decode(ffmpeg, file, width, height)) {
        const key = createHash('sha1').update(picture).digest('base64');
        const at = { receiver, picture: index++ };
        const blocks = blockMeans(picture, width, height);
        const cut = before !== undefined && distance(before, blocks).mean > CUT;
        before = blocks;
        const entry = known.get(key);
        if (entry !== undefined) {
          entry.seen.push(at);
          continue;
        }
        const mine: Known = { seen: [at], found: [] };
        known.set(key, mine);
        if (cut) {
          for (const r of recent) lookLearned(r.key, r.picture);
          recent = [];
          afterCut = AROUND_CUT;
        }
        const kept = Uint8Array.from(picture);
        if (afterCut > 0) {
          lookLearned(key, kept);
          afterCut -= 1;
        } else recent = [...recent.slice(1 - AROUND_CUT), { key, picture: kept }];
        const jsqr = lastJsQr === undefined || distance(lastJsQr, blocks).max >= NEAR;
        if (jsqr) {
          lastJsQr = blocks;
          counts.jsqr += 1;
        }
        await pool.search(Uint8Array.from(picture).buffer, jsqr, (reply) => {
          counts.doubtful += reply.doubtful;
          if (reply.found.length === 0) return;
          mine.found.push(...reply.found);
          leaking.set(key, kept);
        });
        if (index % 100 === 0)
          onProgress(`${receiver}: ${index} pictures, ${known.size} distinct, ${leaking.size} with a code`);
      }
      received[receiver] = index;
    }
    await pool.idle();
    onProgress(`the learned detector looks at ${counts.learned} pictures around cuts`);
    await learnedWork;
  } finally {
    await pool.close();
    await learnedDetector.close();
  }
  const leaks = [...leaking].map(([key, picture]) => ({ ...known.get(key)!, picture }));
  return { received, distinct: known.size, ...counts, leaks };
}

/** Every picture of a recording, once and in order. The buffer is reused for the next. */
async function* decode(ffmpeg: string, file: string, width: number, height: number): AsyncGenerator<Uint8Array> {
  const child = spawn(
    ffmpeg,
    [
      ...['-hide_banner', '-nostdin', '-loglevel', 'error', '-i', file, '-an', '-vsync', 'passthrough'],
      ...['-pix_fmt', 'yuv420p', '-f', 'rawvideo', 'pipe:1'],
    ],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const size = (width * height * 3) / 2;
  const frame = Buffer.alloc(size);
  let filled = 0;
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
    let from = 0;
    while (from < chunk.length) {
      const n = chunk.copy(frame, filled, from, Math.min(chunk.length, from + size - filled));
      from += n;
      filled += n;
      if (filled < size) continue;
      filled = 0;
      yield frame;
    }
  }
}

function blockMeans(picture: Uint8Array, width: number, height: number): Float32Array {
  const columns = width >> 4;
  const rows = height >> 4;
  const means = new Float32Array(columns * rows);
  for (let y = 0; y < rows * 16; y += 2) {
    for (let x = 0; x < columns * 16; x += 2) means[(y >> 4) * columns + (x >> 4)]! += picture[y * width + x]!;
  }
  for (let i = 0; i < means.length; i += 1) means[i]! /= 64;
  return means;
}

function distance(a: Float32Array, b: Float32Array): { mean: number; max: number } {
  let sum = 0;
  let max = 0;
  for (let i = 0; i < a.length; i += 1) {
    const d = Math.abs(a[i]! - b[i]!);
    sum += d;
    if (d > max) max = d;
  }
  return { mean: sum / a.length, max };
}

export function greyRgba(luma: Uint8Array, pixels: number): Uint8Array {
  const rgba = new Uint8Array(pixels * 4);
  for (let i = 0; i < pixels; i += 1) {
    rgba[i * 4] = rgba[i * 4 + 1] = rgba[i * 4 + 2] = luma[i]!;
    rgba[i * 4 + 3] = 255;
  }
  return rgba;
}
