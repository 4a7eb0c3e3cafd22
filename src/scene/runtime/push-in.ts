// frame path
import type { Kernels } from '../../core/kernels.js';
import type { BitmapTable } from '../../core/media/picture.js';
import type { CompiledPush } from '../compiled-layer.js';

const ONE = 65536;

/*
 * Problem: a picture that grows slowly over the whole frame is a new picture for every size. A bank of its sizes takes
 * a hundred megabytes, and drawing a size at once takes a quarter of a frame's time.
 *
 * Rule: two sets of bitmaps in strips of rows. One set is shown; in the frames until the next size is due, the other
 * one is drawn at that size, a strip a frame. Strips that are missing when a size is due are drawn then, so that a frame
 * depends on its number only. While the picture is hidden, its first size is prepared. A set that is shown never changes.
 */
export class PushIn {
  /** By set: the size it holds, and how many of its strips are drawn. */
  private readonly size = new Int32Array(2).fill(-1);
  private readonly drawn = new Int32Array(2);
  private front: 0 | 1 = 0;
  private readonly inverse = new Int32Array(6);
  private readonly tone = new Int32Array(3);

  constructor(
    private readonly push: CompiledPush,
    private readonly bitmaps: BitmapTable,
    private readonly kernels: Pick<Kernels, 'placePatch'>,
  ) {}

  /** The set that shows this size; draws a strip of the next one. */
  show(size: number): 0 | 1 {
    const { strips, sizes } = this.push;
    if (this.size[this.front] !== size) this.front = this.front === 0 ? 1 : 0;
    this.draw(this.front, size, strips.length);
    if (size + 1 < sizes) this.drawStrip(size + 1);
    return this.front;
  }

  /** Draws a strip of the first size, for the time when it will be shown. */
  prepare(): void {
    if (this.size[this.front] !== 0) this.drawStrip(0);
  }

  /** Draws one more strip of a size into the set that is not shown. */
  private drawStrip(size: number): void {
    const back = this.front === 0 ? 1 : 0;
    this.draw(back, size, this.size[back] === size ? this.drawn[back]! + 1 : 1);
  }

  /** Draws the first `count` strips of a size, as far as the set lacks them. */
  private draw(set: 0 | 1, size: number, count: number): void {
    if (this.size[set] !== size) {
      this.size[set] = size;
      this.drawn[set] = 0;
    }
    const { source, strips } = this.push;
    for (let i = this.drawn[set]!; i < count && i < strips.length; i += 1) {
      const { x, y, sprites } = strips[i]!;
      const to = this.bitmaps.get(sprites[set].ids[0])!;
      this.place(size, x, y);
      const { data, width, height } = source;
      this.kernels.placePatch(data, data, width, height, 0, this.inverse, this.tone, to.data, to.width, to.height);
      this.drawn[set] = i + 1;
    }
  }

  /** Where the pixels of a strip come from. */
  private place(size: number, x: number, y: number): void {
    const { from, sizes, anchorX, anchorY } = this.push;
    const scale = from + ((1 - from) * size) / sizes;
    const { inverse } = this;
    inverse[0] = Math.round(ONE / scale);
    inverse[2] = Math.round(((x + 0.5 - anchorX) / scale + anchorX - 0.5) * ONE);
    inverse[4] = inverse[0]!;
    inverse[5] = Math.round(((y + 0.5 - anchorY) / scale + anchorY - 0.5) * ONE);
  }
}
