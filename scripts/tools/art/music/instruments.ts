import { seededRandom } from '../../../../src/core/random.js';
import type { LoopTrack } from './loop-track.js';

/** The instruments of the music beds: each adds one note to a track, with its tail wrapping around the loop. */

const RATE_HZ = 48_000;
const TAU = 2 * Math.PI;

/** Frequency of a MIDI note number. */
const noteHz = (midi: number): number => 440 * 2 ** ((midi - 69) / 12);

/** A warm pad voice: three slightly detuned tones with soft harmonics, slow to come and go. */
export function pad(track: LoopTrack, at: number, samples: number, midi: number, gain: number, pan: number): void {
  const hz = noteHz(midi);
  const attack = 0.45 * RATE_HZ;
  const release = 0.9 * RATE_HZ;
  const total = samples + release;
  for (const [detune, side] of [
    [-0.0022, -0.5],
    [0.0003, 0],
    [0.0025, 0.5],
  ] as const) {
    const step = (hz * (1 + detune)) / RATE_HZ;
    const phase = (midi * 0.37 + detune * 91) % 1;
    const place = Math.max(-1, Math.min(1, pan + side));
    for (let i = 0; i < total; i += 1) {
      const rise = Math.min(1, i / attack);
      const fall = i < samples ? 1 : 1 - (i - samples) / release;
      const envelope = rise * rise * (3 - 2 * rise) * fall * fall;
      const x = TAU * (phase + step * i);
      const tone =
        Math.sin(x) + 0.34 * Math.sin(2 * x) + 0.13 * Math.sin(3 * x) + 0.05 * Math.sin(4 * x) + 0.02 * Math.sin(5 * x);
      track.add(at + i, tone * envelope * gain * 0.33, place);
    }
  }
}

/** An electric-piano pluck: two-operator frequency modulation whose brightness decays before its tone. */
export function pluck(track: LoopTrack, at: number, midi: number, gain: number, pan: number, seconds: number): void {
  const hz = noteHz(midi);
  const total = Math.ceil(seconds * 4 * RATE_HZ);
  for (let i = 0; i < total; i += 1) {
    const t = i / RATE_HZ;
    const attack = Math.min(1, i / 120);
    const end = Math.min(1, (total - i) / 2400);
    const index = 1.5 * Math.exp(-t / (seconds * 0.22));
    const tine = 0.12 * Math.sin(TAU * hz * 7 * t) * Math.exp(-t / 0.05);
    const tone = Math.sin(TAU * hz * t + index * Math.sin(TAU * hz * t)) + tine;
    track.add(at + i, tone * attack * end * Math.exp(-t / seconds) * gain, pan);
  }
}

/** A round bass: a sine with a little octave. */
export function bass(track: LoopTrack, at: number, samples: number, midi: number, gain: number): void {
  const hz = noteHz(midi);
  const release = 2400;
  for (let i = 0; i < samples + release; i += 1) {
    const t = i / RATE_HZ;
    const attack = Math.min(1, i / 360);
    const end = i < samples ? 1 : 1 - (i - samples) / release;
    const tone = Math.sin(TAU * hz * t) + 0.28 * Math.sin(2 * TAU * hz * t) + 0.06 * Math.sin(3 * TAU * hz * t);
    track.add(at + i, tone * attack * end * end * Math.exp(-t / 0.9) * gain, 0);
  }
}

/** A soft kick: a sine that drops from 110 to 48 Hz. */
export function kick(track: LoopTrack, at: number, gain: number): void {
  let phase = 0;
  const total = 0.32 * RATE_HZ;
  for (let i = 0; i < total; i += 1) {
    const t = i / RATE_HZ;
    phase += (48 + 62 * Math.exp(-t / 0.03)) / RATE_HZ;
    const envelope = Math.min(1, i / 96) * Math.exp(-t / 0.1) * Math.min(1, (total - i) / 960);
    track.add(at + i, Math.sin(TAU * phase) * envelope * gain, 0);
  }
}

/** Band-limited noise: a shaker (bright, short) or a brushed snare (lower, longer). */
export function noise(
  track: LoopTrack,
  at: number,
  gain: number,
  pan: number,
  shape: { seconds: number; attack: number; lowHz: number; highHz: number; seed: number },
): void {
  const random = seededRandom(shape.seed);
  const low = 1 - Math.exp((-TAU * shape.highHz) / RATE_HZ);
  const high = 1 - Math.exp((-TAU * shape.lowHz) / RATE_HZ);
  let a = 0;
  let b = 0;
  const total = Math.ceil(shape.seconds * 6 * RATE_HZ);
  for (let i = 0; i < total; i += 1) {
    a += low * (random() * 2 - 1 - a);
    b += high * (a - b);
    const envelope =
      Math.min(1, i / shape.attack) * Math.exp(-i / (shape.seconds * RATE_HZ)) * Math.min(1, (total - i) / 480);
    track.add(at + i, (a - b) * envelope * gain, pan);
  }
}

/** A small glass bell: partials that are not harmonic, the higher the shorter. */
export function bell(track: LoopTrack, at: number, midi: number, gain: number, pan: number): void {
  const hz = noteHz(midi);
  const total = Math.ceil(1.6 * RATE_HZ);
  for (let i = 0; i < total; i += 1) {
    const t = i / RATE_HZ;
    let tone = 0;
    for (const [ratio, level, seconds] of BELL)
      if (hz * ratio < 16_000) tone += level * Math.sin(TAU * hz * ratio * t) * Math.exp(-t / seconds);
    track.add(at + i, tone * Math.min(1, i / 70) * Math.min(1, (total - i) / 4800) * gain, pan);
  }
}
const BELL = [
  [1, 1, 0.5],
  [2.76, 0.55, 0.32],
  [5.4, 0.4, 0.2],
  [8.93, 0.25, 0.11],
] as const;

/** A breath of air that rises over its length, or falls from its first sample. */
export function swell(
  track: LoopTrack,
  at: number,
  samples: number,
  gain: number,
  seed: number,
  way: 'rising' | 'falling' = 'rising',
): void {
  const random = seededRandom(seed);
  let [a, b] = [0, 0];
  for (let i = 0; i < samples; i += 1) {
    const t = way === 'rising' ? i / samples : 1 - i / samples;
    // The band opens with the swell.
    a += (0.35 + 0.5 * t) * (random() * 2 - 1 - a);
    b += 0.28 * (a - b);
    const edge = Math.min(1, i / 480, (samples - i) / 480);
    track.add(at + i, (a - b) * t ** 3 * edge * gain, 0.5 * Math.sin((i / samples) * Math.PI * 2));
  }
}
