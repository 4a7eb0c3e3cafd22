import { setImmediate as turn } from 'node:timers/promises';
import { EngineError } from '../core/errors.js';
import { decodeWhole } from '../core/processes/decode-whole.js';
import { SAMPLE_RATE_HZ } from '../core/time.js';

/*
 * Problem: a recording comes from outside, and ffmpeg reads hundreds of formats, some of which refer to other files and
 * addresses.
 * Rule: one demuxer, chosen by the first bytes; pipes only; a list of decoders; limits for bytes, length, time and single
 * allocations.
 */

export const MAX_VOICE_BYTES = 30 * 1024 * 1024;
const MAX_VOICE_SECONDS = 600;
const MAX_DECODE_MS = 60_000;
const MAX_ALLOCATION_BYTES = 64 * 1024 * 1024;
const DECODERS = 'pcm_s16le,pcm_s24le,pcm_s32le,pcm_u8,pcm_f32le,mp3float,mp3,flac,opus,libopus,vorbis';
const MIN_MS = 100;

/** The demuxer of a recording; undefined for other files. */
function voiceContainer(bytes: Buffer): 'wav' | 'mp3' | 'ogg' | 'flac' | undefined {
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
export async function decodeVoice(bytes: Buffer, ffmpegPath: string, signal: AbortSignal): Promise<Float32Array> {
  if (bytes.length > MAX_VOICE_BYTES)
    throw tooLarge(`${MAX_VOICE_BYTES >> 20} MB`, `${Math.ceil(bytes.length / 2 ** 20)} MB`);
  const container = voiceContainer(bytes);
  if (container === undefined) throw bad('a WAV, MP3, Ogg or FLAC file', 'another kind of file');
  const args =
    `-hide_banner -nostats -v error -threads 1 -max_alloc ${MAX_ALLOCATION_BYTES} -protocol_whitelist pipe ` +
    `-format_whitelist ${container} -codec_whitelist ${DECODERS} -f ${container} -i pipe:0 -map 0:a:0 -vn -sn -dn ` +
    `-t ${MAX_VOICE_SECONDS + 1} -ac 1 -ar ${SAMPLE_RATE_HZ} -f f32le pipe:1`;
  const { data, fault } = await decodeWhole({
    ffmpegPath,
    args: args.split(' '),
    input: bytes,
    maxBytes: MAX_VOICE_SECONDS * SAMPLE_RATE_HZ * 4,
    tooLong: () => tooLarge(`${MAX_VOICE_SECONDS / 60} minutes`, 'more'),
    maxMs: MAX_DECODE_MS,
    where: WHERE,
    signal,
  });
  if (fault !== undefined) throw bad('a sound that ffmpeg can decode', fault);
  if (data.length < (MIN_MS / 1000) * SAMPLE_RATE_HZ * 4) throw bad('a sound of some length', 'hardly any');
  const pcm = await samplesOf(data);
  signal.throwIfAborted();
  if (pcm === undefined) throw bad('sound', 'invalid sample values (NaN or infinite)');
  return pcm;
}

const WHERE = 'recording';
const SAMPLES_AT_ONCE = 10 * SAMPLE_RATE_HZ;

/** Samples of little-endian bytes, in their place where they lie aligned; other work goes on meanwhile. */
async function samplesOf(data: Buffer): Promise<Float32Array | undefined> {
  const whole = data.length & ~3;
  const bytes = data.byteOffset % 4 === 0 ? data : new Uint8Array(data);
  const pcm = new Float32Array(bytes.buffer, bytes.byteOffset, whole / 4);
  for (let from = 0; from < pcm.length; from += SAMPLES_AT_ONCE) {
    const to = Math.min(pcm.length, from + SAMPLES_AT_ONCE);
    for (let i = from; i < to; i += 1) {
      const x = pcm[i]!;
      if (!Number.isFinite(x)) return undefined;
      if (x > 1 || x < -1) pcm[i] = Math.sign(x);
    }
    await turn();
  }
  return pcm;
}

const bad = (expected: string, found: string): EngineError =>
  new EngineError('E_ASSET_INVALID', { where: WHERE, expected, found });

const tooLarge = (most: string, found: string): EngineError =>
  new EngineError('E_ASSET_TOO_LARGE', { where: WHERE, expected: `at most ${most}`, found, todo: 'send it in parts' });
