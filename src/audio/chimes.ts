import { SAMPLE_RATE_HZ } from '../core/time.js';

/*
 * Problem: a viewer who looks away misses a new product, a thank-you or the end of an offer.
 * Rule: each has a short sound of its own, computed once, far below speech and above the music. Words stay clear: no
 * chime lasts longer than a second or has a sudden start.
 * Numbers: notes are bars of a marimba (partials at 1, 3.93 and 9.5 times the pitch; Fletcher and Rossing, The Physics
 * of Musical Instruments, 19.4). Peaks are shares of full scale for a programme at −16 LUFS.
 */
export const CHIMES = ['product', 'thanks', 'tick', 'end'] as const;
export type Chime = (typeof CHIMES)[number];

interface Note {
  readonly atMs: number;
  readonly midi: number;
  readonly level: number;
  /** Time in which it falls by 8.7 dB. */
  readonly decayMs: number;
}

const NOTES: Readonly<Record<Chime, readonly Note[]>> = {
  product: [
    { atMs: 0, midi: 76, level: 0.85, decayMs: 150 },
    { atMs: 130, midi: 83, level: 1, decayMs: 210 },
  ],
  thanks: [
    { atMs: 0, midi: 79, level: 0.7, decayMs: 120 },
    { atMs: 90, midi: 84, level: 0.85, decayMs: 140 },
    { atMs: 180, midi: 88, level: 1, decayMs: 190 },
  ],
  tick: [{ atMs: 0, midi: 91, level: 0.6, decayMs: 26 }],
  end: [
    { atMs: 0, midi: 84, level: 0.8, decayMs: 200 },
    { atMs: 0, midi: 91, level: 0.6, decayMs: 200 },
  ],
};

const PARTIALS = [
  { ratio: 1, level: 1, decay: 1 },
  { ratio: 3.93, level: 0.16, decay: 0.35 },
  { ratio: 9.5, level: 0.05, decay: 0.12 },
] as const;
const PEAK = 0.07;
const ATTACK_MS = 4;
const LENGTH_MS = 1000;
const END_FADE_MS = 120;
const TAU = 2 * Math.PI;

const computed = new Map<Chime, Float32Array>();

/** The sound of a chime: mono at 48 kHz, one second. */
export function chimeSound(chime: Chime): Float32Array {
  let sound = computed.get(chime);
  if (sound === undefined) {
    sound = compute(NOTES[chime]);
    computed.set(chime, sound);
  }
  return sound;
}

function compute(notes: readonly Note[]): Float32Array {
  const samples = (LENGTH_MS * SAMPLE_RATE_HZ) / 1000;
  const out = new Float32Array(samples);
  for (const { atMs, midi, level, decayMs } of notes) {
    const hz = 440 * 2 ** ((midi - 69) / 12);
    const from = Math.round((atMs * SAMPLE_RATE_HZ) / 1000);
    for (let i = from; i < samples; i += 1) {
      const ms = ((i - from) * 1000) / SAMPLE_RATE_HZ;
      let tone = 0;
      for (const partial of PARTIALS)
        tone +=
          partial.level * Math.exp(-ms / (decayMs * partial.decay)) * Math.sin((TAU * hz * partial.ratio * ms) / 1000);
      out[i]! += tone * level * Math.min(1, ms / ATTACK_MS);
    }
  }
  let peak = 0;
  for (const x of out) peak = Math.max(peak, Math.abs(x));
  const level = Math.max(...notes.map((note) => note.level));
  const fade = (END_FADE_MS * SAMPLE_RATE_HZ) / 1000;
  for (let i = 0; i < samples; i += 1) out[i]! *= ((PEAK * level) / peak) * Math.min(1, (samples - i) / fade);
  return out;
}
