import { type ColourCells, MAX_SIDE } from './colour-cells.js';
import { ColourProjection } from './colour-projection.js';
import { LargestBlob } from '../locate/largest-blob.js';
import { minRectangle } from '../locate/min-rectangle.js';
import { lumaUnder } from '../pipeline/luma-under.js';
import { OwnColours } from './own-colours.js';

/** Chroma samples looked at around a group of cells. */
const MARGIN = 8;
/** Along a long one: start and stop of bars that lie, of 17 modules and more, change along no row. */
const MARGIN_LONG = 30;
const SIDE = MAX_SIDE + 2 * MARGIN_LONG;
/** Half the window in which changes are counted, in samples. */
const REACH = 4;
/** Of the group's own density of changes, where the window is still inside it. */
const INSIDE = 0.5;
const BINS = 256;
/** Samples of an outline, and by which share of them another one has to differ. */
const MIN_AREA = 250;
const MIN_OTHER = 0.03;

/**
 * One place in which colours alternate and luma does not, measured: its two colours, its outline, and what is inside.
 *
 * The samples are drawn along the line in the plane of U and V on which most of their variance lies, so that two colours are
 * 0 and 1 whatever they are, and what is mixed of both, as chroma at half size is, lies between.
 */
export class ColourRegion {
  /** Where it stands, in chroma samples, with a margin; its arrays have rows of `width`. */
  x = 0;
  y = 0;
  width = 0;
  height = 0;
  private readonly projection = new ColourProjection(SIDE * SIDE);
  /** The samples along the line; steps of chroma around their mean. */
  readonly values = this.projection.values;
  private readonly across = this.projection.across;
  /** 1 inside the outline, less its soft edge. */
  readonly inner = new Uint8Array(SIDE * SIDE);
  /** Bounding rectangle at its best angle (radians), edge included, and the share of it that is filled. */
  short = 0;
  long = 0;
  angle = 0;
  fill = 0;
  /** Samples of it that are mixed with what is around, on each side. */
  edge = 0;
  /** Samples inside, and the middle of them. */
  samples = 0;
  middleX = 0;
  middleY = 0;
  /** Steps between the 5th and the 95th percentile inside, the level halfway, and how many lie above it. */
  contrast = 0;
  level = 0;
  mean = 0;
  variance = 0;
  share = 0;
  /** Share within a quarter of the contrast of one of the two colours. */
  pure = 0;
  /** Standard deviations inside, as a share of the contrast: of the colour across the line, and of the luma. */
  otherColours = 0;
  luma = 0;
  private readonly blob = new LargestBlob(SIDE);
  private readonly own = new OwnColours(SIDE * SIDE);
  private readonly outline = new Uint8Array(SIDE * SIDE);
  private readonly before = new Uint8Array(SIDE * SIDE);
  private readonly sums = new Int32Array((SIDE + 1) * (SIDE + 1));
  private readonly histogram = new Int32Array(BINS);

  /**
   * Measures the group of `cells` in a box of chroma samples of an I420 picture; false where it has no outline. `ownOnly`: what is not
   * painted as the group is (`own-colours.ts`) is no part of it; false where that makes no difference to the measurement before.
   */
  measure(
    picture: Uint8Array,
    pictureWidth: number,
    pictureHeight: number,
    cells: ColourCells,
    box: Int32Array,
    ownOnly = false,
  ): boolean {
    const [bx = 0, by = 0, bw = 0, bh = 0] = box;
    const cw = (pictureWidth + 1) >> 1;
    const ch = (pictureHeight + 1) >> 1;
    const marginY = bh >= 2 * bw ? MARGIN_LONG : MARGIN;
    this.x = Math.max(0, bx - MARGIN);
    this.y = Math.max(0, by - marginY);
    this.width = Math.min(cw, bx + bw + MARGIN) - this.x;
    this.height = Math.min(ch, by + bh + marginY) - this.y;
    if (!ownOnly) this.before.fill(0, 0, this.width * this.height);
    const chroma = { cb: picture.subarray(pictureWidth * pictureHeight), stride: cw, samples: cw * ch };
    if (!this.projection.alongCells(chroma, this, cells, ownOnly)) return false;
    if (ownOnly) this.own.find(picture, pictureWidth, cells, this, this.values, this.across);
    else this.own.takeAll(this);
    if (!this.findOutline(cells) || (ownOnly && !this.isAnother())) return false;
    this.before.set(this.outline.subarray(0, this.width * this.height));
    this.fitRectangle();
    this.edge = this.short >= 30 ? 4 : 2;
    this.shrink(this.edge);
    if (this.samples < 80) return false;
    // With a third colour inside it is drawn along the cells' line.
    this.projection.alongInside(chroma, this, this.inner);
    return this.describe(picture, pictureWidth);
  }

  /** The largest place in which changes are half as dense as in the group, its holes filled. */
  private findOutline(cells: ColourCells): boolean {
    const { values, width, height, sums, outline } = this;
    const own = this.own.mask;
    const row = width + 1;
    let [inside, changes] = [0, 0];
    sums.fill(0, 0, row);
    for (let y = 0; y < height; y += 1) {
      let sum = 0;
      sums[(y + 1) * row] = 0;
      for (let x = 0; x < width; x += 1) {
        const at = y * width + x;
        const right = x + 1 < width && own[at + 1] === 1 ? Math.abs(values[at + 1]! - values[at]!) : 0;
        const below = y + 1 < height && own[at + width] === 1 ? Math.abs(values[at + width]! - values[at]!) : 0;
        const change = own[at] === 1 ? Math.round(4 * (right + below)) : 0;
        sum += change;
        sums[(y + 1) * row + x + 1] = sums[y * row + x + 1]! + sum;
        if (!cells.isBusyAt(x + this.x, y + this.y)) continue;
        inside += 1;
        changes += change;
      }
    }
    const least = (INSIDE * changes * (2 * REACH + 1) ** 2) / inside;
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1) outline[y * width + x] = this.sumAround(x, y, REACH) >= least ? 1 : 0;
    }
    return this.blob.keepLargest(outline, width, height) >= MIN_AREA;
  }

  /** Whether the outline differs from the one before. */
  private isAnother(): boolean {
    const { width, height, outline, before } = this;
    let [samples, others] = [0, 0];
    for (let at = 0; at < width * height; at += 1) {
      samples += outline[at]!;
      if (outline[at] !== before[at]) others += 1;
    }
    return others >= MIN_OTHER * samples;
  }

  /** Of what `sums` holds, in a window around a sample. */
  private sumAround(x: number, y: number, reach: number): number {
    const { width, height, sums } = this;
    const row = width + 1;
    const left = Math.max(0, x - reach);
    const right = Math.min(width, x + reach + 1);
    const top = Math.max(0, y - reach) * row;
    const bottom = Math.min(height, y + reach + 1) * row;
    return sums[bottom + right]! - sums[top + right]! - sums[bottom + left]! + sums[top + left]!;
  }

  private fitRectangle(): void {
    const { height, width, outline } = this;
    const { short, long, angle } = minRectangle(this.blob, height);
    this.short = short;
    this.long = long;
    this.angle = angle;
    let filled = 0;
    for (let i = 0; i < width * height; i += 1) filled += outline[i]!;
    this.fill = filled / (short * long);
  }

  /** The outline without the samples that are nearer than `reach` to its edge: those are mixed with what is around. */
  private shrink(reach: number): void {
    const { width, height, outline, inner, sums } = this;
    const row = width + 1;
    for (let y = 0; y < height; y += 1) {
      let sum = 0;
      for (let x = 0; x < width; x += 1) {
        sum += outline[y * width + x]!;
        sums[(y + 1) * row + x + 1] = sums[y * row + x + 1]! + sum;
      }
    }
    const least = 0.9 * (2 * reach + 1) ** 2;
    let [n, sx, sy] = [0, 0, 0];
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1) {
        const inside = outline[y * width + x] === 1 && this.sumAround(x, y, reach) >= least;
        inner[y * width + x] = inside ? 1 : 0;
        if (!inside) continue;
        n += 1;
        sx += x;
        sy += y;
      }
    }
    this.samples = n;
    this.middleX = sx / n;
    this.middleY = sy / n;
  }

  private describe(picture: Uint8Array, stride: number): boolean {
    const { width, height, values, across, inner, histogram, samples } = this;
    histogram.fill(0);
    let [sum, squares, other, others, luma, lumas] = [0, 0, 0, 0, 0, 0];
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1) {
        const at = y * width + x;
        if (inner[at] === 0) continue;
        const v = values[at]!;
        histogram[Math.min(BINS - 1, Math.max(0, Math.round(v) + BINS / 2))]! += 1;
        sum += v;
        squares += v * v;
        other += across[at]!;
        others += across[at]! * across[at]!;
        const four = lumaUnder(picture, stride, x + this.x, y + this.y);
        luma += four;
        lumas += four * four;
      }
    }
    const low = this.percentile(0.05);
    const high = this.percentile(0.95);
    this.contrast = high - low;
    if (this.contrast < 1) return false;
    this.level = (low + high) / 2;
    this.mean = sum / samples;
    this.variance = squares / samples - this.mean * this.mean;
    const deviation = (s: number, q: number): number => Math.sqrt(Math.max(0, q / samples - (s / samples) ** 2));
    this.otherColours = deviation(other, others) / this.contrast;
    this.luma = deviation(luma, lumas) / this.contrast;
    let [above, pure] = [0, 0];
    for (let i = 0; i < width * height; i += 1) {
      if (inner[i] === 0) continue;
      const v = values[i]! - this.level;
      if (v > 0) above += 1;
      if (Math.abs(v) > this.contrast / 4) pure += 1;
    }
    this.share = above / samples;
    this.pure = pure / samples;
    return true;
  }

  private percentile(share: number): number {
    const { histogram, samples } = this;
    let [bin, seen] = [0, histogram[0]!];
    while (seen <= share * samples && bin < BINS - 1) {
      bin += 1;
      seen += histogram[bin]!;
    }
    return bin - BINS / 2;
  }
}
