// frame path
/**
 * Detects the 8×8 grid of a block codec in a tile.
 *
 * A coarsely coded picture steps at every eighth pixel and is smooth in between; a drawn edge steps once. So a tile of
 * 32 pixels counts when the steps of one phase (x mod 8) appear at three or more of its four places, in both
 * directions, and exceed those in between. Differences are clipped at `STEP_MAX`, because a single strong edge would
 * outweigh the grid. A mosaic of larger squares lacks every second place. A picture is blocky when many tiles agree on
 * the phase, which does not happen by chance. This is a measure of differences across block edges against those within
 * (Z. Wang, H. R. Sheikh, A. C. Bovik, "No-reference perceptual quality assessment of JPEG compressed images", ICIP
 * 2002) with one vote per tile.
 */
const TILE = 32;
const STEP_MAX = 24;
/** Mean step at a block's edge, in levels. */
const STEP_MIN = 1;
const OVER_INSIDE = 1.6;
const PLACES = 3;
/** Only every fourth line is sampled. */
const LINE_STEP = 4;

const sums = new Float64Array(TILE);

/** Phase of the grid, or −1. `step` is the distance of the compared samples, `line` the distance of their lines. */
function phaseAlong(plane: Uint8Array, at: number, step: number, line: number): number {
  sums.fill(0);
  for (let j = 0; j < TILE; j += LINE_STEP) {
    let p = at + j * line;
    let before = plane[p]!;
    for (let i = 1; i < TILE; i += 1) {
      p += step;
      const here = plane[p]!;
      const d = here > before ? here - before : before - here;
      sums[i]! += d > STEP_MAX ? STEP_MAX : d;
      before = here;
    }
  }
  let all = 0;
  for (let i = 1; i < TILE; i += 1) all += sums[i]!;
  for (let phase = 0; phase < 8; phase += 1) {
    let grid = 0;
    let places = 0;
    for (let i = phase; i < TILE; i += 8) if (i > 0) grid += sums[i]!;
    const inPhase = phase === 0 ? 3 : 4;
    const inside = (all - grid) / (TILE - 1 - inPhase);
    const minStep = Math.max(STEP_MIN * (TILE / LINE_STEP), inside * OVER_INSIDE);
    for (let i = phase; i < TILE; i += 8) if (i > 0 && sums[i]! >= minStep) places += 1;
    if (places >= PLACES) return phase;
  }
  return -1;
}

/** Phase across · 8 + phase down of the grid in the 32×32 samples at (x, y); −1 without a grid. */
export function blockPhase(plane: Uint8Array, stride: number, x: number, y: number): number {
  const at = y * stride + x;
  const across = phaseAlong(plane, at, 1, stride);
  if (across < 0) return -1;
  const down = phaseAlong(plane, at, stride, 1);
  return down < 0 ? -1 : across * 8 + down;
}
