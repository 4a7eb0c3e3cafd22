import { type RectList, RECT_STRIDE } from '../../core/picture.js';

/**
 * Where a code other than a QR code could be.
 *
 * The problem: Data Matrix, Aztec, PDF417 and their kin have no mark that a cheap search finds in every
 * rotation, and reading a 720p frame for them takes 20 ms of CPU, noise 90 ms. Reading what changed is no
 * way out either: the last strip of a code that is put together makes all of it readable.
 *
 * The rule: a code is an area in which light and dark alternate in both directions, everywhere, many times.
 * Changes of direction by at least `swing` are counted along every second row and column, in cells of 8 px.
 * A window of 4×4 cells with enough of them both ways may be part of a code; windows that touch are one
 * area; an area that something changed in, or beside, is read whole. The same at twice and four times the
 * cell size, for larger modules: such an area is read at half and quarter size. Faces, clothes and plain
 * backgrounds fall away, written words do not.
 *
 * Numbers: a code of modules of m px has one change in 2 m px on average, and stripes of three rows of
 * PDF417 one in 6 m px across. A window is 32 px wide; 1/20 px finds m ≤ 8 there, m ≤ 16 at twice the size.
 * Counting costs 2.5 ns a pixel and is done only where an area grows to: 0.3 ms a frame with a presenter.
 */
export const P = { D: 1 / 20, S: 1 / 80, B: 0.6 };
export const TEXTURE_LEVELS = 3;
const TILE = 32;
const CELL = 8;
const WINDOW_CELLS = 4;
/** Changes a pixel, in one direction and in the other. */
const DENSE = 1 / 22;
const SPARSE = 1 / 60;
/** More than this is grain, finer than any module that can be read. */
const GRAIN = 0.42;
/** An area is followed so far from what changed, in pixels of its level: beyond that no code reaches. */
const REACH = 224;

interface Level {
  readonly columns: number;
  readonly rows: number;
  readonly across: Uint16Array;
  readonly down: Uint16Array;
  /** Cells that are counted, and windows that were visited, in the run of this number. */
  readonly counted: Int32Array;
  readonly visited: Int32Array;
}

export class TextureMap {
  private readonly levels: readonly Level[];
  private readonly tileColumns: number;
  private readonly tilesCounted: Int32Array;
  private readonly queue: Int32Array;
  private readonly columnState = new Int16Array(TILE * 3);
  private plane: Uint8Array = new Uint8Array(0);
  private run = 0;

  /** For planes of this size. `swing`: how far a sample must turn to count, of 255. */
  constructor(
    private readonly width: number,
    private readonly height: number,
    private readonly swing: number,
  ) {
    this.levels = Array.from({ length: TEXTURE_LEVELS }, (_, level) => {
      const columns = Math.max(1, Math.ceil(width / (CELL << level)));
      const rows = Math.max(1, Math.ceil(height / (CELL << level)));
      const cells = columns * rows;
      return {
        columns,
        rows,
        across: new Uint16Array(cells),
        down: new Uint16Array(cells),
        counted: new Int32Array(cells),
        visited: new Int32Array(cells),
      };
    });
    this.tileColumns = Math.ceil(width / TILE);
    this.tilesCounted = new Int32Array(this.tileColumns * Math.ceil(height / TILE));
    this.queue = new Int32Array(this.levels[0]!.columns * this.levels[0]!.rows);
  }

  /** Another picture. */
  begin(plane: Uint8Array): void {
    this.plane = plane;
    this.run += 1;
  }

  /**
   * Boxes, inside the plane, of the code-like areas of a level (0: modules of 2–8 px, each further one twice
   * that) that touch one of the rectangles, given in pixels of the plane times `scale`.
   */
  areas(level: number, rects: RectList, scale: number, out: RectList): void {
    const { columns, rows } = this.levels[level]!;
    const cell = CELL << level;
    const span = WINDOW_CELLS - 1;
    out.clear();
    for (let i = 0; i < rects.count; i += 1) {
      const r = i * RECT_STRIDE;
      const x0 = Math.max(0, Math.floor(rects.items[r]! / scale / cell) - span);
      const y0 = Math.max(0, Math.floor(rects.items[r + 1]! / scale / cell) - span);
      const x1 = Math.min(columns - 1, Math.floor((rects.items[r]! + rects.items[r + 2]! - 1) / scale / cell));
      const y1 = Math.min(rows - 1, Math.floor((rects.items[r + 1]! + rects.items[r + 3]! - 1) / scale / cell));
      for (let y = y0; y <= y1; y += 1) {
        for (let x = x0; x <= x1; x += 1) if (this.visit(level, x, y)) this.follow(level, x, y, rects, scale, out);
      }
    }
  }

  /** True for a window that is code-like and not part of an area yet. */
  private visit(level: number, x: number, y: number): boolean {
    const { columns, visited } = this.levels[level]!;
    const at = y * columns + x;
    if (visited[at] === this.run) return false;
    visited[at] = this.run;
    return this.isCodeLike(level, x, y);
  }

  private follow(level: number, x: number, y: number, rects: RectList, scale: number, out: RectList): void {
    const { columns, rows } = this.levels[level]!;
    const { queue } = this;
    const cell = CELL << level;
    const reach = REACH << level;
    let [left, top, right, bottom] = [columns, rows, -1, -1];
    // Of the windows that touch a rectangle.
    let [hitLeft, hitTop, hitRight, hitBottom] = [columns, rows, -1, -1];
    let head = 0;
    let tail = 0;
    queue[tail++] = y * columns + x;
    while (head < tail) {
      const at = queue[head++]!;
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
    const boxLeft = Math.max(0, left * cell, hitLeft * cell - reach);
    const boxTop = Math.max(0, top * cell, hitTop * cell - reach);
    const boxRight = Math.min(this.width, right * cell + end, hitRight * cell + end + reach);
    const boxBottom = Math.min(this.height, bottom * cell + end, hitBottom * cell + end + reach);
    out.push(boxLeft, boxTop, boxRight - boxLeft, boxBottom - boxTop);
  }

  private isCodeLike(level: number, x: number, y: number): boolean {
    const { columns, rows, across, down } = this.levels[level]!;
    const x1 = Math.min(columns, x + WINDOW_CELLS);
    const y1 = Math.min(rows, y + WINDOW_CELLS);
    let sumAcross = 0;
    let sumDown = 0;
    let busy = 0;
    for (let cy = y; cy < y1; cy += 1) {
      for (let cx = x; cx < x1; cx += 1) {
        this.count(level, cx, cy);
        const at = cy * columns + cx;
        sumAcross += across[at]!;
        sumDown += down[at]!;
        if (across[at]! + down[at]! > 0) busy += 1;
      }
    }
    const samples = ((x1 - x) * (y1 - y) * (CELL << level) ** 2) / 2;
    const less = Math.min(sumAcross, sumDown) / samples;
    const mean = Math.sqrt(sumAcross * sumDown) / samples;
    return (
      mean * (1 << level) >= P.D && less * (1 << level) >= P.S && less <= GRAIN && busy >= P.B * (x1 - x) * (y1 - y)
    );
  }

  /** Makes the counts of a cell stand. */
  private count(level: number, x: number, y: number): void {
    const { columns, counted, across, down } = this.levels[level]!;
    const at = y * columns + x;
    if (counted[at] === this.run) return;
    counted[at] = this.run;
    if (level === 0) {
      this.countTile((x * CELL) >> 5, (y * CELL) >> 5);
      return;
    }
    const finer = this.levels[level - 1]!;
    let a = 0;
    let d = 0;
    for (let fy = 2 * y; fy < Math.min(finer.rows, 2 * y + 2); fy += 1) {
      for (let fx = 2 * x; fx < Math.min(finer.columns, 2 * x + 2); fx += 1) {
        this.count(level - 1, fx, fy);
        a += finer.across[fy * finer.columns + fx]!;
        d += finer.down[fy * finer.columns + fx]!;
      }
    }
    across[at] = a;
    down[at] = d;
  }

  /** Counts the turns in a tile's cells, each line from the tile's edge on. */
  private countTile(tx: number, ty: number): void {
    const tile = ty * this.tileColumns + tx;
    if (this.tilesCounted[tile] === this.run) return;
    this.tilesCounted[tile] = this.run;
    const { plane, width, swing, columnState } = this;
    const { columns, across, down } = this.levels[0]!;
    const x0 = tx * TILE;
    const y0 = ty * TILE;
    const x1 = Math.min(width, x0 + TILE);
    const y1 = Math.min(this.height, y0 + TILE);
    for (let cy = y0 >> 3; cy << 3 < y1; cy += 1) {
      for (let cx = x0 >> 3; cx << 3 < x1; cx += 1) {
        across[cy * columns + cx] = 0;
        down[cy * columns + cx] = 0;
      }
    }
    for (let y = y0; y < y1; y += 2) {
      const row = y * width;
      const cells = (y >> 3) * columns;
      let low = plane[row + x0]!;
      let high = low;
      let rising = 0;
      for (let x = x0 + 1; x < x1; x += 1) {
        const p = plane[row + x]!;
        if (p > high) high = p;
        if (p < low) low = p;
        if (rising >= 0 && high - p >= swing) {
          rising = -1;
          low = p;
          across[cells + (x >> 3)]! += 1;
        } else if (rising <= 0 && p - low >= swing) {
          rising = 1;
          high = p;
          across[cells + (x >> 3)]! += 1;
        }
      }
    }
    // Column by column would miss the cache: the state of all columns goes down the rows.
    for (let x = x0, s = 0; x < x1; x += 2, s += 3) {
      columnState[s] = columnState[s + 1] = plane[y0 * width + x]!;
      columnState[s + 2] = 0;
    }
    for (let y = y0 + 1; y < y1; y += 1) {
      const row = y * width;
      const cells = (y >> 3) * columns;
      for (let x = x0, s = 0; x < x1; x += 2, s += 3) {
        const p = plane[row + x]!;
        const rising = columnState[s + 2]!;
        if (p > columnState[s + 1]!) columnState[s + 1] = p;
        if (p < columnState[s]!) columnState[s] = p;
        if (rising >= 0 && columnState[s + 1]! - p >= swing) {
          columnState[s + 2] = -1;
          columnState[s] = p;
          down[cells + (x >> 3)]! += 1;
        } else if (rising <= 0 && p - columnState[s]! >= swing) {
          columnState[s + 2] = 1;
          columnState[s + 1] = p;
          down[cells + (x >> 3)]! += 1;
        }
      }
    }
  }
}

function touches(x: number, y: number, side: number, rects: RectList): boolean {
  for (let i = 0; i < rects.count; i += 1) {
    const r = i * RECT_STRIDE;
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
