// frame path
import { type Kernels, TEXTURE_AREAS, TEXTURE_LEVELS, TEXTURE_STRIDE } from '../../core/kernels.js';
import { type RectList, RECT_STRIDE } from '../../core/media/picture.js';

/** Side of a tile in pixels, of a cell in it, and cells along a side. */
const TILE = 32;
const CELL = 8;
const TILE_CELLS = TILE / CELL;

/** State of the columns of a tile: low, high, direction. */
const columnState = new Uint8Array((TILE / 2) * 3);

/**
 * Counts the alternations of at least `swing` along every second row and column of a tile of at most 32×32 pixels at
 * `at`, each line from the tile's edge on, into `cells`: the number across, plus 65,536 times the number down. Cells
 * completely outside become 0.
 */
function countTurns(
  plane: Uint8Array,
  at: number,
  stride: number,
  w: number,
  h: number,
  swing: number,
  cells: Int32Array,
): void {
  cells.fill(0);
  countAcross(plane, at, stride, w, h, swing, cells);
  countDown(plane, at, stride, w, h, swing, cells);
}

function countAcross(
  plane: Uint8Array,
  at: number,
  stride: number,
  w: number,
  h: number,
  swing: number,
  cells: Int32Array,
): void {
  for (let y = 0; y < h; y += 2) {
    const row = at + y * stride;
    const first = (y >> 3) * TILE_CELLS;
    let low = plane[row]!;
    let high = low;
    let rising = 0;
    for (let x = 1; x < w; x += 1) {
      const p = plane[row + x]!;
      if (p > high) high = p;
      if (p < low) low = p;
      if (rising >= 0 && high - p >= swing) {
        rising = -1;
        low = p;
        cells[first + (x >> 3)]! += 1;
      } else if (rising <= 0 && p - low >= swing) {
        rising = 1;
        high = p;
        cells[first + (x >> 3)]! += 1;
      }
    }
  }
}

/** Column by column would miss the cache: the state of all columns moves down the rows. */
function countDown(
  plane: Uint8Array,
  at: number,
  stride: number,
  w: number,
  h: number,
  swing: number,
  cells: Int32Array,
): void {
  for (let x = 0, s = 0; x < w; x += 2, s += 3) {
    columnState[s] = columnState[s + 1] = plane[at + x]!;
    columnState[s + 2] = 1; // 0 falling, 1 not known, 2 rising
  }
  for (let y = 1; y < h; y += 1) {
    const row = at + y * stride;
    const first = (y >> 3) * TILE_CELLS;
    for (let x = 0, s = 0; x < w; x += 2, s += 3) {
      const p = plane[row + x]!;
      const rising = columnState[s + 2]!;
      if (p > columnState[s + 1]!) columnState[s + 1] = p;
      if (p < columnState[s]!) columnState[s] = p;
      if (rising >= 1 && columnState[s + 1]! - p >= swing) {
        columnState[s + 2] = 0;
        columnState[s] = p;
        cells[first + (x >> 3)]! += 0x10000;
      } else if (rising <= 1 && p - columnState[s]! >= swing) {
        columnState[s + 2] = 2;
        columnState[s + 1] = p;
        cells[first + (x >> 3)]! += 0x10000;
      }
    }
  }
}

/*
 * Candidate regions of any code format.
 *
 * The problem: Data Matrix, Aztec and PDF417 have no locator that a cheap search finds in every rotation, and reading a
 * 720p frame for them takes 20 ms of CPU. Reading only the changes does not help either: the last strip of an assembled
 * code makes all of it readable.
 *
 * The rule: a code is an area in which light and dark alternate in both directions, everywhere, many times.
 * Alternations of at least `swing` are counted along every second row and column, in cells of 8 px. A window of 4×4
 * cells with enough of them both ways may be part of a code; windows that touch form one area; an area with a change in
 * it or beside it must be read whole. The same runs with cells of twice and four times the size, for larger modules.
 * Faces, clothes and plain backgrounds drop out; written words do not.
 *
 * Numbers: modules of m px have one alternation in 2 m px on average, rows of PDF417 one in 6 m px across them. One in
 * 14 px over 32 px finds m ≤ 7, the next sizes m ≤ 14 and, as whole frames of poster art have one in 10, m ≤ 20. Of 230
 * codes of m = 2…16 that ZXing can read, drawn with their damage on frames of the demo room, all except two were inside
 * the areas; the areas are 8 % of a frame. Counting costs 2.5 ns per pixel here, 0.2 in the native kernel.
 */
const WINDOW_CELLS = 4;
/** Alternations per pixel of the level, the geometric mean of both directions, by level. */
const DENSE = [1 / 14, 1 / 14, 1 / 8.5];
/** The same in the sparser direction. */
const SPARSE = 1 / 60;
/** More than this is grain, finer than any readable module. */
const GRAIN = 0.42;
/** Cells of 16 with any alternation. */
const BUSY = [14, 14, 16];
/** The shorter side of an area, in pixels of its level: lines of small print stay below. */
const MIN_SIDE = 36;
/** How far an area is followed from a change, in pixels of its level: no code reaches beyond. */
const REACH = 224;

interface Level {
  columns: number;
  rows: number;
  /** Alternations across, plus 65,536 times those down. */
  turns: Int32Array;
  /** Number of the run in which a cell was counted, a window visited. */
  counted: Int32Array;
  visited: Int32Array;
}

/** One thread's search; it keeps its buffers between calls. */
export class TextureSearch {
  private readonly levels: readonly Level[] = Array.from({ length: TEXTURE_LEVELS }, () => ({
    columns: 0,
    rows: 0,
    turns: new Int32Array(0),
    counted: new Int32Array(0),
    visited: new Int32Array(0),
  }));
  private tilesCounted = new Int32Array(0);
  private tileColumns = 0;
  private queue = new Int32Array(0);
  private readonly cells = new Int32Array(TILE_CELLS * TILE_CELLS);
  private sawGrain = false;
  private number = 0;
  // Arguments of the current call.
  private plane: Uint8Array = new Uint8Array(0);
  private width = 0;
  private height = 0;
  private swing = 1;

  /** See `Kernels.findTexture`. */
  readonly run: Kernels['findTexture'] = (plane, width, height, swing, rects, scale, out) => {
    this.plane = plane;
    this.width = width;
    this.height = height;
    this.swing = swing;
    this.reserve(width, height);
    this.number = (this.number + 1) | 0;
    this.sawGrain = false;
    let count = 0;
    for (let level = 0; level < TEXTURE_LEVELS; level += 1) {
      const { columns, rows } = this.levels[level]!;
      const cell = (CELL << level) * scale;
      const span = WINDOW_CELLS - 1;
      const first = count;
      for (let i = 0; i < rects.count; i += 1) {
        const r = i * RECT_STRIDE;
        const x0 = Math.max(0, Math.floor(rects.items[r]! / cell) - span);
        const y0 = Math.max(0, Math.floor(rects.items[r + 1]! / cell) - span);
        const x1 = Math.min(columns - 1, Math.floor((rects.items[r]! + rects.items[r + 2]! - 1) / cell));
        const y1 = Math.min(rows - 1, Math.floor((rects.items[r + 1]! + rects.items[r + 3]! - 1) / cell));
        for (let y = y0; y <= y1; y += 1) {
          for (let x = x0; x <= x1; x += 1) {
            if (this.visit(level, x, y)) count = this.follow(level, x, y, rects, scale, out, count, first);
          }
        }
      }
    }
    out[0] = this.sawGrain ? 1 : 0;
    return count;
  };

  private reserve(width: number, height: number): void {
    for (const [i, level] of this.levels.entries()) {
      level.columns = Math.ceil(width / (CELL << i));
      level.rows = Math.ceil(height / (CELL << i));
      const cells = level.columns * level.rows;
      if (level.turns.length >= cells) continue;
      level.turns = new Int32Array(cells);
      level.counted = new Int32Array(cells);
      level.visited = new Int32Array(cells);
    }
    this.tileColumns = Math.ceil(width / TILE);
    const tiles = this.tileColumns * Math.ceil(height / TILE);
    if (this.tilesCounted.length < tiles) this.tilesCounted = new Int32Array(tiles);
    const windows = this.levels[0]!.columns * this.levels[0]!.rows;
    if (this.queue.length < windows) this.queue = new Int32Array(windows);
  }

  /** True for a window that is code-like and not part of an area yet. */
  private visit(level: number, x: number, y: number): boolean {
    const { columns, visited } = this.levels[level]!;
    const at = y * columns + x;
    if (visited[at] === this.number) return false;
    visited[at] = this.number;
    return this.isCodeLike(level, x, y);
  }

  /** Collects all windows connected to this one, and writes the area unless it is too small; returns the new number. */
  private follow(
    level: number,
    x: number,
    y: number,
    rects: RectList,
    scale: number,
    out: Int32Array,
    count: number,
    first: number,
  ): number {
    const { columns, rows } = this.levels[level]!;
    const { queue } = this;
    const cell = CELL << level;
    let [left, top, right, bottom] = [columns, rows, -1, -1];
    // Of the windows that touch a rectangle.
    let [hitLeft, hitTop, hitRight, hitBottom] = [columns, rows, -1, -1];
    let tail = 0;
    queue[tail++] = y * columns + x;
    for (let head = 0; head < tail; head += 1) {
      const at = queue[head]!;
      const wx = at % columns;
      const wy = (at - wx) / columns;
      left = Math.min(left, wx);
      right = Math.max(right, wx);
      top = Math.min(top, wy);
      bottom = Math.max(bottom, wy);
      if (touches(wx * cell * scale, wy * cell * scale, WINDOW_CELLS * cell * scale, rects)) {
        hitLeft = Math.min(hitLeft, wx);
        hitRight = Math.max(hitRight, wx);
        hitTop = Math.min(hitTop, wy);
        hitBottom = Math.max(hitBottom, wy);
      }
      for (let ny = Math.max(0, wy - 1); ny <= Math.min(rows - 1, wy + 1); ny += 1) {
        for (let nx = Math.max(0, wx - 1); nx <= Math.min(columns - 1, wx + 1); nx += 1) {
          if (this.visit(level, nx, ny)) queue[tail++] = ny * columns + nx;
        }
      }
    }
    const end = WINDOW_CELLS * cell;
    if (Math.min(right - left, bottom - top) * cell + end < MIN_SIDE << level) return count;
    const reach = REACH << level;
    const boxLeft = Math.max(0, left * cell, hitLeft * cell - reach);
    const boxTop = Math.max(0, top * cell, hitTop * cell - reach);
    const boxRight = Math.min(this.width, right * cell + end, hitRight * cell + end + reach);
    const boxBottom = Math.min(this.height, bottom * cell + end, hitBottom * cell + end + reach);
    return writeArea(out, count, first, level, boxLeft, boxTop, boxRight, boxBottom);
  }

  private isCodeLike(level: number, x: number, y: number): boolean {
    const { columns, rows, turns } = this.levels[level]!;
    const x1 = Math.min(columns, x + WINDOW_CELLS);
    const y1 = Math.min(rows, y + WINDOW_CELLS);
    this.ensure(level, x, y, x1, y1);
    let sum = 0;
    let busy = 0;
    for (let cy = y; cy < y1; cy += 1) {
      for (let at = cy * columns + x; at < cy * columns + x1; at += 1) {
        const t = turns[at]!;
        if (t === 0) continue;
        sum += t;
        busy += 1;
      }
    }
    const cells = (x1 - x) * (y1 - y);
    if (busy * 16 < BUSY[level]! * cells) return false;
    const across = sum & 0xffff;
    const down = sum >>> 16;
    // Number of walked lines times their length, in pixels of the level.
    const walked = (cells * (CELL << level) ** 2) / 2 / (1 << level);
    const less = Math.min(across, down) / walked;
    if (less > GRAIN) {
      this.sawGrain = true;
      return false;
    }
    return less >= SPARSE && Math.sqrt(across * down) >= DENSE[level]! * walked;
  }

  /** Makes the counts of cells valid. */
  private ensure(level: number, x0: number, y0: number, x1: number, y1: number): void {
    if (level === 0) {
      for (let ty = y0 >> 2; ty <= (y1 - 1) >> 2; ty += 1) {
        for (let tx = x0 >> 2; tx <= (x1 - 1) >> 2; tx += 1) this.countTile(tx, ty);
      }
      return;
    }
    const { columns, counted, turns } = this.levels[level]!;
    const finer = this.levels[level - 1]!;
    for (let y = y0; y < y1; y += 1) {
      for (let x = x0; x < x1; x += 1) {
        const at = y * columns + x;
        if (counted[at] === this.number) continue;
        counted[at] = this.number;
        const fx = 2 * x;
        const fy = 2 * y;
        const right = Math.min(finer.columns, fx + 2);
        const bottom = Math.min(finer.rows, fy + 2);
        this.ensure(level - 1, fx, fy, right, bottom);
        let sum = 0;
        for (let v = fy; v < bottom; v += 1)
          for (let u = fx; u < right; u += 1) sum += finer.turns[v * finer.columns + u]!;
        turns[at] = sum;
      }
    }
  }

  private countTile(tx: number, ty: number): void {
    const tile = ty * this.tileColumns + tx;
    if (this.tilesCounted[tile] === this.number) return;
    this.tilesCounted[tile] = this.number;
    const { cells } = this;
    const { columns, rows, turns } = this.levels[0]!;
    const x0 = tx * TILE;
    const y0 = ty * TILE;
    const w = Math.min(TILE, this.width - x0);
    const h = Math.min(TILE, this.height - y0);
    countTurns(this.plane, y0 * this.width + x0, this.width, w, h, this.swing, cells);
    for (let cy = 0; cy < Math.min(TILE_CELLS, rows - ty * TILE_CELLS); cy += 1) {
      const at = (ty * TILE_CELLS + cy) * columns + tx * TILE_CELLS;
      for (let cx = 0; cx < Math.min(TILE_CELLS, columns - tx * TILE_CELLS); cx += 1)
        turns[at + cx] = cells[cy * TILE_CELLS + cx]!;
    }
  }
}

/** Writes an area of the level whose first is area `first`; when the list is full, the last one absorbs it. */
function writeArea(
  out: Int32Array,
  count: number,
  first: number,
  level: number,
  left: number,
  top: number,
  right: number,
  bottom: number,
): number {
  if (count - first < TEXTURE_AREAS) {
    out.set([level, left, top, right - left, bottom - top], 1 + count * TEXTURE_STRIDE);
    return count + 1;
  }
  const at = 1 + (count - 1) * TEXTURE_STRIDE;
  const farRight = Math.max(out[at + 1]! + out[at + 3]!, right);
  const farBottom = Math.max(out[at + 2]! + out[at + 4]!, bottom);
  out[at + 1] = Math.min(out[at + 1]!, left);
  out[at + 2] = Math.min(out[at + 2]!, top);
  out[at + 3] = farRight - out[at + 1]!;
  out[at + 4] = farBottom - out[at + 2]!;
  return count;
}

function touches(x: number, y: number, side: number, rects: RectList): boolean {
  for (let r = 0; r < rects.count * RECT_STRIDE; r += RECT_STRIDE) {
    if (
      rects.items[r]! < x + side &&
      x < rects.items[r]! + rects.items[r + 2]! &&
      rects.items[r + 1]! < y + side &&
      y < rects.items[r + 1]! + rects.items[r + 3]!
    ) {
      return true;
    }
  }
  return false;
}
