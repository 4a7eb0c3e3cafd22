import type { Tensor } from 'onnxruntime-common';
import { modelFile } from '../model-file.js';
import { floats, integers, openNetwork } from '../onnx.js';
import { FRAME_SAMPLES, type HeartDone, type HeartJob, MAX_SYMBOLS } from './heart-messages.js';
import { shapeSpeaker } from './shape-speaker.js';
import { synthesise } from './synthesise.js';

/** The network's inner result with the frames of each symbol, two synthesis frames long. */
const DURATIONS = '/Clip_output_0';
const DURATION_SAMPLES = 2 * FRAME_SAMPLES;
/** 48 ms. */
const LEAD_SAMPLES = 1152;
const MIN_VOICED_HZ = 40;
const MIN_SPREAD_HZ = 70;
const SELF = { formants: 1, pitch: 1, range: 1 };

/** The voice "heart": symbols to sound, with the time of each symbol. */
export async function loadHeart(): Promise<(job: HeartJob) => Promise<HeartDone>> {
  const network = await openNetwork(modelFile('heart', 'hibari.onnx'), [DURATIONS]);
  return async ({ ids, speed, seed, excursion = 1, speaker, stretch, lift, even = [] }) => {
    if (ids.length === 0 || ids.length > MAX_SYMBOLS)
      throw new RangeError(`expected 1 to ${MAX_SYMBOLS} symbols, found ${ids.length}`);
    const out = await network.run({
      ids: integers([0, ...ids, 0], [1, ids.length + 2]),
      speed: floats(Float32Array.of(speed), [1]),
    });
    const part = (name: string): Float32Array => (out[name] as Tensor).data as Float32Array;
    const f0 = part('f0');
    const meanHz = spread(f0, excursion);
    const noise = part('ln');
    const colour = { tilt: speaker?.tilt ?? 0, breath: speaker?.breath ?? 0 };
    const spectra = {
      frames: f0.length,
      harmonic: part('lh'),
      harmonicPhase: part('theta'),
      noise,
      free: part('lr'),
      freePhase: part('phi'),
      f0,
    };
    const { sound: own, pulses } = synthesise(spectra, seed, colour);
    let sound = own;
    let samples = earlier(Int32Array.from(part(DURATIONS), (frames) => frames * DURATION_SAMPLES));
    if (speaker !== undefined || stretch !== undefined || lift !== undefined) {
      const evenly = even.reduce((sum, i) => sum + samples[i + 1]!, 0) / Math.max(1, even.length);
      const passages = Array.from(samples, (count, i) => ({
        samples: count,
        stretch: (stretch?.[i - 1] ?? 1) * (even.includes(i - 1) && count > 0 ? evenly / count : 1),
        lift: lift?.[i - 1] ?? 1,
      }));
      const shaped = shapeSpeaker(own, pulses, meanHz, speaker ?? SELF, passages);
      sound = shaped.sound;
      samples = movedBy(samples, shaped.placeOf);
    }
    const pcm = new Int16Array(sound.length);
    for (let i = 0; i < pcm.length; i += 1)
      pcm[i] = Math.max(-32_768, Math.min(32_767, Math.round(sound[i]! * 32_767)));
    return { pcm, samples, f0: f0.slice() };
  };
}

/**
 * The sound comes before its symbols' durations say: measured by the loudness of vowels and the hiss of fricatives, by
 * 45 and 50 ms. The beginning gives that time to the end.
 */
function earlier(samples: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  let left = LEAD_SAMPLES;
  for (let i = 0; i < samples.length - 1 && left > 0; i += 1) {
    const taken = Math.min(left, samples[i]!);
    samples[i]! -= taken;
    samples[samples.length - 1]! += taken;
    left -= taken;
  }
  return samples;
}

/** Lengths after the sound was stretched; they still add up to it. */
function movedBy(samples: Int32Array, placeOf: (sample: number) => number): Int32Array<ArrayBuffer> {
  const out = new Int32Array(samples.length);
  let sample = 0;
  let from = 0;
  for (let i = 0; i < samples.length; i += 1) {
    sample += samples[i]!;
    const to = Math.round(placeOf(sample));
    out[i] = to - from;
    from = to;
  }
  return out;
}

/** Scales the excursions around the mean of the voiced frames, and returns it. */
function spread(f0: Float32Array, by: number): number {
  let sum = 0;
  let voiced = 0;
  for (const hz of f0) {
    if (hz <= MIN_VOICED_HZ) continue;
    sum += hz;
    voiced += 1;
  }
  const mean = sum / Math.max(1, voiced);
  if (by === 1) return mean;
  for (let i = 0; i < f0.length; i += 1)
    if (f0[i]! > MIN_VOICED_HZ) f0[i] = Math.max(MIN_SPREAD_HZ, mean + (f0[i]! - mean) * by);
  return mean;
}
