import { RectList, RECT_STRIDE } from '../../core/media/picture.js';

/** Chroma samples along a cell; a code of 60 px covers three or four cells. */
const CELL = 8;
/** Steps from sample to sample, U and V together, in two rows of a cell: 2 a sample, a third of what a faint code has. */
const MIN_CHANGE = 32;
/** Share of that by which the luma may change in the same places. */
const MAX_LUMA = 0.4;
/** Chroma samples along what may be a code; a larger one has modules enough in a sample to be read. */
export const MAX_SIDE = 176;
const MIN_CELLS = 7;
const MAX_BOXES = 8;
/** Of a thin code there are a few cells in a row only: what is that small comes last, and has to change three times as much. */
const MIN_THIN = 3;
const MAX_THIN_CELLS = 7;
const MIN_THIN_CHANGE = 96;
const MAX_THIN = 6;

/**
 * Where colours change from sample to sample, both ways or one, and the luma does not: compact groups of cells that touch
 * what changed. Looks at two rows of a cell in eight, and only where asked: 0.2 ms for a whole frame of 720p.
 */
export class ColourCells {
  /** In chroma samples. */
  readonly boxes = new RectList(MAX_BOXES + MAX_THIN);
  private readonly thin = new RectList(MAX_THIN);
  private readonly columns: number;
  private readonly rows: number;
  private readonly chromaWidth: number;
  private readonly samples: number;
  /** By cell: twice the number of the run it was looked at in, and 1 more where it is busy. */
  private readonly looked: Int32Array;
  private readonly visited: Int32Array;
  private readonly queue: Int32Array;
  /** Of each busy cell, in the run it was looked at in. */
  private readonly changes: Int32Array;
  private run = 0;
  private picture: Uint8Array = new Uint8Array(0);

  constructor(
    private readonly width: number,
    private readonly height: number,
  ) {
    this.chromaWidth = (width + 1) >> 1;
    this.samples = this.chromaWidth * ((height + 1) >> 1);
    // An odd last row or column is left out.
    this.columns = Math.floor((width >> 1) / CELL);
    this.rows = Math.floor((height >> 1) / CELL);
    const cells = this.columns * this.rows;
    this.looked = new Int32Array(cells);
    this.visited = new Int32Array(cells);
    this.queue = new Int32Array(cells);
    this.changes = new Int32Array(cells);
  }

  /** Looks at what touches `rects` (luma pixels) of an I420 picture, and beyond them as far as a group goes. */
  find(picture: Uint8Array, rects: RectList): void {
    const { boxes, thin, columns, rows, visited, looked } = this;
    boxes.clear();
    thin.clear();
    this.picture = picture;
    this.run += 1;
    if (this.run > 0x3fffffff) {
      this.run = 1;
      visited.fill(0);
      looked.fill(0);
    }
    for (let i = 0; i < rects.count * RECT_STRIDE; i += RECT_STRIDE) {
      const left = Math.floor(rects.items[i]! / (2 * CELL));
      const top = Math.floor(rects.items[i + 1]! / (2 * CELL));
      const right = Math.min(columns - 1, Math.floor((rects.items[i]! + rects.items[i + 2]! - 1) / (2 * CELL)));
      const bottom = Math.min(rows - 1, Math.floor((rects.items[i + 1]! + rects.items[i + 3]! - 1) / (2 * CELL)));
      for (let y = top; y <= bottom; y += 1) {
        for (let x = left; x <= right; x += 1) if (this.visit(x, y)) this.follow(x, y);
      }
    }
    const { items, count } = thin;
    for (let r = 0; r < count * RECT_STRIDE; r += RECT_STRIDE)
      boxes.push(items[r]!, items[r + 1]!, items[r + 2]!, items[r + 3]!);
  }

  /** Whether the cell that the chroma sample (x, y) is in is busy, of those met by the last search. */
  isBusyAt(x: number, y: number): boolean {
    const [column, row] = [Math.floor(x / CELL), Math.floor(y / CELL)];
    return column < this.columns && row < this.rows && this.looked[row * this.columns + column] === 2 * this.run + 1;
  }

  private visit(x: number, y: number): boolean {
    const at = y * this.columns + x;
    if (this.visited[at] === this.run) return false;
    this.visited[at] = this.run;
    const busy = this.isBusy(x, y);
    this.looked[at] = 2 * this.run + (busy ? 1 : 0);
    return busy;
  }

  private isBusy(column: number, row: number): boolean {
    const { picture, width, height, chromaWidth, samples } = this;
    const cb = width * height;
    // The last cell of a row has no neighbour beyond it.
    const steps = (column + 1) * CELL < chromaWidth ? CELL : CELL - 1;
    let colours = 0;
    for (let y = row * CELL + 2; y < (row + 1) * CELL; y += 4) {
      const u = cb + y * chromaWidth + column * CELL;
      const v = u + samples;
      let u0 = picture[u]!;
      let v0 = picture[v]!;
      for (let i = 1; i <= steps; i += 1) {
        const u1 = picture[u + i]!;
        const v1 = picture[v + i]!;
        colours += (u1 > u0 ? u1 - u0 : u0 - u1) + (v1 > v0 ? v1 - v0 : v0 - v1);
        u0 = u1;
        v0 = v1;
      }
    }
    this.changes[row * this.columns + column] = colours;
    // Nearly all end here.
    if (colours < MIN_CHANGE) return false;
    let luma = 0;
    for (let y = row * CELL + 2; y < (row + 1) * CELL; y += 4) {
      const at = 2 * (y * width + column * CELL);
      for (let i = 0; i < steps; i += 1) luma += Math.abs(picture[at + 2 * i + 2]! - picture[at + 2 * i]!);
    }
    return luma <= MAX_LUMA * colours;
  }

  /** The group of busy cells around one, whole, so that no part of a large one passes for a small one. */
  private follow(x: number, y: number): void {
    const { columns, rows, queue } = this;
    let [left, top, right, bottom] = [x, y, x, y];
    let tail = 1;
    queue[0] = y * columns + x;
    for (let head = 0; head < tail; head += 1) {
      const cy = Math.floor(queue[head]! / columns);
      const cx = queue[head]! - cy * columns;
      left = Math.min(left, cx);
      right = Math.max(right, cx);
      top = Math.min(top, cy);
      bottom = Math.max(bottom, cy);
      for (let ny = Math.max(0, cy - 1); ny <= Math.min(rows - 1, cy + 1); ny += 1) {
        for (let nx = Math.max(0, cx - 1); nx <= Math.min(columns - 1, cx + 1); nx += 1) {
          if (this.visit(nx, ny)) {
            queue[tail] = ny * columns + nx;
            tail += 1;
          }
        }
      }
    }
    const [w, h] = [(right - left + 1) * CELL, (bottom - top + 1) * CELL];
    if (Math.max(w, h) > MAX_SIDE) return;
    const isThin = tail < MIN_CELLS || Math.min(w, h) < 2 * CELL;
    if (isThin) {
      let changes = 0;
      for (let i = 0; i < tail; i += 1) changes += this.changes[queue[i]!]!;
      if (Math.max(w, h) < MIN_THIN * CELL || Math.max(w, h) > MAX_THIN_CELLS * CELL) return;
      if (changes < MIN_THIN_CHANGE * tail) return;
    }
    // A full list joins its last boxes to one that is no group: what is beyond is left to the readers.
    if (isThin) {
      if (this.thin.count < MAX_THIN) this.thin.push(left * CELL, top * CELL, w, h);
    } else if (this.boxes.count < MAX_BOXES) this.boxes.push(left * CELL, top * CELL, w, h);
  }
}
