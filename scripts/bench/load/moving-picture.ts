import { spawn } from 'node:child_process';

const WIDTH = 360;
const HEIGHT = 640;
/** A pixel that differs by more than this has changed, and so many of them are a movement: coding noise is below both. */
const STEP = 8;
const MIN_PIXELS = Math.round(WIDTH * HEIGHT * 0.0005);
/** A picture that stands for longer than this does not move. */
const STILL_MS = 500;

export interface MovingShare {
  /** Share of the time in which the picture moved. */
  readonly share: number;
  /** Changed pictures a second. */
  readonly perSecond: number;
}

/** Decodes a recorded stream and reports, per picture, whether it differs from the one before. */
export async function changesOf(ffmpeg: string, file: string): Promise<boolean[]> {
  const args = ['-v', 'error', '-i', file, '-an', '-vsync', '0', '-vf', `scale=${WIDTH}:${HEIGHT}:flags=area`];
  const child = spawn(ffmpeg, [...args, '-pix_fmt', 'gray', '-f', 'rawvideo', 'pipe:1'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const size = WIDTH * HEIGHT;
  let frame: Buffer = Buffer.alloc(size);
  let before: Buffer | undefined;
  let at = 0;
  const changed: boolean[] = [];
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
    let from = 0;
    while (from < chunk.length) {
      const take = Math.min(size - at, chunk.length - from);
      chunk.copy(frame, at, from, from + take);
      at += take;
      from += take;
      if (at < size) break;
      changed.push(before !== undefined && differs(before, frame));
      [before, frame] = [frame, before ?? Buffer.alloc(size)];
      at = 0;
    }
  }
  return changed;
}

function differs(a: Buffer, b: Buffer): boolean {
  let pixels = 0;
  for (let i = 0; i < a.length; i += 1) if (Math.abs(a[i]! - b[i]!) > STEP) pixels += 1;
  return pixels >= MIN_PIXELS;
}

/** The share of [fromMs, toMs] with a moving picture, from the arrival of each picture and whether it differs. */
export function movingShare(
  arrivedMs: readonly number[],
  changed: readonly boolean[],
  fromMs: number,
  toMs: number,
): MovingShare {
  let moving = 0;
  let count = 0;
  let lastMs = -Infinity;
  for (const [i, isNew] of changed.entries()) {
    const at = arrivedMs[i];
    if (at === undefined || at > toMs) break;
    if (!isNew) continue;
    if (at >= fromMs) {
      count += 1;
      moving += Math.min(STILL_MS, at - Math.max(lastMs, fromMs));
    }
    lastMs = at;
  }
  moving += Math.max(0, Math.min(STILL_MS, toMs - Math.max(lastMs, fromMs)));
  const ms = toMs - fromMs;
  return { share: Math.min(1, moving / ms), perSecond: (count * 1000) / ms };
}
