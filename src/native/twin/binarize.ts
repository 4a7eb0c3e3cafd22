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
const grainBlocks = (side: number): number => (side < 64 ? 1 : side >> 5);

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

/*
 * Noise of a pixel, which imitates locators of every kind.
 *
 * The problem: pixels that are independent of each other look like a finder, a ring or a bull's eye a thousand times
 * per frame. Each asks for a reading, and together they fill the lists, so that a code beside them is left out. The
 * rule: where nearly every second pixel differs from the one before, across and down, there is no module of more than a
 * pixel. Modules of m px change once in 2 m px, finders once in 1.6 m: 0.31 and 0.38 per pixel at 1.6 px per module.
 * Noise has a half. Noise that is left after averaging shows at the next level, which is searched separately.
 *
 * Numbers: of 32 × 32 px of noise 1 in 700 has less than 0.45 alternations per pixel in one direction. A code of 21
 * modules on 34 px amid such noise has its finder in a window with 0.42, whatever its quiet zone. Grain over a picture
 * is darker or lighter than the threshold: with a share p of dark, 2p(1 − p) of the pixels differ, so the limit is 0.9
 * of that share where p is measured.
 */
/** Half sides of the squares around a locator that are checked, beside its own: noise may end beside it. */
const NEAR = 8;
const FAR = 16;
const MIN_SIDE = 8;
/**
 * A narrower locator has less than 1.7 px per module: on the edge of noise all look so narrow, and one grainy side of
 * it is enough.
 */
const TINY = 12;
const GRAIN_PERCENT = 45;
/** Pixels of a rectangle from which its share of dark, in 256ths, is measured, and the minimum share assumed. */
const COUNTED = 1024;
const MIN_SHARE = 51;

/** Whether a rectangle, clipped to the image, is noise without any module of this level. */
export function isGrain(
  image: BinaryImage,
  left: number,
  top: number,
  right: number,
  bottom: number,
  percent = GRAIN_PERCENT,
): boolean {
  const { bits, width, height } = image;
  const [x0, y0] = [Math.max(0, left), Math.max(0, top)];
  const [x1, y1] = [Math.min(width, right), Math.min(height, bottom)];
  const [w, h] = [x1 - x0, y1 - y0];
  if (w < MIN_SIDE || h < MIN_SIDE) return false;
  const least = leastTurns(image, x0, y0, x1, y1, percent);
  let across = 0;
  let down = 0;
  for (let y = y0; y < y1; y += 1) {
    for (let i = y * width + x0 + 1; i < y * width + x1; i += 1) if (bits[i] !== bits[i - 1]) across += 1;
  }
  if (65536 * across < least * (w - 1) * h) return false;
  for (let y = y0 + 1; y < y1; y += 1) {
    for (let i = y * width + x0; i < y * width + x1; i += 1) if (bits[i] !== bits[i - width]) down += 1;
  }
  return 65536 * down >= least * w * (h - 1);
}

/** Minimum alternations of grain, in 65,536ths of the pairs of neighbours. */
function leastTurns(
  { bits, width }: BinaryImage,
  x0: number,
  y0: number,
  x1: number,
  y1: number,
  percent: number,
): number {
  const n = (x1 - x0) * (y1 - y0);
  if (n < COUNTED) return Math.floor((percent * 65536) / 100);
  let dark = 0;
  for (let y = y0; y < y1; y += 1) for (let i = y * width + x0; i < y * width + x1; i += 1) dark += bits[i]!;
  const share = Math.min(256 - MIN_SHARE, Math.max(MIN_SHARE, Math.floor((dark * 256) / n)));
  return Math.floor((percent * 4 * share * (256 - share)) / 100);
}

/** Whether a block is grain; it is counted when first requested. */
function isGrainBlock(image: BinaryImage, column: number, row: number): boolean {
  const [columns, rows] = [grainBlocks(image.width), grainBlocks(image.height)];
  const at = row * columns + column;
  if (image.grain[at] === 0) {
    const right = column === columns - 1 ? image.width : (column + 1) * 32;
    const bottom = row === rows - 1 ? image.height : (row + 1) * 32;
    image.grain[at] = isGrain(image, column * 32, row * 32, right, bottom) ? 2 : 1;
  }
  return image.grain[at] === 2;
}

/** Whether the block of (x, y) is grain. */
export function isInGrain(image: BinaryImage, x: number, y: number): boolean {
  const [columns, rows] = [grainBlocks(image.width), grainBlocks(image.height)];
  return isGrainBlock(image, Math.min(x >> 5, columns - 1), Math.min(y >> 5, rows - 1));
}

/** Whether it and those around it are grain: checked first, as it costs nothing the second time. */
export function isAmidGrain(image: BinaryImage, x: number, y: number): boolean {
  const [columns, rows] = [grainBlocks(image.width), grainBlocks(image.height)];
  const [column, row] = [Math.min(x >> 5, columns - 1), Math.min(y >> 5, rows - 1)];
  if (!isGrainBlock(image, column, row)) return false;
  for (let v = Math.max(0, row - 1); v <= Math.min(rows - 1, row + 1); v += 1) {
    for (let u = Math.max(0, column - 1); u <= Math.min(columns - 1, column + 1); u += 1) {
      if (!isGrainBlock(image, u, v)) return false;
    }
  }
  return true;
}

/**
 * Whether every pixel of a finder of one pixel per module is at (x, y): a picture may hold such a code, which readers
 * take, and noise does not by chance.
 */
export function isExactFinder({ bits, width, height }: BinaryImage, x: number, y: number): boolean {
  if (x < 3 || y < 3 || x + 3 >= width || y + 3 >= height) return false;
  const colour = bits[y * width + x]!;
  for (let dy = -3; dy <= 3; dy += 1) {
    for (let dx = -3; dx <= 3; dx += 1) {
      const isGap = Math.max(Math.abs(dx), Math.abs(dy)) === 2;
      if (bits[(y + dy) * width + x + dx] !== (isGap ? colour ^ 1 : colour)) return false;
    }
  }
  return true;
}

/** Whether a locator at (x, y), `markWidth` wide, or its surroundings are grain. */
export function standsInGrain(image: BinaryImage, x: number, y: number, markWidth: number): boolean {
  const own = (markWidth >> 1) + 1;
  for (const reach of [own, Math.max(NEAR, own + 1), Math.max(FAR, 3 * own)]) {
    if (isGrain(image, x - reach, y - reach, x + reach, y + reach)) return true;
  }
  if (markWidth === 0 || markWidth >= TINY) return false;
  return (
    isGrain(image, x - FAR, y - NEAR, x, y + NEAR) ||
    isGrain(image, x, y - NEAR, x + FAR, y + NEAR) ||
    isGrain(image, x - NEAR, y - FAR, x + NEAR, y) ||
    isGrain(image, x - NEAR, y, x + NEAR, y + FAR)
  );
}
