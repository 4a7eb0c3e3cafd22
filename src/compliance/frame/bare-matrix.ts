import { LargestBlob } from './largest-blob.js';
import type { CodeSymbol } from './symbol.js';
import type { ZxingReader } from './zxing-reader.js';

/*
 * Data Matrix codes without a quiet zone on a ground as dark as they are: their solid sides are lost in it, and no reader begins.
 *
 * The light modules alone still fill a rectangle, of which two sides alternate from end to end, as nothing else does. Where they do, the
 * symbol is drawn anew from the middle of each module, with its solid sides and a quiet zone, and a reader has the last word. Light codes on light
 * ground are the same with light and dark exchanged. On a card, a shirt or a photo the ground is neither: it lies below a level that the light modules
 * still reach, so three levels are tried.
 */

/** The longer side of a place, in samples. */
export const LONGEST_BARE = 240;
/** Modules on a side with the solid one, which are even. */
const LEAST_MODULES = 8;
const MOST_MODULES = 52;
/** Samples a module. */
const LEAST_MODULE = 1.6;
/** Above which of them light is told from ground, and what share of the samples has to lie between two of them. */
const LEVELS = [127, 168, 200] as const;
const LEAST_BETWEEN = 0.03;
/** Angles, in radians, at which the rectangle is looked for, and closer by. */
const TURN = Math.PI / 90;
const CLOSER = 8;
/** Agreement of a side with light and dark by turns, from −1 to 1. */
const LEAST_TIMED = 0.28;
/** Pixels a module that a symbol is drawn with, and modules around it. */
const DRAWN = 4;
const QUIET = 2;
const SIDES = 4;

/** An upright frame of the light modules: from (x, y), `along` and `across` are its sides as vectors. */
interface Frame {
  readonly x: number;
  readonly y: number;
  readonly ux: number;
  readonly uy: number;
  readonly vx: number;
  readonly vy: number;
}

export class BareMatrix {
  private readonly mask = new Uint8Array(LONGEST_BARE ** 2);
  private readonly rows = new Uint8Array(LONGEST_BARE ** 2);
  private readonly blob = new LargestBlob(LONGEST_BARE);

  constructor(private readonly zxing: ZxingReader) {}

  /** What is read of a code in a plane of grey from 0 to 255; its place is the whole plane. */
  read(plane: Uint8Array, width: number, height: number): readonly CodeSymbol[] {
    for (const isLight of [true, false]) {
      let before = -1;
      for (const level of LEVELS) {
        if (!isGroundBelow(plane, width, height, isLight, level)) continue;
        const light = this.mark(plane, width * height, isLight, level);
        // The same again, but for the soft edges of modules.
        if (before >= 0 && before - light < LEAST_BETWEEN * width * height) continue;
        before = light;
        const frame = this.frameOf(width, height);
        if (frame === undefined) continue;
        const symbols = this.readFrame(frame, sampler(plane, width, height, isLight));
        if (symbols.length > 0) return symbols.map((s) => ({ ...s, x: 0, y: 0, width, height }));
      }
    }
    return [];
  }

  /** Puts 1 for each light sample into the mask; returns their number. */
  private mark(plane: Uint8Array, samples: number, isLight: boolean, level: number): number {
    const { mask } = this;
    let light = 0;
    for (let i = 0; i < samples; i += 1) light += mask[i] = (isLight ? plane[i]! : 255 - plane[i]!) > level ? 1 : 0;
    return light;
  }

  /** The least rectangle around the largest group of light samples. */
  private frameOf(width: number, height: number): Frame | undefined {
    const { mask, rows, blob } = this;
    let turns = 0;
    for (let i = 1; i < width * height; i += 1) turns += mask[i]! ^ mask[i - 1]!;
    // Half a module and a bit, which joins what is a module apart.
    const reach = Math.max(1, Math.round((width * height) / Math.max(1, turns) / 4));
    spread(mask, rows, width, 1, height, width, reach);
    spread(rows, mask, height, width, width, 1, reach);
    if (blob.keepLargest(mask, width, height) === 0) return undefined;
    const points: number[] = [];
    for (let y = 0; y < height; y += 1) {
      if (blob.lastX[y]! >= 0) points.push(blob.firstX[y]!, y, blob.lastX[y]!, y);
    }
    let best = rectangle(points, 0);
    for (let angle = TURN; angle < Math.PI / 2; angle += TURN) best = smaller(best, rectangle(points, angle));
    const { angle } = best;
    for (let i = -CLOSER; i <= CLOSER; i += 1) best = smaller(best, rectangle(points, angle + (i * TURN) / CLOSER));
    const [c, s] = [Math.cos(best.angle), Math.sin(best.angle)];
    // It was spread along rows and columns.
    const grown = reach * (Math.abs(c) + Math.abs(s));
    const [u0, v0] = [best.left + grown, best.top + grown];
    const [w, h] = [best.right - best.left + 1 - 2 * grown, best.bottom - best.top + 1 - 2 * grown];
    if (Math.min(w, h) < LEAST_MODULE * LEAST_MODULES) return undefined;
    return { x: u0 * c - v0 * s, y: u0 * s + v0 * c, ux: w * c, uy: w * s, vx: -h * s, vy: h * c };
  }

  private readFrame(frame: Frame, grey: (x: number, y: number) => number): readonly CodeSymbol[] {
    let turned = frame;
    let across = timedModules(turned, grey);
    for (let side = 0; side < SIDES; side += 1) {
      const next = turn(turned);
      const down = timedModules(next, grey);
      // The upper side and the one to its right.
      if (across > 0 && down > 0) {
        const symbols = this.draw(turned, grey, across, down);
        if (symbols.length > 0) return symbols;
      }
      turned = next;
      across = down;
    }
    return [];
  }

  private draw(
    { x, y, ux, uy, vx, vy }: Frame,
    grey: (x: number, y: number) => number,
    columns: number,
    rows: number,
  ): readonly CodeSymbol[] {
    const width = (columns + 2 * QUIET) * DRAWN;
    const height = (rows + 2 * QUIET) * DRAWN;
    const to = this.zxing.pixels();
    to.fill(255, 0, width * height);
    for (let row = 0; row < rows; row += 1) {
      for (let column = 0; column < columns; column += 1) {
        const [u, v] = [(column - 0.5) / (columns - 1), (row + 0.5) / (rows - 1)];
        const isSolid = column === 0 || row === rows - 1;
        const value = isSolid ? 0 : grey(x + u * ux + v * vx, y + u * uy + v * vy);
        const at = (row + QUIET) * DRAWN * width + (column + QUIET) * DRAWN;
        for (let line = 0; line < DRAWN; line += 1) to.fill(value, at + line * width, at + line * width + DRAWN);
      }
    }
    return this.zxing.read(width, height, 'cornered', 'local').filter((s) => s.valid);
  }
}

/** Whether most of a plane's edge is below a level, or where light and dark are exchanged above it. */
function isGroundBelow(plane: Uint8Array, width: number, height: number, isLight: boolean, level: number): boolean {
  const isBelow = (at: number): number => ((isLight ? plane[at]! : 255 - plane[at]!) <= level ? 1 : 0);
  let below = 0;
  for (let x = 0; x < width; x += 1) below += isBelow(x) + isBelow((height - 1) * width + x);
  for (let y = 0; y < height; y += 1) below += isBelow(y * width) + isBelow((y + 1) * width - 1);
  return below > width + height;
}

/** Modules of the whole symbol along the upper side of a frame, if light and dark take turns there from end to end; else 0. */
function timedModules({ x, y, ux, uy, vx, vy }: Frame, grey: (x: number, y: number) => number): number {
  const [long, deep] = [Math.hypot(ux, uy), Math.hypot(vx, vy)];
  let best = 0;
  let most = LEAST_TIMED;
  for (let modules = LEAST_MODULES; modules <= MOST_MODULES; modules += 2) {
    const module = long / (modules - 1);
    if (module < LEAST_MODULE) break;
    const v = (0.5 * module) / deep;
    let sum = 0;
    for (let i = 0; i < modules - 1; i += 1) {
      const u = (i + 0.5) / (modules - 1);
      const value = grey(x + u * ux + v * vx, y + u * uy + v * vy) - 127.5;
      sum += (i & 1) === 0 ? value : -value;
    }
    const agreed = sum / 127.5 / (modules - 1);
    if (agreed <= most) continue;
    most = agreed;
    best = modules;
  }
  return best;
}

/** The same frame seen from its right side. */
const turn = ({ x, y, ux, uy, vx, vy }: Frame): Frame => ({ x: x + ux, y: y + uy, ux: vx, uy: vy, vx: -ux, vy: -uy });

function sampler(plane: Uint8Array, width: number, height: number, isLight: boolean): (x: number, y: number) => number {
  return (x, y) => {
    const [px, py] = [Math.min(width - 1.001, Math.max(0, x)), Math.min(height - 1.001, Math.max(0, y))];
    const [left, top] = [Math.floor(px), Math.floor(py)];
    const at = top * width + left;
    const upper = plane[at]! + (plane[at + 1]! - plane[at]!) * (px - left);
    const lower = plane[at + width]! + (plane[at + width + 1]! - plane[at + width]!) * (px - left);
    const value = upper + (lower - upper) * (py - top);
    return isLight ? value : 255 - value;
  };
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
