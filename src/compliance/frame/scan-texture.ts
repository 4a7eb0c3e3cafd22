import { type RectList, RECT_STRIDE } from '../../core/picture.js';

/**
 * Where a code could be, whatever its form.
 *
 * The problem: Data Matrix, Aztec and PDF417 have no mark that a cheap search finds in every rotation, and to
 * read a 720p frame for them takes 20 ms of CPU. Reading what changed is no way out either: the last strip of a
 * code that is put together makes all of it readable.
 *
 * The rule: a code is an area in which light and dark alternate in both directions, everywhere, many times.
 * Turns of at least `swing` are counted along every second row and column, in cells of 8 px. A window of 4×4
 * cells with enough of them both ways may be part of a code; windows that touch are one area; an area in or
 * beside which something changed is to be read whole. The same again with cells of twice and four times the
 * size, for larger modules. Faces, clothes and plain grounds fall away; written words do not.
 *
 * Numbers: modules of m px have one turn in 2 m px on average, rows of PDF417 one in 6 m px across them. One in
 * 14 px over 32 px finds m ≤ 7, the next sizes m ≤ 14 and, as whole frames of poster art have one in 10, m ≤ 20.
 * Drawn with their damage on frames of the demo room, all 230 codes of m = 2…16 that ZXing can read there, but
 * two, lay inside the areas; the areas are 8 % of what a frame has. Counting costs 2.5 ns a pixel.
 */
export const TEXTURE_LEVELS = 3;
const TILE = 32;
const CELL = 8;
const WINDOW_CELLS = 4;
/** Turns a pixel of the level, the geometric mean of both directions, by level. */
const DENSE = [1 / 14, 1 / 14, 1 / 8.5];
/** The same in the direction that has fewer. */
const SPARSE = 1 / 60;
/** More than this is grain, finer than any module that can be read. */
const GRAIN = 0.42;
/** Cells of 16 that have a turn at all. */
const BUSY = [14, 14, 16];
/** The shorter side of an area, in pixels of its level: lines of small print stay below. */
const LEAST_SIDE = 36;
/** An area is followed so far from what changed, in pixels of its level: no code reaches beyond. */
const REACH = 224;

interface Level {
  readonly columns: number;
  readonly rows: number;
  /** Turns across, plus 65,536 times those down. */
  readonly turns: Int32Array;
  /** Number of the run in which a cell was counted, a window visited. */
  readonly counted: Int32Array;
  readonly visited: Int32Array;
}

export class TextureMap {
  /** True when a window was too fine to be a code as it stands: at half the size it may be one. */
  sawGrain = false;
  private readonly levels: readonly Level[];
  private readonly tileColumns: number;
  private readonly tilesCounted: Int32Array;
  /** Of the pixels whose counts stand. */
  private readonly tileHashes: Int32Array;
  /** The plane in words; none where its rows are no whole number of them. */
  private words: Int32Array | undefined;
  private readonly queue: Int32Array;
  private readonly columnState = new Uint8Array((TILE / 2) * 3);
  private plane: Uint8Array = new Uint8Array(0);
  private run = 0;

  /** For planes of this size. `swing`: how far a sample must turn to count, of 255. */
  constructor(
    readonly width: number,
    readonly height: number,
    private readonly swing: number,
  ) {
    this.levels = Array.from({ length: TEXTURE_LEVELS }, (_, level) => {
      const columns = Math.max(1, Math.ceil(width / (CELL << level)));
      const rows = Math.max(1, Math.ceil(height / (CELL << level)));
      const cells = columns * rows;
      return {
        columns,
        rows,
        turns: new Int32Array(cells),
        counted: new Int32Array(cells),
        visited: new Int32Array(cells),
      };
    });
    this.tileColumns = Math.ceil(width / TILE);
    this.tilesCounted = new Int32Array(this.tileColumns * Math.ceil(height / TILE));
    this.tileHashes = new Int32Array(this.tilesCounted.length);
    this.queue = new Int32Array(this.levels[0]!.columns * this.levels[0]!.rows);
  }

  /** Another picture; rows without padding. */
  begin(plane: Uint8Array): void {
    this.plane = plane;
    const aligned = (this.width & 3) === 0 && (plane.byteOffset & 3) === 0;
    this.words = aligned ? new Int32Array(plane.buffer, plane.byteOffset, (this.width * this.height) >> 2) : undefined;
    this.run += 1;
    this.sawGrain = false;
  }

  /**
   * The code-like areas of a level that touch one of `rects` (in pixels of the plane × `scale`), as boxes inside
   * the plane. Asked once a level and picture.
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
    if (Math.min(right - left, bottom - top) * cell + end < LEAST_SIDE << level) return;
    const reach = REACH << level;
    const boxLeft = Math.max(0, left * cell, hitLeft * cell - reach);
    const boxTop = Math.max(0, top * cell, hitTop * cell - reach);
    const boxRight = Math.min(this.width, right * cell + end, hitRight * cell + end + reach);
    const boxBottom = Math.min(this.height, bottom * cell + end, hitBottom * cell + end + reach);
    out.push(boxLeft, boxTop, boxRight - boxLeft, boxBottom - boxTop);
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
    // Lines that were walked, times their length, in pixels of the level.
    const walked = (cells * (CELL << level) ** 2) / 2 / (1 << level);
    const less = Math.min(across, down) / walked;
    if (less > GRAIN) {
      this.sawGrain = true;
      return false;
    }
    return less >= SPARSE && Math.sqrt(across * down) >= DENSE[level]! * walked;
  }

  /** Makes the counts of cells stand. */
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
        if (counted[at] === this.run) continue;
        counted[at] = this.run;
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

  /** Counts the turns in a tile's cells, each line from the tile's edge on. */
  private countTile(tx: number, ty: number): void {
    const tile = ty * this.tileColumns + tx;
    if (this.tilesCounted[tile] === this.run) return;
    const known = this.tilesCounted[tile] !== 0;
    this.tilesCounted[tile] = this.run;
    const { columns, turns } = this.levels[0]!;
    const x0 = tx * TILE;
    const y0 = ty * TILE;
    const x1 = Math.min(this.width, x0 + TILE);
    const y1 = Math.min(this.height, y0 + TILE);
    if (this.words !== undefined) {
      const hash = hashTile(this.words, this.width >> 2, x0 >> 2, y0, x1 >> 2, y1);
      if (known && hash === this.tileHashes[tile]) return;
      this.tileHashes[tile] = hash;
    }
    for (let cy = y0 >> 3; cy << 3 < y1; cy += 1)
      turns.fill(0, cy * columns + (x0 >> 3), cy * columns + ((x1 + 7) >> 3));
    this.countAcross(x0, y0, x1, y1, turns, columns);
    this.countDown(x0, y0, x1, y1, turns, columns);
  }

  private countAcross(x0: number, y0: number, x1: number, y1: number, turns: Int32Array, columns: number): void {
    const { plane, width, swing } = this;
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
          turns[cells + (x >> 3)]! += 1;
        } else if (rising <= 0 && p - low >= swing) {
          rising = 1;
          high = p;
          turns[cells + (x >> 3)]! += 1;
        }
      }
    }
  }

  /** Column by column would miss the cache: the state of all columns goes down the rows. */
  private countDown(x0: number, y0: number, x1: number, y1: number, turns: Int32Array, columns: number): void {
    const { plane, width, swing, columnState: state } = this;
    for (let x = x0, s = 0; x < x1; x += 2, s += 3) {
      state[s] = state[s + 1] = plane[y0 * width + x]!;
      state[s + 2] = 1; // 0 falling, 1 not known, 2 rising
    }
    for (let y = y0 + 1; y < y1; y += 1) {
      const row = y * width;
      const cells = (y >> 3) * columns;
      for (let x = x0, s = 0; x < x1; x += 2, s += 3) {
        const p = plane[row + x]!;
        const rising = state[s + 2]!;
        if (p > state[s + 1]!) state[s + 1] = p;
        if (p < state[s]!) state[s] = p;
        if (rising >= 1 && state[s + 1]! - p >= swing) {
          state[s + 2] = 0;
          state[s] = p;
          turns[cells + (x >> 3)]! += 0x10000;
        } else if (rising <= 1 && p - state[s]! >= swing) {
          state[s + 2] = 2;
          state[s + 1] = p;
          turns[cells + (x >> 3)]! += 0x10000;
        }
      }
    }
  }
}

function hashTile(words: Int32Array, stride: number, x0: number, y0: number, x1: number, y1: number): number {
  let a = 0x2c1b3c6d;
  for (let y = y0; y < y1; y += 1) {
    for (let at = y * stride + x0; at < y * stride + x1; at += 1)
      a = Math.imul(a ^ words[at]!, 0x01000193) ^ (a >>> 15);
  }
  return a;
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
