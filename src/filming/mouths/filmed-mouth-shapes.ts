import { VISEMES, type Viseme } from '../../core/speech.js';

/** A mouth to make: lengths are shares of the unit. */
export interface MouthShape {
  readonly viseme: Viseme;
  /** As a mouth track has it, 0–255. */
  readonly openness: number;
  /** −1 rounded … 1 spread. */
  readonly spread: number;
  /** Gap between the lips in the middle. */
  readonly gap: number;
  /** Outward shift of each corner. */
  readonly widen: number;
  /** Share of the gap by which the upper lip rises. */
  readonly up: number;
  /** How far the chin sinks. */
  readonly jaw: number;
  /** Lips pressed together, 0–1. */
  readonly press: number;
  /** Lower lip under the upper teeth, 0–1. */
  readonly tuck: number;
  /** Tongue raised, 0–1. */
  readonly tongue: number;
}

/** Gap of the widest vowel. */
const WIDEST_GAP = 0.17;
const MAX_OPENNESS = 235;
const SPREAD_SHIFT = 0.028;
const ROUND_SHIFT = 0.075;

interface Family {
  readonly visemes: readonly Viseme[];
  readonly spread: number;
  readonly levels: readonly number[];
  readonly tongue?: number;
}

/** Sounds that look alike share their pictures. */
const FAMILIES: readonly Family[] = [
  { visemes: ['aa', 'kk'], spread: 0, levels: [10, 24, 45, 75, 105, 140, 175, 205, 235] },
  { visemes: ['E'], spread: 0.5, levels: [12, 28, 50, 80, 110, 140, 165] },
  { visemes: ['I', 'SS'], spread: 1, levels: [12, 28, 45, 70, 95, 130] },
  { visemes: ['O'], spread: -0.6, levels: [14, 32, 60, 95, 130, 165, 199] },
  { visemes: ['U', 'CH', 'RR'], spread: -1, levels: [12, 28, 45, 75, 105, 135] },
  // On the way from a round mouth to an open one.
  { visemes: ['O'], spread: -0.3, levels: [20, 50, 90, 130, 170] },
  { visemes: ['DD', 'nn', 'TH'], spread: 0.3, levels: [25, 60, 95], tongue: 1 },
];

const closed = (viseme: Viseme, more: Partial<MouthShape>): MouthShape => ({
  viseme,
  openness: 0,
  spread: 0,
  gap: 0,
  widen: 0,
  up: 0.3,
  jaw: 0,
  press: 0,
  tuck: 0,
  tongue: 0,
  ...more,
});

/** All mouths made from a resting one. The first is the mouth at rest. */
export const MOUTH_SHAPES: readonly MouthShape[] = [
  closed('sil', {}),
  closed('PP', { press: 1 }),
  closed('FF', { openness: 45, gap: 0.022, up: 0.85, tuck: 1, jaw: 0.005 }),
  ...FAMILIES.flatMap(({ visemes, spread, levels, tongue = 0 }) =>
    levels.map((openness): MouthShape => {
      const gap = (WIDEST_GAP * openness) / MAX_OPENNESS;
      const shift = spread > 0 ? spread * SPREAD_SHIFT : spread * ROUND_SHIFT;
      // Rounding and spreading come with the first opening; a wide jaw draws the corners in.
      const early = Math.min(1, 0.45 + openness / 150);
      return {
        viseme: visemes[0]!,
        openness,
        spread,
        gap: gap * (spread <= -0.6 ? 0.92 : 1),
        widen: shift * early - 0.1 * gap,
        up: spread > 0.7 ? 0.3 : 0.24,
        jaw: 0.7 * gap,
        press: 0,
        tuck: 0,
        tongue,
      };
    }),
  ),
];

/** Mouth spread that each viseme wants, in the order of VISEMES. */
export const SPREAD_OF: Readonly<Record<Viseme, number>> = (() => {
  const of = Object.fromEntries(VISEMES.map((v) => [v, 0])) as Record<Viseme, number>;
  for (const family of FAMILIES) for (const v of family.visemes) if (of[v] === 0) of[v] = family.spread;
  return of;
})();
