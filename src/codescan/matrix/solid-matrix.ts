import { type CellFrame, type CellRectangle, shortOf, turnFrame } from '../locate/cell-rectangle.js';
import { drawModules, type Grey, measureModules } from './module-grid.js';
import { solveModules } from './module-solver.js';
import { PlaneSampler } from '../pipeline/quad-sampler.js';
import { drawSoftAztec } from './soft-aztec.js';
import type { CodeSymbol } from '../pipeline/symbol.js';
import type { CodeFamily, ZxingReader } from '../decoders/zxing-reader.js';

/*
 * Data Matrix codes whose modules are large and soft: blurred, moved, with round corners that run together, or dots. Aztec codes too (`soft-aztec.ts`).
 *
 * The problem: readers tell dark from light sample by sample, and of a module of six pixels, blurred by three, whose four neighbours are of
 * the other tone nothing is left that is darker than the middle grey. The rule: its ink fills a rectangle of which two sides alternate from end to end and
 * the other two are solid, as nothing else does. Where they are, each module is measured in its middle, less what its neighbours have put
 * there (`solveModules`), and drawn anew; a reader has the last word.
 *
 * Numbers: on a plain card Data Matrix codes are read up to a blur by 0.6 modules instead of 0.5, Aztec codes up to 0.6 instead of 0.4 to 0.5; the demo room has
 * one such place in twenty pictures, half a millisecond each.
 */

const MIDDLE = 127;
const MIN_MODULES = 8;
const MAX_MODULES = 52;
/** Samples a module. */
const MIN_MODULE = 2.5;
/** How far parts of a symbol may be apart, in usual runs of the mask. */
const APART = 1 / 4;
/** What is left out beside a place's middle, as a share of its sides. */
const BESIDE = 0.25;
/** How well a side agrees with light and dark by turns, up to 1; the share of a solid side that is dark. */
const MIN_TIMED = 0.6;
const MIN_SOLID = 0.8;
const SIDES = 4;

/** A timed side: its modules, and the tone between its dark and its light ones. */
interface Timed {
  readonly modules: number;
  readonly level: number;
}

export class SolidMatrix {
  reads = 0;

  constructor(
    private readonly zxing: ZxingReader,
    private readonly rectangle: CellRectangle,
  ) {}

  /** What is read of a code in a plane of grey from 0 to 255; its place is the whole plane. */
  read(plane: Uint8Array, width: number, height: number): readonly CodeSymbol[] {
    for (const isLight of [false, true]) {
      this.mark(plane, width * height, isLight);
      const frame = this.rectangle.findNear(width, height, this.reach(width, height), true);
      if (frame === undefined) continue;
      const symbols = this.readIn(plane, width, height, frame, isLight);
      if (symbols.length > 0) return symbols;
    }
    return [];
  }

  /** The same of a code that fills a frame, light on dark or dark on light. */
  readIn(plane: Uint8Array, width: number, height: number, frame: CellFrame, isLight: boolean): readonly CodeSymbol[] {
    if (shortOf(frame) < MIN_MODULE * MIN_MODULES) return [];
    const sampler = new PlaneSampler(plane, width, height);
    const grey: Grey = (x, y) => (isLight ? 255 - sampler.at(x, y) : sampler.at(x, y));
    let found = this.readFrame(frame, grey);
    if (found.length === 0) {
      const drawn = drawSoftAztec(frame, grey, this.zxing.pixels());
      if (drawn !== undefined) found = this.ask(drawn, 'other');
    }
    return found.map((s) => ({ ...s, x: 0, y: 0, width, height }));
  }

  private mark(plane: Uint8Array, samples: number, isLight: boolean): void {
    const { mask } = this.rectangle;
    for (let i = 0; i < samples; i += 1) mask[i] = plane[i]! > MIDDLE === isLight ? 1 : 0;
  }

  /** How far parts of one symbol may be apart, as its cells are long in the middle of the place. */
  private reach(width: number, height: number): number {
    const { mask } = this.rectangle;
    const [left, right] = [Math.floor(width * BESIDE), Math.ceil(width * (1 - BESIDE))];
    let [turns, seen] = [0, 0];
    for (let y = Math.floor(height * BESIDE); y < height * (1 - BESIDE); y += 1) {
      for (let at = y * width + left + 1; at < y * width + right; at += 1) turns += mask[at]! ^ mask[at - 1]!;
      seen += right - left;
    }
    return Math.max(1, Math.round((seen * APART) / Math.max(1, turns)));
  }

  private readFrame(frame: CellFrame, grey: Grey): readonly CodeSymbol[] {
    let turned = frame;
    let across = timedSide(turned, grey, 1);
    for (let side = 0; side < SIDES; side += 1) {
      const next = turnFrame(turned);
      // The upper side begins dark, the one to its right light.
      const down = timedSide(next, grey, -1);
      if (across !== undefined && down !== undefined && isSolid(turned, grey, across, down)) {
        const symbols = this.draw(turned, grey, across.modules, down.modules);
        if (symbols.length > 0) return symbols;
      }
      turned = next;
      across = timedSide(turned, grey, 1);
    }
    return [];
  }

  private draw(frame: CellFrame, grey: Grey, columns: number, rows: number): readonly CodeSymbol[] {
    const modules = new Int8Array(columns * rows);
    for (let i = 0; i < modules.length; i += 1) {
      const [column, row] = [i % columns, Math.floor(i / columns)];
      if (column === 0 || row === rows - 1) modules[i] = 1;
      else if (row === 0) modules[i] = 1 - (column & 1);
      else modules[i] = column === columns - 1 ? row & 1 : -1;
    }
    solveModules(measureModules(frame, grey, columns, rows), modules, columns, rows);
    // None is higher than wide: that is one seen from behind, and no reader turns it over.
    const to = this.zxing.pixels();
    const drawn =
      columns < rows
        ? drawModules(turnedOver(modules, columns, rows), rows, columns, to)
        : drawModules(modules, columns, rows, to);
    return this.ask(drawn, 'cornered');
  }

  private ask([width, height]: [width: number, height: number], family: CodeFamily): readonly CodeSymbol[] {
    this.reads += 1;
    return this.zxing.read(width, height, family, 'local').filter((s) => s.valid);
  }
}

/** The modules with their rows for columns, from the last corner on: the solid sides stay where they are. */
function turnedOver(modules: Int8Array, columns: number, rows: number): Int8Array {
  const turned = new Int8Array(modules.length);
  for (let i = 0; i < modules.length; i += 1) {
    const [column, row] = [i % columns, Math.floor(i / columns)];
    turned[(columns - 1 - column) * rows + rows - 1 - row] = modules[i]!;
  }
  return turned;
}

/** The upper side of a frame, if dark and light take turns there from end to end; the first is dark (1) or light (−1). */
function timedSide({ x, y, ux, uy, vx, vy }: CellFrame, grey: Grey, first: 1 | -1): Timed | undefined {
  const [long, deep] = [Math.hypot(ux, uy), Math.hypot(vx, vy)];
  let best: Timed | undefined;
  let most = 0;
  for (let modules = MIN_MODULES; modules <= MAX_MODULES; modules += 2) {
    const module = long / modules;
    if (module < MIN_MODULE) break;
    const v = (0.5 * module) / deep;
    const at = (i: number): number => {
      const u = (i + 0.5) / modules;
      return grey(x + u * ux + v * vx, y + u * uy + v * vy);
    };
    let [before, own, sum, squares, turns] = [at(0), at(1), 0, 0, 0];
    sum = before + own;
    for (let i = 1; i < modules - 1; i += 1) {
      const next = at(i + 1);
      // What is lighter than its neighbours, whatever light falls on them and whatever lies beside the side.
      const above = 2 * own - before - next;
      squares += above * above;
      turns += (i & 1) === 0 ? -above : above;
      sum += next;
      [before, own] = [own, next];
    }
    const agreed = squares <= 0 ? 0 : (first * turns) / Math.sqrt(squares * (modules - 2));
    const score = agreed * Math.sqrt(modules);
    if (agreed < MIN_TIMED || score <= most) continue;
    most = score;
    best = { modules, level: sum / modules };
  }
  return best;
}

/** Whether the left and the lower side of a frame are dark from end to end. */
function isSolid(
  { x, y, ux, uy, vx, vy }: CellFrame,
  grey: Grey,
  { modules: columns, level: a }: Timed,
  { modules: rows, level: b }: Timed,
): boolean {
  const level = (a + b) / 2;
  let dark = 0;
  for (let row = 0; row < rows; row += 1) {
    const [u, v] = [0.5 / columns, (row + 0.5) / rows];
    if (grey(x + u * ux + v * vx, y + u * uy + v * vy) < level) dark += 1;
  }
  if (dark < MIN_SOLID * rows) return false;
  dark = 0;
  for (let column = 0; column < columns; column += 1) {
    const [u, v] = [(column + 0.5) / columns, 1 - 0.5 / rows];
    if (grey(x + u * ux + v * vx, y + u * uy + v * vy) < level) dark += 1;
  }
  return dark >= MIN_SOLID * columns;
}
