import { EngineError } from '../core/errors.js';

/** Decoded sound of a file: interleaved, −1…1. */
export interface WavSound {
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
