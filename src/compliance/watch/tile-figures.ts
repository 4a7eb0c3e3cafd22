// frame path
import type { Kernels } from '../../core/kernels.js';

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
function blockPhase(plane: Uint8Array, stride: number, x: number, y: number): number {
  const at = y * stride + x;
  const across = phaseAlong(plane, at, 1, stride);
  if (across < 0) return -1;
  const down = phaseAlong(plane, at, stride, 1);
  return down < 0 ? -1 : across * 8 + down;
}

/** Rows of sample points in a tile, 8 pixels apart. */
const POINTS = 4;
const POINT_STEP = 8;
const POINT_FIRST = 3;
/** Maximum difference of a sample without motion: dither, camera noise. */
const POINT_NOISE = 6;
/** Maximum change of a tile's mean caused by noise, in levels. */
const MEAN_NOISE = 0.5;
/** Minimum standard deviation of a tile for judging its sharpness. */
const CONTRAST_MIN = 8;
/** Minimum mean Laplacian of a sharp tile relative to its standard deviation; one clean edge gives 0.12. */
const SHARP_MIN = 0.08;
const BLOCK_VARIANCE_MIN = 4;
const BLACK_TILE_SHARE = 0.98;

/** Flags of a tile, as numbers for the frame path. */
export const FLAG = {
  /** Entirely black. */
  black: 1,
  /** Has contrast. */
  structured: 2,
  /** Has contrast, and an edge or texture in focus. */
  sharp: 4,
  /** Has enough detail to show a block grid. */
  detailed: 8,
} as const;

/**
 * Measurements of every 32-pixel tile of the luma plane, each from its last measurement. A tile has moved when its mean
 * or one of its sample points changed; a redraw with equal pixels is not motion.
 */
export class TileFigures {
  readonly size = 32;
  readonly columns: number;
  readonly rows: number;
  readonly count: number;
  /** Bits of FLAG. */
  readonly flags: Uint8Array;
  /** Phase of a codec's 8×8 grid (0–63), −1 without a grid. */
  readonly gridPhase: Int8Array;
  /** Share of black samples, 0–1. */
  readonly black: Float32Array;
  /** Frame at which a tile last moved; −1 before its first measurement. */
  readonly movedAt: Float64Array;
  private readonly mean: Float32Array;
  private readonly points: Uint8Array;
  private readonly stats = new Float64Array(4);

  constructor(
    readonly width: number,
    readonly height: number,
    private readonly kernels: Pick<Kernels, 'planeStats'>,
  ) {
    this.columns = Math.ceil(width / this.size);
    this.rows = Math.ceil(height / this.size);
    this.count = this.columns * this.rows;
    this.flags = new Uint8Array(this.count);
    this.gridPhase = new Int8Array(this.count).fill(-1);
    this.black = new Float32Array(this.count);
    this.movedAt = new Float64Array(this.count).fill(-1);
    this.mean = new Float32Array(this.count);
    this.points = new Uint8Array(this.count * POINTS * POINTS);
  }

  /** Pixels of a tile; tiles at the right and lower edge may be smaller. */
  area(tile: number): number {
    const x = (tile % this.columns) * this.size;
    const y = Math.floor(tile / this.columns) * this.size;
    return Math.min(this.size, this.width - x) * Math.min(this.size, this.height - y);
  }

  /** Measures one tile of an I420 canvas at frame n. */
  measure(tile: number, n: number, canvas: Uint8Array): void {
    const { stats, width, size } = this;
    const x = (tile % this.columns) * size;
    const y = Math.floor(tile / this.columns) * size;
    const w = Math.min(size, width - x);
    const h = Math.min(size, this.height - y);
    this.kernels.planeStats(canvas, width, x, y, w, h, stats);
    const mean = stats[0]!;
    const variance = stats[1]!;
    const deviation = Math.sqrt(variance);
    let flags = 0;
    if (stats[3]! >= BLACK_TILE_SHARE) flags |= FLAG.black;
    if (deviation >= CONTRAST_MIN) {
      flags |= FLAG.structured;
      if (stats[2]! >= SHARP_MIN * deviation) flags |= FLAG.sharp;
    }
    let phase = -1;
    if (variance >= BLOCK_VARIANCE_MIN && w === size && h === size) {
      flags |= FLAG.detailed;
      phase = blockPhase(canvas, width, x, y);
    }
    this.gridPhase[tile] = phase;
    const known = this.movedAt[tile]! >= 0;
    const moved = this.samplesDiffer(tile, canvas, x, y, w, h) || Math.abs(mean - this.mean[tile]!) > MEAN_NOISE;
    if (moved || !known) this.movedAt[tile] = n;
    this.flags[tile] = flags;
    this.black[tile] = stats[3]!;
    this.mean[tile] = mean;
  }

  /** Takes the sample points and returns whether one has changed. */
  private samplesDiffer(tile: number, canvas: Uint8Array, x: number, y: number, w: number, h: number): boolean {
    const { points, width } = this;
    const base = tile * POINTS * POINTS;
    let differ = false;
    for (let j = 0; j < POINTS; j += 1) {
      const dy = POINT_FIRST + j * POINT_STEP;
      if (dy >= h) break;
      let at = (y + dy) * width + x + POINT_FIRST;
      for (let i = 0; i < POINTS && POINT_FIRST + i * POINT_STEP < w; i += 1, at += POINT_STEP) {
        const here = canvas[at]!;
        const d = here - points[base + j * POINTS + i]!;
        if (d > POINT_NOISE || d < -POINT_NOISE) differ = true;
        points[base + j * POINTS + i] = here;
      }
    }
    return differ;
  }
}
