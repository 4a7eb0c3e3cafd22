// frame path
/*
 * Confirms a locator found in a row: the column through it, the row through the column's middle and both diagonals must
 * agree.
 */
import { areAlike, type BinaryImage, isAmidGrain, isExactFinder, standsInGrain } from '../binarize.js';
import { isBullseyeCore, isBullseyeRun, isFinderRuns, isLooseInside, isLooseRuns, isRingRuns } from './tiny-finders.js';

/** The pattern that `measure` searches for. */
const FINDER = 0;
const RING = 1;
const LOOSE = 2;
const LOOSE_DIAGONAL = 3;

/** Runs of the last line measured: ring, gap, core, gap, ring; then the core's first and last step from the start. */
const line = new Int32Array(7);

/** Ends of the six runs of half a bull's eye, from its middle. */
const ends = new Int32Array(12);

/**
 * The width of the bull's eye around (x, y) along (±dx, ±dy), in steps; 0 when there is none. Its middle is in `line`.
 */
function measureBullseye(
  image: BinaryImage,
  x: number,
  y: number,
  dx: number,
  dy: number,
  colour: number,
  limit: number,
): number {
  const { bits, width, height } = image;
  if (bits[y * width + x] !== colour) return 0;
  for (let side = 0; side < 2; side += 1) {
    const [sx, sy] = side === 0 ? [dx, dy] : [-dx, -dy];
    const toSide = sx === 0 ? limit : sx > 0 ? width - 1 - x : x;
    const toEnd = sy === 0 ? limit : sy > 0 ? height - 1 - y : y;
    const most = Math.min(toSide, toEnd, limit);
    const step = sy * width + sx;
    const p = y * width + x;
    let k = 1;
    for (let run = 0; run < 6; run += 1) {
      const expected = (run & 1) === 0 ? colour : colour ^ 1;
      while (k <= most && bits[p + k * step] === expected) k += 1;
      ends[side * 6 + run] = k;
    }
  }
  const total = ends[4]! + ends[10]! - 1;
  for (let side = 0; side < 12; side += 6) {
    for (let run = 1; run < 5; run += 1) {
      if (!isBullseyeRun(ends[side + run]! - ends[side + run - 1]!, total, false)) return 0;
    }
    if (20 * (ends[side + 5]! - ends[side + 4]!) < total - 15) return 0;
  }
  if (!isBullseyeCore(ends[0]! + ends[6]! - 1, ends[1]! + ends[7]! - 1)) return 0;
  if (total < 8 || !isBullseyeRun(ends[0]! + ends[6]! - 1, total, true)) return 0;
  line[5] = 1 - ends[6]!;
  line[6] = ends[0]! - 1;
  return total;
}

/** Measures the five runs through (x, y) along (±dx, ±dy) into `line`; returns whether they match `kind`. */
function measure(
  image: BinaryImage,
  x: number,
  y: number,
  dx: number,
  dy: number,
  colour: number,
  limit: number,
  kind: number,
): boolean {
  const { bits, width, height } = image;
  if (bits[y * width + x] !== colour) return false;
  const step = dy * width + dx;
  const toRight = dx === 0 ? limit : width - 1 - x;
  const toLeft = dx === 0 ? limit : x;
  const toBottom = dy === 0 ? limit : dy > 0 ? height - 1 - y : y;
  const toTop = dy === 0 ? limit : dy > 0 ? y : height - 1 - y;
  const ahead = Math.min(toRight, toBottom, limit);
  const behind = Math.min(toLeft, toTop, limit);
  let p = y * width + x;
  let k = 1;
  while (k <= ahead && bits[p + k * step] === colour) k += 1;
  const core = k;
  while (k <= ahead && bits[p + k * step] !== colour) k += 1;
  const gap = k;
  while (k <= ahead && bits[p + k * step] === colour) k += 1;
  line[3] = gap - core;
  line[4] = k - gap;
  line[6] = core - 1;
  p = y * width + x;
  k = 1;
  while (k <= behind && bits[p - k * step] === colour) k += 1;
  const coreBack = k;
  while (k <= behind && bits[p - k * step] !== colour) k += 1;
  const gapBack = k;
  while (k <= behind && bits[p - k * step] === colour) k += 1;
  line[1] = gapBack - coreBack;
  line[0] = k - gapBack;
  line[2] = core + coreBack - 1;
  line[5] = 1 - coreBack;
  if (line[0] === 0 || line[1] === 0 || line[3] === 0 || line[4] === 0) return false;
  if (kind === LOOSE_DIAGONAL) return isLooseInside(line[1]!, line[2]!, line[3]!);
  const runs = kind === FINDER ? isFinderRuns : kind === RING ? isRingRuns : isLooseRuns;
  return runs(line[0]!, line[1]!, line[2]!, line[3]!, line[4]!);
}

/** Maximum number of candidates in one search, and of loose ones. */
export const CANDIDATES = 1024;
export const LOOSE_CANDIDATES = 256;
/**
 * Integers per candidate: x, y, moduleSize×16, polarity (+ 2 for a ring marker, + 4 for a loose finder; in the plane's
 * pixels), confirmations, and the distance within which positions are the same locator: two modules of its longer side.
 */
export const CANDIDATE_STRIDE = 6;

export class FinderCandidates {
  readonly items: Int32Array;
  count = 0;

  constructor(private readonly most: number) {
    this.items = new Int32Array(most * CANDIDATE_STRIDE);
  }

  /** Whether enough rows agreed on candidate `i`. */
  isAgreed(i: number): boolean {
    const at = i * CANDIDATE_STRIDE;
    // A true pattern is found on the rows of its core, 3 modules high: half a module's worth of rows must agree.
    const module16 = this.items[at + 2]!;
    const kind = this.items[at + 3]! >> 1;
    // The dot of a ring marker and the middle of a bull's eye are fewer modules high.
    const ring = kind === 1 || kind === 3;
    const few = module16 < (ring ? 48 : 20);
    const needed = few ? 1 : ring ? 2 : Math.max(2, Math.min(4, (module16 + 31) >> 5));
    return this.items[at + 4]! >= needed;
  }

  /**
   * Makes room in a full list: removes candidates with too few rows that row `py` of the plane and those below it can't
   * confirm. False when all of them stay.
   */
  settle(py: number): boolean {
    const { items } = this;
    let kept = 0;
    for (let i = 0; i < this.count; i += 1) {
      const at = i * CANDIDATE_STRIDE;
      if (!this.isAgreed(i) && py > items[at + 1]! + items[at + 5]!) continue;
      items.copyWithin(kept * CANDIDATE_STRIDE, at, at + CANDIDATE_STRIDE);
      kept += 1;
    }
    this.count = kept;
    return kept < this.most;
  }
}

/** Adds or confirms the finder around (x, y); false when the lines through it are not a finder's. */
export function confirm(
  image: BinaryImage,
  x: number,
  y: number,
  total: number,
  level: number,
  originX: number,
  originY: number,
  found: FinderCandidates,
): boolean {
  if (isAmidGrain(image, x, y) && !isExactFinder(image, x, y)) return false;
  const half = (1 << level) >> 1;
  const colour = image.bits[y * image.width + x]!;
  const limit = total * 2;
  if (!measure(image, x, y, 0, 1, colour, limit, FINDER)) return false;
  const vertical = line[0]! + line[1]! + line[2]! + line[3]! + line[4]!;
  if (!areAlike(vertical, total)) return false;
  const known = nearest(found, originX + (x << level) + half, originY + (y << level) + half, colour ^ 1);
  if (known >= 0) {
    found.items[known + 4] = found.items[known + 4]! + 1;
    return true;
  }
  const cy = y + ((line[5]! + line[6]!) >> 1);
  if (!measure(image, x, cy, 1, 0, colour, limit, FINDER)) return false;
  const horizontal = line[0]! + line[1]! + line[2]! + line[3]! + line[4]!;
  if (!areAlike(horizontal, vertical)) return false;
  const cx = x + ((line[5]! + line[6]!) >> 1);
  // A diagonal step is √2 ≈ 17/12 pixels; the longest line through a square is √2 of the shortest.
  const down = diagonal(image, cx, cy, 1, colour, horizontal + vertical);
  const up = diagonal(image, cx, cy, -1, colour, horizontal + vertical);
  // Below 2.4 px per module a diagonal has too few samples to insist on both.
  const needed = horizontal + vertical < 34 ? 1 : 2;
  if (down + up < needed) return false;
  if (standsInGrain(image, cx, cy, (horizontal + vertical) >> 1) && !isExactFinder(image, cx, cy)) return false;
  const module16 = Math.floor(((horizontal + vertical) * 8) / 7);
  addFound(
    found,
    originX + (cx << level) + half,
    originY + (cy << level) + half,
    module16 << level,
    colour ^ 1,
    nearOf(module16, horizontal, vertical, level),
  );
  return true;
}

function diagonal(image: BinaryImage, x: number, y: number, dy: number, colour: number, twice: number): number {
  if (!measure(image, x, y, 1, dy, colour, twice, FINDER)) return 0;
  const steps = line[0]! + line[1]! + line[2]! + line[3]! + line[4]!;
  // steps × 17/12 against twice/2, between 0.6 and 1.8
  return steps * 170 >= twice * 36 && steps * 170 <= twice * 108 ? 1 : 0;
}

/** Confirms a finder without quiet zone; its polarity is 4 (dark on light) or 5. `inner` is gap, core, gap. */
export function confirmLoose(
  image: BinaryImage,
  x: number,
  y: number,
  inner: number,
  level: number,
  originX: number,
  originY: number,
  loose: FinderCandidates,
): void {
  if (isAmidGrain(image, x, y)) return;
  const half = (1 << level) >> 1;
  const colour = image.bits[y * image.width + x]!;
  const kind = 5 - colour;
  const limit = inner * 3;
  if (!measure(image, x, y, 0, 1, colour, limit, LOOSE)) return;
  const vertical = line[1]! + line[2]! + line[3]!;
  if (!areAlike(vertical, inner)) return;
  const known = nearest(loose, originX + (x << level) + half, originY + (y << level) + half, kind);
  if (known >= 0) {
    loose.items[known + 4] = loose.items[known + 4]! + 1;
    return;
  }
  const cy = y + ((line[5]! + line[6]!) >> 1);
  if (!measure(image, x, cy, 1, 0, colour, limit, LOOSE)) return;
  const horizontal = line[1]! + line[2]! + line[3]!;
  if (!areAlike(horizontal, vertical)) return;
  const cx = x + ((line[5]! + line[6]!) >> 1);
  const twice = horizontal + vertical;
  const down = looseDiagonal(image, cx, cy, 1, colour, twice);
  const up = looseDiagonal(image, cx, cy, -1, colour, twice);
  if (down + up < (twice < 24 ? 1 : 2) || standsInGrain(image, cx, cy, Math.floor((twice * 7) / 10))) return;
  addFound(
    loose,
    originX + (cx << level) + half,
    originY + (cy << level) + half,
    Math.floor((twice * 8) / 5) << level,
    kind,
    nearOf(Math.floor((twice * 8) / 5), horizontal, vertical, level),
  );
}

function looseDiagonal(image: BinaryImage, x: number, y: number, dy: number, colour: number, twice: number): number {
  if (!measure(image, x, y, 1, dy, colour, twice * 2, LOOSE_DIAGONAL)) return 0;
  const steps = line[1]! + line[2]! + line[3]!;
  return steps * 170 >= twice * 36 && steps * 170 <= twice * 108 ? 1 : 0;
}

/** Two modules of the longer side; `module16` is the mean of both sides. */
const nearOf = (module16: number, horizontal: number, vertical: number, level: number): number =>
  (Math.floor((module16 * 2 * Math.max(horizontal, vertical)) / (horizontal + vertical)) << level) >> 3;

/** Records a new position with one sighting. */
function addFound(to: FinderCandidates, x: number, y: number, module16: number, kind: number, near: number): void {
  const at = to.count * CANDIDATE_STRIDE;
  to.items[at] = x;
  to.items[at + 1] = y;
  to.items[at + 2] = module16;
  to.items[at + 3] = kind;
  to.items[at + 4] = 1;
  to.items[at + 5] = near;
  to.count += 1;
}

/** Confirms a ring marker; its polarity is 2 (dark on light) or 3, its module a sixth of its diameter. */
export function confirmRing(
  image: BinaryImage,
  x: number,
  y: number,
  total: number,
  level: number,
  originX: number,
  originY: number,
  found: FinderCandidates,
): void {
  if (isAmidGrain(image, x, y)) return;
  const half = (1 << level) >> 1;
  const colour = image.bits[y * image.width + x]!;
  const kind = 3 - colour;
  const limit = total * 2;
  if (!measure(image, x, y, 0, 1, colour, limit, RING)) return;
  const vertical = line[0]! + line[1]! + line[2]! + line[3]! + line[4]!;
  if (2 * vertical > 3 * total + 2 || 2 * total > 3 * vertical + 2) return;
  const known = nearest(found, originX + (x << level) + half, originY + (y << level) + half, kind);
  if (known >= 0) {
    found.items[known + 4] = found.items[known + 4]! + 1;
    return;
  }
  const cy = y + ((line[5]! + line[6]!) >> 1);
  if (!measure(image, x, cy, 1, 0, colour, limit, RING)) return;
  const horizontal = line[0]! + line[1]! + line[2]! + line[3]! + line[4]!;
  if (2 * horizontal > 3 * vertical + 2 || 2 * vertical > 3 * horizontal + 2) return;
  const cx = x + ((line[5]! + line[6]!) >> 1);
  const twice = horizontal + vertical;
  const down = ringDiagonal(image, cx, cy, 1, colour, twice);
  const up = ringDiagonal(image, cx, cy, -1, colour, twice);
  if (down + up < (twice < 32 ? 1 : 2) || standsInGrain(image, cx, cy, twice >> 1)) return;
  addFound(
    found,
    originX + (cx << level) + half,
    originY + (cy << level) + half,
    Math.floor((twice * 160) / 121) << level,
    kind,
    nearOf(Math.floor((twice * 160) / 121), horizontal, vertical, level),
  );
}

function ringDiagonal(image: BinaryImage, x: number, y: number, dy: number, colour: number, twice: number): number {
  if (!measure(image, x, y, 1, dy, colour, twice, RING)) return 0;
  const steps = line[0]! + line[1]! + line[2]! + line[3]! + line[4]!;
  // A circle is as wide along its diagonal: steps × 17/12 against twice/2, between 0.75 and 1.3, with a step of
  // tolerance.
  return (steps + 1) * 170 >= twice * 45 && (steps - 1) * 170 <= twice * 78 ? 1 : 0;
}

/** Confirms the bull's eye of a MaxiCode; its polarity is 6 (dark on light) or 7, its module the width of a ring. */
export function confirmBullseye(
  image: BinaryImage,
  x: number,
  y: number,
  total: number,
  level: number,
  originX: number,
  originY: number,
  found: FinderCandidates,
): void {
  if (isAmidGrain(image, x, y)) return;
  const half = (1 << level) >> 1;
  const colour = image.bits[y * image.width + x]!;
  const kind = 6 + colour;
  const vertical = measureBullseye(image, x, y, 0, 1, colour, total * 2);
  if (vertical === 0 || 5 * vertical > 8 * total || 5 * total > 8 * vertical) return;
  const known = nearest(found, originX + (x << level) + half, originY + (y << level) + half, kind);
  if (known >= 0) {
    found.items[known + 4] = found.items[known + 4]! + 1;
    return;
  }
  const cy = y + ((line[5]! + line[6]!) >> 1);
  const horizontal = measureBullseye(image, x, cy, 1, 0, colour, total * 2);
  if (horizontal === 0 || 5 * horizontal > 8 * vertical || 5 * vertical > 8 * horizontal) return;
  const cx = x + ((line[5]! + line[6]!) >> 1);
  const twice = horizontal + vertical;
  for (let dy = -1; dy <= 1; dy += 2) {
    const steps = measureBullseye(image, cx, cy, 1, dy, colour, twice);
    if ((steps + 2) * 170 < twice * 36 || (steps - 2) * 170 > twice * 108) return;
  }
  if (standsInGrain(image, cx, cy, twice >> 1)) return;
  addFound(
    found,
    originX + (cx << level) + half,
    originY + (cy << level) + half,
    Math.floor((twice * 4) / 5) << level,
    kind,
    nearOf(Math.floor((twice * 4) / 5), horizontal, vertical, level),
  );
}

/** Offset of the candidate that a point belongs to, or −1. */
function nearest(found: FinderCandidates, x: number, y: number, polarity: number): number {
  const items = found.items;
  for (let at = (found.count - 1) * CANDIDATE_STRIDE; at >= 0; at -= CANDIDATE_STRIDE) {
    const dx = items[at]! - x;
    const dy = items[at + 1]! - y;
    const near = items[at + 5]!;
    if (items[at + 3] === polarity && dx <= near && dx >= -near && dy <= near && dy >= -near) return at;
  }
  return -1;
}
