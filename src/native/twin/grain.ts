// frame path
import { type BinaryImage, grainBlocks } from './binarize.js';

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
