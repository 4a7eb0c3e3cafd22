import type { ColourRegion } from '../chroma/colour-region.js';

/*
 * How well a place agrees with bars that are known, sample by sample: what a sample of chroma has to show follows from where it
 * stands and from the bars within half a sample of it, so that bars of two thirds of a sample are told as surely as wide ones.
 */

/** Half the width over which a sample averages: its own, and a little of what the picture was drawn and scaled with. */
const HALF_SAMPLE = 0.55;
/** Samples on each side of the line along which bars are compared. */
const HALF_STRIP = 5;
/** Steps of the search: samples of the ends, radians of the angle; halved each time. */
const STEPS = [0.4, 0.2, 0.1, 0.05] as const;
const TURN = 0.06;
const MAX_ROUNDS = 8;
/** Of the samples that known bars should cover. */
const MIN_COVERED = 0.6;

/** Bars that are known, from one end of a symbol or from the other: the ink up to each module of `at` on. */
export interface KnownBars {
  readonly at: number;
  readonly ink: Float64Array;
}

/** A symbol across a line: where it begins and ends on it; `last` lies before `first` where it is seen the other way round. */
export interface Span {
  readonly angle: number;
  readonly first: number;
  readonly last: number;
}

/** Ink of bars, dark ones first, summed up to each module. */
export function inkOf(bars: readonly number[]): Float64Array {
  const sums = [0];
  for (const [i, bar] of bars.entries()) {
    for (let k = 0; k < bar; k += 1) sums.push(sums.at(-1)! + (i % 2 === 0 ? 1 : 0));
  }
  return Float64Array.from(sums);
}

/** Share of ink between two places, in modules. */
export function meanInk(ink: Float64Array, from: number, to: number): number {
  return (upTo(ink, to) - upTo(ink, from)) / (to - from);
}

function upTo(ink: Float64Array, place: number): number {
  const at = Math.min(ink.length - 1, Math.max(0, place));
  const whole = Math.min(ink.length - 2, Math.floor(at));
  return ink[whole]! + (at - whole) * (ink[whole + 1]! - ink[whole]!);
}

/** The samples around a line through a place, by their distance from the place's middle. */
export class Strip {
  private readonly dx: number[] = [];
  private readonly dy: number[] = [];
  private readonly values: number[] = [];

  /** Of the line that leans by `angle` and passes `across` samples beside the middle, from `from` to `to` on it. */
  constructor(
    region: ColourRegion,
    angle: number,
    private readonly across: number,
    from: number,
    to: number,
  ) {
    const { width, height, values, middleX, middleY } = region;
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1) {
        const [dx, dy] = [x - middleX, y - middleY];
        const u = dx * c + dy * s;
        if (Math.abs(dy * c - dx * s - across) > HALF_STRIP || u < from || u > to) continue;
        this.dx.push(dx);
        this.dy.push(dy);
        this.values.push(values[y * width + x]!);
      }
    }
  }

  /** Correlation with known bars of a symbol of so many modules; of one half of the strip if `side` is −1 or 1. */
  agrees({ angle, first, last }: Span, modules: number, known: readonly KnownBars[], side = 0): number {
    const { dx, dy, values, across } = this;
    const perSample = modules / (last - first);
    const reach = HALF_SAMPLE * Math.abs(perSample);
    const [c, s] = [Math.cos(angle) * perSample, Math.sin(angle) * perSample];
    const from = -first * perSample;
    let [n, sx, sy, sxx, syy, sxy] = [0, 0, 0, 0, 0, 0];
    for (const { at, ink } of known) {
      const end = at + ink.length - 1;
      const before = n;
      for (let i = 0; i < values.length; i += 1) {
        const place = dx[i]! * c + dy[i]! * s + from;
        // What a sample shares with what is unknown tells nothing.
        if (place - reach < at || place + reach > end) continue;
        if (side !== 0 && (dy[i]! * c - dx[i]! * s - across * perSample) * side < 0) continue;
        const a = meanInk(ink, place - at - reach, place - at + reach);
        const v = values[i]!;
        n += 1;
        sx += a;
        sy += v;
        sxx += a * a;
        syy += v * v;
        sxy += a * v;
      }
      const covered = ((end - at - 2 * reach) / Math.abs(perSample)) * 2 * HALF_STRIP * (side === 0 ? 1 : 0.5);
      if (n - before < MIN_COVERED * covered) return 0;
    }
    const spread = (n * sxx - sx * sx) * (n * syy - sy * sy);
    return spread <= 0 ? 0 : Math.abs(n * sxy - sx * sy) / Math.sqrt(spread);
  }

  /** The best place near a span, step by step, and how well it agrees. */
  fit(from: Span, modules: number, known: readonly KnownBars[]): { span: Span; agreed: number } {
    let span = from;
    let agreed = this.agrees(span, modules, known);
    for (const step of STEPS) {
      const turn = (TURN * step) / STEPS[0];
      for (let round = 0; round < MAX_ROUNDS; round += 1) {
        const before = agreed;
        for (const [a, b, t] of [
          [step, step, 0],
          [-step, -step, 0],
          [step, -step, 0],
          [-step, step, 0],
          [0, 0, turn],
          [0, 0, -turn],
        ] as const) {
          const next = { angle: span.angle + t, first: span.first + a, last: span.last + b };
          const better = this.agrees(next, modules, known);
          if (better <= agreed) continue;
          span = next;
          agreed = better;
        }
        if (agreed === before) break;
      }
    }
    return { span, agreed };
  }
}
