import { VoiceFault } from './voice-source.js';

export interface DecodedAudio {
  readonly pcm: Int16Array;
  readonly rateHz: number;
}

const RAW = /^(audio\/(pcm|l16|raw|x-pcm|basic)|application\/octet-stream|binary\/octet-stream|unknown)$/;

/** 16-bit sound from an answer: WAV by its first bytes, else raw samples where the type allows them. */
export function decodeAudio(bytes: Buffer, type: string, rawRateHz: number): DecodedAudio {
  if (bytes.subarray(0, 4).toString('latin1') === 'RIFF') return decodeWav(bytes);
  if (isMp3(bytes)) throw new VoiceFault('setup', `MP3 (${type}) where samples were asked for`);
  if (!RAW.test(type)) throw new VoiceFault('passing', `an answer of type ${type} where sound was expected`);
  return { pcm: rawSamples(bytes), rateHz: rawRateHz };
}

/** Signed 16-bit little-endian samples. */
export function rawSamples(bytes: Buffer): Int16Array {
  if (bytes.length % 2 !== 0) throw new VoiceFault('passing', 'sound that breaks off inside a sample');
  const pcm = new Int16Array(bytes.length / 2);
  for (let i = 0; i < pcm.length; i += 1) pcm[i] = bytes.readInt16LE(i * 2);
  return pcm;
}

const isMp3 = (bytes: Buffer): boolean => bytes.subarray(0, 3).toString('latin1') === 'ID3';

function decodeWav(bytes: Buffer): DecodedAudio {
  let at = 12;
  let format: { code: number; channels: number; rateHz: number; bits: number } | undefined;
  while (at + 8 <= bytes.length) {
    const id = bytes.toString('latin1', at, at + 4);
    const size = bytes.readUInt32LE(at + 4);
    const from = at + 8;
    if (id === 'fmt ' && from + 16 <= bytes.length) {
      format = {
        code: bytes.readUInt16LE(from),
        channels: bytes.readUInt16LE(from + 2),
        rateHz: bytes.readUInt32LE(from + 4),
        bits: bytes.readUInt16LE(from + 14),
      };
    }
    if (id === 'data' && format !== undefined) {
      // A streamed WAV states a length that it could not know.
      const data = bytes.subarray(
        from,
        Math.min(bytes.length, size === 0xffff_ffff || size === 0 ? bytes.length : from + size),
      );
      return { pcm: monoOf(data, format), rateHz: format.rateHz };
    }
    at = from + size + (size % 2);
  }
  throw new VoiceFault('passing', 'a WAV file without sound');
}

function monoOf(
  data: Buffer,
  { code, channels, rateHz, bits }: { code: number; channels: number; rateHz: number; bits: number },
): Int16Array {
  const isFloat = code === 3 && bits === 32;
  const known = isFloat || ((code === 1 || code === 0xfffe) && bits === 16);
  if (!known || channels < 1 || channels > 8 || rateHz < 8000 || rateHz > 96_000)
    throw new VoiceFault(
      'setup',
      `WAV of a kind that is not read (format ${code}, ${bits} bits, ${channels} channels)`,
    );
  const width = bits / 8;
  const pcm = new Int16Array(Math.floor(data.length / (width * channels)));
  for (let i = 0; i < pcm.length; i += 1) {
    let sum = 0;
    for (let c = 0; c < channels; c += 1) {
      const at = (i * channels + c) * width;
      sum += isFloat ? data.readFloatLE(at) * 32_767 : data.readInt16LE(at);
    }
    pcm[i] = Math.max(-32_768, Math.min(32_767, Math.round(sum / channels)));
  }
  return pcm;
}
