import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { EngineError } from '../core/errors.js';
import { packageRoot } from '../core/files/paths.js';

/** Exports of the compiled addon. TypeScript checks the arguments' meaning, C++ their bounds. */
export interface NativeAddon {
  readonly Kernels: new (variant: '' | 'scalar' | 'avx2') => NativeInstance;
  /** `[readFd, writeFd]`, or the errno of the failed call. */
  openPipe(bufferBytes: number, writesReturn: boolean): [readFd: number, writeFd: number] | number | undefined;
  /** Undefined where pages cannot be lent; true when `done` will be called. */
  lendPages(
    fd: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    done: (errno: number, taken: number) => void,
  ): true | undefined;
  /** 0, or the errno of the failed call; undefined where unsupported. `memory`: whole pages of a WebAssembly memory. */
  mapFile(memory: Uint8Array, fd: number, bytes: number): number | undefined;
  /** 0 where unknown. */
  pipeCapacity(fd: number): number;
  /** Unread bytes; 0 when the reader is gone. */
  pipeHeld(fd: number): number;
  /** Bytes the peer's TCP has not acknowledged; -1 where unknown. */
  socketQueue(fd: number): number;
  /** 0, or the errno of the failed call; undefined where the platform has no such sockets. */
  notifySocket(path: string, text: string): number | undefined;
  /** Does not return on success; otherwise the errno; undefined where unsupported. */
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
  /** `shape`: width, height, cells. */
  meanCells(plane: Uint8Array, shape: Int32Array, to: Uint8Array): void;
  /** `shape`: width, height, radius, gain. */
  sharpenPlane(from: Uint8Array, shape: Int32Array, to: Uint8Array): void;
  /** `shape`: width, height. */
  enlargePlane(from: Uint8Array, shape: Int32Array, to: Uint8Array): void;
  /** `shape`: width, height. */
  doublePlane(from: Uint8Array, shape: Int32Array, to: Uint8Array): void;
  /** `shape`: width, height, radius. */
  blurPlane(plane: Uint8Array, shape: Int32Array): void;
  /** `shape`: width, height, scale, w, h; `turn`: cosine, sine. */
  turnPlane(from: Uint8Array, shape: Int32Array, turn: Float64Array, to: Uint8Array): void;
  /** `shape`: width, height, mix, toWidth, toHeight. */
  placePatch(
    first: Uint8Array,
    second: Uint8Array,
    shape: Int32Array,
    inverse: Int32Array,
    tone: Int32Array,
    to: Uint8Array,
  ): void;
  /** `shape`: width, height, toWidth, toHeight, x, y. */
  keyChroma(frame: Uint8Array, shape: Int32Array, tables: Uint8Array, to: Uint8Array): void;
  /** `shape`: stride, rows, x, y, w, h, a, b, least range. */
  mixPlanes(cb: Uint8Array, cr: Uint8Array, shape: Int32Array, to: Uint8Array): number;
  /** `shape`: stride, rows, x, y, w, h. */
  planeStats(plane: Uint8Array, shape: Int32Array, out: Float64Array): void;
  countDifferences(a: Uint8Array, b: Uint8Array): number;
  packChanges(from: Uint8Array, to: Uint8Array, out: Uint8Array): number;
  unpackChanges(packed: Uint8Array, bytes: number, frame: Uint8Array): boolean;
}

const ADDON = 'showroom.node';

/** Location of an addon compiled on this machine. */
const builtFolder = (): string => join(packageRoot(), 'native', 'build', 'Release');

/** Location of a packaged addon for this platform. */
const prebuiltFolder = (): string => join(packageRoot(), 'native', 'prebuilt', `${process.platform}-${process.arch}`);

interface Match {
  readonly folder: string;
  /** Why there is no addon; undefined when there is one. */
  readonly missing: string | undefined;
}

let found: Match | undefined;

/**
 * The addon built on this machine, otherwise the packaged one. A packaged addon that does not load here (another C
 * library) counts as missing.
 */
function find(): Match {
  if (existsSync(join(builtFolder(), ADDON))) return { folder: builtFolder(), missing: undefined };
  const prebuilt = join(prebuiltFolder(), ADDON);
  if (!existsSync(prebuilt)) return { folder: builtFolder(), missing: 'not compiled on this machine' };
  try {
    createRequire(import.meta.url)(prebuilt);
    return { folder: prebuiltFolder(), missing: undefined };
  } catch (cause) {
    return {
      folder: builtFolder(),
      missing: `the packaged addon does not load here (${String((cause as Error).message)})`,
    };
  }
}

/** Folder of the addon and its companions, whether they exist or not. */
export const addonFolder = (): string => (found ??= find()).folder;

/** Absolute path of the compiled addon, whether it exists or not. */
export const addonPath = (): string => join(addonFolder(), ADDON);

/** Why this machine has no native addon; undefined when it has one. */
export const missingAddon = (): string | undefined => (found ??= find()).missing;

/** Throws E_NATIVE when the file exists and does not load. */
export function loadAddon(path: string): NativeAddon {
  try {
    return createRequire(import.meta.url)(path) as NativeAddon;
  } catch (cause) {
    throw new EngineError('E_NATIVE', {
      where: path,
      expected: `an addon for Node ${process.versions.node} on ${process.platform} ${process.arch}`,
      found: cause instanceof Error ? cause.message : String(cause),
      todo: 'delete native/build and run `npm run build`',
      cause,
    });
  }
}
