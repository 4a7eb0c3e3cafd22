import type { Box } from '../../core/verdict.js';
import { ColourAxis } from './colour-axis.js';
import type { ColourCells } from './colour-cells.js';
import { CommonestDirection } from '../locate/dominant-direction.js';

/** The colours lie on a line: variance across it, of that along it. */
const MAX_ACROSS = 0.15;
const MAX_ACROSS_CELLS = 0.4;
/** And where a third colour stands beside them: changes along the line, of all. */
const MIN_COMMON = 0.35;

/** U from the start of `cb` on, and V behind its `samples`. */
interface Chroma {
  readonly cb: Uint8Array;
  readonly stride: number;
  readonly samples: number;
}

/** The chroma samples of a place, drawn along a line in the plane of U and V: two colours are its ends, whatever they are. */
export class ColourProjection {
  readonly values: Float32Array;
  readonly across: Float32Array;
  private readonly colours = new ColourAxis();
  private readonly changes = new ColourAxis();
  private readonly common = new CommonestDirection();

  constructor(samples: number) {
    this.values = new Float32Array(samples);
    this.across = new Float32Array(samples);
  }

  /**
   * Along the line on which the cells' colours change from sample to sample; false where they do on no line. What stands around
   * has colours of its own, but few changes. `most`: those on any other line do not count, as strong as they are to a third colour.
   */
  alongCells(chroma: Chroma, place: Box, cells: ColourCells, most: boolean): boolean {
    const { colours, changes, common } = this;
    const { cb, stride, samples } = chroma;
    const { x: left, y: top, width, height } = place;
    colours.clear();
    changes.clear();
    common.clear();
    for (let y = top; y < top + height - 1; y += 1) {
      for (let x = left; x < left + width - 1; x += 1) {
        if (!cells.isBusyAt(x, y)) continue;
        const at = y * stride + x;
        colours.add(cb[at]!, cb[at + samples]!);
        for (const next of [at + 1, at + stride]) {
          const [u, v] = [cb[next]! - cb[at]!, cb[next + samples]! - cb[at + samples]!];
          if (most) {
            common.add(u, v);
            continue;
          }
          // There and back: their mean is none.
          changes.add(u, v);
          changes.add(-u, -v);
        }
      }
    }
    const turn = most ? common.direction(MIN_COMMON) : changes.direction(MAX_ACROSS_CELLS);
    if (turn !== undefined) this.project(chroma, place, turn);
    return turn !== undefined;
  }

  /** Along that of the colours where `inner` is 1, if they are on a line. */
  alongInside(chroma: Chroma, place: Box, inner: Uint8Array): void {
    const { colours } = this;
    const { cb, stride, samples } = chroma;
    const { x: left, y: top, width, height } = place;
    colours.clear();
    for (let y = 0; y < height; y += 1) {
      const from = (y + top) * stride + left;
      for (let x = 0; x < width; x += 1) {
        if (inner[y * width + x] === 1) colours.add(cb[from + x]!, cb[from + x + samples]!);
      }
    }
    const turn = colours.direction(MAX_ACROSS);
    if (turn !== undefined) this.project(chroma, place, turn);
  }

  /** On the line through the mean colour that leans by `turn`. */
  private project({ cb, stride, samples }: Chroma, { x: left, y: top, width, height }: Box, turn: number): void {
    const { values, across } = this;
    const [mu, mv] = this.colours.mean;
    const [c, s] = [Math.cos(turn), Math.sin(turn)];
    for (let y = 0; y < height; y += 1) {
      const from = (y + top) * stride + left;
      for (let x = 0; x < width; x += 1) {
        const [u, v] = [cb[from + x]! - mu, cb[from + x + samples]! - mv];
        values[y * width + x] = c * u + s * v;
        across[y * width + x] = c * v - s * u;
      }
    }
  }
}
