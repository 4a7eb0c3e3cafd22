import { type Kernels, OUTLINE, OUTLINE_STRIDE, OUTLINES_OUT } from '../../core/kernels.js';
import { RECT_STRIDE, type RectList } from '../../core/media/picture.js';
import { MAX_FINDERS } from '../qr/finder-reader.js';
import { FINDER_STRIDE } from './candidate-boxes.js';
import {
  agreesAround,
  agreesOnEllipses,
  FINDER_CIRCLES,
  type MarkView,
  RING_CIRCLES,
  type Steps,
  stretchAround,
} from './mark-circles.js';

/*
 * Rejects false locators among many.
 *
 * The problem: the locator search measures along four lines, and noise of two to four pixels looks like a finder, a
 * ring or a bull's eye on four lines hundreds of times per frame. Each one asks for readings around itself; together
 * they would have the whole of every frame read. The rule: when a plane has more locators of a kind than pictures with
 * codes have, each one must match all over: its pattern is correlated with the grey samples, at any angle and at a few
 * sizes and positions.
 *
 * Numbers, for locators in noise of 2 to 4 px and in film grain, and for the finders and bull's eyes of codes of 55 to
 * 125 px painted on those, rotated, tilted and blurred: noise has finders up to 0.66 and codes from 0.75; bull's eyes
 * mostly up to 0.55 and nearly all above 0.78; ring markers of round codes of 90 to 200 px up to 0.70 and from 0.91.
 */

/** More locators of a kind than this in one plane are a crowd. */
const FEW_FINDERS = 6;
const FEW_LOOSE = 64;
const FEW_EYES = 1;
const FEW_RINGS = 16;
/**
 * A finder with this many rings and loose finders within this many samples is treated as crowded even if there are few
 * finders.
 */
const AMID_MARKS = 4;
const AMID_REACH = 64;
/** Pearson's correlation with the pattern, in any of the first poses and at the best position and size. */
const WORTH_FITTING = 0.42;
const FINDER_AGREES = 0.67;
const EYE_AGREES = 0.62;
/**
 * A lone bull's eye: 57 of 66 in film grain are below it, and no Aztec code or MaxiCode painted over grain, tilted and
 * blurred, was lost by it.
 */
const LONE_EYE_AGREES = 0.45;
const LONE_EYE_WORTH_FITTING = 0.3;
const RING_AGREES = 0.7;
/** Height to width of a bull's eye from which it is also compared as a squeezed one. */
const MIN_EYE_STRETCH = 1.25;
/**
 * Correlation of the circles around a locator, which do not depend on the angle: one in a hundred finders is below
 * 0.6, none below 0.37.
 */
const WORTH_TURNING = 0.45;
const WORTH_MOVING = 0.3;
const TURNS = 12;
/** A module measured along the rows is up to 1.4 times its size in a rotated code. */
const SIZES = [1, 0.86, 0.73] as const;
const SHIFTS = [0.5, 0.25] as const;
const FINE_SIZES = [0.93, 1.07] as const;
const FINE_TURNS = [-0.065, 0, 0.065] as const;
const RING_SIZES = [1, 0.85, 1.18] as const;
const REACH = 3;
const CELLS = 7 * 7;

const FINDER = patternOf((ring) => ring !== 2);
const EYE = patternOf((ring) => (ring & 1) === 0);

/** 1 for dark, of 7 × 7 modules. */
function patternOf(isDark: (ring: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: CELLS }, (_, i) => {
    const ring = Math.max(Math.abs((i % 7) - REACH), Math.abs(Math.floor(i / 7) - REACH));
    return isDark(ring) ? 1 : 0;
  });
}

/** Compares locators in one plane with their patterns. */
export class CrowdedMarks {
  private readonly counts = new Int32Array(4);

  /** Removes the false ones from `count` crowded locators (FINDER_STRIDE integers each); returns how many are left. */
  sift(plane: Uint8Array, width: number, height: number, marks: Int32Array, count: number): number {
    const { counts } = this;
    counts.fill(0);
    for (let i = 0; i < count; i += 1) counts[marks[i * FINDER_STRIDE + 3]! >> 1]! += 1;
    const isCrowd = [counts[0]! > FEW_FINDERS, counts[1]! > FEW_RINGS, counts[2]! > FEW_LOOSE, false];
    if (!isCrowd.includes(true)) return count;
    const view: MarkView = { plane, width, height };
    const isGrain = isCrowd[1]! && isCrowd[2]!;
    const amid = !isCrowd[0] && isGrain ? findersAmid(marks, count) : [];
    let kept = 0;
    for (let i = 0; i < count; i += 1) {
      const at = i * FINDER_STRIDE;
      const kind = marks[at + 3]!;
      if (isCrowd[kind >> 1]! || amid.includes(i)) {
        const [x, y, size] = [marks[at]! + 0.5, marks[at + 1]! + 0.5, marks[at + 2]! / 16];
        const sign = (kind & 1) === 0 ? -1 : 1;
        if (!(kind >> 1 === 1 ? isRing(view, x, y, size, sign) : isFinder(view, x, y, size, sign))) continue;
      }
      if (kept !== i) marks.copyWithin(kept * FINDER_STRIDE, at, at + FINDER_STRIDE);
      kept += 1;
    }
    return kept;
  }

  /** Confirms bull's eyes among `count` outlines. */
  siftOutlines(plane: Uint8Array, width: number, height: number, outlines: Int32Array, count: number): number {
    let eyes = 0;
    for (let i = 0; i < count; i += 1) if (outlines[i * OUTLINE_STRIDE] === OUTLINE.bullseye) eyes += 1;
    if (eyes === 0) return count;
    const isLone = eyes <= FEW_EYES;
    const view: MarkView = { plane, width, height };
    let kept = 0;
    for (let i = 0; i < count; i += 1) {
      const at = i * OUTLINE_STRIDE;
      const [kind, x = 0, y = 0, w = 0, h = 0] = outlines.subarray(at, at + OUTLINE_STRIDE);
      if (kind === OUTLINE.bullseye && !isEye(view, x + w / 2, y + h / 2, w / 7, h / 7, isLone)) continue;
      if (kept !== i) outlines.copyWithin(kept * OUTLINE_STRIDE, at, at + OUTLINE_STRIDE);
      kept += 1;
    }
    return kept;
  }
}

function isFinder(view: MarkView, x: number, y: number, size: number, sign: number): boolean {
  const isWorthTurning = SIZES.some(
    (share) => sign * agreesAround(view, FINDER_CIRCLES, x, y, size * share) >= WORTH_TURNING,
  );
  if (isWorthTurning && fits(view, FINDER, x, y, square(size), sign, FINDER_AGREES)) return true;
  const steps = stretchAround(view, x, y, size, sign);
  if (steps === undefined || sign * agreesOnEllipses(view, FINDER_CIRCLES, x, y, steps) < WORTH_TURNING) return false;
  return fits(view, FINDER, x, y, steps, sign, FINDER_AGREES);
}

const square = (size: number): Steps => ({ ux: size, uy: 0, vx: 0, vy: size });

/** `across` and `down`: the sides of its modules. */
function isEye(view: MarkView, x: number, y: number, across: number, down: number, isLone: boolean): boolean {
  const [least, worth] = isLone ? [LONE_EYE_AGREES, LONE_EYE_WORTH_FITTING] : [EYE_AGREES, WORTH_FITTING];
  const fitsSteps = (steps: Steps): boolean =>
    fits(view, EYE, x, y, steps, -1, least, worth) || fits(view, EYE, x, y, steps, 1, least, worth);
  if (fitsSteps(square((across + down) / 2))) return true;
  if (Math.max(across, down) < MIN_EYE_STRETCH * Math.min(across, down)) return false;
  return fitsSteps({ ux: across, uy: 0, vx: 0, vy: down });
}

/** The numbers of the few finders that stand among rings and loose finders. */
function findersAmid(marks: Int32Array, count: number): number[] {
  const amid: number[] = [];
  for (let i = 0; i < count; i += 1) {
    const at = i * FINDER_STRIDE;
    if (marks[at + 3]! >> 1 !== 0) continue;
    let near = 0;
    for (let k = 0; k < count && near < AMID_MARKS; k += 1) {
      const to = k * FINDER_STRIDE;
      const kind = marks[to + 3]! >> 1;
      const away = Math.max(Math.abs(marks[to]! - marks[at]!), Math.abs(marks[to + 1]! - marks[at + 1]!));
      if ((kind === 1 || kind === 2) && away <= AMID_REACH) near += 1;
    }
    if (near === AMID_MARKS) amid.push(i);
  }
  return amid;
}

/** Whether a ring marker stands there, or half a ring beside it. */
function isRing(view: MarkView, x: number, y: number, size: number, sign: number): boolean {
  let best = 0;
  for (const share of RING_SIZES) best = Math.max(best, sign * agreesAround(view, RING_CIRCLES, x, y, size * share));
  if (best >= RING_AGREES) return true;
  if (best < WORTH_MOVING) return false;
  for (const share of RING_SIZES) {
    const step = Math.max(0.5, 0.5 * size * share);
    for (let k = 0; k < 9; k += 1) {
      const [i, j] = [(k % 3) - 1, Math.floor(k / 3) - 1];
      if (sign * agreesAround(view, RING_CIRCLES, x + i * step, y + j * step, size * share) >= RING_AGREES) return true;
    }
  }
  return false;
}

/**
 * Whether a pattern of 7 × 7 modules is at a position, at any angle; `sign` is −1 for dark on light. A stretched one is
 * turned before it is stretched.
 */
function fits(
  view: MarkView,
  pattern: Uint8Array,
  fromX: number,
  fromY: number,
  steps: Steps,
  sign: number,
  least: number,
  worth = WORTH_FITTING,
): boolean {
  let best = 0;
  let [x, y, share, angle] = [fromX, fromY, 1, 0];
  const tryAt = (px: number, py: number, s: number, a: number): void => {
    const value = sign * correlation(view, pattern, px, py, steps, s, a);
    if (value <= best) return;
    best = value;
    x = px;
    y = py;
    share = s;
    angle = a;
  };
  for (let turn = 0; turn < TURNS; turn += 1) {
    for (const one of SIZES) tryAt(fromX, fromY, one, (turn * Math.PI) / 2 / TURNS);
    if (best >= least) return true;
  }
  if (best < worth) return false;
  for (const shift of SHIFTS) {
    const [aroundX, aroundY, step, s] = [x, y, shift * share, share];
    for (let j = -1; j <= 1; j += 1) {
      for (let i = -1; i <= 1; i += 1) {
        const [px, py] = [i * steps.ux + j * steps.vx, i * steps.uy + j * steps.vy];
        tryAt(aroundX + px * step, aroundY + py * step, s, angle);
      }
    }
  }
  const [s, a] = [share, angle];
  for (const one of FINE_SIZES) for (const turn of FINE_TURNS) tryAt(x, y, s * one, a + turn);
  return best >= least;
}

/** Pearson's correlation of the nearest samples with a pattern, whose dark is 1. */
function correlation(
  { plane, width, height }: MarkView,
  pattern: Uint8Array,
  x: number,
  y: number,
  { ux, uy, vx, vy }: Steps,
  share: number,
  angle: number,
): number {
  const cos = Math.cos(angle) * share;
  const sin = Math.sin(angle) * share;
  const [ax, ay] = [cos * ux + sin * vx, cos * uy + sin * vy];
  const [bx, by] = [cos * vx - sin * ux, cos * vy - sin * uy];
  const [right, bottom] = [width - 1, height - 1];
  let [sum, squares, dark, product] = [0, 0, 0, 0];
  for (let v = -REACH, i = 0; v <= REACH; v += 1) {
    for (let u = -REACH; u <= REACH; u += 1, i += 1) {
      const px = Math.min(right, Math.max(0, x + u * ax + v * bx)) | 0;
      const py = Math.min(bottom, Math.max(0, y + u * ay + v * by)) | 0;
      const p = plane[py * width + px]!;
      sum += p;
      squares += p * p;
      if (pattern[i] === 0) continue;
      dark += 1;
      product += p;
    }
  }
  const variance = (squares - (sum * sum) / CELLS) * (dark - (dark * dark) / CELLS);
  return variance < 1 ? 0 : (product - (sum * dark) / CELLS) / Math.sqrt(variance);
}

const MAX_OUTLINES = 96;
/**
 * The maximum number of locators, and the number without the loose ones from which the search may have dropped some.
 */
export const MAX_FOUND = 1280;
const NEARLY_ALL = 1000;
const NONE = new Int32Array(0);

/** The cheap search over several rectangles of one plane. */
export class MarkFinder {
  /** Of one rectangle, and the loose finders of all. */
  private readonly found = new Int32Array(MAX_FOUND * FINDER_STRIDE);
  private readonly loose = new Int32Array(MAX_FINDERS * FINDER_STRIDE);

  /** Locators of codes without finders, of all rectangles: kind, x, y, width, height each. */
  readonly outlines = new Int32Array(MAX_OUTLINES * OUTLINE_STRIDE);
  outlineCount = 0;
  /** The list overflowed. */
  outlinesFull = false;
  private readonly outlinesHere = new Int32Array(OUTLINES_OUT);
  private readonly crowd = new CrowdedMarks();

  constructor(private readonly kernels: Pick<Kernels, 'findFinders'>) {}

  /**
   * Puts the locators in `rects` (in pixels of the plane × `scale`) into `finders`, loose finders last. `full`: the
   * list overflowed, so there may be locators that are not in it. Loose finders alone don't make it full. `outlined`:
   * outlines are searched for in the same rectangles.
   */
  find(
    plane: Uint8Array,
    width: number,
    height: number,
    scale: 1 | 2,
    rects: RectList,
    finders: Int32Array,
    outlined = true,
  ): { count: number; full: boolean } {
    const { found, loose, kernels } = this;
    let count = 0;
    let looseCount = 0;
    let full = false;
    this.outlineCount = 0;
    this.outlinesFull = false;
    for (let r = 0; r < rects.count * RECT_STRIDE; r += RECT_STRIDE) {
      const x = Math.floor(rects.items[r]! / scale);
      const y = Math.floor(rects.items[r + 1]! / scale);
      const w = Math.ceil(rects.items[r + 2]! / scale);
      const h = Math.ceil(rects.items[r + 3]! / scale);
      const all = kernels.findFinders(plane, width, height, x, y, w, h, found, outlined ? this.outlinesHere : NONE);
      if (outlined) this.keepOutlines(plane, width, height);
      full ||= countMarks(found, all) >= NEARLY_ALL;
      const here = this.crowd.sift(plane, width, height, found, all);
      const kept = countMarks(found, here);
      full ||= count + kept > MAX_FINDERS;
      const room = Math.min(kept, MAX_FINDERS - count) * FINDER_STRIDE;
      finders.set(found.subarray(0, room), count * FINDER_STRIDE);
      count += room / FINDER_STRIDE;
      const looseRoom = Math.min(here - kept, MAX_FINDERS - looseCount) * FINDER_STRIDE;
      loose.set(found.subarray(kept * FINDER_STRIDE, kept * FINDER_STRIDE + looseRoom), looseCount * FINDER_STRIDE);
      looseCount += looseRoom / FINDER_STRIDE;
    }
    const room = Math.min(looseCount, MAX_FINDERS - count);
    finders.set(loose.subarray(0, room * FINDER_STRIDE), count * FINDER_STRIDE);
    return { count: dropRepeats(finders, count + room), full };
  }

  /** Searches for outlines only; `more`: earlier ones stay in the list. */
  findOutlines(plane: Uint8Array, width: number, height: number, scale: 1 | 2, rects: RectList, more = false): void {
    if (!more) {
      this.outlineCount = 0;
      this.outlinesFull = false;
    }
    for (let r = 0; r < rects.count * RECT_STRIDE; r += RECT_STRIDE) {
      const x = Math.floor(rects.items[r]! / scale);
      const y = Math.floor(rects.items[r + 1]! / scale);
      const w = Math.ceil(rects.items[r + 2]! / scale);
      const h = Math.ceil(rects.items[r + 3]! / scale);
      this.kernels.findFinders(plane, width, height, x, y, w, h, NONE, this.outlinesHere);
      this.keepOutlines(plane, width, height);
    }
  }

  /** Drops outlines that are not `wanted`, from number `from` on: kind, x, y, width and height. */
  keepThose(from: number, wanted: (outline: Int32Array) => boolean): void {
    const { outlines } = this;
    let kept = from;
    for (let i = from; i < this.outlineCount; i += 1) {
      const at = i * OUTLINE_STRIDE;
      if (!wanted(outlines.subarray(at, at + OUTLINE_STRIDE))) continue;
      outlines.copyWithin(kept * OUTLINE_STRIDE, at, at + OUTLINE_STRIDE);
      kept += 1;
    }
    this.outlineCount = kept;
  }

  private keepOutlines(plane: Uint8Array, width: number, height: number): void {
    const { outlines, outlinesHere: here } = this;
    if (here[0]! > 0) here[0] = this.crowd.siftOutlines(plane, width, height, here.subarray(1), here[0]!);
    if (here[0]! < 0 || this.outlineCount + here[0]! > MAX_OUTLINES) {
      this.outlinesFull = true;
      return;
    }
    outlines.set(here.subarray(1, 1 + here[0]! * OUTLINE_STRIDE), this.outlineCount * OUTLINE_STRIDE);
    this.outlineCount += here[0]!;
  }
}

/** Rectangles overlap: removes duplicate finders; returns how many are left. */
function dropRepeats(finders: Int32Array, count: number): number {
  let kept = 0;
  for (let i = 0; i < count; i += 1) {
    const at = i * FINDER_STRIDE;
    let known = false;
    for (let k = 0; k < kept && !known; k += 1) {
      const to = k * FINDER_STRIDE;
      known =
        finders[to + 3] === finders[at + 3] &&
        Math.abs(finders[to]! - finders[at]!) <= 1 &&
        Math.abs(finders[to + 1]! - finders[at + 1]!) <= 1;
    }
    if (known) continue;
    if (kept !== i) finders.copyWithin(kept * FINDER_STRIDE, at, at + FINDER_STRIDE);
    kept += 1;
  }
  return kept;
}

/** Hits before the loose finders, which `Kernels.findFinders` writes last. */
function countMarks(finders: Int32Array, count: number): number {
  let marks = count;
  while (marks > 0 && finders[(marks - 1) * FINDER_STRIDE + 3]! >> 1 === 2) marks -= 1;
  return marks;
}
