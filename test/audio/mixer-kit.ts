import { Mixer, type MixerOptions } from '../../src/audio/mixer.js';
import { integratedLoudness } from '../../src/core/audio/loudness.js';
import { seededRandom } from '../../src/core/random.js';
import { sampleIndex, type FrameRate } from '../../src/core/time.js';

export const RATE: FrameRate = { num: 30, den: 1 };
export const AUDIO = {
  roomTone: false,
  chimes: false,
  music: { src: 'bed.wav', instrumental: true, gainDb: -14 },
  duckDb: -10,
  targetLufs: -16,
  ceilingDbtp: -1.5,
};

export const shared = (samples: number, value: (i: number) => number): Float32Array<SharedArrayBuffer> => {
  const pcm = new Float32Array(new SharedArrayBuffer(samples * 4));
  for (let i = 0; i < samples; i += 1) pcm[i] = value(i);
  return pcm;
};
export const sine = (hz: number, gain: number) => (i: number) => gain * Math.sin((2 * Math.PI * hz * i) / 48_000);

/** A signal with the crest factor of speech: bursts of harmonics at 4 Hz. */
export const speechLike = (seconds: number): Float32Array<SharedArrayBuffer> =>
  shared(Math.round(seconds * 48_000), (i) => {
    const s = i / 48_000;
    const burst = Math.max(0, Math.sin(2 * Math.PI * 4 * s)) ** 2;
    let x = 0;
    for (let h = 1; h < 20; h += 1) x += Math.sin(2 * Math.PI * 130 * h * s + h) / h;
    return 0.15 * burst * x;
  });

export const musicLike = (): Float32Array<SharedArrayBuffer> => {
  const random = seededRandom(7);
  return shared(
    2 * 48_000 * 4,
    (i) => 0.2 * Math.sin((2 * Math.PI * 220 * (i >> 1)) / 48_000) + 0.02 * (random() - 0.5),
  );
};

export type Options = Omit<Partial<MixerOptions>, 'music'> & { readonly music?: Float32Array };
export const mixer = ({ music, ...options }: Options = {}): Mixer => {
  if (music === undefined) return new Mixer({ rate: RATE, audio: AUDIO, ...options });
  const stored = new Int16Array(new SharedArrayBuffer(music.length * 2));
  for (let i = 0; i < music.length; i += 1) stored[i] = Math.round(music[i]! * 32_768);
  return new Mixer({ rate: RATE, audio: AUDIO, ...options, music: stored });
};

export function run(m: Mixer, from: number, samples: number, block = 1600): Float32Array {
  const all = new Float32Array(samples * 2);
  const out = new Float32Array(block * 2);
  for (let at = 0; at < samples; at += block) {
    const n = Math.min(block, samples - at);
    m.mix(sampleIndex(from + at), n, out);
    all.set(out.subarray(0, n * 2), at * 2);
  }
  return all;
}
export const line = (id: string, startSample: number, pcm: Float32Array<SharedArrayBuffer>, more = {}) => ({
  id,
  startSample: sampleIndex(startSample),
  pcm,
  loudnessLufs: integratedLoudness(pcm, 1),
  mutes: [],
  tone: false,
  ...more,
});
export const peakOf = (pcm: Float32Array, from: number, to: number): number => {
  let peak = 0;
  for (let i = 2 * from; i < 2 * to; i += 1) peak = Math.max(peak, Math.abs(pcm[i]!));
  return peak;
};
export const rmsDb = (pcm: Float32Array, from: number, to: number): number => {
  let sum = 0;
  for (let i = from; i < to; i += 1) sum += pcm[2 * i]! ** 2;
  return 10 * Math.log10(sum / (to - from));
};

/** Whether two signals are equal bit for bit; `t.same` takes seconds for long ones. */
export const sameBytes = (a: Float32Array, b: Float32Array): boolean =>
  Buffer.from(a.buffer, a.byteOffset, a.byteLength).equals(Buffer.from(b.buffer, b.byteOffset, b.byteLength));
