import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { EngineError } from '../../core/errors.js';
import { runChild, spawnChild } from '../../core/processes/child-process.js';
import type { FrameRate } from '../../core/time.js';
import { type ClipContainer, probeClip, sniffClip } from '../../scene/clips/probe-clip.js';

/** Interleaved RGB, rows without padding. */
export interface Rgb {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** A square turned by `angle` (radians, clockwise on the screen) around its centre. */
export interface TurnedSquare {
  readonly x: number;
  readonly y: number;
  readonly side: number;
  readonly angle: number;
}

/** A turned square as planar floats `size` × `size`: sample / 255 × gain + offset; black outside the picture. */
export function sampleSquare(
  { data, width, height }: Rgb,
  square: TurnedSquare,
  size: number,
  gain: number,
  offset: number,
): Float32Array {
  const out = new Float32Array(3 * size * size).fill(offset);
  const step = square.side / size;
  // Several samples a pixel where the picture is larger than the input.
  const sub = Math.max(1, Math.min(4, Math.round(step)));
  const cos = Math.cos(square.angle) * step;
  const sin = Math.sin(square.angle) * step;
  const plane = size * size;
  const k = gain / 255 / (sub * sub);
  for (let v = 0; v < size; v += 1) {
    for (let u = 0; u < size; u += 1) {
      let [r, g, b, seen] = [0, 0, 0, 0];
      for (let s = 0; s < sub * sub; s += 1) {
        const du = u + ((s % sub) + 0.5) / sub - size / 2;
        const dv = v + (Math.floor(s / sub) + 0.5) / sub - size / 2;
        const x = square.x + du * cos - dv * sin - 0.5;
        const y = square.y + du * sin + dv * cos - 0.5;
        const xi = Math.floor(x);
        const yi = Math.floor(y);
        if (xi < 0 || yi < 0 || xi + 1 >= width || yi + 1 >= height) continue;
        seen += 1;
        const fx = x - xi;
        const fy = y - yi;
        const at = (yi * width + xi) * 3;
        const below = at + width * 3;
        const w00 = (1 - fx) * (1 - fy);
        const w10 = fx * (1 - fy);
        const w01 = (1 - fx) * fy;
        const w11 = fx * fy;
        r += data[at]! * w00 + data[at + 3]! * w10 + data[below]! * w01 + data[below + 3]! * w11;
        g += data[at + 1]! * w00 + data[at + 4]! * w10 + data[below + 1]! * w01 + data[below + 4]! * w11;
        b += data[at + 2]! * w00 + data[at + 5]! * w10 + data[below + 2]! * w01 + data[below + 5]! * w11;
      }
      if (seen === 0) continue;
      const at = v * size + u;
      out[at] = r * k + offset;
      out[plane + at] = g * k + offset;
      out[2 * plane + at] = b * k + offset;
    }
  }
  return out;
}

/** Longest side of a film in a pack; larger footage is made smaller. */
const MAX_SIDE = 1280;
const MIN_SIDE = 240;
const MAX_FILE_BYTES = 2 * 1024 ** 3;
const MAX_RATE = 31;
const PROBE_TIMEOUT_MS = 60_000;
const DECODERS =
  'h264,hevc,vp8,libvpx,vp9,libvpx-vp9,av1,libdav1d,libaom-av1,mpeg4,prores,mjpeg,aac,opus,vorbis,pcm_s16le,mp3';

export interface Footage {
  readonly path: string;
  /** Decoded frame size; even. */
  readonly width: number;
  readonly height: number;
  readonly rate: FrameRate;
  readonly hasSound: boolean;
  /** Frames one after another; each is a buffer of its own. */
  frames(signal: AbortSignal): AsyncGenerator<Rgb>;
  /** Mono at 16 kHz. */
  sound(signal: AbortSignal): Promise<Float32Array>;
}

/** Opens a film of a person. Throws E_ASSET_MISSING, E_ASSET_INVALID or E_ASSET_TOO_LARGE. */
export async function openFootage(
  path: string,
  option: string,
  ffmpegPath: string,
  signal: AbortSignal,
): Promise<Footage> {
  const where = `${option} ${basename(path)}`;
  const expected = 'a film (MP4, MOV, WebM or MKV)';
  const found = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    const reason = cause.code === 'ENOENT' ? 'no such file' : cause.message;
    throw new EngineError('E_ASSET_MISSING', { where, expected, found: reason, cause });
  });
  if (!found.isFile()) throw new EngineError('E_ASSET_MISSING', { where, expected, found: 'no plain file' });
  if (found.size > MAX_FILE_BYTES) {
    throw new EngineError('E_ASSET_TOO_LARGE', { where, expected: 'at most 2 GB', found: `${found.size} bytes` });
  }
  const container = await sniffClip(path, where);
  if (container === undefined) {
    throw new EngineError('E_ASSET_INVALID', { where, expected, found: 'a file of another kind' });
  }
  const probed = await probeClip(ffmpegPath, path, container, where, signal);
  const { fps, hasSound, range } = await streamsOf(ffmpegPath, path, container, signal);
  const shrink = Math.min(1, MAX_SIDE / Math.max(probed.width, probed.height));
  const width = Math.round(probed.width * shrink) & ~1;
  const height = Math.round(probed.height * shrink) & ~1;
  if (Math.min(width, height) < MIN_SIDE) {
    const expected = `at least ${MIN_SIDE} pixels a side`;
    throw new EngineError('E_ASSET_INVALID', { where, expected, found: `${width} × ${height}` });
  }
  const rate = rateOf(fps);
  const input = inputArgs(path, container);
  const filters =
    `fps=fps=${rate.num}/${rate.den},scale=w=${width}:h=${height}:flags=lanczos+accurate_rnd:` +
    `in_color_matrix=${probed.matrix}:in_range=${range},format=rgb24`;
  const args = [...input, '-map', '0:V:0', '-an', '-sn', '-dn', '-vf', filters, '-f', 'rawvideo', 'pipe:1'];
  return {
    path,
    width,
    height,
    rate,
    hasSound,
    frames: (stop) => rawFrames(ffmpegPath, args, width, height, where, stop),
    sound: (stop) => readSound(ffmpegPath, input, where, stop),
  };
}

const inputArgs = (path: string, container: ClipContainer): string[] => [
  ...`-v error -nostdin -protocol_whitelist file -format_whitelist mov,matroska,webm`.split(' '),
  ...`-codec_whitelist ${DECODERS} -threads 1 -f ${container} -i`.split(' '),
  `file:${path}`,
];

/** A common rate near the measured one; double rates are halved. */
function rateOf(fps: number): FrameRate {
  let rate = Number.isFinite(fps) && fps >= 5 ? fps : 25;
  while (rate > MAX_RATE) rate /= 2;
  if (Math.abs(rate - 30000 / 1001) < 0.01) return { num: 30000, den: 1001 };
  if (Math.abs(rate - 24000 / 1001) < 0.01) return { num: 24000, den: 1001 };
  return { num: Math.max(5, Math.round(rate)), den: 1 };
}

function streamsOf(
  ffmpegPath: string,
  path: string,
  container: ClipContainer,
  signal: AbortSignal,
): Promise<{ fps: number; hasSound: boolean; range: 'tv' | 'pc' }> {
  const args = ['-hide_banner', '-nostdin', '-protocol_whitelist', 'file', '-f', container, '-i', `file:${path}`];
  return new Promise((resolve, reject) => {
    runChild(ffmpegPath, args, { timeout: PROBE_TIMEOUT_MS, signal }, ((_error: unknown, _out: string, err: string) => {
      if (signal.aborted) return reject(signal.reason as Error);
      const streams = err.match(/^ *Stream #0:\d+[^\n]*: Video: [^\n]*/gm) ?? [];
      const video = streams.find((line) => !line.includes('attached pic')) ?? '';
      const fps = Number(/([\d.]+) fps/.exec(video)?.[1] ?? 25);
      // Some phones and webcams write the full range.
      const range = /\((?:[^)]*, )?pc[,)]/.test(video) ? 'pc' : 'tv';
      resolve({ fps, range, hasSound: /^ *Stream #0:\d+[^\n]*: Audio: /m.test(err) });
    }) as never);
  });
}

async function* rawFrames(
  ffmpegPath: string,
  args: readonly string[],
  width: number,
  height: number,
  where: string,
  signal: AbortSignal,
): AsyncGenerator<Rgb> {
  const child = spawnChild(ffmpegPath, args, { stdio: ['ignore', 'pipe', 'pipe'], signal });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr = (stderr + text).slice(-1000)));
  const ended = new Promise<number>((resolve) => {
    child.once('error', () => resolve(-1));
    child.once('close', (code) => resolve(code ?? -1));
  });
  const bytes = width * height * 3;
  let frame = new Uint8Array(bytes);
  let filled = 0;
  try {
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
      for (let at = 0; at < chunk.length;) {
        const n = Math.min(chunk.length - at, bytes - filled);
        frame.set(chunk.subarray(at, at + n), filled);
        at += n;
        filled += n;
        if (filled < bytes) continue;
        yield { data: frame, width, height };
        frame = new Uint8Array(bytes);
        filled = 0;
      }
    }
    const code = await ended;
    signal.throwIfAborted();
    if (code !== 0) {
      const found =
        stderr
          .trim()
          .split('\n')
          .at(-1)
          ?.replace(/file:\S*\//g, '')
          .slice(0, 160) ?? `exit code ${code}`;
      throw new EngineError('E_ASSET_INVALID', { where, expected: 'a film that can be decoded', found });
    }
  } finally {
    child.kill('SIGKILL');
  }
}

export const SOUND_HZ = 16_000;
const MAX_SOUND_BYTES = 64 * 1024 * 1024;

function readSound(
  ffmpegPath: string,
  input: readonly string[],
  where: string,
  signal: AbortSignal,
): Promise<Float32Array> {
  const args = [...input, '-map', '0:a:0', '-vn', '-ac', '1', '-ar', `${SOUND_HZ}`, '-f', 'f32le', 'pipe:1'];
  const options = { encoding: 'buffer', maxBuffer: MAX_SOUND_BYTES, signal } as const;
  return new Promise((resolve, reject) => {
    runChild(ffmpegPath, args, options, ((error: Error | null, stdout: Buffer) => {
      if (error === null) {
        resolve(new Float32Array(stdout.buffer.slice(stdout.byteOffset, stdout.byteOffset + (stdout.length & ~3))));
        return;
      }
      if (signal.aborted) reject(signal.reason as Error);
      else
        reject(
          new EngineError('E_ASSET_INVALID', { where, expected: 'sound that can be decoded', found: error.message }),
        );
    }) as never);
  });
}
