/** Shorter sides are not examined. */
const MIN_SIDE = 12;
/** How far within the box a side's modules are searched for, in pixels, and as shares of the other side. */
const INSETS = [1, 3, 5] as const;
const INSET_SHARES = [1 / 16, 1 / 10] as const;
const MIN_SWING = 32;
/** Minimum number of whole runs on a side, and how far one may be from their mean. */
const MIN_RUNS = 4;
const SHORTEST = 0.55;
const LONGEST = 1.5;

/**
 * Whether a side of an upright box alternates in runs of one length, as two sides of a Data Matrix do (ISO/IEC 16022,
 * the alternating part of the finder pattern), and one side of half a Data Matrix. The border of a card with words does
 * not.
 */
export function hasTimedSide(plane: Uint8Array, width: number, height: number, box: Int32Array): boolean {
  const [x0 = 0, y0 = 0, w0 = 0, h0 = 0] = box;
  const [x, y] = [Math.max(0, x0), Math.max(0, y0)];
  const w = Math.min(width, x0 + w0) - x;
  const h = Math.min(height, y0 + h0) - y;
  if (w < MIN_SIDE || h < MIN_SIDE) return false;
  const across = (inset: number): boolean =>
    isTimed(plane, (y + inset) * width + x, 1, w) || isTimed(plane, (y + h - 1 - inset) * width + x, 1, w);
  const down = (inset: number): boolean =>
    isTimed(plane, y * width + x + inset, width, h) || isTimed(plane, y * width + x + w - 1 - inset, width, h);
  for (const inset of INSETS) if (across(inset) || down(inset)) return true;
  for (const share of INSET_SHARES) if (across(Math.floor(h * share)) || down(Math.floor(w * share))) return true;
  return false;
}

/** `count` samples from `at`, `step` apart: runs of one length, except the first and the last. */
function isTimed(plane: Uint8Array, at: number, step: number, count: number): boolean {
  let low = 255;
  let high = 0;
  for (let i = 0; i < count; i += 1) {
    const v = plane[at + i * step]!;
    low = Math.min(low, v);
    high = Math.max(high, v);
  }
  if (high - low < MIN_SWING) return false;
  const level = (low + high) >> 1;
  let turns = 0;
  let first = 0;
  let last = 0;
  let shortest = count;
  let longest = 0;
  for (let i = 1; i < count; i += 1) {
    if (plane[at + i * step]! > level === plane[at + (i - 1) * step]! > level) continue;
    if (turns > 0) {
      shortest = Math.min(shortest, i - last);
      longest = Math.max(longest, i - last);
    } else first = i;
    last = i;
    turns += 1;
  }
  if (turns <= MIN_RUNS) return false;
  const mean = (last - first) / (turns - 1);
  // Those at the ends are whole runs or less.
  if (first > mean * LONGEST || count - last > mean * LONGEST) return false;
  return shortest >= mean * SHORTEST && longest <= mean * LONGEST;
}
