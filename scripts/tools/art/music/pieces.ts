/** The score of a music bed. */
export interface Piece {
  name: string;
  seed: number;
  /** Its sections, each a round of the chords: A light, B full, C a bridge, D full with bells. */
  form: string;
  /** Samples a beat at 48 kHz; a whole number, so bars never drift. */
  beat: number;
  /** Chords, one per bar, from the bass up in MIDI notes. */
  chords: readonly (readonly number[])[];
  /** Notes of the melody. */
  scale: readonly number[];
  drums: boolean;
  /** Beats in a bar; default 4. */
  meter?: 3 | 4;
  /** How the broken chord runs; default `gaps`: eighths with gaps. */
  figure?: 'gaps' | 'rising' | 'offbeat';
  /** Delay of the second eighth of a beat, of an eighth. */
  swing?: number;
  pluckGain: number;
  padGain: number;
}

// I – vi – IV – V with ninths, then a second round through ii and iii.
const MORNING: readonly (readonly number[])[] = [
  [36, 60, 64, 67, 71, 74],
  [33, 57, 60, 64, 67, 71],
  [41, 57, 60, 64, 67, 72],
  [43, 59, 62, 65, 69, 74],
  [36, 60, 64, 67, 71, 74],
  [40, 59, 62, 64, 67, 71],
  [38, 57, 60, 65, 69, 72],
  [43, 60, 62, 67, 69, 74],
];
const EVENING: readonly (readonly number[])[] = [
  [41, 57, 60, 64, 67],
  [40, 55, 59, 62, 67],
  [38, 57, 60, 65, 69],
  [43, 55, 59, 62, 65],
  [36, 55, 60, 64, 71],
  [45, 57, 60, 64, 67],
  [38, 57, 62, 65, 72],
  [43, 57, 60, 62, 67],
];

// D major, brisk: I – V – vi – IV and back by way of ii.
const NOON: readonly (readonly number[])[] = [
  [38, 57, 62, 66, 69],
  [33, 57, 61, 64, 69],
  [35, 59, 62, 66, 69],
  [43, 59, 62, 66, 71],
  [38, 57, 62, 66, 69],
  [40, 55, 59, 64, 66],
  [43, 59, 62, 66, 69],
  [33, 57, 61, 64, 67],
];
// A minor, slow, with a turn to the major at its third bar.
const DUSK: readonly (readonly number[])[] = [
  [33, 57, 60, 64, 71],
  [41, 57, 60, 65, 69],
  [36, 55, 60, 64, 67],
  [43, 55, 59, 62, 69],
  [38, 57, 60, 65, 69],
  [33, 57, 60, 64, 67],
  [40, 56, 59, 64, 67],
  [40, 56, 59, 62, 68],
];

// G major, off the beat.
const MARKET: readonly (readonly number[])[] = [
  [43, 59, 62, 67, 71],
  [40, 59, 62, 64, 67],
  [36, 60, 64, 67, 71],
  [38, 57, 62, 66, 69],
  [43, 59, 62, 67, 71],
  [35, 59, 62, 66, 69],
  [36, 57, 60, 64, 67],
  [38, 57, 60, 66, 69],
];
// F major, bright and even.
const SPRING: readonly (readonly number[])[] = [
  [41, 60, 65, 69, 72],
  [36, 60, 64, 67, 72],
  [38, 57, 62, 65, 69],
  [34, 58, 62, 65, 70],
  [41, 57, 60, 65, 69],
  [45, 57, 60, 64, 69],
  [34, 58, 62, 65, 69],
  [36, 58, 60, 64, 67],
];
// E dorian, steady.
const WORKSHOP: readonly (readonly number[])[] = [
  [40, 59, 64, 67, 71],
  [40, 57, 61, 64, 69],
  [38, 57, 62, 66, 69],
  [45, 57, 61, 64, 69],
  [40, 59, 64, 67, 74],
  [43, 59, 62, 67, 71],
  [45, 57, 61, 64, 69],
  [35, 59, 62, 66, 69],
];
// Five notes of G, open fifths below.
const SILK: readonly (readonly number[])[] = [
  [43, 55, 62, 67, 69],
  [40, 55, 59, 64, 67],
  [45, 57, 62, 64, 69],
  [38, 57, 62, 66, 69],
  [43, 55, 62, 67, 71],
  [36, 55, 60, 64, 67],
  [38, 57, 62, 64, 69],
  [43, 55, 59, 62, 67],
];
// A waltz in C.
const WALTZ: readonly (readonly number[])[] = [
  [36, 60, 64, 67],
  [45, 60, 64, 69],
  [38, 57, 62, 65],
  [43, 59, 62, 65],
  [40, 59, 64, 67],
  [41, 57, 60, 65],
  [38, 57, 60, 65],
  [43, 59, 62, 67],
  [36, 60, 64, 67],
  [33, 57, 60, 64],
  [41, 57, 60, 69],
  [43, 59, 62, 65],
];
// B flat, slow, sevenths all through.
const NIGHT: readonly (readonly number[])[] = [
  [34, 58, 62, 65, 69],
  [43, 58, 62, 65, 70],
  [39, 58, 62, 67, 70],
  [41, 57, 60, 63, 67],
  [38, 57, 60, 65, 69],
  [43, 58, 62, 65, 69],
  [36, 58, 63, 67, 70],
  [41, 57, 60, 63, 67],
];
// D major, in step.
const PARADE: readonly (readonly number[])[] = [
  [38, 57, 62, 66, 69],
  [43, 59, 62, 67, 71],
  [38, 57, 62, 66, 69],
  [45, 57, 61, 64, 69],
  [35, 59, 62, 66, 71],
  [43, 59, 62, 67, 71],
  [45, 57, 61, 64, 67],
  [38, 57, 62, 66, 69],
];
// E flat with ninths, swung.
const BREEZE: readonly (readonly number[])[] = [
  [39, 58, 62, 65, 67],
  [36, 58, 62, 63, 67],
  [41, 56, 60, 63, 67],
  [34, 56, 60, 62, 65],
  [43, 58, 62, 65, 70],
  [36, 58, 63, 67, 70],
  [41, 56, 60, 63, 67],
  [34, 56, 60, 62, 67],
];

export const PIECES: readonly Piece[] = [
  {
    name: 'bed',
    form: 'ACD',
    seed: 20_26,
    beat: 30_000,
    chords: MORNING,
    scale: [72, 74, 76, 79, 81, 84],
    drums: true,
    pluckGain: 0.2,
    padGain: 0.085,
  },
  {
    name: 'calm',
    form: 'ACD',
    seed: 1107,
    beat: 40_000,
    chords: EVENING,
    scale: [69, 72, 74, 76, 79],
    drums: false,
    pluckGain: 0.16,
    padGain: 0.11,
  },
  {
    name: 'bright',
    form: 'ABCD',
    seed: 31,
    beat: 26_000,
    chords: NOON,
    scale: [74, 76, 78, 81, 83],
    drums: true,
    pluckGain: 0.19,
    padGain: 0.08,
  },
  {
    name: 'dusk',
    form: 'ACD',
    seed: 404,
    beat: 36_000,
    chords: DUSK,
    scale: [69, 72, 74, 76, 81],
    drums: false,
    pluckGain: 0.15,
    padGain: 0.115,
  },
  {
    name: 'market',
    form: 'ABCD',
    seed: 512,
    beat: 27_000,
    chords: MARKET,
    scale: [71, 74, 76, 79, 83],
    drums: true,
    figure: 'offbeat',
    pluckGain: 0.18,
    padGain: 0.075,
  },
  {
    name: 'spring',
    form: 'ABCD',
    seed: 77,
    beat: 29_000,
    chords: SPRING,
    scale: [72, 74, 77, 79, 81],
    drums: false,
    figure: 'rising',
    pluckGain: 0.17,
    padGain: 0.085,
  },
  {
    name: 'workshop',
    form: 'ABCD',
    seed: 64,
    beat: 28_000,
    chords: WORKSHOP,
    scale: [71, 74, 76, 78, 81],
    drums: true,
    pluckGain: 0.17,
    padGain: 0.085,
  },
  {
    name: 'silk',
    form: 'ACD',
    seed: 88,
    beat: 34_000,
    chords: SILK,
    scale: [74, 76, 79, 81, 83, 86],
    drums: false,
    figure: 'rising',
    pluckGain: 0.16,
    padGain: 0.09,
  },
  {
    name: 'waltz',
    form: 'ABCD',
    seed: 34,
    beat: 28_000,
    chords: WALTZ,
    scale: [72, 74, 76, 79, 81],
    drums: false,
    meter: 3,
    figure: 'offbeat',
    pluckGain: 0.16,
    padGain: 0.095,
  },
  {
    name: 'night',
    form: 'ACD',
    seed: 909,
    beat: 40_000,
    chords: NIGHT,
    scale: [70, 72, 74, 77, 81],
    drums: false,
    swing: 0.3,
    pluckGain: 0.14,
    padGain: 0.11,
  },
  {
    name: 'parade',
    form: 'ABCD',
    seed: 21,
    beat: 24_000,
    chords: PARADE,
    scale: [74, 76, 78, 81, 83],
    drums: true,
    figure: 'rising',
    pluckGain: 0.18,
    padGain: 0.075,
  },
  {
    name: 'breeze',
    form: 'ACD',
    seed: 53,
    beat: 30_000,
    chords: BREEZE,
    scale: [70, 72, 74, 77, 79],
    drums: true,
    swing: 0.3,
    pluckGain: 0.18,
    padGain: 0.085,
  },
];
