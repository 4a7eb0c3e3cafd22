/** What the compiled addon exports. Arguments are checked in TypeScript for sense, in C++ for bounds. */
export interface NativeAddon {
  readonly Kernels: new (variant: '' | 'scalar' | 'avx2') => NativeInstance;
  /** `[readFd, writeFd]`, or the errno of what failed. */
  openPipe(bufferBytes: number, writesReturn: boolean): [readFd: number, writeFd: number] | number | undefined;
  /** Undefined where pages can't be lent; true when `done` will be called. */
  lendPages(
    fd: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    done: (errno: number, taken: number) => void,
  ): true | undefined;
  /** 0 where it is not known. */
  pipeCapacity(fd: number): number;
  /** Bytes that were not read yet; 0 when nobody reads. */
  pipeHeld(fd: number): number;
  /** Bytes the peer's TCP has not acknowledged; -1 where that is not known. */
  socketQueue(fd: number): number;
  /** 0, or the errno of what failed; undefined where there are no such sockets. */
  notifySocket(path: string, text: string): number | undefined;
  /** Does not return when it works; the errno otherwise; undefined where it is not to be had. */
  replaceProcess(file: string, commandLine: readonly string[], environment: readonly string[]): number | undefined;
  keepHeapSmall(): void;
  trimHeap(): void;
  /** Bytes of the mappings whose pages left the resident set. */
  dropFilePages(): number;
}

/** One thread's native kernels with their scratch memory. */
export interface NativeInstance {
  readonly variant: string;
  /** `shape`: width, height, shiftX, shiftY, outWidth, outHeight. True when opaque. */
  rgbaToYuva(rgba: Uint8Array, shape: Int32Array, out: Uint8Array): boolean;
  /** `shape`: width, height, rectangles, items; `sizes`: width, height, opaque for each item. */
  compose(
    canvas: Uint8Array,
    shape: Int32Array,
    rects: Int32Array,
    items: Int32Array,
    bitmaps: readonly Uint8Array[],
    sizes: Int32Array,
  ): void;
  copyRects(from: Uint8Array, to: Uint8Array, shape: Int32Array, rects: Int32Array): void;
  i420ToRgba(frame: Uint8Array, width: number, height: number, out: Uint8Array): void;
  /** `shape`: stride, rows, x, y, w, h. */
  findFinders(plane: Uint8Array, shape: Int32Array, out: Int32Array, outlines: Int32Array): number;
  /** `shape`: width, height. */
  outlineKinds(plane: Uint8Array, shape: Int32Array): number;
  /** `shape`: width, height, swing, scale, rectangles. */
  findTexture(plane: Uint8Array, shape: Int32Array, rects: Int32Array, out: Int32Array): number;
  /** `shape`: width, height. */
  findTinyFinders(plane: Uint8Array, shape: Int32Array, out: Int32Array): number;
  /** `shape`: stride, rows, x, y, w, h, halvings. */
  shrinkRect(plane: Uint8Array, shape: Int32Array, to: Uint8Array): void;
  /** `shape`: width, height, radius, gain. */
  sharpenPlane(from: Uint8Array, shape: Int32Array, to: Uint8Array): void;
  /** `shape`: width, height. */
  enlargePlane(from: Uint8Array, shape: Int32Array, to: Uint8Array): void;
  /** `shape`: width, height. */
  doublePlane(from: Uint8Array, shape: Int32Array, to: Uint8Array): void;
  /** `shape`: width, height, radius. */
  blurPlane(plane: Uint8Array, shape: Int32Array): void;
  /** `shape`: width, height, column, row, columns, rows. */
  blockRanges(plane: Uint8Array, shape: Int32Array, low: Uint8Array, high: Uint8Array): void;
  /** `shape`: width, height, scale, w, h; `turn`: cosine, sine. */
  turnPlane(from: Uint8Array, shape: Int32Array, turn: Float64Array, to: Uint8Array): void;
  /** `shape`: stride, rows, x, y, w, h, a, b, least range. */
  mixPlanes(cb: Uint8Array, cr: Uint8Array, shape: Int32Array, to: Uint8Array): number;
  /** `shape`: stride, rows, x, y, w, h. */
  planeStats(plane: Uint8Array, shape: Int32Array, out: Float64Array): void;
  countDifferences(a: Uint8Array, b: Uint8Array): number;
  packChanges(from: Uint8Array, to: Uint8Array, out: Uint8Array): number;
  unpackChanges(packed: Uint8Array, bytes: number, frame: Uint8Array): boolean;
}
