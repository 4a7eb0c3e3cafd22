import { cutIntoLines } from './colour-lines.js';
import type { ColourRegion } from './colour-region.js';

/*
 * Is a place that only its colours show a PDF417? With less than a chroma sample a module no reader takes it, and its rows
 * are mixed. What is left: start and stop stand in the same columns of every row (ISO/IEC 15438), so all lines across the bars
 * together have them, finer than the samples are, as the lines never run exactly along the samples. Nothing else begins with bars of
 * 8:1:1:1:1:1:1:3 and ends, a whole number of codewords further, with 7:1:1:3:1:1:1:2:1.
 */

const START = [8, 1, 1, 1, 1, 1, 1, 3] as const;
const STOP = [7, 1, 1, 3, 1, 1, 1, 2, 1] as const;
const START_MODULES = 17;
const STOP_MODULES = 18;
/** Start, stop and the two row indicators; then the columns of data. */
const MODULES = 69;
const COLUMN_MODULES = 17;
const MOST_COLUMNS = 8;
const LEAST_ASPECT = 1.6;
/** Chroma samples a module; coarser ones are read. */
const LEAST_MODULE = 0.6;
const MOST_MODULE = 1.6;
/** Modules of the shorter side: three rows, and of those four fifths are looked at. */
const LEAST_HEIGHT = 6;
/** Bins a sample. */
const FINE = 2;
/** Half the width over which a sample and a bin average, in samples. */
const HALF_SAMPLE = 0.6;
/** Samples by which the ends may lie within those of the outline, and beyond: bars of less than a sample do not show as changes. */
const INWARDS = 3;
const OUTWARDS = 4;
/** Degrees by which the outline's angle may be off, and the steps in which the true one is looked for. */
const OFF_DEGREES = 3;
const STEP_DEGREES = 1.5;
/** Correlation at a step from the best place from which the place is looked for; what has less has no bars. */
const LEAST_NEAR = 0.55;
/** Share of the shorter side whose lines are taken. */
const MIDDLE = 0.8;
/** Steps of chroma between the two colours, samples, share of the rarer of the two, and changes a sample across the bars. */
const LEAST_CONTRAST = 24;
const LEAST_SAMPLES = 400;
const LEAST_SHARE = 0.36;
const LEAST_CHANGES = 0.3;
/** Correlation of both ends with what they should be, of all lines, and of the lines of either half. */
const LEAST_AGREED = 0.9;
const LEAST_HALF = 0.75;

/** Ink of the bars from the start on, summed up to each module. */
const inkUpTo = (bars: readonly number[]): Float64Array => {
  const sums = [0];
  for (const [i, bar] of bars.entries()) {
    for (let k = 0; k < bar; k += 1) sums.push(sums.at(-1)! + (i % 2 === 0 ? 1 : 0));
  }
  return Float64Array.from(sums);
};
const START_INK = inkUpTo(START);
const STOP_INK = inkUpTo(STOP);

/** Mean colour along the bars, by the place across them: of all lines, of those of one half, and of the other. */
class Profiles {
  bins = 0;
  readonly values = [new Float64Array(0), new Float64Array(0), new Float64Array(0)];

  fill(region: ColourRegion, angle: number, from: number, to: number, across: number): void {
    this.bins = Math.ceil((to - from) * FINE) + 1;
    const weights = this.values.map((_, i) => {
      this.values[i] = new Float64Array(this.bins);
      return new Float64Array(this.bins);
    });
    const { width, height, values, middleX, middleY, level } = region;
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1) {
        const [dx, dy] = [x - middleX, y - middleY];
        const v = dy * c - dx * s;
        if (Math.abs(v) > across / 2) continue;
        const at = (dx * c + dy * s - from) * FINE;
        const half = v < 0 ? 1 : 2;
        const value = values[y * width + x]! - level;
        for (let bin = Math.ceil(at - 1.5); bin <= at + 1.5; bin += 1) {
          if (bin < 0 || bin >= this.bins) continue;
          const weight = 1.5 - Math.abs(at - bin);
          for (const list of [0, half]) {
            this.values[list]![bin]! += weight * value;
            weights[list]![bin]! += weight;
          }
        }
      }
    }
    for (const [list, sums] of this.values.entries()) {
      for (let bin = 0; bin < this.bins; bin += 1) sums[bin]! /= Math.max(1e-6, weights[list]![bin]!);
    }
  }
}

interface Bars {
  readonly agreed: number;
  readonly halves: number;
  readonly module: number;
  readonly columns: number;
}

/** How well a long place begins and ends as a PDF417 does, at its best angle and size. */
function bestBars(region: ColourRegion): Bars | undefined {
  if (region.long < LEAST_ASPECT * region.short) return undefined;
  const profiles = new Profiles();
  const lies = spanOf(region, region.angle);
  const stands = spanOf(region, region.angle + Math.PI / 2);
  const upright = lies.to - lies.from > stands.to - stands.from;
  const { from, to } = upright ? lies : stands;
  const base = upright ? region.angle : region.angle + Math.PI / 2;
  const fillAt = (degrees: number): void =>
    profiles.fill(region, base + (degrees * Math.PI) / 180, from - OUTWARDS, to + OUTWARDS, region.short * MIDDLE);
  let best: Fit = { agreed: 0, degrees: 0, columns: 1, first: 0, last: 0, back: false };
  for (let degrees = -OFF_DEGREES; degrees <= OFF_DEGREES; degrees += STEP_DEGREES) {
    fillAt(degrees);
    for (let columns = 1; columns <= MOST_COLUMNS; columns += 1) {
      const module = (to - from) / modulesOf(columns);
      if (module < LEAST_MODULE || module > MOST_MODULE || region.short < LEAST_HEIGHT * module) continue;
      best = fitFrom(profiles, best, { degrees, columns }, FINE, (INWARDS + OUTWARDS) * FINE);
    }
  }
  if (best.agreed < LEAST_NEAR) return undefined;
  // Of all bins now, as what follows.
  fillAt(best.degrees);
  best = better(profiles.values[0]!, { ...best, agreed: 0 }, best);
  for (const step of [STEP_DEGREES / 2, STEP_DEGREES / 4]) {
    const { degrees } = best;
    for (const off of [-step, 0, step]) {
      fillAt(degrees + off);
      best = fitNear(profiles, best, degrees + off);
    }
  }
  fillAt(best.degrees);
  const halves = profiles.values.slice(1).map((half) => Math.abs(correlate(half, best)));
  const module = (best.last - best.first) / FINE / modulesOf(best.columns);
  return { agreed: best.agreed, halves: Math.min(...halves), module, columns: best.columns };
}

/** A place of start and stop in a profile, `back` from the other end on, and how well it agrees. */
interface Fit {
  readonly agreed: number;
  readonly degrees: number;
  readonly columns: number;
  readonly first: number;
  readonly last: number;
  readonly back: boolean;
}

const modulesOf = (columns: number): number => MODULES + COLUMN_MODULES * columns;

/** The better of `best` and all places whose ends are within `reach` bins of those of the profile. */
function fitFrom(
  { values: [all], bins }: Profiles,
  best: Fit,
  { degrees, columns }: Pick<Fit, 'degrees' | 'columns'>,
  step: number,
  reach: number,
): Fit {
  for (let first = 0; first <= reach; first += step) {
    for (let last = bins - 1 - reach; last < bins; last += step) {
      for (const back of [false, true]) {
        best = better(all!, best, { agreed: 0, degrees, columns, first, last, back }, step);
      }
    }
  }
  return best;
}

/** The same a bin around the best. */
function fitNear({ values: [all], bins }: Profiles, best: Fit, degrees: number): Fit {
  const { first, last } = best;
  for (let a = Math.max(0, first - 1); a <= first + 1; a += 1) {
    for (let b = last - 1; b <= Math.min(bins - 1, last + 1); b += 1) {
      best = better(all!, best, { ...best, degrees, first: a, last: b });
    }
  }
  return best;
}

function better(profile: Float64Array, best: Fit, next: Fit, step = 1): Fit {
  const agreed = Math.abs(correlate(profile, next, step));
  return agreed > best.agreed ? { ...next, agreed } : best;
}

/** Where the inside begins and ends along a direction, its soft edge included, from the middle on. */
function spanOf(region: ColourRegion, angle: number): { from: number; to: number } {
  const { width, height, inner, middleX, middleY, edge } = region;
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  let [from, to] = [Infinity, -Infinity];
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if (inner[y * width + x] === 0) continue;
      const u = (x - middleX) * c + (y - middleY) * s;
      from = Math.min(from, u);
      to = Math.max(to, u);
    }
  }
  return { from: from - edge, to: to + edge };
}

/** Correlation of both ends with start and stop, in every bin or in every second one. */
function correlate(profile: Float64Array, { columns, first: from, last: to, back }: Fit, step = 1): number {
  const modules = modulesOf(columns);
  const module = (to - from) / modules;
  const reach = (HALF_SAMPLE * FINE) / module;
  let [n, sx, sy, sxx, syy, sxy] = [0, 0, 0, 0, 0, 0];
  const startBins = Math.floor(START_MODULES * module);
  const stopBins = Math.floor(STOP_MODULES * module);
  for (let i = 0; i <= startBins + stopBins + 1; i += step) {
    const isStart = i <= startBins;
    const bin = isStart ? i : to - from - (startBins + stopBins + 1 - i);
    const place = bin / module - (isStart ? 0 : modules - STOP_MODULES);
    const ink = isStart ? inkAround(START_INK, place, reach) : inkAround(STOP_INK, place, reach);
    const value = profile[back ? to - bin : from + bin]!;
    n += 1;
    sx += ink;
    sy += value;
    sxx += ink * ink;
    syy += value * value;
    sxy += ink * value;
  }
  const spread = (n * sxx - sx * sx) * (n * syy - sy * sy);
  return spread <= 0 ? 0 : (n * sxy - sx * sy) / Math.sqrt(spread);
}

/** Share of ink within `reach` modules of a place. */
const inkAround = (ink: Float64Array, place: number, reach: number): number =>
  (upTo(ink, place + reach) - upTo(ink, place - reach)) / (2 * reach);

function upTo(ink: Float64Array, place: number): number {
  const at = Math.min(ink.length - 1, Math.max(0, place));
  const whole = Math.min(ink.length - 2, Math.floor(at));
  return ink[whole]! + (at - whole) * (ink[whole + 1]! - ink[whole]!);
}

/** Whether a place is as dense along its longer side, and as evenly of two colours, as codewords are. */
function isDense(region: ColourRegion): boolean {
  if (region.contrast < LEAST_CONTRAST || region.samples < LEAST_SAMPLES) return false;
  if (Math.min(region.share, 1 - region.share) < LEAST_SHARE || region.long < LEAST_ASPECT * region.short) return false;
  const across = Math.max(...[0, Math.PI / 2].map((turn) => cutIntoLines(region, region.angle + turn).changes));
  return across >= LEAST_CHANGES;
}

/** Whether a place begins and ends as a PDF417 does, in all its lines. */
export function isPdf417(region: ColourRegion): boolean {
  if (!isDense(region)) return false;
  const bars = bestBars(region);
  return bars !== undefined && bars.agreed >= LEAST_AGREED && bars.halves >= LEAST_HALF;
}
