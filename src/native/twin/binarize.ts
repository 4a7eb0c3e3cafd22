// frame path

/*
 * How far a locator may be stretched: height to width, at most. A video squeezed to 1:2.5 shows codes that readers still
 * read; the rest is the pixel by which each side of a small module is measured too long or too short.
 */
const STRETCH = 14;
const STRETCHED = 5;

/** Whether two sides may be those of one square, squeezed. */
export const areAlike = (a: number, b: number): boolean => STRETCHED * a <= STRETCH * b && STRETCHED * b <= STRETCH * a;

/*
 * Black or white for every pixel of a plane, for the finder search.
 *
 * The problem: light falls unevenly, a code may have little contrast, and the flat parts of a picture hold noise that a
 * plain local threshold turns into a storm of edges (slow, and full of false patterns).
 *
 * The rule: blocks of 8×8 have a middle and a range (maximum − minimum). The threshold of a block is the mean of the
 * middles of the 5×5 blocks around it, each weighted by its range, so edges decide and flat parts don't. A block is
 * flat when its range is under `flatRange` or under a quarter of the mean range around it: all its pixels then take the
 * side of its middle. Where nothing around has a range, the threshold of the block to the left (or above) continues, so
 * that the inside of a large module keeps the side it was entered on.
 */
/** Number of blocks along a side of this many pixels; the last one has the remainder. */
export const grainBlocks = (side: number): number => (side < 64 ? 1 : side >> 5);

/** Buffers of one level of the search; they grow and are never freed. */
export class BinaryImage {
  /** 1 for dark, 0 for light; rows of `width` without padding. */
  bits = new Uint8Array(0);
  middles = new Int32Array(0);
  ranges = new Int32Array(0);
  thresholds = new Uint8Array(0);
  /** By block of 32 × 32: 0 not known yet, 1 none, 2 grain. */
  grain = new Uint8Array(0);
  width = 0;
  height = 0;

  reserve(width: number, height: number): void {
    this.width = width;
    this.height = height;
    const blocks = ((width + 7) >> 3) * ((height + 7) >> 3);
    const grains = grainBlocks(width) * grainBlocks(height);
    if (this.grain.length < grains) this.grain = new Uint8Array(grains);
    else this.grain.fill(0, 0, grains);
    if (this.bits.length < width * height) this.bits = new Uint8Array(width * height);
    if (this.middles.length >= blocks) return;
    this.middles = new Int32Array(blocks);
    this.ranges = new Int32Array(blocks);
    this.thresholds = new Uint8Array(blocks);
  }
}

/** Width and height are at least 8. */
export function binarize(
  plane: Uint8Array,
  at: number,
  stride: number,
  w: number,
  h: number,
  flatRange: number,
  image: BinaryImage,
): void {
  image.reserve(w, h);
  const bw = (w + 7) >> 3;
  const bh = (h + 7) >> 3;
  measureBlocks(plane, at, stride, w, h, image);
  thresholdBlocks(bw, bh, flatRange, image);
  const { bits, thresholds } = image;
  for (let y = 0; y < h; y += 1) {
    const row = (y >> 3) * bw;
    for (let x = 0; x < w; x += 1) {
      bits[y * w + x] = plane[at + y * stride + x]! <= thresholds[row + (x >> 3)]! ? 1 : 0;
    }
  }
}

/** An incomplete last block of a row or column uses the last 8 pixels instead. */
function measureBlocks(plane: Uint8Array, at: number, stride: number, w: number, h: number, image: BinaryImage): void {
  const bw = (w + 7) >> 3;
  const bh = (h + 7) >> 3;
  for (let by = 0; by < bh; by += 1) {
    const y0 = Math.min(by * 8, h - 8);
    for (let bx = 0; bx < bw; bx += 1) {
      const x0 = Math.min(bx * 8, w - 8);
      let min = 255;
      let max = 0;
      for (let y = y0; y < y0 + 8; y += 1) {
        const from = at + y * stride + x0;
        for (let i = from; i < from + 8; i += 1) {
          const p = plane[i]!;
          if (p < min) min = p;
          if (p > max) max = p;
        }
      }
      image.middles[by * bw + bx] = min + max;
      image.ranges[by * bw + bx] = max - min;
    }
  }
}

function thresholdBlocks(bw: number, bh: number, flatRange: number, image: BinaryImage): void {
  const { middles, ranges, thresholds } = image;
  /** The threshold of the block to the left, before flat blocks take a side. */
  let carried = 128;
  for (let by = 0; by < bh; by += 1) {
    const y0 = Math.max(0, by - 2);
    const y1 = Math.min(bh - 1, by + 2);
    for (let bx = 0; bx < bw; bx += 1) {
      const x0 = Math.max(0, bx - 2);
      const x1 = Math.min(bw - 1, bx + 2);
      let weighted = 0;
      let weight = 0;
      for (let j = y0; j <= y1; j += 1) {
        for (let i = j * bw + x0; i <= j * bw + x1; i += 1) {
          weighted += middles[i]! * ranges[i]!;
          weight += ranges[i]!;
        }
      }
      const count = (y1 - y0 + 1) * (x1 - x0 + 1);
      if (weight >= count * 2) carried = Math.floor(weighted / (2 * weight));
      const at = by * bw + bx;
      const range = ranges[at]!;
      const flat = range < flatRange || range * count * 4 < weight;
      thresholds[at] = !flat ? carried : middles[at]! > 2 * carried ? 0 : 255;
    }
  }
}
