import { OUTLINE } from '../../core/kernels.js';
import type { Box } from '../../core/verdict.js';
import { type CellFrame, type CellRectangle, longOf, shortOf } from '../locate/cell-rectangle.js';
import { contrastOf } from '../locate/cell-texture.js';
import { TURNED_OVER } from '../pdf417/bars-reader.js';
import { type Corner, PlaneSampler, type Quad } from '../pipeline/quad-sampler.js';
import { SolidMatrix } from './solid-matrix.js';
import type { CodeSymbol } from '../pipeline/symbol.js';
import { shareOneWay } from '../pdf417/turned-bars.js';
import type { ZxingReader } from '../decoders/zxing-reader.js';

/*
 * Codes of any form without a quiet zone, amid what is no darker or lighter than they are: letters, a photo, a shelf.
 *
 * The problem: readers want an even margin, and tell dark from light by what stands around a sample, so that the outer modules are lost in it. The
 * rule: the steps from sample to sample inside a code are the strongest of its place and lie everywhere in a rectangle. That is drawn
 * upright and larger on white, and read; what leans by a tilt comes out straight enough.
 */

/** A step from a sample to the one after the next, of the place's contrast. */
const STEP = 0.47;
/** How far such steps may be apart, in usual runs of the mask. */
const APART = 1 / 2;
/** Of a rectangle, those that are within that reach. */
const MIN_FILLED = 0.8;
const MIN_SHORT = 14;
/** Of the samples in it, by some of them: letters are mostly ground, which codes have half of. */
const MIN_DARK = 0.4;
const MAX_DARK = 0.62;
const LINES = 16;
/** Its longer side, in samples: what is drawn three times as large. */
const THRICE = 260;
const LARGER = 3;
const LARGE = 2;
const QUIET = 14;
/** The rectangle is that of the edges, which have a soft half without. */
const INSET = 1;
/** Bars as dark as what is around lose the first of them: so many samples at either end. */
const GROWN = 4;
/** From so many times as long as wide on it may be a form that is read from one side only. */
const LONG = 1.3;

/** Bars, of a place whose edges run one way as theirs do, or so long that it is nothing else. */
const BARRED = 1 << OUTLINE.start;
const MIN_ONE_WAY = 0.22;
const LONG_BARS = 3;
/** Samples from the end of a place: beyond it bars go on, of which the search for areas saw a part. */
const AT_END = 7;

export class FramedReader {
  reads = 0;
  /** Where the last place has bars that go on beyond it, unread. */
  cutOff: Box | undefined;
  private readonly solid: SolidMatrix;

  constructor(
    private readonly zxing: ZxingReader,
    private readonly rectangle: CellRectangle,
  ) {
    this.solid = new SolidMatrix(zxing, rectangle);
  }

  /** What is read of a code in a plane of grey from 0 to 255. */
  read(plane: Uint8Array, width: number, height: number): readonly CodeSymbol[] {
    this.cutOff = undefined;
    const step = Math.round(contrastOf(plane, width * height) * STEP);
    this.mark(plane, width, height, step);
    const frame = this.rectangle.find(width, height, APART);
    if (frame === undefined || frame.fill < MIN_FILLED || shortOf(frame) < MIN_SHORT) return [];
    const sampler = new PlaneSampler(plane, width, height);
    const inner = grown(frame, -INSET, -INSET);
    const dark = darkShare(sampler, inner);
    if (dark < MIN_DARK || dark > MAX_DARK) return [];
    let found = this.readFrame(sampler, inner);
    if (found.length === 0 && mayBeBars(plane, width, height, inner)) {
      found = this.readBars(sampler, inner);
      const box = placeOf(inner, width, height);
      if (found.length === 0 && isAtEnd(box, width, height)) this.cutOff = box;
    }
    if (found.length === 0) return this.readSolid(plane, width, height, frame);
    return found.map((s) => ({ ...s, ...placeOf(inner, width, height) }));
  }

  private mark(plane: Uint8Array, width: number, height: number, step: number): void {
    const { mask } = this.rectangle;
    mask.fill(0, 0, width * height);
    for (let y = 1; y < height - 1; y += 1) {
      for (let at = y * width + 1; at < (y + 1) * width - 1; at += 1) {
        const across = plane[at + 1]! - plane[at - 1]!;
        const down = plane[at + width]! - plane[at - width]!;
        if (across >= step || across <= -step || down >= step || down <= -step) mask[at] = 1;
      }
    }
  }

  /** A Data Matrix whose modules are too soft for a reader. */
  private readSolid(plane: Uint8Array, width: number, height: number, frame: CellFrame): readonly CodeSymbol[] {
    for (const isLight of [false, true]) {
      const found = this.solid.readIn(plane, width, height, frame, isLight);
      if (found.length > 0) return found;
    }
    return [];
  }

  private readFrame(sampler: PlaneSampler, frame: CellFrame): readonly CodeSymbol[] {
    const found = this.ask(this.draw(sampler, frame));
    if (found.length > 0 || longOf(frame) < LONG * shortOf(frame)) return found;
    return this.ask(this.draw(sampler, lengthened(frame)));
  }

  /** Bars in the ways that readers don't take. */
  private readBars(sampler: PlaneSampler, frame: CellFrame): readonly CodeSymbol[] {
    for (const [isBehind, isLight] of TURNED_OVER) {
      const [w, h] = this.draw(sampler, isBehind ? fromBehind(frame) : frame, isLight);
      this.reads += 1;
      const found = this.zxing.readMarked(w, h, BARRED, 'local').filter((s) => s.valid);
      if (found.length > 0) return found;
    }
    return [];
  }

  private ask([w, h]: [width: number, height: number]): readonly CodeSymbol[] {
    this.reads += 1;
    return this.zxing.read(w, h, 'all', 'local').filter((s) => s.valid);
  }

  /** Draws a frame upright and larger, with a margin; returns its size. */
  private draw(
    sampler: PlaneSampler,
    { x, y, ux, uy, vx, vy }: CellFrame,
    isLight = false,
  ): [width: number, height: number] {
    const [along, across] = [Math.hypot(ux, uy), Math.hypot(vx, vy)];
    const scale = Math.max(along, across) > THRICE ? LARGE : LARGER;
    const [iw, ih] = [Math.round(along * scale), Math.round(across * scale)];
    const [w, h] = [iw + 2 * QUIET, ih + 2 * QUIET];
    const drawn = this.zxing.pixels();
    drawn.fill(255, 0, w * h);
    for (let row = 0; row < ih; row += 1) {
      const v = (row + 0.5) / ih;
      for (let column = 0; column < iw; column += 1) {
        const u = (column + 0.5) / iw;
        const value = sampler.at(x + u * ux + v * vx, y + u * uy + v * vy);
        drawn[(row + QUIET) * w + column + QUIET] = isLight ? 255 - value : value;
      }
    }
    return [w, h];
  }
}

/** Whether a box reaches to where its plane ends, lengthwise. */
const isAtEnd = ({ x, y, width: w, height: h }: Box, width: number, height: number): boolean =>
  w >= h ? x < AT_END || x + w > width - AT_END : y < AT_END || y + h > height - AT_END;

const mayBeBars = (plane: Uint8Array, width: number, height: number, frame: CellFrame): boolean =>
  longOf(frame) >= LONG_BARS * shortOf(frame) || shareOneWay(plane, width, height) >= MIN_ONE_WAY;

/** The upright box around a frame, and its corners. */
function placeOf({ x, y, ux, uy, vx, vy }: CellFrame, width: number, height: number): Box & { quad: Quad } {
  const at = (u: number, v: number): Corner => ({ x: x + u * ux + v * vx, y: y + u * uy + v * vy });
  const quad = { topLeft: at(0, 0), topRight: at(1, 0), bottomLeft: at(0, 1), bottomRight: at(1, 1) };
  const xs = Object.values(quad).map((p) => Math.min(width, Math.max(0, Math.round(p.x))));
  const ys = Object.values(quad).map((p) => Math.min(height, Math.max(0, Math.round(p.y))));
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  return { x: left, y: top, width: Math.max(...xs) - left, height: Math.max(...ys) - top, quad };
}

/** A frame with so many samples more at either end of its two sides. */
function grown({ x, y, ux, uy, vx, vy, fill }: CellFrame, along: number, across: number): CellFrame {
  const [a, b] = [along / Math.hypot(ux, uy), across / Math.hypot(vx, vy)];
  return {
    x: x - a * ux - b * vx,
    y: y - a * uy - b * vy,
    ux: ux * (1 + 2 * a),
    uy: uy * (1 + 2 * a),
    vx: vx * (1 + 2 * b),
    vy: vy * (1 + 2 * b),
    fill,
  };
}

/** The same frame from its right side to its left. */
const fromBehind = (frame: CellFrame): CellFrame => ({
  ...frame,
  x: frame.x + frame.ux,
  y: frame.y + frame.uy,
  ux: -frame.ux,
  uy: -frame.uy,
});

function lengthened(frame: CellFrame): CellFrame {
  const isWide = Math.hypot(frame.ux, frame.uy) >= Math.hypot(frame.vx, frame.vy);
  return grown(frame, isWide ? GROWN : 0, isWide ? 0 : GROWN);
}

/** The share of a frame's samples that is dark. */
function darkShare(sampler: PlaneSampler, { x, y, ux, uy, vx, vy }: CellFrame): number {
  const [along, across] = [Math.floor(Math.hypot(ux, uy)), Math.floor(Math.hypot(vx, vy))];
  let dark = 0;
  for (let line = 0; line < LINES; line += 1) {
    const beside = (line + 0.5) / LINES;
    for (let i = 0; i < along; i += 1) {
      const u = (i + 0.5) / along;
      if (sampler.at(x + u * ux + beside * vx, y + u * uy + beside * vy) < 128) dark += 1 / along;
    }
    for (let i = 0; i < across; i += 1) {
      const v = (i + 0.5) / across;
      if (sampler.at(x + beside * ux + v * vx, y + beside * uy + v * vy) < 128) dark += 1 / across;
    }
  }
  return dark / (2 * LINES);
}
