import type { Box } from '../../core/verdict.js';
import type { ColourCells } from './colour-cells.js';
import { lumaUnder } from '../pipeline/luma-under.js';

/** A change of luma that goes with one of the colour, of that. */
const MAX_LUMA = 0.6;
/** Of a usual change of the colour: how far off the code's luma, and off the line of its colours, its samples may be; and steps of noise. */
const MAX_OFF = 0.3;
const NOISE = 6;
const BINS = 512;

/**
 * Which samples of a region are painted as a code in it is: letters beside it, and what it is stuck on, have another luma, or
 * colours that are not on the line of its two. It is told by the samples between which the colour changes and the luma does not.
 */
export class OwnColours {
  /** 1 for those, row by row. */
  readonly mask: Uint8Array;
  /** The luma of each sample, less what goes with its colour. */
  private readonly luma: Float32Array;
  /** How much the colour alone changes at each sample. */
  private readonly weights: Float32Array;
  private readonly bins = new Float64Array(BINS);

  constructor(samples: number) {
    this.mask = new Uint8Array(samples);
    this.luma = new Float32Array(samples);
    this.weights = new Float32Array(samples);
  }

  takeAll({ width, height }: Box): void {
    this.mask.fill(1, 0, width * height);
  }

  /** `values` and `across`: the samples along the line of the colours, and beside it. Rows of luma are of `stride`. */
  find(
    picture: Uint8Array,
    stride: number,
    cells: ColourCells,
    place: Box,
    values: Float32Array,
    across: Float32Array,
  ): void {
    const { luma, mask } = this;
    const { x: left, y: top, width, height } = place;
    for (let y = 0, at = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1, at += 1) {
        luma[at] = lumaUnder(picture, stride, x + left, y + top);
      }
    }
    const { slope, change } = this.weigh(cells, place, values);
    for (let at = 0; at < width * height; at += 1) luma[at]! -= slope * values[at]!;
    const ownLuma = this.median(luma, place);
    const ownColour = this.median(across, place);
    const most = MAX_OFF * change + NOISE;
    for (let at = 0; at < width * height; at += 1) {
      mask[at] = Math.abs(luma[at]! - ownLuma) <= most && Math.abs(across[at]! - ownColour) <= most ? 1 : 0;
    }
  }

  /** Where the colour changes, and not the luma, in busy cells: how much; its usual change, and how the luma goes with it. */
  private weigh(
    cells: ColourCells,
    { x: left, y: top, width, height }: Box,
    values: Float32Array,
  ): { slope: number; change: number } {
    const { luma, weights } = this;
    weights.fill(0, 0, width * height);
    let [sum, squares, products] = [0, 0, 0];
    for (let y = 0; y < height - 1; y += 1) {
      for (let x = 0; x < width - 1; x += 1) {
        if (!cells.isBusyAt(x + left, y + top)) continue;
        const at = y * width + x;
        for (let step = 1; step <= width; step += width - 1) {
          const change = values[at + step]! - values[at]!;
          const lumas = luma[at + step]! - luma[at]!;
          if (Math.abs(lumas) > MAX_LUMA * Math.abs(change)) continue;
          weights[at]! += Math.abs(change);
          sum += Math.abs(change);
          squares += change * change;
          products += change * lumas;
        }
      }
    }
    return { slope: products / Math.max(1, squares), change: squares / Math.max(1, sum) };
  }

  /** The value that half of the weight lies below. */
  private median(values: Float32Array, { width, height }: Box): number {
    const { bins, weights } = this;
    bins.fill(0);
    let all = 0;
    for (let at = 0; at < width * height; at += 1) {
      if (weights[at] === 0) continue;
      bins[Math.min(BINS - 1, Math.max(0, Math.round(values[at]!) + BINS / 2))]! += weights[at]!;
      all += weights[at]!;
    }
    let [bin, seen] = [0, bins[0]!];
    while (2 * seen <= all && bin < BINS - 1) {
      bin += 1;
      seen += bins[bin]!;
    }
    return bin - BINS / 2;
  }
}
