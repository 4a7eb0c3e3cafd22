import { FINDER_STRIDE } from '../locate/candidate-boxes.js';
import { type Corner, PlaneSampler, type Quad, QuadSampler } from '../pipeline/quad-sampler.js';
import { quadOf, type Triple } from './qr-triples.js';

/*
 * Decides whether a region is a QR code although no reader decodes it. A logo, a strong blur or dots for modules defeat
 * the readers, but perhaps not a better camera. Rings, targets and 回 imitate the finder patterns. They lack the timing
 * pattern: modules that alternate, in a straight line, all the way between two finders, on two sides (ISO/IEC 18004,
 * 6.3.5), in step with the finders' own modules.
 */

/** Share of the timing's contrast that alternates in step: noise gives about 0. */
const TIMING_AGREES = 0.72;
/** Correlation of the three corners with the finder pattern. */
const FINDERS_AGREE = 0.72;
/** The fourth corner has no finder; rows of tiles, targets and loudspeakers do. */
export const FOURTH_AGREES = 0.5;
/**
 * 98 % of triples in texture stay below this; of 49 codes that were read the minimum was 0.45, and all others 0.86 and
 * more.
 */
const WORTH_DRAWING = 0.3;
/** Tolerance of the estimated number of modules along a side. */
const ESTIMATES = [1, 0.85, 1.15] as const;
/** Agreement of both rows next to a timing line from which on it is not a single line. */
const BESIDE_TIMING = 0.6;
const VERSIONS = 40;
/** Maximum number of other finders similar to a code's own. */
const MAX_COMPANY = 2;
/** The same when the timing lines were counted and agree, as a bent code needs. */
const FINDERS_AGREE_COUNTED = 0.35;
const FINDERS_AGREE_LOOSE = 0.55;
/** Samples per module along a timing line. */
const STEPS = 6;
/** Maximum bow of a timing line between its ends, in modules: a code on a bottle. */
const BOWS = [0, -0.6, 0.6, -1.2, 1.2] as const;
const OFFSETS = [0, -0.35, 0.35] as const;

/** 1 dark, 0 light, of the 8×8 modules in a corner: the finder and its separator. */
const finderIsDark = (x: number, y: number): number => {
  if (x === 7 || y === 7) return 0;
  const ring = Math.max(Math.abs(x - 3), Math.abs(y - 3));
  return ring === 2 ? 0 : 1;
};

/** Pearson's correlation of corners `from` to `to` with dark finders: −1…1, negative for a light-on-dark code. */
export function finderCorrelation(sampler: QuadSampler, modules: number, from: number, to: number): number {
  let [n, sum, squares, dark, product] = [0, 0, 0, 0, 0];
  for (let corner = from; corner <= to; corner += 1) {
    for (let y = 0; y < 8; y += 1) {
      for (let x = 0; x < 8; x += 1) {
        const u = (x + 0.5) / modules;
        const v = (y + 0.5) / modules;
        const p = -sampler.at((corner & 1) === 1 ? 1 - u : u, corner >= 2 ? 1 - v : v);
        const expected = finderIsDark(x, y);
        n += 1;
        sum += p;
        squares += p * p;
        dark += expected;
        product += p * expected;
      }
    }
  }
  const variance = (squares - (sum * sum) / n) * (dark - (dark * dark) / n);
  return variance < 1 ? 0 : (product - (sum * dark) / n) / Math.sqrt(variance);
}

/** Share of the second differences along row (or column) 6 that alternates in step, −1…1. */
function timingAgreement(sampler: QuadSampler, modules: number, offset: number): number {
  let agree = 0;
  let total = 0;
  let inStep = 0;
  let steps = 0;
  for (let side = 0; side < 2; side += 1) {
    const v = (6.5 + offset) / modules;
    const sample = (i: number): number => {
      const u = (i + 0.5) / modules;
      return side === 0 ? sampler.at(u, v) : sampler.at(v, u);
    };
    let before = sample(6);
    let here = sample(7);
    for (let i = 7; i <= modules - 8; i += 1) {
      const next = sample(i + 1);
      const step = here - (before + next) / 2;
      const right = (i & 1) === 1 ? step : -step;
      agree += right;
      steps += 1;
      if (Math.abs(step) >= 1) inStep += Math.sign(right);
      // Below one step of the samples there is only rounding.
      total += Math.max(1, Math.abs(step));
      before = here;
      here = next;
    }
  }
  // One strong edge must not stand for a whole line: the signs count as much as the sizes.
  return Math.sign(agree) * Math.min(Math.abs(agree) / total, Math.abs(inStep) / steps);
}

/**
 * Number of alternations on the timing line between the finders at `from` and `to`, from ring to ring; 0 when they are
 * no regular sequence. The steps need not be equal: on a bottle they shrink towards the edge. (dx, dy) leads from the
 * middle of a finder to the line, `module` pixels long.
 */
function countTiming(
  plane: PlaneSampler,
  from: Corner,
  fromModule: number,
  to: Corner,
  toModule: number,
  dx: number,
  dy: number,
  offset: number,
  bow: number,
): number {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const [ux, uy] = [(to.x - from.x) / length, (to.y - from.y) / length];
  const module = (fromModule + toModule) / 2;
  const n = Math.round(((length - 3 * (fromModule + toModule)) / module) * STEPS) + 1;
  if (n < 7 * STEPS || n > 170 * STEPS) return 0;
  const profile = new Float32Array(n);
  let low = 255;
  let high = 0;
  for (let i = 0; i < n; i += 1) {
    const t = i / (n - 1);
    const along = 3 * fromModule + t * (length - 3 * (fromModule + toModule));
    const across = (3 + offset) * (fromModule + t * (toModule - fromModule)) + bow * module * 4 * t * (1 - t);
    const p = plane.at(from.x + ux * along + dx * across, from.y + uy * along + dy * across);
    profile[i] = p;
    low = Math.min(low, p);
    high = Math.max(high, p);
  }
  const slack = Math.max(1, (high - low) * 0.08);
  let count = 0;
  let last = 0;
  let sign = 0;
  for (let i = 0; i < n; i += 1) {
    // Compared with the mean of the two modules around it.
    let sum = 0;
    const first = Math.max(0, i - STEPS);
    const end = Math.min(n - 1, i + STEPS);
    for (let k = first; k <= end; k += 1) sum += profile[k]!;
    const step = profile[i]! - sum / (end - first + 1);
    if (Math.abs(step) < slack || Math.sign(step) === sign) continue;
    if (sign !== 0) {
      const run = i - last;
      if (count > 0 && (run < STEPS * 0.35 || run > STEPS * 2)) return 0;
      count += 1;
    }
    last = i;
    sign = Math.sign(step);
  }
  return count;
}

/** The modules along a side that both timing lines agree on; undefined when they do not. */
function countModules(plane: PlaneSampler, triple: Triple): number | undefined {
  const { corner, right, below, sizes } = triple;
  const [u, v] = [distance(corner, right), distance(corner, below)];
  const [ux, uy] = [(right.x - corner.x) / u, (right.y - corner.y) / u];
  const [vx, vy] = [(below.x - corner.x) / v, (below.y - corner.y) / v];
  const counts = [new Set<number>(), new Set<number>()] as const;
  for (const offset of OFFSETS) {
    for (const bow of BOWS) {
      counts[0].add(countTiming(plane, corner, sizes[0], right, sizes[1], vx, vy, offset, bow));
      counts[1].add(countTiming(plane, corner, sizes[0], below, sizes[2], ux, uy, offset, bow));
    }
  }
  const strict = !triple.loose && triple.error < 0.25;
  for (const mine of [0, 1] as const) {
    for (const count of counts[mine]) {
      const modules = count + 13;
      if (count < 8 || count % 4 !== 0 || Math.abs(modules - triple.modules) > 2 + 0.25 * modules) continue;
      const other = counts[1 - mine]!;
      if (other.has(count) || (strict && (other.has(count - 1) || other.has(count + 1)))) return modules;
    }
  }
  return undefined;
}

const distance = (a: Corner, b: Corner): number => Math.hypot(a.x - b.x, a.y - b.y);

/**
 * Whether the corners of a triple look enough like finders, in its own direction, for the code to be redrawn and read.
 */
export function isWorthDrawing(plane: Uint8Array, width: number, height: number, triple: Triple): boolean {
  const sampler = new QuadSampler(plane, width, height, quadOf(triple, triple.modules));
  return ESTIMATES.some((f) => Math.abs(finderCorrelation(sampler, triple.modules * f, 0, 2)) >= WORTH_DRAWING);
}

function agrees(sampler: QuadSampler, modules: number): boolean {
  const finders = finderCorrelation(sampler, modules, 0, 2);
  if (Math.abs(finders) < FINDERS_AGREE) return false;
  const sign = Math.sign(finders);
  if (sign * finderCorrelation(sampler, modules, 3, 3) > FOURTH_AGREES) return false;
  if (!OFFSETS.some((offset) => sign * timingAgreement(sampler, modules, offset) >= TIMING_AGREES)) return false;
  return isSingleLine(sampler, modules);
}

/** The rows next to a timing line are data. Where rings meet, they alternate with it or against it. */
const isSingleLine = (sampler: QuadSampler, modules: number): boolean =>
  ![-1, 1].every((row) => Math.abs(timingAgreement(sampler, modules, row)) > BESIDE_TIMING);

/** True when the quad has the finders and timing patterns of a QR code of any version. */
export function isQrCode(plane: Uint8Array, width: number, height: number, quad: Quad): boolean {
  if (width < 21 || height < 21) return false;
  const sampler = new QuadSampler(plane, width, height, quad);
  const side = Math.hypot(quad.topRight.x - quad.topLeft.x, quad.topRight.y - quad.topLeft.y);
  for (let version = 1; version <= VERSIONS; version += 1) {
    const modules = 17 + 4 * version;
    if (side < modules * 1.2) break;
    if (agrees(sampler, modules)) return true;
  }
  return false;
}

/** The outline of the QR code with the finders of a triple; undefined when its timing does not match. */
export function codeOnTriple(
  plane: Uint8Array,
  width: number,
  height: number,
  triple: Triple,
  finders: Int32Array,
  count: number,
): Quad | undefined {
  if (width < 21 || height < 21 || companyOf(triple, finders, count) > MAX_COMPANY) return undefined;
  if (hasFourth(triple, finders, count)) return undefined;
  const guess = (triple.modules - 17) / 4;
  const slack = 1 + guess * 0.25;
  const first = Math.max(1, Math.floor(guess - slack));
  for (let version = first; version <= Math.min(VERSIONS, Math.ceil(guess + slack)); version += 1) {
    const quad = quadOf(triple, 17 + 4 * version);
    if (agrees(new QuadSampler(plane, width, height, quad), 17 + 4 * version)) return quad;
  }
  const modules = countModules(new PlaneSampler(plane, width, height), triple);
  if (modules === undefined) return undefined;
  const quad = quadOf(triple, modules);
  const sampler = new QuadSampler(plane, width, height, quad);
  const agreement = finderCorrelation(sampler, modules, 0, 2);
  if (Math.abs(agreement) < (triple.loose ? FINDERS_AGREE_LOOSE : FINDERS_AGREE_COUNTED)) return undefined;
  if (Math.sign(agreement) * finderCorrelation(sampler, modules, 3, 3) > FOURTH_AGREES) return undefined;
  return isSingleLine(sampler, modules) ? quad : undefined;
}

/** Looks for a finder at the fourth corner of the square as well: discs and tiles in rows. */
function hasFourth({ corner, right, below, sizes }: Triple, finders: Int32Array, count: number): boolean {
  const [x, y] = [right.x + below.x - corner.x, right.y + below.y - corner.y];
  const module = (sizes[0] + sizes[1] + sizes[2]) / 3;
  for (let i = 0; i < count; i += 1) {
    const at = i * FINDER_STRIDE;
    const size = finders[at + 2]! / 16;
    if (size < module / 1.25 || size > module * 1.25) continue;
    if (Math.hypot(finders[at]! + 0.5 - x, finders[at + 1]! + 0.5 - y) < 1.5 * module) return true;
  }
  return false;
}

/**
 * Counts other finders of that size within the code's reach: data seldom contains one, a weave or a wall of tiles many.
 */
export function companyOf({ corner, right, below, sizes }: Triple, finders: Int32Array, count: number): number {
  let company = 0;
  const x = (right.x + below.x) / 2;
  const y = (right.y + below.y) / 2;
  const reach = distance(right, below) * 0.95;
  const module = (sizes[0] + sizes[1] + sizes[2]) / 3;
  for (let i = 0; i < count; i += 1) {
    const at = i * FINDER_STRIDE;
    const here = { x: finders[at]! + 0.5, y: finders[at + 1]! + 0.5 };
    const size = finders[at + 2]! / 16;
    if (size < module / 1.5 || size > module * 1.5 || Math.hypot(here.x - x, here.y - y) > reach) continue;
    if ([corner, right, below].every((mine) => distance(mine, here) > 2 * module)) company += 1;
  }
  return company;
}
