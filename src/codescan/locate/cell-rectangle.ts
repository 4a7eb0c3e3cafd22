import { LargestBlob } from './largest-blob.js';

/** Angles, in radians, at which the rectangle is looked for, and closer by. */
const TURN = Math.PI / 90;
const CLOSER = 8;

/** A rectangle at any angle: from (x, y), (ux, uy) and (vx, vy) are its sides. */
export interface CellFrame {
  readonly x: number;
  readonly y: number;
  readonly ux: number;
  readonly uy: number;
  readonly vx: number;
  readonly vy: number;
  /** The share of it that its samples fill. */
  readonly fill: number;
}

export const shortOf = ({ ux, uy, vx, vy }: CellFrame): number => Math.min(Math.hypot(ux, uy), Math.hypot(vx, vy));
export const longOf = ({ ux, uy, vx, vy }: CellFrame): number => Math.max(Math.hypot(ux, uy), Math.hypot(vx, vy));

/** The least rectangle around the largest group of marked samples that lie near each other. */
export class CellRectangle {
  /** 1 for a marked sample, rows without padding; `find` changes it. */
  readonly mask: Uint8Array;
  private readonly rows: Uint8Array;
  private readonly blob: LargestBlob;

  /** For planes of up to `side` samples each way. */
  constructor(side: number) {
    this.mask = new Uint8Array(side * side);
    this.rows = new Uint8Array(side * side);
    this.blob = new LargestBlob(side);
  }

  /** Samples belong together that are no further apart than twice `share` of the usual way from one change of the mask to the next. */
  find(width: number, height: number, share: number): CellFrame | undefined {
    const { mask } = this;
    let turns = 0;
    for (let i = 1; i < width * height; i += 1) turns += mask[i]! ^ mask[i - 1]!;
    return this.findNear(width, height, Math.max(1, Math.round((width * height * share) / Math.max(1, turns))));
  }

  /** The same of samples that are no further apart than twice `reach`; `inside`: of a group that does not reach the plane's edge. */
  findNear(width: number, height: number, reach: number, inside = false): CellFrame | undefined {
    const { mask, rows, blob } = this;
    spread(mask, rows, width, 1, height, width, reach);
    spread(rows, mask, height, width, width, 1, reach);
    const samples = blob.keepLargest(mask, width, height, inside);
    if (samples === 0) return undefined;
    const points = [...hull(blob, blob.firstX, height, 1), ...hull(blob, blob.lastX, height, -1)];
    let best = rectangle(points, 0);
    for (let angle = TURN; angle < Math.PI / 2; angle += TURN) best = smaller(best, rectangle(points, angle));
    const { angle } = best;
    for (let i = -CLOSER; i <= CLOSER; i += 1) best = smaller(best, rectangle(points, angle + (i * TURN) / CLOSER));
    const [c, s] = [Math.cos(best.angle), Math.sin(best.angle)];
    // It was spread along rows and columns.
    const grown = reach * (Math.abs(c) + Math.abs(s));
    const [u0, v0] = [best.left + grown, best.top + grown];
    const [w, h] = [best.right - best.left + 1 - 2 * grown, best.bottom - best.top + 1 - 2 * grown];
    if (Math.min(w, h) <= 0) return undefined;
    const frame = { x: u0 * c - v0 * s, y: u0 * s + v0 * c, ux: w * c, uy: w * s, vx: -h * s, vy: h * c };
    return { ...frame, fill: samples / ((w + 2 * grown) * (h + 2 * grown)) };
  }
}

/** The corners of a blob on one side, as x and y of each: no sample lies further to the left (1) or right (−1) than the lines between them. */
function hull({ lastX }: LargestBlob, ends: Int32Array, height: number, side: 1 | -1): number[] {
  const points: number[] = [];
  for (let y = 0; y < height; y += 1) {
    if (lastX[y]! < 0) continue;
    const x = ends[y]!;
    while (points.length >= 4) {
      const end = points.length;
      const [ax, ay, bx, by] = [points[end - 4]!, points[end - 3]!, points[end - 2]!, points[end - 1]!];
      if (side * ((bx - ax) * (y - ay) - (x - ax) * (by - ay)) <= 0) break;
      points.length -= 2;
    }
    points.push(x, y);
  }
  return points;
}

interface Rectangle {
  readonly angle: number;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

function rectangle(points: readonly number[], angle: number): Rectangle {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < points.length; i += 2) {
    const u = points[i]! * c + points[i + 1]! * s;
    const v = points[i + 1]! * c - points[i]! * s;
    left = Math.min(left, u);
    right = Math.max(right, u);
    top = Math.min(top, v);
    bottom = Math.max(bottom, v);
  }
  return { angle, left, top, right, bottom };
}

const area = ({ left, top, right, bottom }: Rectangle): number => (right - left) * (bottom - top);
const smaller = (a: Rectangle, b: Rectangle): Rectangle => (area(b) < area(a) ? b : a);

/** 1 wherever one is within `reach` of it on its line; samples of a line are `step` apart, lines `stride`. */
function spread(
  from: Uint8Array,
  to: Uint8Array,
  count: number,
  step: number,
  lines: number,
  stride: number,
  reach: number,
): void {
  for (let l = 0; l < lines; l += 1) {
    let last = -Infinity;
    const first = l * stride;
    for (let i = 0; i < count + reach; i += 1) {
      if (i < count && from[first + i * step] === 1) last = i;
      const at = i - reach;
      if (at >= 0) to[first + at * step] = last >= at - reach ? 1 : 0;
    }
  }
}

/** The same frame seen from its right side. */
export const turnFrame = ({ x, y, ux, uy, vx, vy, fill }: CellFrame): CellFrame => ({
  x: x + ux,
  y: y + uy,
  ux: vx,
  uy: vy,
  vx: -ux,
  vy: -uy,
  fill,
});
