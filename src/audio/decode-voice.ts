import { EngineError } from '../core/errors.js';
import { spawnChild } from '../core/processes/child-process.js';
import { SAMPLE_RATE_HZ } from '../core/time.js';

/*
 * Problem: a recording comes from outside, and ffmpeg reads hundreds of formats, some of which refer to other files and
 * addresses.
 * Rule: one demuxer, chosen by the first bytes; pipes only; a list of decoders; limits for bytes, length, time and single
 * allocations.
 */

export const MAX_VOICE_BYTES = 30 * 1024 * 1024;
export const MAX_VOICE_SECONDS = 600;
const MAX_DECODE_MS = 60_000;
const MAX_ALLOCATION_BYTES = 64 * 1024 * 1024;
const DECODERS = 'pcm_s16le,pcm_s24le,pcm_s32le,pcm_u8,pcm_f32le,mp3float,mp3,flac,opus,libopus,vorbis';
const MIN_MS = 100;

/** The demuxer of a recording; undefined for other files. */
export function voiceContainer(bytes: Buffer): 'wav' | 'mp3' | 'ogg' | 'flac' | undefined {
  const four = bytes.toString('latin1', 0, 4);
  if (four === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WAVE') return 'wav';
  if (four === 'OggS') return 'ogg';
  if (four === 'fLaC') return 'flac';
  if (four.startsWith('ID3')) return 'mp3';
  // MPEG audio, layer III, with a bitrate and a sampling rate.
  const [first = 0, second = 0, third = 0] = bytes;
  const isFrame = first === 0xff && (second & 0xe6) === 0xe2 && (third & 0xf0) !== 0xf0 && (third & 0x0c) !== 0x0c;
  return isFrame ? 'mp3' : undefined;
}

/**
 * A recording as mono sound at 48 kHz. Throws E_ASSET_INVALID, E_ASSET_TOO_LARGE, E_FFMPEG_MISSING, E_TIMEOUT, or the
 * signal's reason.
 */
export function decodeVoice(bytes: Buffer, ffmpegPath: string, signal: AbortSignal): Promise<Float32Array> {
  if (bytes.length > MAX_VOICE_BYTES)
    return Promise.reject(tooLarge(`${MAX_VOICE_BYTES >> 20} MB`, `${Math.ceil(bytes.length / 2 ** 20)} MB`));
  const container = voiceContainer(bytes);
  if (container === undefined) return Promise.reject(bad('a WAV, MP3, Ogg or FLAC file', 'another kind of file'));
  const args =
    `-hide_banner -nostats -v error -threads 1 -max_alloc ${MAX_ALLOCATION_BYTES} -protocol_whitelist pipe ` +
    `-format_whitelist ${container} -codec_whitelist ${DECODERS} -f ${container} -i pipe:0 -map 0:a:0 -vn -sn -dn ` +
    `-t ${MAX_VOICE_SECONDS + 1} -ac 1 -ar ${SAMPLE_RATE_HZ} -f f32le pipe:1`;
  return new Promise((resolve, reject) => {
    const child = spawnChild(ffmpegPath, args.split(' '), { stdio: ['pipe', 'pipe', 'pipe'] });
    const parts: Buffer[] = [];
    let length = 0;
    let stderr = '';
    let failure: unknown;
    const stop = (why: unknown): void => {
      failure ??= why;
      child.kill('SIGKILL');
    };
    const onAbort = (): void => stop(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    const timer = setTimeout(() => {
      stop(new EngineError('E_TIMEOUT', { where: WHERE, expected: 'a sound that decodes in a minute', found: 'none' }));
    }, MAX_DECODE_MS);
    child.stdin.on('error', () => undefined); // the exit says why
    child.stdin.end(bytes);
    child.stdout.on('data', (part: Buffer) => {
      length += part.length;
      if (length > MAX_VOICE_SECONDS * SAMPLE_RATE_HZ * 4) stop(tooLarge(`${MAX_VOICE_SECONDS / 60} minutes`, 'more'));
      else parts.push(part);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr = (stderr + text).slice(-500)));
    child.once('error', (cause) => {
      failure ??= new EngineError('E_FFMPEG_MISSING', {
        where: WHERE,
        expected: 'ffmpeg',
        found: cause.message,
        cause,
      });
    });
    child.once('close', (code) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      if (failure !== undefined) return reject(failure);
      if (code !== 0) return reject(bad('a sound that ffmpeg can decode', stderr.trim() || `code ${code}`));
      if (length < (MIN_MS / 1000) * SAMPLE_RATE_HZ * 4) return reject(bad('a sound of some length', 'hardly any'));
      const pcm = samplesOf(Buffer.concat(parts));
      if (pcm === undefined) return reject(bad('sound', 'invalid sample values (NaN or infinite)'));
      resolve(pcm);
    });
  });
}

const WHERE = 'recording';

function samplesOf(data: Buffer): Float32Array | undefined {
  const pcm = new Float32Array(Math.floor(data.length / 4));
  for (let i = 0; i < pcm.length; i += 1) {
    const x = data.readFloatLE(4 * i);
    if (!Number.isFinite(x)) return undefined;
    pcm[i] = Math.max(-1, Math.min(1, x));
  }
  return pcm;
}

const bad = (expected: string, found: string): EngineError =>
  new EngineError('E_ASSET_INVALID', { where: WHERE, expected, found });

const tooLarge = (most: string, found: string): EngineError =>
  new EngineError('E_ASSET_TOO_LARGE', { where: WHERE, expected: `at most ${most}`, found, todo: 'send it in parts' });
