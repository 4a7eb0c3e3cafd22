import type { Kernels } from '../../core/kernels.js';
import { RectList, RECT_STRIDE } from '../../core/media/picture.js';
import { isForCells } from '../matrix/cell-reader.js';

/*
 * Places of few levels of grey that may be a code.
 *
 * The problem: a code in thirty levels on a card stands among edges five times as strong, and what looks for texture
 * takes both for one area, or sees nothing. The rule: blocks of 8 × 8 pixels are flat, faint or strong by the steps between their darkest and their lightest
 * sample; faint ones that lie together and share most of their steps, as the cells of a code do, are a place. A card's margin bounds it, and what is
 * lighter or darker.
 *
 * Numbers: 0.14 ms a frame of the demo room, about 1 ms for one that is new all over.
 */

const BLOCK = 8;
/** Of a place that goes on beyond what is looked at so many a side are measured together. */
const TOGETHER = 8;
/** Steps between the darkest and the lightest sample of a faint block. */
const MIN_STEPS = 14;
const MAX_STEPS = 76;
/** Blocks on a side, and across the rectangle, turned as it lies, that has the moments of all of them; and the share of that which they fill. */
const MIN_BLOCKS = 4;
const MIN_ACROSS = 2.4;
const MIN_FILLED = 0.4;
/** In a picture; and around each, in pixels, and as a share of its longer side: the first bar of a PDF417 is flat. */
const MAX_PLACES = 48;
const MARGIN = 8;
const FIRST_BAR = 0.1;

/** Neighbours have so much of the smaller one's steps in common. */
const COMMON = 0.6;

/** Columns and rows to the blocks around one. */
const ACROSS = Int8Array.of(-1, 1, 0, 0, -1, 1, -1, 1);
const DOWN = Int8Array.of(0, 0, -1, 1, -1, -1, 1, 1);

const UNKNOWN = 0;
const OTHER = 1;
const FAINT = 2;
const TAKEN = 3;

export class FaintPlaces {
  /** In pixels, with what is around them. */
  readonly boxes = new RectList(MAX_PLACES);
  /** By place: its darkest and its lightest tone, as its blocks have them on average. */
  readonly dark = new Uint8Array(MAX_PLACES);
  readonly light = new Uint8Array(MAX_PLACES);
  private readonly kinds: Uint8Array;
  /** By block: its darkest and its lightest sample. */
  private readonly low: Uint8Array;
  private readonly high: Uint8Array;
  private readonly queue: Int32Array;
  private readonly columns: number;
  private readonly rows: number;

  constructor(
    private readonly kernels: Pick<Kernels, 'blockRanges'>,
    private readonly width: number,
    private readonly height: number,
  ) {
    this.columns = Math.floor(width / BLOCK);
    this.rows = Math.floor(height / BLOCK);
    this.kinds = new Uint8Array(this.columns * this.rows);
    this.low = new Uint8Array(this.kinds.length);
    this.high = new Uint8Array(this.kinds.length);
    this.queue = new Int32Array(this.columns * this.rows);
  }

  /** Those that touch `rects`, in pixels. */
  find(plane: Uint8Array, rects: RectList): RectList {
    const { boxes, kinds, columns, rows } = this;
    boxes.clear();
    kinds.fill(UNKNOWN);
    for (let r = 0; r < rects.count * RECT_STRIDE; r += RECT_STRIDE) {
      const [x = 0, y = 0, w = 0, h = 0] = rects.items.subarray(r, r + RECT_STRIDE);
      const [left, top] = [Math.max(0, Math.floor(x / BLOCK)), Math.max(0, Math.floor(y / BLOCK))];
      const right = Math.min(columns, Math.ceil((x + w) / BLOCK));
      const bottom = Math.min(rows, Math.ceil((y + h) / BLOCK));
      if (right > left && bottom > top) this.measure(plane, left, top, right - left, bottom - top);
      for (let row = top; row < bottom; row += 1) {
        for (let column = left; column < right; column += 1) {
          if (boxes.count === MAX_PLACES) return boxes;
          if (this.isFree(plane, row * columns + column, column, row)) this.follow(plane, column, row);
        }
      }
    }
    return boxes;
  }

  /** Whether a block is faint and in no place yet. */
  private isFree(plane: Uint8Array, at: number, column: number, row: number): boolean {
    if (this.kinds[at] === UNKNOWN) {
      const [left, top] = [column & -TOGETHER, row & -TOGETHER];
      const [right, bottom] = [Math.min(this.columns, left + TOGETHER), Math.min(this.rows, top + TOGETHER)];
      this.measure(plane, left, top, right - left, bottom - top);
    }
    return this.kinds[at] === FAINT;
  }

  /** Tells blocks apart; those that are in a place stay in it. */
  private measure(plane: Uint8Array, column: number, row: number, across: number, down: number): void {
    const { kernels, kinds, columns, low, high, width, height } = this;
    // Every second sample of each row, the others in the next: cells of two pixels are met.
    kernels.blockRanges(plane, width, height, column, row, across, down, low, high);
    for (let v = row; v < row + down; v += 1) {
      for (let at = v * columns + column; at < v * columns + column + across; at += 1) {
        const steps = high[at]! - low[at]!;
        if (kinds[at] === UNKNOWN) kinds[at] = steps >= MIN_STEPS && steps <= MAX_STEPS ? FAINT : OTHER;
      }
    }
  }

  /** The next block of a place on one side; −1: there is none. */
  private next(plane: Uint8Array, from: number, column: number, row: number): number {
    const { columns, rows, low, high } = this;
    if (column < 0 || row < 0 || column >= columns || row >= rows) return -1;
    const to = row * columns + column;
    if (!this.isFree(plane, to, column, row)) return -1;
    const common = Math.min(high[from]!, high[to]!) - Math.max(low[from]!, low[to]!);
    return common >= COMMON * Math.min(high[from]! - low[from]!, high[to]! - low[to]!) ? to : -1;
  }

  private follow(plane: Uint8Array, column: number, row: number): void {
    const { queue, kinds, low, high, columns, width, height } = this;
    let [left, right, top, bottom] = [column, column, row, row];
    queue[0] = row * columns + column;
    kinds[queue[0]] = TAKEN;
    let tail = 1;
    let [sumLow, sumHigh, sc, sr, scc, srr, scr] = [0, 0, 0, 0, 0, 0, 0];
    for (let head = 0; head < tail; head += 1) {
      const from = queue[head]!;
      sumLow += low[from]!;
      sumHigh += high[from]!;
      const r = Math.floor(from / columns);
      const c = from - r * columns;
      sc += c;
      sr += r;
      scc += c * c;
      srr += r * r;
      scr += c * r;
      if (c < left) left = c;
      if (c > right) right = c;
      if (r < top) top = r;
      if (r > bottom) bottom = r;
      for (let side = 0; side < ACROSS.length; side += 1) {
        const to = this.next(plane, from, c + ACROSS[side]!, r + DOWN[side]!);
        if (to < 0) continue;
        kinds[to] = TAKEN;
        queue[tail] = to;
        tail += 1;
      }
    }
    const [across, down] = [right - left + 1, bottom - top + 1];
    if (Math.min(across, down) < MIN_BLOCKS) return;
    // Of a rectangle of w by h blocks the variances are w²/12 and h²/12.
    const [cc, rr, cr] = [
      scc / tail - (sc / tail) ** 2,
      srr / tail - (sr / tail) ** 2,
      (scr - (sc * sr) / tail) / tail,
    ];
    const spread = Math.hypot(cc - rr, 2 * cr);
    const short = Math.sqrt(Math.max(0, 6 * (cc + rr - spread)) + 1);
    const long = Math.sqrt(6 * (cc + rr + spread) + 1);
    if (short < MIN_ACROSS || tail < MIN_FILLED * short * long) return;
    const most = MARGIN + Math.round(FIRST_BAR * BLOCK * Math.max(across, down));
    const margin = isForCells(across * BLOCK + 2 * most, down * BLOCK + 2 * most) ? most : MARGIN;
    const x = Math.max(0, left * BLOCK - margin);
    const y = Math.max(0, top * BLOCK - margin);
    const w = Math.min(width, (right + 1) * BLOCK + margin) - x;
    const h = Math.min(height, (bottom + 1) * BLOCK + margin) - y;
    if (!isForCells(w, h)) return;
    this.dark[this.boxes.count] = Math.round(sumLow / tail);
    this.light[this.boxes.count] = Math.round(sumHigh / tail);
    this.boxes.push(x, y, w, h);
  }
}
