import type { BitmapTable, DrawList, RectList, YuvaBitmap } from './media/picture.js';

/**
 * Puts memory pages into a pipe without copying them (vmsplice(2)). Lent memory must not change until the reader has
 * consumed it, because the pipe refers to the pages themselves.
 */
export interface PageLender {
  /** Capacity of the pipe in bytes; 0 when unknown. */
  capacity(fd: number): number;
  /** Unread bytes in the pipe; 0 when it has no reader any more. */
  held(fd: number): number;
  /**
   * Lends `bytes[start, end)`, waiting for room on another thread. `done` gets the bytes lent, and 0 or the errno that
   * stopped it.
   */
  lend(fd: number, bytes: Uint8Array, start: number, end: number, done: (errno: number, taken: number) => void): void;
}

/**
 * The hot loops. `native/` implements them in C++ (AVX2 by runtime dispatch), `src/native/twin/` in TypeScript. The
 * twin is the specification; both give the same bytes.
 */
export interface Kernels {
  readonly name: 'native' | 'twin';
  /** `avx2`, `scalar` or `typescript`. */
  readonly variant: string;

  /**
   * Converts straight (not premultiplied) sRGB RGBA, rows without padding, to a premultiplied YUVA bitmap.
   * `shiftX`/`shiftY` (0 or 1) move the content right/down by one pixel inside the bitmap, whose size is the content's
   * plus the shift, rounded up to even; uncovered pixels are transparent.
   */
  rgbaToYuva(rgba: Uint8Array, width: number, height: number, shiftX: 0 | 1, shiftY: 0 | 1): YuvaBitmap;

  /**
   * Redraws every rectangle of `damage` on the I420 `canvas` from the draw list, bottom to top, starting from black
   * where no opaque item covers the rectangle. A draw list that names a bitmap missing from the table is an E_NATIVE
   * error: a layer (the AI label, for example) is never skipped silently.
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
   * Searches a rectangle of one 8-bit plane, and some pixels around it at half the size, for finder patterns (1:1:3:1:1
   * runs, either polarity, any rotation: rows are walked, crossings confirmed on the column and the diagonals). Writes
   * up to `out.length / 4` finders as x, y (in the plane), moduleSize×16, polarity (0 dark on light, 1 light on dark)
   * and returns their number. `rows` is the number of rows of the plane. Ring markers of round codes (1:1.5:1.05:1.5:1)
   * have 2 added to their polarity; their module is the width of the ring. Finders whose outer ring may run into dark
   * surroundings (no quiet zone) follow, with 4 added to their polarity; false positives are twice as frequent among
   * them.
   *
   * `outlines`, when given, gets the marks of codes without finders: OUTLINE kind, x, y, width and height from
   * `outlines[1]` on, and their number in `outlines[0]`, or −1 when there are too many.
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
   * Marks of codes without finders that a plane (rows without padding) may contain: bits 1 << OUTLINE kind. Accepts
   * weaker marks than the outlines of `findFinders`, so that a plane without any bit hardly ever contains a readable
   * code.
   */
  outlineKinds(plane: Uint8Array, width: number, height: number): number;

  /**
   * Finds textured regions that may contain a code of any form: areas of one 8-bit plane (rows without padding) in
   * which light and dark alternate in both directions, touching one of `rects` (in pixels of the plane × `scale`).
   * `swing`, 1 to 255: the minimum step of a sample. Writes level, x, y, width and height of each area from `out[1]`
   * on, level by level, and returns their number; at level n its modules are as if the plane were halved n times.
   * `out[0]` is 1 when some texture is too fine for a code at full size but may be one at half size. `out` holds
   * `TEXTURE_OUT` integers.
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
   * Finds upright QR finders of 1.5 to 2.3 pixels a module in an 8-bit plane, rows without padding: dark ones, then
   * light ones, four integers each as in `findFinders`; weak ones are marked as loose and come last of their polarity.
   * More than half of `TINY_FINDERS` of one polarity and strength are dropped altogether. `out` has room for twice
   * `TINY_FINDERS`.
   */
  findTinyFinders(plane: Uint8Array, width: number, height: number, out: Int32Array): number;

  /**
   * Copies a rectangle inside a plane of `stride` samples a row and halves it `halvings` (0 to 8) times by rounded
   * means of 2×2; an odd last column or row is dropped.
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
   * Means of `cells` × `cells` parts of a plane without padding, rounded down, row by row; 0 for a part without samples.
   * `cells` is an integer from 1 to 64.
   */
  meanCells(plane: Uint8Array, width: number, height: number, cells: number, to: Uint8Array): void;

  /**
   * `to` = `from` + gain × (`from` − blurred `from`), for planes without padding; the blur's σ is 1 sample with radius
   * 1, 1.9 with radius 2. `gain` is an integer from 1 to 16. Restores blurred codes.
   */
  sharpenPlane(from: Uint8Array, width: number, height: number, radius: 1 | 2, gain: number, to: Uint8Array): void;

  /**
   * Doubles the size with a sharp cubic (a = −1), for planes without padding; `to` holds 4 × width × height samples.
   */
  enlargePlane(from: Uint8Array, width: number, height: number, to: Uint8Array): void;

  /** Doubles the size, bilinear, for planes without padding; `to` holds 4 × width × height samples. */
  doublePlane(from: Uint8Array, width: number, height: number, to: Uint8Array): void;

  /**
   * Box blur, twice, in place, for planes without padding; approximates a Gaussian of σ = √((2r+1)²−1)/√6 (radius 1:
   * 1.2, radius 3: 2.8). `radius` is an integer from 1 to 3.
   */
  blurPlane(plane: Uint8Array, width: number, height: number, radius: number): void;

  /**
   * Rotates a plane without padding back by the angle of this cosine and sine, and scales it: `to` gets `w` × `h`
   * samples with the same centre. Bilinear, or a sharp cubic (a = −1) at twice the size; edges are extended beyond the
   * plane. The plane has at least two samples a side.
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
   * Draws a premultiplied YUVA picture, or a mix of two of the same size, turned and scaled into another one, bilinear.
   * `inverse` maps the target's pixels to the source's: x' = (i0·x + i1·y + i2) / 65536, y' = (i3·x + i4·y + i5) / 65536.
   * `mix`: weight of the second picture, 0–256. `tone` is added to Y, U and V, as far as the picture covers.
   */
  placePatch(
    first: Uint8Array,
    second: Uint8Array,
    width: number,
    height: number,
    mix: number,
    inverse: Int32Array,
    tone: Int32Array,
    to: Uint8Array,
    toWidth: number,
    toHeight: number,
  ): void;

  /**
   * Keys an I420 picture by the chroma of its samples into a premultiplied YUVA picture, at x and y, where that must be
   * transparent. `tables`: alpha, u and v by `u << 8 | v`, 65,536 bytes each.
   */
  keyChroma(
    frame: Uint8Array,
    width: number,
    height: number,
    tables: Uint8Array,
    to: Uint8Array,
    toWidth: number,
    toHeight: number,
    x: number,
    y: number,
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
   * Statistics of a rectangle of one 8-bit plane, into `out`: [0] mean, [1] variance, [2] mean absolute 4-neighbour
   * Laplacian over the pixels with four neighbours inside the rectangle (sharpness), [3] share of samples ≤ 24 (black),
   * 0–1. All 0 for an empty rectangle.
   */
  planeStats(plane: Uint8Array, stride: number, x: number, y: number, w: number, h: number, out: Float64Array): void;

  /**
   * Writes the differences of `to` against `from`, equally long, to `out`; returns the bytes written. `out` has room
   * for `packedLimit(to.length)`.
   */
  packChanges(from: Uint8Array, to: Uint8Array, out: Uint8Array): number;
  /** Applies the packed changes to `frame`. E_NATIVE when they do not fit the frame. */
  unpackChanges(packed: Uint8Array, bytes: number, frame: Uint8Array): void;

  /** Number of bytes that differ between two equally long buffers. */
  countDifferences(a: Uint8Array, b: Uint8Array): number;

  /**
   * Opens a pipe with the given buffer size: `[readFd, writeFd]`. Undefined where this is not possible (the twin); a
   * child's ordinary stdin serves instead. `writes` to a full pipe wait for room, or return EAGAIN.
   */
  openPipe(bufferBytes: number, writes?: 'wait' | 'return'): [readFd: number, writeFd: number] | undefined;
}

/** Maximum packed size of a frame of n bytes: see `Kernels.packChanges`. */
export const packedLimit = (n: number): number => Math.ceil(n / 16) * 16 + 8;

/** Two straight edges that meet around one colour; a square bull's eye; the start pattern of a PDF417. */
export const OUTLINE = { corner: 0, bullseye: 1, start: 2 } as const;
/** One bit per kind. */
export const ALL_OUTLINES = 7;
export const OUTLINE_STRIDE = 5;
/** Number of integers for the outlines of one search. */
export const OUTLINES_OUT = 1 + 64 * OUTLINE_STRIDE;
export const TEXTURE_LEVELS = 3;
/** More areas of a level are merged into one. */
export const TEXTURE_AREAS = 48;
export const TEXTURE_STRIDE = 5;
/** Maximum tiny finders of one polarity, half of them weak. */
export const TINY_FINDERS = 48;
/** Maximum number of integers that `Kernels.findTexture` writes. */
export const TEXTURE_OUT = 1 + TEXTURE_LEVELS * TEXTURE_AREAS * TEXTURE_STRIDE;
