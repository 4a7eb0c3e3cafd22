import { createHash } from 'node:crypto';
import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { Resampler } from '../core/audio/resample.js';
import { EngineError } from '../core/errors.js';
import { cacheFolder, keepNewest, openOwnFile, writeOwnFile } from '../core/files/own-folder.js';
import { type FileFault, readRegularFile } from '../core/files/regular-file.js';
import { decodeWhole } from '../core/processes/decode-whole.js';
import { bytesOfFile } from '../native/map-file.js';
import { raisedCosine } from './speech-slot.js';
import { integratedLoudness } from '../core/audio/loudness.js';

/** A music bed, decoded and measured. */
export interface Music {
  /** Interleaved stereo at 48 kHz, 32 768 is full scale; its end joins its beginning without a click. */
  readonly pcm: Int16Array<SharedArrayBuffer>;
  /** Integrated loudness in LUFS, −∞ when silent. */
  readonly loudnessLufs: number;
}

/**
 * Caches decoded music beds, so a restarted room does not decode and measure them again.
 *
 * Problem: decoding and measuring a minute of music takes 0.4 s of CPU, the longest part of a start after a crash.
 * Demands: the same samples as without the cache; a damaged file, or another user's, is ignored; the disk does not fill
 * up.
 * Rule: a file named by the SHA-256 of the music file holds `SRMUSIC1`, the loudness (float64 LE), the SHA-256 of the
 * samples, and the samples. Written beside and renamed.
 * Numbers: 11.5 MB a minute; the eight most recently used are kept.
 */

const MAGIC = Buffer.from('SRMUSIC1');
const HEAD_BYTES = MAGIC.length + 8 + 32;
const ENDING = '.music';
const KEPT = 8;

/** Digest of a music file's bytes. */
const musicKey = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex').slice(0, 40);

const fileOf = (dir: string, key: string): string => join(dir, `${key}${ENDING}`);

/** Undefined when there is no intact file of this user. */
export async function readMusic(dir: string, key: string): Promise<Music | undefined> {
  const path = fileOf(dir, key);
  const file = await openOwnFile(path); // missing or unreadable: decoded again
  if (file === undefined) return undefined;
  try {
    const bytes = await bytesOfFile(file);
    if (bytes.length <= HEAD_BYTES || (bytes.length - HEAD_BYTES) % 4 !== 0) return undefined;
    const head = Buffer.from(bytes.slice(0, HEAD_BYTES));
    if (!head.subarray(0, MAGIC.length).equals(MAGIC)) return undefined;
    const body = bytes.subarray(HEAD_BYTES);
    if (
      !createHash('sha256')
        .update(body)
        .digest()
        .equals(head.subarray(MAGIC.length + 8))
    )
      return undefined;
    await utimes(path, new Date(), new Date()); // marks it as recently used
    return {
      pcm: new Int16Array(body.buffer, HEAD_BYTES, body.length / 2),
      loudnessLufs: head.readDoubleLE(MAGIC.length),
    };
  } catch {
    return undefined;
  } finally {
    await file.close();
  }
}

/** A full disk only makes the next start slower. */
export async function writeMusic(dir: string, key: string, { pcm, loudnessLufs }: Music): Promise<void> {
  const body = new Uint8Array(pcm.buffer, pcm.byteOffset, pcm.byteLength);
  const head = Buffer.alloc(HEAD_BYTES);
  MAGIC.copy(head);
  head.writeDoubleLE(loudnessLufs, MAGIC.length);
  createHash('sha256')
    .update(body)
    .digest()
    .copy(head, MAGIC.length + 8);
  const path = fileOf(dir, key);
  try {
    await writeOwnFile(path, [head, body]);
    await keepNewest(dir, ENDING, KEPT);
  } catch {
    return; // an unwritable cache only costs time
  }
}

/** Decoded sound of a file: interleaved, −1…1. */
interface WavSound {
  readonly pcm: Float32Array;
  readonly channels: number;
  readonly sampleRateHz: number;
}

const PCM = 1;
const FLOAT = 3;
const EXTENSIBLE = 0xfffe;
/** Five minutes of stereo at 96 kHz: 240 MB in memory. A decoder reads more piece by piece. */
const MAX_SAMPLES = 300 * 2 * 96_000;

/**
 * Reads a RIFF/WAVE file (Microsoft "Multimedia Programming Interface and Data Specifications 1.0" with
 * WAVE_FORMAT_EXTENSIBLE): PCM of 8, 16, 24 or 32 bits and 32-bit float. Returns undefined for other codings and
 * for very many samples, which need a decoder. Throws E_ASSET_INVALID for a broken file.
 */
export function readWav(bytes: Buffer, where: string): WavSound | undefined {
  const bad = (expected: string, found: string): EngineError =>
    new EngineError('E_ASSET_INVALID', { where, expected, found });
  if (bytes.length < 12 || bytes.toString('latin1', 0, 4) !== 'RIFF' || bytes.toString('latin1', 8, 12) !== 'WAVE')
    throw bad('a RIFF/WAVE file', 'another kind of file');
  let format: { code: number; channels: number; sampleRateHz: number; bits: number } | undefined;
  for (let at = 12; at + 8 <= bytes.length;) {
    const id = bytes.toString('latin1', at, at + 4);
    const size = bytes.readUInt32LE(at + 4);
    const body = bytes.subarray(at + 8, Math.min(bytes.length, at + 8 + size));
    if (id === 'fmt ') {
      if (body.length < 16) throw bad('a format chunk of 16 bytes or more', `${body.length}`);
      let code = body.readUInt16LE(0);
      if (code === EXTENSIBLE && body.length >= 26) code = body.readUInt16LE(24);
      format = {
        code,
        channels: body.readUInt16LE(2),
        sampleRateHz: body.readUInt32LE(4),
        bits: body.readUInt16LE(14),
      };
    } else if (id === 'data') {
      if (format === undefined) throw bad('a format chunk before the data', 'none');
      if (format.channels < 1 || format.channels > 8 || format.sampleRateHz < 4000 || format.sampleRateHz > 384_000)
        throw bad('1–8 channels at 4–384 kHz', `${format.channels} at ${format.sampleRateHz} Hz`);
      const pcm = samplesOf(body, format.code, format.bits);
      if (pcm === undefined) return undefined;
      return {
        pcm: pcm.subarray(0, pcm.length - (pcm.length % format.channels)),
        channels: format.channels,
        sampleRateHz: format.sampleRateHz,
      };
    }
    at += 8 + size + (size & 1);
  }
  throw bad('sound data', 'none');
}

function samplesOf(body: Buffer, code: number, bits: number): Float32Array | undefined {
  const width = bits / 8;
  if (!(code === PCM && [8, 16, 24, 32].includes(bits)) && !(code === FLOAT && bits === 32)) return undefined;
  if (body.length / width > MAX_SAMPLES) return undefined;
  const pcm = new Float32Array(Math.floor(body.length / width));
  for (let i = 0; i < pcm.length; i += 1) {
    const at = i * width;
    if (code === FLOAT) pcm[i] = body.readFloatLE(at);
    else if (bits === 8) pcm[i] = (body[at]! - 128) / 128;
    else pcm[i] = body.readIntLE(at, width) / 2 ** (bits - 1);
  }
  return pcm;
}

interface LoadMusicOptions {
  /** Decodes formats other than plain WAV. */
  ffmpegPath: string;
  signal: AbortSignal;
  /** Cache of decoded beds; see music-cache.ts. */
  cacheDir?: string;
}

/**
 * Sound in memory takes 11.5 MB a minute; the quantisation noise of 16 bits is 10 dB below the quietest audible music.
 */
const LONGEST_SECONDS = 300;
const LARGEST_BYTES = 200 * 1024 * 1024;
const RATE_HZ = 48_000;
/** Takes seconds; a file made to take long is given up. */
const MAX_DECODE_MS = 120_000;
const MAX_ALLOCATION_BYTES = 256 * 1024 * 1024;
/*
 * Problem: a track may come with a stranger's room, and ffmpeg reads hundreds of formats, some of which are lists of other
 * files.
 * Rule: formats that hold their own sound, a list of decoders, limits for time and single allocations.
 */
const FORMATS = 'wav,w64,mp3,ogg,flac,mov,mp4,m4a,matroska,webm,aac,aiff,caf,ac3,eac3,wv,asf';
const DECODERS =
  'mp3float,mp3,flac,opus,libopus,vorbis,libvorbis,aac,libfdk_aac,alac,wavpack,ac3,eac3,wmav1,wmav2,adpcm_ms,adpcm_ima_wav,' +
  'pcm_u8,pcm_s8,pcm_s16le,pcm_s16be,pcm_s24le,pcm_s24be,pcm_s32le,pcm_s32be,pcm_f32le,pcm_f32be,pcm_f64le,pcm_f64be,' +
  'pcm_alaw,pcm_mulaw';
const FRAME_BYTES = 8;
const FULL_SCALE = 32_768;
const LARGEST_INT16 = 32_767;
/** Edges of a loop that does not join are faded over 8 ms. */
const SEAM_FADE = 384;

/**
 * Reads a music bed: WAV directly, other formats through ffmpeg. Throws E_ASSET_MISSING, E_ASSET_INVALID,
 * E_ASSET_TOO_LARGE, E_FFMPEG_MISSING, or the signal's reason.
 */
export async function loadMusic(file: string, options: LoadMusicOptions): Promise<Music> {
  const { signal } = options;
  signal.throwIfAborted();
  const bytes = await readAsset(file);
  const dir = options.cacheDir ?? cacheFolder('music');
  const key = musicKey(bytes);
  const known = await readMusic(dir, key);
  if (known !== undefined) return known;
  const music = await prepare(file, bytes, options);
  await writeMusic(dir, key, music);
  // Rooms share the file's pages; this process's own copy can go.
  return (await readMusic(dir, key)) ?? music;
}

/** Decodes and measures. */
async function prepare(file: string, bytes: Buffer, options: LoadMusicOptions): Promise<Music> {
  const wav = bytes.toString('latin1', 0, 4) === 'RIFF' ? readWav(bytes, file) : undefined;
  let pcm: Float32Array;
  if (wav === undefined) pcm = await decode(file, options);
  else {
    if (wav.pcm.length / wav.channels / wav.sampleRateHz > LONGEST_SECONDS) throw tooLong(file);
    pcm = toStereo(wav.pcm, wav.channels, wav.sampleRateHz);
  }
  if (pcm.length < 2 * RATE_HZ)
    throw new EngineError('E_ASSET_INVALID', {
      where: file,
      expected: 'at least one second of music',
      found: `${(pcm.length / 2 / RATE_HZ).toFixed(2)} s`,
      todo: 'use a longer loop',
    });
  if (pcm.some((x) => !Number.isFinite(x)))
    throw new EngineError('E_ASSET_INVALID', {
      where: file,
      expected: 'sound',
      found: 'invalid sample values (NaN or infinite)',
    });
  joinEnds(pcm);
  return { pcm: toInt16(pcm), loudnessLufs: integratedLoudness(pcm, 2) };
}

async function readAsset(file: string): Promise<Buffer> {
  try {
    return await readRegularFile(file, { maxBytes: LARGEST_BYTES });
  } catch (cause) {
    const { code, found } = cause as FileFault;
    if (code === 'too-large')
      throw new EngineError('E_ASSET_TOO_LARGE', {
        where: file,
        expected: `at most ${LARGEST_BYTES / 2 ** 20} MB`,
        found,
        todo: 'use a shorter loop',
      });
    const missing = code === 'missing';
    throw new EngineError(missing ? 'E_ASSET_MISSING' : 'E_ASSET_INVALID', {
      where: file,
      expected: 'a music file',
      found,
      todo: 'correct audio.music.src',
      cause,
    });
  }
}

const tooLong = (file: string): EngineError =>
  new EngineError('E_ASSET_TOO_LARGE', {
    where: file,
    expected: `at most ${LONGEST_SECONDS} s of music`,
    found: 'a longer track',
    todo: 'cut a loop out of it',
  });

function toStereo(pcm: Float32Array, channels: number, sampleRateHz: number): Float32Array {
  const frames = pcm.length / channels;
  const resampler = sampleRateHz === RATE_HZ ? undefined : new Resampler(sampleRateHz, RATE_HZ);
  const length = resampler?.outputLength(frames) ?? frames;
  const out = new Float32Array(length * 2);
  for (let side = 0; side < 2; side += 1) {
    const from = Math.min(side, channels - 1);
    let one: Float32Array = new Float32Array(frames);
    for (let i = 0; i < frames; i += 1) one[i] = pcm[i * channels + from]!;
    if (resampler !== undefined) one = resampler.convert(one);
    for (let i = 0; i < length; i += 1) out[2 * i + side] = one[i]!;
  }
  return out;
}

async function decode(file: string, { ffmpegPath, signal }: LoadMusicOptions): Promise<Float32Array> {
  const bounds = `-nostdin -v error -threads 1 -max_alloc ${MAX_ALLOCATION_BYTES} -protocol_whitelist file`;
  const from = `${bounds} -format_whitelist ${FORMATS} -codec_whitelist ${DECODERS}`.split(' ');
  const { data, fault } = await decodeWhole({
    ffmpegPath,
    args: [...from, '-i', `file:${file}`, ...`-map 0:a:0 -vn -sn -dn -ac 2 -ar ${RATE_HZ} -f f32le pipe:1`.split(' ')],
    maxBytes: LONGEST_SECONDS * RATE_HZ * FRAME_BYTES,
    tooLong: () => tooLong(file),
    maxMs: MAX_DECODE_MS,
    where: file,
    todoWithoutFfmpeg: 'set ENGINE_FFMPEG, or use a WAV file',
    signal,
  });
  if (fault !== undefined || data.length < FRAME_BYTES)
    throw new EngineError('E_ASSET_INVALID', {
      where: file,
      expected: 'music that ffmpeg can decode',
      found: fault ?? 'no sound in it',
      todo: 'convert it to WAV',
    });
  // A buffer that was just made begins at a multiple of eight.
  return new Float32Array(data.buffer, data.byteOffset, 2 * Math.floor(data.length / FRAME_BYTES));
}

/** Scales `pcm` until nothing clips (lossy formats overshoot), in place, and rounds it. */
function toInt16(pcm: Float32Array): Int16Array<SharedArrayBuffer> {
  let peak = 0;
  for (const x of pcm) peak = Math.max(peak, Math.abs(x));
  const gain = peak * FULL_SCALE > LARGEST_INT16 ? LARGEST_INT16 / FULL_SCALE / peak : 1;
  const out = new Int16Array(new SharedArrayBuffer(pcm.length * 2));
  for (let i = 0; i < pcm.length; i += 1) {
    pcm[i]! *= gain;
    out[i] = Math.round(pcm[i]! * FULL_SCALE);
  }
  return out;
}

/** Fades the edges where the end does not join the beginning; a seamless loop stays unchanged. */
function joinEnds(pcm: Float32Array): void {
  const frames = pcm.length / 2;
  let jump = 0;
  let usual = 0;
  for (let c = 0; c < 2; c += 1) {
    jump = Math.max(jump, Math.abs(pcm[c]! - pcm[2 * (frames - 1) + c]!));
    for (let i = 1; i < SEAM_FADE; i += 1) {
      const end = frames - 1 - i;
      usual = Math.max(usual, Math.abs(pcm[2 * i + c]! - pcm[2 * (i - 1) + c]!));
      usual = Math.max(usual, Math.abs(pcm[2 * (end + 1) + c]! - pcm[2 * end + c]!));
    }
  }
  if (jump <= 2 * usual + 0.001) return;
  for (let i = 0; i < SEAM_FADE; i += 1) {
    const gain = raisedCosine(i / SEAM_FADE);
    for (let c = 0; c < 2; c += 1) {
      pcm[2 * i + c]! *= gain;
      pcm[2 * (frames - 1 - i) + c]! *= gain;
    }
  }
}
