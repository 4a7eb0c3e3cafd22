import type { Box } from '../../core/verdict.js';
import { FINDER_STRIDE } from './candidate-boxes.js';
import type { MarkView } from './mark-circles.js';

/*
 * Codes whose marks are round, in a picture squeezed in one direction.
 *
 * Problem: round codes and MaxiCodes are judged on circles, which are ellipses there. Rule: rings that are wider than high
 * by the same ratio, or higher than wide, say how far the picture is squeezed; the part around them is drawn again with the
 * shorter direction enlarged, and judged as any other. Numbers: rings are found up to 1:1.5; other pictures hardly ever have two
 * such rings of one ratio.
 */

const MIN_RATIO = 1.12;
const MAX_RATIO = 1.75;
/** How far two rings of one picture may differ. */
const ALIKE = 1.15;
const MIN_SWING = 24;
const MAX_RINGS = 16;

/** A part of a plane with its shorter direction enlarged, and the marks in it. */
export interface Unsqueezed {
  readonly plane: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly marks: Int32Array;
  /** A box of this picture in the pixels of the plane. */
  readonly placed: (box: Box) => Box;
}

/** What is looked for: marks of a code by their edges from the middle, and how many of them must agree. */
export interface RingKind {
  /** Changes of tone from the middle to the edge that is measured. */
  readonly edge: number;
  /** Where that edge is, in units of a mark, and how far a code reaches from a mark. */
  readonly edgeUnits: number;
  readonly reachUnits: number;
  readonly agree: number;
}

export const ROUND_RINGS: RingKind = { edge: 3, edgeUnits: 3.03, reachUnits: 70, agree: 2 };
export const MAXI_RINGS: RingKind = { edge: 5, edgeUnits: 5.5, reachUnits: 26, agree: 1 };

let work = new Uint8Array(0);

/** The picture around the first `count` marks with the squeeze of their rings undone; undefined where they are round. */
export function unsqueeze(view: MarkView, marks: Int32Array, count: number, kind: RingKind): Unsqueezed | undefined {
  if (count < kind.agree || count > MAX_RINGS) return undefined;
  const ratios: number[] = [];
  for (let i = 0; i < count; i += 1) ratios.push(ratioOf(view, marks, i, kind));
  const known = ratios.filter((ratio) => ratio > 0).toSorted((a, b) => a - b);
  // The ratio with most company.
  let best: number[] = [];
  for (const low of known) {
    const alike = known.filter((one) => one >= low && one <= low * ALIKE);
    if (alike.length > best.length) best = alike;
  }
  if (best.length < kind.agree) return undefined;
  const ratio = best[best.length >> 1]!;
  const stretch = Math.max(ratio, 1 / ratio);
  if (stretch < MIN_RATIO || stretch > MAX_RATIO) return undefined;
  return enlarged(view, marks, count, ratio, kind);
}

/** Width over height of a mark's ring; 0 where it has no such edges. */
function ratioOf(view: MarkView, marks: Int32Array, i: number, { edge, edgeUnits }: RingKind): number {
  const at = i * FINDER_STRIDE;
  const [x, y] = [marks[at]! + 0.5, marks[at + 1]! + 0.5];
  const reach = Math.ceil((edgeUnits + 1.5) * 1.4 * (marks[at + 2]! / 16));
  const across = edgeAlong(view, x, y, 1, 0, edge, reach) + edgeAlong(view, x, y, -1, 0, edge, reach);
  const down = edgeAlong(view, x, y, 0, 1, edge, reach) + edgeAlong(view, x, y, 0, -1, edge, reach);
  return across > 0 && down > 0 ? across / down : 0;
}

/** The distance of the `edge`-th change of tone from the middle, between two pixels; −∞ where there are fewer. */
function edgeAlong(
  { plane, width, height }: MarkView,
  x: number,
  y: number,
  dx: number,
  dy: number,
  edge: number,
  reach: number,
): number {
  const far = Math.min(reach, dx > 0 ? width - 1 - x : dx < 0 ? x : dy > 0 ? height - 1 - y : y) | 0;
  let [low, high] = [255, 0];
  const tone = (r: number): number => plane[((y + r * dy) | 0) * width + ((x + r * dx) | 0)]!;
  for (let r = 0; r <= far; r += 1) {
    const here = tone(r);
    if (here < low) low = here;
    if (here > high) high = here;
  }
  if (high - low < MIN_SWING) return -Infinity;
  const middle = (low + high) / 2;
  let changes = 0;
  let before = tone(0);
  for (let r = 1; r <= far; r += 1) {
    const here = tone(r);
    if (here > middle !== before > middle) {
      changes += 1;
      if (changes === edge) return r - 1 + (middle - before) / (here - before);
    }
    before = here;
  }
  return -Infinity;
}

/** For each of `count` samples at `scale`, the samples of `length` between which it lies, and the share of the second. */
function samplesOf(
  count: number,
  scale: number,
  length: number,
): { readonly before: Int32Array; readonly after: Int32Array; readonly share: Float64Array } {
  const [before, after, share] = [new Int32Array(count), new Int32Array(count), new Float64Array(count)];
  for (let i = 0; i < count; i += 1) {
    const at = Math.min(length - 1, Math.max(0, (i + 0.5) / scale - 0.5));
    before[i] = at | 0;
    after[i] = Math.min(length - 1, before[i]! + 1);
    share[i] = at - before[i]!;
  }
  return { before, after, share };
}

function enlarged(view: MarkView, marks: Int32Array, count: number, ratio: number, kind: RingKind): Unsqueezed {
  const { plane, width, height } = view;
  const stretch = Math.max(ratio, 1 / ratio);
  const [kx, ky] = ratio > 1 ? [1, stretch] : [stretch, 1];
  /** A mark's unit is the mean of both directions; in the new picture it is that of the longer one. */
  const grown = (2 * stretch) / (1 + stretch);
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (let at = 0; at < count * FINDER_STRIDE; at += FINDER_STRIDE) {
    const reach = kind.reachUnits * grown * (marks[at + 2]! / 16);
    left = Math.min(left, Math.max(0, Math.floor(marks[at]! - reach / kx)));
    right = Math.max(right, Math.min(width, Math.ceil(marks[at]! + reach / kx)));
    top = Math.min(top, Math.max(0, Math.floor(marks[at + 1]! - reach / ky)));
    bottom = Math.max(bottom, Math.min(height, Math.ceil(marks[at + 1]! + reach / ky)));
  }
  const w = Math.floor((right - left) * kx);
  const h = Math.floor((bottom - top) * ky);
  if (work.length < w * h) work = new Uint8Array(w * h);
  // One direction is enlarged, the other is copied.
  const across = kx > 1;
  const { before, after, share } = samplesOf(across ? w : h, across ? kx : ky, across ? right - left : bottom - top);
  for (let y = 0, to = 0; y < h; y += 1) {
    if (across) {
      const row = (top + y) * width + left;
      for (let x = 0; x < w; x += 1, to += 1) {
        const f = share[x]!;
        work[to] = plane[row + before[x]!]! * (1 - f) + plane[row + after[x]!]! * f;
      }
    } else {
      const f = share[y]!;
      const row = (top + before[y]!) * width + left;
      const next = (top + after[y]!) * width + left;
      for (let x = 0; x < w; x += 1, to += 1) work[to] = plane[row + x]! * (1 - f) + plane[next + x]! * f;
    }
  }
  const moved = marks.slice(0, count * FINDER_STRIDE);
  for (let at = 0; at < moved.length; at += FINDER_STRIDE) {
    moved[at] = Math.floor((moved[at]! + 0.5 - left) * kx);
    moved[at + 1] = Math.floor((moved[at + 1]! + 0.5 - top) * ky);
    moved[at + 2] = Math.round(moved[at + 2]! * grown);
  }
  const placed = (box: Box): Box => {
    const x = left + Math.floor(box.x / kx);
    const y = top + Math.floor(box.y / ky);
    return {
      x,
      y,
      width: Math.min(width - x, Math.ceil(box.width / kx)),
      height: Math.min(height - y, Math.ceil(box.height / ky)),
    };
  };
  return { plane: work.subarray(0, w * h), width: w, height: h, marks: moved, placed };
}
