import { inkOf, type KnownBars, meanInk, type Span, Strip } from '../pdf417/bars-fit.js';
import { cutIntoLines } from './colour-lines.js';
import type { ColourRegion } from './colour-region.js';

/*
 * Is a place that only its colours show a PDF417? With less than a chroma sample a module no reader takes it, and its rows
 * are mixed. What is left: start and stop stand in the same columns of every row (ISO/IEC 15438). Nothing else begins with bars of
 * 8:1:1:1:1:1:1:3 and ends, a whole number of codewords further, with 7:1:1:3:1:1:1:2:1.
 *
 * Where a start may stand is looked for in the mean of some lines, roughly; then start, and start and stop together, are laid on the
 * samples (`bars-fit.ts`).
 */

const START = inkOf([8, 1, 1, 1, 1, 1, 1, 3]);
const STOP = inkOf([7, 1, 1, 3, 1, 1, 1, 2, 1]);
const START_MODULES = 17;
const STOP_MODULES = 18;
/** Start, stop and the two row indicators; then the columns of data. */
const MODULES = 69;
const COLUMN_MODULES = 17;
const MAX_COLUMNS = 8;
const MIN_ASPECT = 1.4;
/** Chroma samples a module; coarser ones are read. */
const MIN_MODULE = 0.6;
const MAX_MODULE = 1.6;
const MODULE_STEP = 1.04;
/** Bins a sample, and half the width over which a bin of the mean averages. */
const FINE = 2;
const HALF_BIN = 0.73;
/** Samples across a strip of lines, and between one and the next. */
const STRIP = 8;
const MAX_STRIPS = 6;
const NEXT_STRIP = 5;
/** Degrees by which the outline's angle may be off. */
const TURNS = [0, -2, 2] as const;
/** Samples by which the ends may lie beyond those of the outline, a whole start: wide bars do not show as changes. */
const OUTWARDS = 27;
const INWARDS = 28;
/** Starts that are looked at closely, and how well they agree roughly and closely. */
const MAX_STARTS = 6;
const MIN_ROUGH = 0.5;
const MIN_START = 0.75;
/** Of the contrast, from a start's wide bar to its gap; and how far what is between may be off their middle. */
const MIN_FALL = 0.35;
const MAX_OFF = 0.8;
/** Samples within which two starts are one. */
const SAME_START = 2;
/** Steps of chroma between the two colours, samples, share of the rarer of the two, and changes a sample across the bars. */
const MIN_CONTRAST = 24;
const MIN_SAMPLES = 400;
const MIN_SHARE = 0.3;
const MIN_CHANGES = 0.28;
/** Correlation of both ends with what they should be, of all lines, and of the lines of either half. */
const MIN_AGREED = 0.88;
const MIN_HALF = 0.75;

/** Where a start may stand: it begins at `first`, on a line `across` samples beside the middle, and runs forwards or back. */
interface Start {
  readonly agreed: number;
  readonly angle: number;
  readonly across: number;
  readonly first: number;
  /** Samples a module, negative where it runs back. */
  readonly module: number;
}

/** Mean colour along a strip of lines, by the place on them. */
function profileOf(region: ColourRegion, angle: number, across: number, from: number, bins: number): Float64Array {
  const sums = new Float64Array(bins);
  const weights = new Float64Array(bins);
  const { width, height, values, middleX, middleY } = region;
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const [dx, dy] = [x - middleX, y - middleY];
      if (Math.abs(dy * c - dx * s - across) > STRIP / 2) continue;
      const at = (dx * c + dy * s - from) * FINE;
      for (let bin = Math.max(0, Math.ceil(at - 1.5)); bin <= at + 1.5 && bin < bins; bin += 1) {
        const weight = 1.5 - Math.abs(at - bin);
        sums[bin]! += weight * values[y * width + x]!;
        weights[bin]! += weight;
      }
    }
  }
  for (let bin = 0; bin < bins; bin += 1) sums[bin]! /= Math.max(1e-6, weights[bin]!);
  return sums;
}

/** The start as such a mean shows it, bin by bin, for each size of its modules. */
const MODELS = (() => {
  const models: { module: number; ink: Float64Array; sum: number; spread: number }[] = [];
  for (let module = MIN_MODULE; module <= MAX_MODULE; module *= MODULE_STEP) {
    const reach = HALF_BIN / module;
    const ink = Float64Array.from({ length: Math.floor(START_MODULES * module * FINE) }, (_, i) => {
      const place = i / FINE / module;
      return meanInk(START, place - reach, place + reach);
    });
    const sum = ink.reduce((a, b) => a + b, 0);
    const spread = ink.length * ink.reduce((a, b) => a + b * b, 0) - sum * sum;
    models.push({ module, ink, sum, spread });
  }
  return models;
})();

/** The places in a profile where a start may begin, near either end of it, and run inwards. */
function findStarts(
  profile: Float64Array,
  contrast: number,
  take: (agreed: number, bin: number, module: number) => void,
): void {
  const bins = profile.length;
  const sums = new Float64Array(bins + 1);
  for (let i = 0; i < bins; i += 1) sums[i + 1] = sums[i]! + profile[i]!;
  const places = Math.min(bins, (OUTWARDS + INWARDS) * FINE);
  for (const { module, ink, sum, spread } of MODELS) {
    const n = ink.length;
    const [wide, narrow] = [Math.round(8 * module * FINE), Math.round(14 * module * FINE)];
    for (const step of [1, -1]) {
      for (let i = 0; i < places && i + n <= bins; i += 1) {
        const first = step > 0 ? i : bins - 1 - i;
        // A wide bar, a mixture, and a gap of the other colour.
        const end = step > 0 ? i : bins - i;
        const dark = (sums[end + step * wide]! - sums[end]!) / (step * wide);
        const mixed = (sums[end + step * narrow]! - sums[end + step * wide]!) / (step * (narrow - wide));
        const light = (sums[end + step * n]! - sums[end + step * narrow]!) / (step * (n - narrow));
        const fall = dark - light;
        if (Math.abs(fall) < MIN_FALL * contrast || Math.abs(2 * mixed - dark - light) > MAX_OFF * Math.abs(fall))
          continue;
        let [sy, syy, sxy] = [0, 0, 0];
        for (let k = 0; k < n; k += 1) {
          const v = profile[first + k * step]!;
          sy += v;
          syy += v * v;
          sxy += v * ink[k]!;
        }
        const agreed = Math.abs(n * sxy - sum * sy) / Math.sqrt(Math.max(1e-6, spread * (n * syy - sy * sy)));
        if (agreed >= MIN_ROUGH) take(agreed, first, module * step);
      }
    }
  }
}

/** Keeps the best of the starts, one a place. */
function keep(starts: Start[], start: Start): void {
  const same = starts.findIndex(
    ({ first, module, across }) =>
      Math.sign(module) === Math.sign(start.module) &&
      Math.hypot(first - start.first, across - start.across) < SAME_START,
  );
  if (same >= 0) {
    if (starts[same]!.agreed < start.agreed) starts[same] = start;
    return;
  }
  if (starts.length < MAX_STARTS) starts.push(start);
  else {
    const worst = starts.reduce((at, { agreed }, i) => (agreed < starts[at]!.agreed ? i : at), 0);
    if (starts[worst]!.agreed < start.agreed) starts[worst] = start;
  }
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

/** How well a place begins and ends as a PDF417 does. */
interface Bars {
  readonly agreed: number;
  readonly halves: number;
  readonly columns: number;
  readonly module: number;
}

/** The best bars of a long place. */
function bestBars(region: ColourRegion): Bars | undefined {
  const lies = spanOf(region, region.angle);
  const stands = spanOf(region, region.angle + Math.PI / 2);
  const upright = lies.to - lies.from > stands.to - stands.from;
  const [along, beside] = upright ? [lies, stands] : [stands, lies];
  const base = upright ? region.angle : region.angle + Math.PI / 2;
  // A direction further on, the other way round.
  const [low, high] = upright ? [beside.from, beside.to] : [-beside.to, -beside.from];
  const [from, to] = [along.from - OUTWARDS, along.to + OUTWARDS];
  const bins = Math.ceil((to - from) * FINE);
  const room = high - low - STRIP;
  const strips = Math.min(MAX_STRIPS, Math.max(1, 1 + Math.floor(room / NEXT_STRIP)));
  const starts: Start[] = [];
  for (const degrees of TURNS) {
    const angle = base + (degrees * Math.PI) / 180;
    for (let i = 0; i < strips; i += 1) {
      const across = (low + high) / 2 + (strips === 1 ? 0 : (i / (strips - 1) - 0.5) * room);
      findStarts(profileOf(region, angle, across, from, bins), region.contrast, (agreed, bin, module) =>
        keep(starts, { agreed, angle, across, first: from + bin / FINE, module }),
      );
    }
  }
  let best: Bars | undefined;
  for (const start of starts.sort((a, b) => b.agreed - a.agreed)) {
    const bars = followStart(region, start, from, to);
    if (bars === undefined || (best !== undefined && bars.agreed <= best.agreed)) continue;
    best = bars;
    if (isSure(best)) break;
  }
  return best;
}

/** What begins with this start, at its best place. */
function followStart(region: ColourRegion, start: Start, from: number, to: number): Bars | undefined {
  const { angle, across, first, module } = start;
  const end = first + START_MODULES * module;
  const alone = new Strip(region, angle, across, Math.min(first, end) - 2, Math.max(first, end) + 2);
  const begun = alone.fit({ angle, first, last: end }, START_MODULES, [{ at: 0, ink: START }]);
  if (begun.agreed < MIN_START) return undefined;
  const strip = new Strip(region, begun.span.angle, across, from, to);
  const perModule = (begun.span.last - begun.span.first) / START_MODULES;
  let best: { columns: number; agreed: number; span: Span } | undefined;
  for (let columns = 1; columns <= MAX_COLUMNS; columns += 1) {
    const modules = MODULES + COLUMN_MODULES * columns;
    const last = begun.span.first + modules * perModule;
    if (Math.abs(last - (from + to) / 2) > (to - from) / 2) break;
    const known: KnownBars[] = [
      { at: 0, ink: START },
      { at: modules - STOP_MODULES, ink: STOP },
    ];
    // A start tells the size of its modules to a fiftieth: the stop is a sample or two from where it should be.
    for (const off of [-1.6, -0.8, 0, 0.8, 1.6]) {
      const near = { ...begun.span, last: last + off };
      const agreed = strip.agrees(near, modules, known);
      if (best === undefined || agreed > best.agreed) best = { columns, agreed, span: near };
    }
  }
  if (best === undefined) return undefined;
  const { columns } = best;
  const modules = MODULES + COLUMN_MODULES * columns;
  const known: KnownBars[] = [
    { at: 0, ink: START },
    { at: modules - STOP_MODULES, ink: STOP },
  ];
  const { span, agreed } = strip.fit(best.span, modules, known);
  const halves = Math.min(strip.agrees(span, modules, known, -1), strip.agrees(span, modules, known, 1));
  return { agreed, halves, columns, module: Math.abs(span.last - span.first) / modules };
}

const isSure = ({ agreed, halves, module }: Bars): boolean =>
  agreed >= MIN_AGREED && halves >= MIN_HALF && module >= MIN_MODULE && module <= MAX_MODULE;

/** Whether a place is as dense along its longer side, and as evenly of two colours, as codewords are. */
function isDense(region: ColourRegion): boolean {
  if (region.contrast < MIN_CONTRAST || region.samples < MIN_SAMPLES) return false;
  if (Math.min(region.share, 1 - region.share) < MIN_SHARE || region.long < MIN_ASPECT * region.short) return false;
  const across = Math.max(...[0, Math.PI / 2].map((turn) => cutIntoLines(region, region.angle + turn).changes));
  return across >= MIN_CHANGES;
}

/** Whether a place begins and ends as a PDF417 does, in all its lines. */
export function isPdf417(region: ColourRegion): boolean {
  if (!isDense(region)) return false;
  const bars = bestBars(region);
  return bars !== undefined && isSure(bars);
}
