import { openSync, readSync, writeSync } from 'node:fs';
import { i420Size, RectList, RECT_STRIDE } from '../../../src/core/media/picture.js';

const HEAD = 4;

/** Calls `visit` with the part of each row of an I420 picture that lies in an even rectangle. */
function eachRow(
  picture: Uint8Array,
  width: number,
  height: number,
  [x = 0, y = 0, w = 0, h = 0]: Int32Array,
  visit: (row: Uint8Array) => void,
): void {
  for (let v = y; v < y + h; v += 1) visit(picture.subarray(v * width + x, v * width + x + w));
  const half = width >> 1;
  for (const plane of [width * height, (width * height * 5) / 4]) {
    for (let v = y >> 1; v < (y + h) >> 1; v += 1) {
      const at = plane + v * half + (x >> 1);
      visit(picture.subarray(at, at + (w >> 1)));
    }
  }
}

/**
 * Writes the gate's input to a file: the settled areas and the damage of each frame, that without drawn presenters, and the
 * pixels under the damage.
 */
export class Recorder {
  private readonly fd: number;

  constructor(
    file: string,
    private readonly width: number,
    private readonly height: number,
    rate: { readonly num: number; readonly den: number },
  ) {
    this.fd = openSync(file, 'w');
    writeSync(this.fd, Int32Array.of(width, height, rate.num, rate.den));
  }

  add(canvas: Uint8Array, damage: RectList, settled = new RectList(1), moved = damage): void {
    for (const list of [settled, moved])
      writeSync(this.fd, Int32Array.of(list.count, ...list.items.subarray(0, list.count * RECT_STRIDE)));
    const rects = damage.items.slice(0, damage.count * RECT_STRIDE);
    writeSync(this.fd, Int32Array.of(damage.count, ...rects));
    for (let r = 0; r < rects.length; r += RECT_STRIDE) {
      const rows: Uint8Array[] = [];
      eachRow(canvas, this.width, this.height, rects.subarray(r, r + RECT_STRIDE), (row) => rows.push(row));
      writeSync(this.fd, Buffer.concat(rows));
    }
  }
}

/** Reads such a file frame by frame. */
export class Recording {
  readonly width: number;
  readonly height: number;
  readonly rate: { readonly num: number; readonly den: number };
  readonly canvas: Uint8Array;
  readonly damage = new RectList(256);
  readonly settled = new RectList(256);
  /** The damage without that of drawn presenters. */
  readonly moved = new RectList(256);
  private readonly fd: number;

  constructor(file: string) {
    this.fd = openSync(file, 'r');
    const [width = 0, height = 0, num = 0, den = 1] = this.ints(HEAD);
    this.width = width;
    this.height = height;
    this.rate = { num, den };
    this.canvas = new Uint8Array(i420Size(width, height));
  }

  /** Advances to the next frame; false at the end. */
  next(): boolean {
    for (const list of [this.settled, this.moved]) {
      const count = this.ints(1)[0];
      if (count === undefined) return false;
      list.items.set(this.ints(count * RECT_STRIDE));
      list.count = count;
    }
    const count = this.ints(1)[0];
    if (count === undefined) return false;
    const rects = this.ints(count * RECT_STRIDE);
    this.damage.clear();
    for (let r = 0; r < rects.length; r += RECT_STRIDE) {
      const rect = rects.subarray(r, r + RECT_STRIDE);
      const [x = 0, y = 0, w = 0, h = 0] = rect;
      this.damage.push(x, y, w, h);
      const bytes = new Uint8Array(i420Size(w, h));
      if (readSync(this.fd, bytes) < bytes.length) return false;
      let at = 0;
      eachRow(this.canvas, this.width, this.height, rect, (row) => {
        row.set(bytes.subarray(at, at + row.length));
        at += row.length;
      });
    }
    return true;
  }

  private ints(count: number): Int32Array {
    const out = new Int32Array(count);
    const read = count === 0 ? 0 : readSync(this.fd, new Uint8Array(out.buffer));
    return out.subarray(0, read >> 2);
  }
}
