import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { silentLog } from '../../src/core/log.js';
import type { ClipDeps } from '../../src/scene/clips/clip.js';

/** The packaged ffmpeg, which works everywhere. */
export const ffmpegPath = (createRequire(import.meta.url)('@ffmpeg-installer/ffmpeg') as { path: string }).path;

export interface Film {
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  readonly fps?: number;
  /** Straight RGB of a frame. */
  paint(n: number, rgb: Buffer): void;
  readonly codec?: readonly string[];
}

/** As good as lossless, tagged BT.709. */
const H264 = '-c:v libx264 -preset ultrafast -crf 4 -bf 0 -colorspace bt709 -color_range tv'.split(' ');

/** Writes a clip, frame by frame; the container follows from the name. */
export function writeFilm(file: string, { width, height, frames, fps = 30, paint, codec = H264 }: Film): Promise<void> {
  const input = `-f rawvideo -pix_fmt rgb24 -s ${width}x${height} -r ${fps} -i pipe:0`.split(' ');
  const filter = ['-vf', 'scale=out_color_matrix=bt709:out_range=tv,format=yuv420p'];
  return runFfmpeg([...input, ...filter, ...codec, file], (stdin) => {
    const rgb = Buffer.alloc(width * height * 3);
    for (let n = 0; n < frames; n += 1) {
      paint(n, rgb);
      stdin.write(Buffer.from(rgb));
    }
  });
}

/** Runs ffmpeg; throws its output when it fails. */
export function runFfmpeg(args: readonly string[], feed?: (stdin: NodeJS.WritableStream) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(ffmpegPath, ['-v', 'error', '-y', ...args], { stdio: ['pipe', 'ignore', 'pipe'] });
    let stderr = '';
    child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
    child.stdin.on('error', () => undefined); // its end says why
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(stderr))));
    feed?.(child.stdin);
    child.stdin.end();
  });
}

/** All of one grey, or of one colour. */
export const fillRgb = (rgb: Buffer, [r, g, b]: readonly [number, number, number]): void => {
  for (let i = 0; i < rgb.length; i += 3) {
    rgb[i] = r;
    rgb[i + 1] = g;
    rgb[i + 2] = b;
  }
};

/** A grey that encodes the frame number, with steps that survive coding. */
export const greyOf = (n: number): number => 20 + ((n * 37) % 220);

export const clipDepsOf = (cacheDir: string, more: Partial<ClipDeps> = {}): ClipDeps => ({
  ffmpeg: { path: ffmpegPath, version: 'test' },
  admit: async () => undefined,
  log: silentLog,
  signal: new AbortController().signal,
  cacheDir,
  ...more,
});
