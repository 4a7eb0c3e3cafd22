// frame path
import { OUTLINE_STRIDE } from '../../core/kernels.js';

/** The locators of one search, in whole pixels of the plane. None contains another of its kind. */
export class OutlineList {
  /** The list overflowed. */
  full = false;
  private out: Int32Array = new Int32Array(0);
  private level = 0;
  private x = 0;
  private y = 0;

  /** (x, y) is the position of the image, `level` times halved, in its plane. Adds to `out`. */
  begin(out: Int32Array, level: number, x: number, y: number): void {
    this.out = out;
    this.level = level;
    this.x = x;
    this.y = y;
    this.full = false;
  }

  /** Adds a locator unless one of its kind contains it; replaces those it contains. */
  add(kind: number, x: number, y: number, width: number, height: number): void {
    const { out } = this;
    const w = width << this.level;
    const h = height << this.level;
    const left = (x << this.level) + this.x;
    const top = (y << this.level) + this.y;
    let count = out[0]!;
    for (let i = 0; i < count;) {
      const o = 1 + i * OUTLINE_STRIDE;
      if (out[o] !== kind) {
        i += 1;
        continue;
      }
      const [ox, oy, ow, oh] = [out[o + 1]!, out[o + 2]!, out[o + 3]!, out[o + 4]!];
      if (ox <= left && oy <= top && ox + ow >= left + w && oy + oh >= top + h) return;
      if (ox < left || oy < top || ox + ow > left + w || oy + oh > top + h) {
        i += 1;
        continue;
      }
      count -= 1;
      out.copyWithin(o, 1 + count * OUTLINE_STRIDE, 1 + (count + 1) * OUTLINE_STRIDE);
    }
    if (1 + (count + 1) * OUTLINE_STRIDE > out.length) {
      this.full = true;
      out[0] = count;
      return;
    }
    const to = 1 + count * OUTLINE_STRIDE;
    out[to] = kind;
    out[to + 1] = left;
    out[to + 2] = top;
    out[to + 3] = w;
    out[to + 4] = h;
    out[0] = count + 1;
  }
}
