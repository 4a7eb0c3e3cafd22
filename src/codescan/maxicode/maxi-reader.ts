import { OUTLINE, OUTLINE_STRIDE } from '../../core/kernels.js';
import { FINDER_STRIDE } from '../locate/candidate-boxes.js';
import {
  fitMaxi,
  MAXI_COLUMNS,
  MAXI_REACH,
  MAXI_ROWS,
  maxiPoint,
  meetRings,
  type MaxiPose,
  sampleMaxi,
} from './maxi-fit.js';
import { PlaneSampler } from '../pipeline/quad-sampler.js';
import { CleanMemo } from '../jobs/scan-memo.js';
import type { CodeSymbol } from '../pipeline/symbol.js';
import type { ZxingReader } from '../decoders/zxing-reader.js';

/*
 * Reads the MaxiCode around a bull's eye, at any angle and slant, of either polarity and from behind.
 *
 * The problem: the reader takes it only upright, cut out and clean, and the marks it is told by without one (`findMaxiCode`) need modules of
 * three pixels. The rule: where its modules lie follows from the bull's eye (`fitMaxi`); it is drawn anew from the middle of
 * each, and the reader's error correction has the last word.
 */

/** Pixels a module that a symbol is drawn with, and around it. */
const DRAWN = 6;
const QUIET = 12;
const WIDTH = MAXI_COLUMNS * DRAWN + 2 * QUIET;
const HEIGHT = MAXI_ROWS * DRAWN + 2 * QUIET;
/** What is taken off a module of how its neighbours differ from the mean: a blur mixes them. */
const SHARPENING = [0.25, 0, 0.6] as const;
/** Rows and columns around a module; the middle between their darkest and lightest parts light from dark. */
const AROUND = 5;
/** Rings in pixels: smaller ones have no modules, larger ones are read from a half of the samples. */
const MIN_RING = 1.1;
const MAX_RING = 14;
/** The rings of the seven runs by which `OUTLINE` tells a bull's eye. */
const OUTLINE_RINGS = 7.5;
/** In one run. */
const MAX_EYES = 8;
/** Places are cut out at multiples of it, so that one that was met a pixel beside is the same. */
const GRID = 4;

export class MaxiReader {
  reads = 0;
  private readonly memo = new CleanMemo();
  private readonly modules = new Float64Array(MAXI_COLUMNS * MAXI_ROWS);
  private readonly sharp = new Float64Array(MAXI_COLUMNS * MAXI_ROWS);
  private readonly crop = new Uint8Array((2 * (Math.ceil(MAXI_REACH * MAX_RING) + GRID)) ** 2);
  private left = MAX_EYES;

  constructor(private readonly zxing: ZxingReader) {}

  /** A new picture begins. */
  begin(): void {
    this.reads = 0;
    this.left = MAX_EYES;
  }

  /** Reads around those of `count` outline marks that are bull's eyes. */
  readMarked(plane: Uint8Array, width: number, height: number, marks: Int32Array, count: number): CodeSymbol[] {
    const found: CodeSymbol[] = [];
    for (let i = 0; i < count; i += 1) {
      const [kind, x = 0, y = 0, w = 0, h = 0] = marks.subarray(i * OUTLINE_STRIDE, (i + 1) * OUTLINE_STRIDE);
      if (kind !== OUTLINE.bullseye) continue;
      const ring = Math.sqrt(w * h) / OUTLINE_RINGS;
      const symbol = this.read(plane, width, height, x + w / 2, y + h / 2, ring);
      if (symbol !== undefined) found.push(symbol);
    }
    return found;
  }

  /** Reads around `count` bull's eyes, FINDER_STRIDE integers each, until there is a code. */
  readEyes(plane: Uint8Array, width: number, height: number, eyes: Int32Array, count: number): CodeSymbol | undefined {
    for (let at = 0; at < count * FINDER_STRIDE; at += FINDER_STRIDE) {
      const symbol = this.read(plane, width, height, eyes[at]! + 0.5, eyes[at + 1]! + 0.5, eyes[at + 2]! / 16);
      if (symbol !== undefined) return symbol;
    }
    return undefined;
  }

  /** Reads around the bull's eye at a place of a plane, with rings of about so many pixels. */
  read(plane: Uint8Array, width: number, height: number, x: number, y: number, ring: number): CodeSymbol | undefined {
    if (ring < MIN_RING || ring > MAX_RING || this.left === 0) return undefined;
    const met = meetRings(new PlaneSampler(plane, width, height), x, y, ring);
    if (met === undefined) return undefined;
    const reach = Math.ceil(MAXI_REACH * ring);
    const left = Math.max(0, Math.floor((x - reach) / GRID) * GRID);
    const top = Math.max(0, Math.floor((y - reach) / GRID) * GRID);
    const w = Math.min(width, left + 2 * reach + GRID) - left;
    const h = Math.min(height, top + 2 * reach + GRID) - top;
    if (w < reach || h < reach) return undefined;
    const { crop, memo } = this;
    for (let row = 0; row < h; row += 1) {
      const from = (top + row) * width + left;
      crop.set(plane.subarray(from, from + w), row * w);
    }
    const key = memo.key(crop, w, h);
    if (memo.has(key)) return undefined;
    this.left -= 1;
    const sampler = new PlaneSampler(crop, w, h);
    const start = { ...met.rings, x: x - left, y: y - top };
    for (const pose of fitMaxi(sampler, start, met.sign)) {
      const text = this.readPose(sampler, pose, met.sign < 0);
      if (text !== undefined) return symbolAt(pose, text, left, top);
    }
    memo.add(key);
    return undefined;
  }

  private readPose(sampler: PlaneSampler, pose: MaxiPose, inverted: boolean): string | undefined {
    const { modules, sharp, zxing } = this;
    sampleMaxi(sampler, pose, modules);
    for (const gain of SHARPENING) {
      sharpenModules(modules, gain, sharp);
      drawSymbol(sharp, inverted, zxing.pixels());
      this.reads += 1;
      const symbol = zxing.readMarked(WIDTH, HEIGHT, 1 << OUTLINE.bullseye, 'global').find((s) => s.valid);
      if (symbol !== undefined) return symbol.text;
    }
    return undefined;
  }
}

/** Takes what its neighbours give to a module off it. */
function sharpenModules(from: Float64Array, gain: number, to: Float64Array): void {
  for (let row = 0; row < MAXI_ROWS; row += 1) {
    // Those in the rows above and below stand half a module beside it.
    const beside = (row & 1) === 0 ? -1 : 1;
    for (let column = 0; column < MAXI_COLUMNS; column += 1) {
      let [sum, n] = [0, 0];
      const add = (c: number, r: number): void => {
        if (c < 0 || r < 0 || c >= MAXI_COLUMNS || r >= MAXI_ROWS) return;
        sum += from[r * MAXI_COLUMNS + c]!;
        n += 1;
      };
      add(column - 1, row);
      add(column + 1, row);
      for (const r of [row - 1, row + 1]) {
        add(column, r);
        add(column + beside, r);
      }
      const at = row * MAXI_COLUMNS + column;
      to[at] = from[at]! + gain * (from[at]! - sum / n);
    }
  }
}

/**
 * Draws a symbol in black and white. The reader takes the outermost dark samples for its edges, which a thin frame makes sure of: it
 * lies in the middle of no module.
 */
function drawSymbol(modules: Float64Array, inverted: boolean, to: Uint8Array): void {
  to.fill(255, 0, WIDTH * HEIGHT);
  const fill = (x: number, y: number, w: number, h: number): void => {
    for (let row = y; row < y + h; row += 1) to.fill(0, row * WIDTH + x, row * WIDTH + x + w);
  };
  for (let row = 0; row < MAXI_ROWS; row += 1) {
    for (let column = 0; column < MAXI_COLUMNS - (row & 1); column += 1) {
      const above = modules[row * MAXI_COLUMNS + column]! > middleAround(modules, column, row);
      if (above === !inverted) continue;
      fill(QUIET + column * DRAWN + ((row & 1) * DRAWN) / 2, QUIET + row * DRAWN, DRAWN, DRAWN);
    }
  }
  fill(QUIET, QUIET, WIDTH - 2 * QUIET, 1);
  fill(QUIET, HEIGHT - QUIET - 1, WIDTH - 2 * QUIET, 1);
  fill(QUIET, QUIET, 1, HEIGHT - 2 * QUIET);
  fill(WIDTH - QUIET - 1, QUIET, 1, HEIGHT - 2 * QUIET);
}

function middleAround(modules: Float64Array, column: number, row: number): number {
  let [low, high] = [Infinity, -Infinity];
  for (let r = Math.max(0, row - AROUND); r <= Math.min(MAXI_ROWS - 1, row + AROUND); r += 1) {
    for (let c = Math.max(0, column - AROUND); c <= Math.min(MAXI_COLUMNS - 2, column + AROUND); c += 1) {
      const value = modules[r * MAXI_COLUMNS + c]!;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  return (low + high) / 2;
}

/** A symbol of that text at a pose in a part of a plane. */
function symbolAt(pose: MaxiPose, text: string, left: number, top: number): CodeSymbol {
  const [right, below] = [MAXI_COLUMNS - 0.5, MAXI_ROWS - 0.5];
  const point = (column: number, row: number): { x: number; y: number } => {
    const { x, y } = maxiPoint(pose, column, row);
    return { x: x + left, y: y + top };
  };
  const quad = {
    topLeft: point(-0.5, -0.5),
    topRight: point(right, -0.5),
    bottomLeft: point(-0.5, below),
    bottomRight: point(right, below),
  };
  const xs = Object.values(quad).map((p) => p.x);
  const ys = Object.values(quad).map((p) => p.y);
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { format: 'MaxiCode', valid: true, text, x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y, quad };
}
