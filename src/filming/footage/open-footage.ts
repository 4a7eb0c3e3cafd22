import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { EngineError } from '../../core/errors.js';
import { runChild, spawnChild } from '../../core/processes/child-process.js';
import type { FrameRate } from '../../core/time.js';
import { probeClip } from '../../scene/clips/probe-clip.js';
import { sniffClip, type ClipContainer } from '../../scene/clips/sniff-clip.js';
import type { Rgb } from './rgb.js';

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
