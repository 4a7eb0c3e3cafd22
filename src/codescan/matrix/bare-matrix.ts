import { type CellFrame, type CellRectangle, shortOf, turnFrame } from '../locate/cell-rectangle.js';
import type { CodeSymbol } from '../pipeline/symbol.js';
import type { ZxingReader } from '../decoders/zxing-reader.js';

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
const MIN_MODULES = 8;
const MAX_MODULES = 144;
/** Samples a module. */
const MIN_MODULE = 1.6;
/** Above which of them light is told from ground, and what share of the samples has to lie between two of them. */
const LEVELS = [127, 168, 200] as const;
const MIN_BETWEEN = 0.03;
/** Agreement of a side with light and dark by turns, from −1 to 1. */
const MIN_TIMED = 0.28;
/** Pixels a module that a symbol is drawn with, and modules around it. */
const DRAWN = 4;
const QUIET = 2;
const SIDES = 4;

export class BareMatrix {
  constructor(
    private readonly zxing: ZxingReader,
    private readonly rectangle: CellRectangle,
  ) {}

  /** What is read of a code in a plane of grey from 0 to 255; its place is the whole plane. */
  read(plane: Uint8Array, width: number, height: number): readonly CodeSymbol[] {
    for (const isLight of [true, false]) {
      let before = -1;
      for (const level of LEVELS) {
        if (!isGroundBelow(plane, width, height, isLight, level)) continue;
        const light = this.mark(plane, width * height, isLight, level);
        // The same again, but for the soft edges of modules.
        if (before >= 0 && before - light < MIN_BETWEEN * width * height) continue;
        before = light;
        // Half a module and a bit, which joins what is a module apart.
        const frame = this.rectangle.find(width, height, 1 / 4);
        if (frame === undefined || shortOf(frame) < MIN_MODULE * MIN_MODULES) continue;
        const symbols = this.readFrame(frame, sampler(plane, width, height, isLight));
        if (symbols.length > 0) return symbols.map((s) => ({ ...s, x: 0, y: 0, width, height }));
      }
    }
    return [];
  }

  /** Puts 1 for each light sample into the mask; returns their number. */
  private mark(plane: Uint8Array, samples: number, isLight: boolean, level: number): number {
    const { mask } = this.rectangle;
    let light = 0;
    for (let i = 0; i < samples; i += 1) light += mask[i] = (isLight ? plane[i]! : 255 - plane[i]!) > level ? 1 : 0;
    return light;
  }

  private readFrame(frame: CellFrame, grey: (x: number, y: number) => number): readonly CodeSymbol[] {
    let turned = frame;
    let across = timedModules(turned, grey);
    for (let side = 0; side < SIDES; side += 1) {
      const next = turnFrame(turned);
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
    { x, y, ux, uy, vx, vy }: CellFrame,
    grey: (x: number, y: number) => number,
    across: number,
    down: number,
  ): readonly CodeSymbol[] {
    // None is higher than wide: that is one seen from behind, and no reader turns it over.
    const isBehind = across < down;
    const [columns, rows] = isBehind ? [down, across] : [across, down];
    const width = (columns + 2 * QUIET) * DRAWN;
    const height = (rows + 2 * QUIET) * DRAWN;
    const to = this.zxing.pixels();
    to.fill(255, 0, width * height);
    for (let row = 0; row < rows; row += 1) {
      for (let column = 0; column < columns; column += 1) {
        const isSolid = column === 0 || row === rows - 1;
        const [right, up] = isBehind ? [rows - 1 - row, columns - 1 - column] : [column, row];
        const [u, v] = [(right - 0.5) / (across - 1), (up + 0.5) / (down - 1)];
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
function timedModules({ x, y, ux, uy, vx, vy }: CellFrame, grey: (x: number, y: number) => number): number {
  const [long, deep] = [Math.hypot(ux, uy), Math.hypot(vx, vy)];
  let best = 0;
  let most = MIN_TIMED;
  for (let modules = MIN_MODULES; modules <= MAX_MODULES; modules += 2) {
    const module = long / (modules - 1);
    if (module < MIN_MODULE) break;
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
