import { openSync, readSync, closeSync } from 'node:fs';
import type { RawShow } from './reference-run.js';
import { runTool } from './run-tool.js';
import { spawnSync } from 'node:child_process';

const THUMB_W = 36;
const THUMB_H = 64;

/** Small grey pictures of a stretch of raw frames, by point sampling. */
function rawThumbs(show: RawShow, count: number): Buffer[] {
  const frameBytes = (show.width * show.height * 3) / 2;
  const fd = openSync(show.video, 'r');
  const luma = Buffer.alloc(show.width * show.height);
  const thumbs: Buffer[] = [];
  for (let n = 0; n < count; n += 1) {
    if (readSync(fd, luma, 0, luma.length, n * frameBytes) < luma.length) break;
    thumbs.push(sample(luma, show.width, show.height));
  }
  closeSync(fd);
  return thumbs;
}

function sample(luma: Buffer, width: number, height: number): Buffer {
  const out = Buffer.alloc(THUMB_W * THUMB_H);
  for (let y = 0; y < THUMB_H; y += 1) {
    for (let x = 0; x < THUMB_W; x += 1) {
      out[y * THUMB_W + x] =
        luma[Math.floor(((y + 0.5) * height) / THUMB_H) * width + Math.floor(((x + 0.5) * width) / THUMB_W)]!;
    }
  }
  return out;
}

/** The first frames of a recording, as the same small pictures. */
function recordedThumbs(ffmpeg: string, file: string, show: RawShow, count: number): Buffer[] {
  const result = spawnSync(
    ffmpeg,
    ['-loglevel', 'error', '-i', file, '-frames:v', String(count), '-f', 'rawvideo', '-pix_fmt', 'gray', 'pipe:1'],
    { maxBuffer: 1 << 30 },
  );
  const bytes = show.width * show.height;
  return Array.from({ length: Math.floor(result.stdout.length / bytes) }, (_, i) =>
    sample(result.stdout.subarray(i * bytes, (i + 1) * bytes), show.width, show.height),
  );
}

const difference = (a: Buffer, b: Buffer): number => a.reduce((sum, v, i) => sum + Math.abs(v - b[i]!), 0);

/** The raw frame at which the recording begins, found by comparing pictures. */
export function findOffset(ffmpeg: string, file: string, show: RawShow): number {
  const run = 24;
  const recorded = recordedThumbs(ffmpeg, file, show, run);
  const raw = rawThumbs(show, Math.min(show.frames, 20 * show.fps));
  let best = 0;
  let least = Infinity;
  for (let offset = 0; offset + recorded.length <= raw.length; offset += 1) {
    const d = recorded.reduce((sum, thumb, i) => sum + difference(thumb, raw[offset + i]!), 0);
    if (d < least) [least, best] = [d, offset];
  }
  return best;
}

/** Untagged frames would be converted before the comparison, and the conversion measured. */
const SAME_COLOURS = 'setparams=colorspace=bt709:color_primaries=bt709:color_trc=bt709:range=tv';

/**
 * SSIM (all planes) of a recording against the raw frames, over `seconds`, from frame `skip` of the recording on, which
 * is raw frame `skip + offset`.
 */
export async function ssimAgainstRaw(
  ffmpeg: string,
  file: string,
  show: RawShow,
  { offset, skip, seconds }: { offset: number; skip: number; seconds: number },
): Promise<number> {
  // FLV times are whole milliseconds and streams begin anywhere: frames are paired by their number, computed from the
  // times, so a missing frame is compared with the repeated one that viewers saw.
  const frames = Math.round(seconds * show.fps);
  const from = (frame: number): string =>
    `setpts=PTS-STARTPTS,settb=1/${show.fps},trim=start_pts=${frame}:end_pts=${frame + frames},setpts=PTS-${frame},${SAME_COLOURS}`;
  const raw = ['-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-video_size', `${show.width}x${show.height}`];
  const { stderr } = await runTool(ffmpeg, [
    ...['-hide_banner', '-nostdin', '-i', file, ...raw, '-framerate', String(show.fps), '-i', show.video],
    ...['-lavfi', `[0:v]${from(skip)}[a];[1:v]${from(offset + skip)}[b];[a][b]ssim=shortest=1`, '-f', 'null', '-'],
  ]);
  const all = /SSIM .*All:([\d.]+)/.exec(stderr)?.[1];
  if (all === undefined) throw new Error(`no SSIM in ffmpeg's answer: ${stderr.slice(-400)}`);
  return Number(all);
}
