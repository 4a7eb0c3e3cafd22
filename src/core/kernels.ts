import type { BitmapTable, DrawList, RectList, YuvaBitmap } from './media/picture.js';

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

  /**
   * Redraws every rectangle of `damage` on the I420 `canvas` from the draw list, bottom to top, starting
   * from black where no opaque item covers the rectangle. A list that names a bitmap the table does not
   * hold is an E_NATIVE error: a layer (the AI label, say) is never left out in silence.
   */
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
   * Looks for finder patterns (1:1:3:1:1 runs, either polarity, any rotation: rows are walked, crossings
   * confirmed on the column and the diagonals) in one 8-bit plane inside a rectangle, and at half the size some pixels around it. Writes up to
   * `out.length / 4` hits as x, y (in the plane), moduleSize×16, polarity (0 dark on light, 1 light on
   * dark) and returns their number. `rows` is the number of rows of the plane. The ring markers of round
   * codes (1:1.5:1.05:1.5:1) come in the same list with 2 added to their polarity; their module is the width
   * of the ring. After them come finders of which an outer ring may run on into what is dark around it, as without a
   * quiet zone, with 4 added: twice as many of those are none.
   *
   * `outlines`, when given, gets the marks of codes that have no such finder: OUTLINE kind, x, y, width and height of each
   * from `outlines[1]` on, and in `outlines[0]` their number, or −1 where there are more than there is room for.
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
    outlines?: Int32Array,
  ): number;

  /**
   * Which marks of codes without finders a plane, rows without padding, may bear: bits 1 << OUTLINE kind. Takes what is less
   * sure than the outlines of `findFinders`, so that a reader finds hardly any code in a plane with none of them.
   */
  outlineKinds(plane: Uint8Array, width: number, height: number): number;

  /**
   * Finds where a code could be, whatever its form: areas of one 8-bit plane (rows without padding) in which light and
   * dark alternate both ways, and in which something touches one of `rects` (in pixels of the plane × `scale`). `swing`,
   * 1 to 255: how far a sample must turn to count. Writes level, x, y, width and height of each area from `out[1]` on,
   * level by level, and returns their number; at level n its modules are as if the plane were halved n times. `out[0]` is 1
   * where a part is too fine to be a code as it stands, at half the size it may be one. `out` holds `TEXTURE_OUT` integers.
   */
  findTexture(
    plane: Uint8Array,
    width: number,
    height: number,
    swing: number,
    rects: RectList,
    scale: number,
    out: Int32Array,
  ): number;

  /**
   * Finds upright QR finders of 1.5 to 2.3 pixels a module in an 8-bit plane, rows without padding: dark ones, then light
   * ones, four integers each as `findFinders` writes them; weak ones as loose ones, last of their polarity. Of more than
   * half of `TINY_FINDERS` of one polarity and strength it writes none. `out` has room for twice `TINY_FINDERS`.
   */
  findTinyFinders(plane: Uint8Array, width: number, height: number, out: Int32Array): number;

  /**
   * Copies a rectangle inside a plane of `stride` samples a row and halves it `halvings` (0 to 8) times by rounded
   * means of 2×2; an odd last column or row is left out.
   */
  shrinkRect(
    plane: Uint8Array,
    stride: number,
    x: number,
    y: number,
    w: number,
    h: number,
    halvings: number,
    to: Uint8Array,
  ): void;

  /**
   * `to` = `from` + gain × (`from` − blurred `from`), for planes without padding; the blur's σ is 1 sample with radius 1,
   * 1.9 with radius 2. `gain` is a whole number from 1 to 16. Brings blurred codes back.
   */
  sharpenPlane(from: Uint8Array, width: number, height: number, radius: 1 | 2, gain: number, to: Uint8Array): void;

  /** Twice the size by a sharp cubic (a = −1), for planes without padding; `to` holds 4 × width × height samples. */
  enlargePlane(from: Uint8Array, width: number, height: number, to: Uint8Array): void;

  /** Twice the size, bilinear, for planes without padding; `to` holds 4 × width × height samples. */
  doublePlane(from: Uint8Array, width: number, height: number, to: Uint8Array): void;

  /**
   * A box blur, twice, in place, for planes without padding; near a Gaussian of σ = √((2r+1)²−1)/√6 (radius 1: 1.2, radius 3:
   * 2.8). `radius` is a whole number from 1 to 3.
   */
  blurPlane(plane: Uint8Array, width: number, height: number, radius: number): void;

  /**
   * A plane without padding turned back by the angle of this cosine and sine, and so many times as large: `to` gets `w` × `h` samples, the
   * middle of the one is that of the other. Bilinear, twice as large by a sharp cubic (a = −1); beyond the plane are its edges. The plane
   * has two samples a side at least.
   */
  turnPlane(
    from: Uint8Array,
    width: number,
    height: number,
    cos: number,
    sin: number,
    scale: 1 | 2,
    to: Uint8Array,
    w: number,
    h: number,
  ): void;

  /**
   * a·cb + b·cr of a rectangle inside two planes of `stride` samples a row, its 0.5th and 99.5th percentiles spread to 0 and
   * 255. Returns the steps between them and leaves `to` as it is where they are fewer than `least` (1 or more).
   */
  mixPlanes(
    cb: Uint8Array,
    cr: Uint8Array,
    stride: number,
    x: number,
    y: number,
    w: number,
    h: number,
    a: 0 | 1,
    b: -1 | 0 | 1,
    least: number,
    to: Uint8Array,
  ): number;

  /**
   * Figures of a rectangle of one 8-bit plane, into `out`: [0] mean, [1] variance, [2] mean absolute
   * 4-neighbour Laplacian over the pixels that have four neighbours inside the rectangle (sharpness),
   * [3] share of samples ≤ 24 (black), 0–1. All 0 for an empty rectangle.
   */
  planeStats(plane: Uint8Array, stride: number, x: number, y: number, w: number, h: number, out: Float64Array): void;

  /**
   * Writes what `to` has other than `from`, equally long, to `out`; returns the bytes written. `out` has room for
   * `packedLimit(to.length)`.
   */
  packChanges(from: Uint8Array, to: Uint8Array, out: Uint8Array): number;
  /** Makes a frame that equals `from` one that equals `to`, from the first `bytes` of what was packed. E_NATIVE when they don't fit it. */
  unpackChanges(packed: Uint8Array, bytes: number, frame: Uint8Array): void;

  /** Number of bytes that differ between two equally long buffers. */
  countDifferences(a: Uint8Array, b: Uint8Array): number;

  /**
   * A pipe of the given buffer size: `[readFd, writeFd]`; undefined where it can't be made (the twin),
   * and a child's ordinary stdin serves instead. `writes` to a full one wait for room, or return EAGAIN.
   */
  openPipe(bufferBytes: number, writes?: 'wait' | 'return'): [readFd: number, writeFd: number] | undefined;
}

/** Most bytes that the changes of a frame of n bytes take: see `Kernels.packChanges`. */
export const packedLimit = (n: number): number => Math.ceil(n / 16) * 16 + 8;

/** Two straight edges that meet with one colour inside; a bull's eye of squares; the start of a PDF417. */
export const OUTLINE = { corner: 0, bullseye: 1, start: 2 } as const;
/** A bit for each. */
export const ALL_OUTLINES = 7;
export const OUTLINE_STRIDE = 5;
/** Integers that hold the outlines of one search. */
export const OUTLINES_OUT = 1 + 64 * OUTLINE_STRIDE;
export const TEXTURE_LEVELS = 3;
/** More areas of a level than this become one. */
export const TEXTURE_AREAS = 48;
export const TEXTURE_STRIDE = 5;
/** Tiny finders of one polarity, half of them weak. */
export const TINY_FINDERS = 48;
/** Integers that `Kernels.findTexture` may write. */
export const TEXTURE_OUT = 1 + TEXTURE_LEVELS * TEXTURE_AREAS * TEXTURE_STRIDE;
