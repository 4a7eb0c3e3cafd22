/*
 * Whether a place is made of cells of two tones, as the data of every matrix code are, at any angle: light and dark take turns on nearly
 * every line across and down, and have about equal shares. Words are mostly ground, cards and photographs have lines without a turn.
 */

const LINES = 9;
/** Lines lie within this share of the place: what is turned has corners of ground. */
const FROM = 0.2;
const LEAST_CONTRAST = 12;
/** The share of either tone. */
const LEAST_DARK = 0.2;
/** Turns a line has to have, how many lines may have fewer, and how many samples a turn has at least. */
const LEAST_TURNS = 2;
const MOST_PLAIN = 5;
const LEAST_RUN = 1.3;

export function isCellular(
  plane: Uint8Array,
  width: number,
  height: number,
  x: number,
  y: number,
  w: number,
  h: number,
): boolean {
  const left = Math.max(0, Math.round(x + w * FROM));
  const top = Math.max(0, Math.round(y + h * FROM));
  const right = Math.min(width, Math.round(x + w * (1 - FROM)));
  const bottom = Math.min(height, Math.round(y + h * (1 - FROM)));
  const [across, down] = [right - left, bottom - top];
  if (across < 4 || down < 4) return false;
  const histogram = new Uint32Array(256);
  for (let i = 0; i < LINES; i += 1) {
    const row = (top + Math.floor((i * (down - 1)) / (LINES - 1))) * width + left;
    for (let s = 0; s < across; s += 1) histogram[plane[row + s]!]! += 1;
  }
  const all = LINES * across;
  const low = percentile(histogram, all * 0.05);
  const high = percentile(histogram, all * 0.95);
  if (high - low < LEAST_CONTRAST) return false;
  const level = (low + high) / 2;
  let dark = 0;
  for (let v = 0; v <= level; v += 1) dark += histogram[v]!;
  if (dark < all * LEAST_DARK || dark > all * (1 - LEAST_DARK)) return false;
  const swing = (high - low) / 6;
  let plain = 0;
  let turns = 0;
  for (let i = 0; i < LINES; i += 1) {
    const row = (top + Math.floor((i * (down - 1)) / (LINES - 1))) * width + left;
    const column = top * width + left + Math.floor((i * (across - 1)) / (LINES - 1));
    const [a, b] = [turnsOn(plane, row, 1, across, level, swing), turnsOn(plane, column, width, down, level, swing)];
    turns += a + b;
    if (a < LEAST_TURNS) plain += 1;
    if (b < LEAST_TURNS) plain += 1;
  }
  return plain <= MOST_PLAIN && turns * LEAST_RUN <= LINES * (across + down);
}

/** Turns from below to above a level and back, by more than `swing` on either side. */
function turnsOn(plane: Uint8Array, at: number, step: number, count: number, level: number, swing: number): number {
  let turns = 0;
  let isLight = plane[at]! > level;
  for (let i = 1; i < count; i += 1) {
    const v = plane[at + i * step]!;
    if (isLight ? v >= level - swing : v <= level + swing) continue;
    isLight = !isLight;
    turns += 1;
  }
  return turns;
}

function percentile(histogram: Uint32Array, wanted: number): number {
  let seen = 0;
  for (let v = 0; v < 256; v += 1) {
    seen += histogram[v]!;
    if (seen > wanted) return v;
  }
  return 255;
}
