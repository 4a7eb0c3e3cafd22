import type { Tensor } from 'onnxruntime-common';
import { modelFile, floats, integers, openNetwork } from '../onnx.js';
import {
  FRAME_SAMPLES,
  type HeartDone,
  type HeartJob,
  MAX_SYMBOLS,
  HEART_RATE_HZ,
  type SpeakerShape,
} from '../model-messages.js';
import { synthesise } from './synthesise.js';

/** The network's inner result with the frames of each symbol, two synthesis frames long. */
const DURATIONS = '/Clip_output_0';
const DURATION_SAMPLES = 2 * FRAME_SAMPLES;
/** 48 ms. */
const LEAD_SAMPLES = 1152;
const MIN_VOICED_HZ = 40;
const MIN_SPREAD_HZ = 70;
const SELF = { formants: 1, pitch: 1, range: 1 };

/**
 * Another speaker, or another pace, from a finished sound whose pitch is known: TD-PSOLA (Moulines and Charpentier,
 * 1990) with the formants moved by resampling.
 *
 * Problem: moving the pitch inside the network sounds broken, since a part of its sound carries the old pitch.
 * Rule: the sound is cut at the pulses it was made from. Each output pulse takes the grain of the nearest input pulse,
 * one period to either side, read faster or slower by the formant factor. Unvoiced sound has a grain each 5 ms; where
 * neighbouring grains no longer fit sample by sample, they are joined by power instead of amplitude. With all factors
 * at 1 the output equals the input.
 */
/** A piece of the input, in order: its length, how long it becomes, and the factor of its pitch. */
interface Passage {
  readonly samples: number;
  readonly stretch: number;
  readonly lift: number;
}

const UNVOICED_HOP = 120;
const MIN_PERIOD = HEART_RATE_HZ / 450;
const MAX_PERIOD = HEART_RATE_HZ / 70;
const MIN_HZ = 62;
/** Fewer pulses than this in a row are not a voice. */
const MIN_RUN = 3;
const TAPS = 16;
const PHASES = 256;
/** Windowed sinc, a row of taps for each fraction of a sample. */
const SINC = (() => {
  const table = new Float32Array((PHASES + 1) * TAPS);
  for (let phase = 0; phase <= PHASES; phase += 1) {
    let sum = 0;
    for (let tap = 0; tap < TAPS; tap += 1) {
      const x = tap - TAPS / 2 + 1 - phase / PHASES;
      const sinc = x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
      const value = sinc * (0.5 + 0.5 * Math.cos((2 * Math.PI * x) / TAPS));
      table[phase * TAPS + tap] = value;
      sum += value;
    }
    for (let tap = 0; tap < TAPS; tap += 1) table[phase * TAPS + tap]! /= sum;
  }
  return table;
})();

interface Shaped {
  readonly sound: Float32Array;
  /** Where in the output a sample of the input went. */
  readonly placeOf: (sample: number) => number;
}

interface Grain {
  /** Middle in the output and in the input. */
  readonly at: number;
  readonly centre: number;
  /** One period of the input to either side; 0 where unvoiced. */
  readonly before: number;
  readonly after: number;
}

/**
 * @param pulses samples at which the voice's pulses lie, in order
 * @param meanHz mean pitch of the voiced sound
 */
function shapeSpeaker(
  sound: Float32Array,
  pulses: Float64Array,
  meanHz: number,
  shape: SpeakerShape,
  passages: readonly Passage[],
): Shaped {
  const time = new TimeMap(passages, sound.length);
  const grains = planGrains(pulses, meanHz, shape, time, sound.length);
  const out = new Float32Array(Math.max(1, Math.round(time.outOf(sound.length))));
  for (const [i, grain] of grains.entries()) {
    const last = grains[i - 1];
    const next = grains[i + 1];
    const ownLeft = grain.before > 0 && last !== undefined && last.before > 0;
    const ownRight = grain.before > 0 && next !== undefined && next.before > 0;
    const left = ownLeft ? grain.before / shape.formants : grain.at - (last?.at ?? grain.at - UNVOICED_HOP);
    const right = ownRight ? grain.after / shape.formants : (next?.at ?? grain.at + UNVOICED_HOP) - grain.at;
    const isNoise = shape.formants !== 1 && grain.before === 0;
    const power = [isNoise && last?.before === 0, isNoise && next?.before === 0] as const;
    addGrain(out, sound, grain, left, right, shape.formants, power);
  }
  return { sound: out, placeOf: (sample) => time.outOf(sample) };
}

function planGrains(pulses: Float64Array, meanHz: number, shape: SpeakerShape, time: TimeMap, length: number): Grain[] {
  const grains: Grain[] = [];
  let at = 0;
  const unvoicedTo = (end: number): void => {
    for (; at < end; at += UNVOICED_HOP) grains.push({ at, centre: time.inOf(at), before: 0, after: 0 });
  };
  for (const [first, last] of runsOf(pulses)) {
    const begin = time.outOf(pulses[first]!);
    if (begin < at) continue;
    // The last grain before a voice may stand a little nearer.
    unvoicedTo(begin - UNVOICED_HOP / 2);
    at = begin;
    let i = first;
    const end = time.outOf(pulses[last]!) + 1;
    while (at < end) {
      const source = time.inOf(at);
      while (i < last && Math.abs(pulses[i + 1]! - source) <= Math.abs(pulses[i]! - source)) i += 1;
      const after = i < last ? pulses[i + 1]! - pulses[i]! : pulses[i]! - pulses[i - 1]!;
      const before = i > first ? pulses[i]! - pulses[i - 1]! : after;
      grains.push({ at, centre: pulses[i]!, before, after });
      const hz = (meanHz + (HEART_RATE_HZ / after - meanHz) * shape.range) * shape.pitch * time.liftAt(source);
      at += HEART_RATE_HZ / Math.max(MIN_HZ, hz);
    }
    at = grains.at(-1)!.at + UNVOICED_HOP;
  }
  unvoicedTo(time.outOf(length) + UNVOICED_HOP);
  return grains;
}

/** First and last index of pulses that follow each other as a voice's do. */
function runsOf(pulses: Float64Array): (readonly [number, number])[] {
  const runs: (readonly [number, number])[] = [];
  let first = 0;
  for (let i = 1; i <= pulses.length; i += 1) {
    const period = i < pulses.length ? pulses[i]! - pulses[i - 1]! : Infinity;
    if (period >= MIN_PERIOD && period <= MAX_PERIOD) continue;
    if (i - first >= MIN_RUN) runs.push([first, i - 1]);
    first = i;
  }
  return runs;
}

/** Adds the input around a grain's centre, faded over `left` and `right` samples of the output. */
function addGrain(
  out: Float32Array,
  sound: Float32Array,
  { at, centre }: Grain,
  left: number,
  right: number,
  speed: number,
  [powerLeft, powerRight]: readonly [boolean | undefined, boolean | undefined],
): void {
  const from = Math.max(0, Math.ceil(at - left));
  const to = Math.min(out.length - 1, Math.floor(at + right));
  for (let i = from; i <= to; i += 1) {
    const away = i - at;
    const share = away < 0 ? -away / left : away / right;
    let weight = 0.5 + 0.5 * Math.cos(Math.PI * Math.min(1, share));
    if (away < 0 ? powerLeft === true : powerRight === true) weight = Math.sqrt(weight);
    out[i]! += weight * sampleAt(sound, centre + away * speed);
  }
}

function sampleAt(sound: Float32Array, place: number): number {
  const floor = Math.floor(place);
  const phase = Math.round((place - floor) * PHASES);
  if (phase === 0) return sound[floor] ?? 0;
  const first = floor - TAPS / 2 + 1;
  if (first < 0 || first + TAPS > sound.length) return sound[Math.round(place)] ?? 0;
  let sum = 0;
  for (let tap = 0; tap < TAPS; tap += 1) sum += sound[first + tap]! * SINC[phase * TAPS + tap]!;
  return sum;
}

/** Input to output time and back, by pieces of constant stretch; the lift is linear between their middles. */
class TimeMap {
  private readonly inStarts: number[] = [0];
  private readonly outStarts: number[] = [0];
  private readonly stretches: number[] = [];
  private readonly lifts: number[] = [];

  constructor(passages: readonly Passage[], length: number) {
    let covered = 0;
    for (const { samples, stretch, lift } of passages) {
      if (samples <= 0) continue;
      this.add(samples, stretch, lift);
      covered += samples;
    }
    if (covered < length) this.add(length - covered, 1, 1);
  }

  outOf(sample: number): number {
    const i = this.pieceOf(this.inStarts, sample);
    return this.outStarts[i]! + (sample - this.inStarts[i]!) * this.stretches[i]!;
  }

  inOf(sample: number): number {
    const i = this.pieceOf(this.outStarts, sample);
    return this.inStarts[i]! + (sample - this.outStarts[i]!) / this.stretches[i]!;
  }

  liftAt(sample: number): number {
    const i = this.pieceOf(this.inStarts, sample);
    const middle = (this.inStarts[i]! + this.inStarts[i + 1]!) / 2;
    const j = sample < middle ? Math.max(0, i - 1) : Math.min(this.lifts.length - 1, i + 1);
    if (j === i) return this.lifts[i]!;
    const other = (this.inStarts[j]! + this.inStarts[j + 1]!) / 2;
    return this.lifts[i]! + ((this.lifts[j]! - this.lifts[i]!) * (sample - middle)) / (other - middle);
  }

  private add(samples: number, stretch: number, lift: number): void {
    this.inStarts.push(this.inStarts.at(-1)! + samples);
    this.outStarts.push(this.outStarts.at(-1)! + samples * stretch);
    this.stretches.push(stretch);
    this.lifts.push(lift);
  }

  /** The last piece that begins at or before a sample. */
  private pieceOf(starts: readonly number[], sample: number): number {
    let low = 0;
    let high = this.stretches.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= sample) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

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
