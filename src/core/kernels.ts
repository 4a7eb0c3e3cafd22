import type { BitmapTable, DrawList, RectList, YuvaBitmap } from './picture.js';

/**
 * The hot loops. `native/` implements them in C++ (AVX2 by runtime dispatch), `src/native/twin/` in
 * TypeScript; the twin is the specification and both give the same bytes.
 */
export interface Kernels {
  readonly name: 'native' | 'twin';
  /** `avx2`, `scalar` or `typescript`. */
  readonly variant: string;

  /**
   * Straight (not premultiplied) sRGB RGBA, rows without padding, to a premultiplied YUVA bitmap.
   * `shiftX`/`shiftY` (0 or 1) move the content right/down by one pixel inside the bitmap, whose size is
   * the content's plus the shift, rounded up to even; what is not covered is transparent.
   */
  rgbaToYuva(rgba: Uint8Array, width: number, height: number, shiftX: 0 | 1, shiftY: 0 | 1): YuvaBitmap;

  /** Redraws every rectangle of `damage` on the I420 `canvas` from the draw list, bottom to top. */
  compose(
    canvas: Uint8Array,
    width: number,
    height: number,
    damage: RectList,
    list: DrawList,
    bitmaps: BitmapTable,
  ): void;

  /** Copies the rectangles from one I420 frame to another of the same size. */
  copyRects(from: Uint8Array, to: Uint8Array, width: number, height: number, rects: RectList): void;

  /** I420 (BT.709 limited) to RGBA, for evidence, tests and offline PNG. */
  i420ToRgba(frame: Uint8Array, width: number, height: number, out: Uint8Array): void;

  /**
   * Looks for finder patterns (1:1:3:1:1 runs, either polarity, any rotation: rows and columns are both
   * walked and crossings confirmed) in one 8-bit plane inside a rectangle. Writes up to
   * `out.length / 4` hits as x, y, moduleSize×16, polarity (0 dark on light, 1 light on dark) and returns
   * their number.
   */
  findFinders(
    plane: Uint8Array,
    stride: number,
    rows: number,
    x: number,
    y: number,
    w: number,
    h: number,
    out: Int32Array,
  ): number;

  /** Number of bytes that differ between two equally long buffers. */
  countDifferences(a: Uint8Array, b: Uint8Array): number;

  /**
   * A pipe of the given buffer size: `[readFd, writeFd]`; undefined where it can't be made (the twin),
   * and a child's ordinary stdin serves instead.
   */
  openPipe(bufferBytes: number): [readFd: number, writeFd: number] | undefined;
}
