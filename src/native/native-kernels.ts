// frame path
import { EngineError } from '../core/errors.js';
import type { Kernels } from '../core/kernels.js';
import { DRAW_STRIDE, yuvaSize, type BitmapTable, type DrawList, type RectList } from '../core/media/picture.js';
import {
  checkBlur,
  checkFrame,
  checkLists,
  checkMix,
  checkPacking,
  checkPatch,
  checkPlane,
  checkShrink,
  checkTexture,
  checkTinyFinders,
  checkTurn,
} from './check-arguments.js';
import { badArgument, missingBitmap } from './kernel-errors.js';
import type { NativeAddon, NativeInstance } from './native-addon.js';

const NOTHING = new Uint8Array(0);
const NONE = new Int32Array(0);

/** The native kernels behind the `Kernels` interface. Arrays passed to C++ are created once and reused. */
class NativeKernels implements Kernels {
  readonly name = 'native';
  readonly variant: string;
  private readonly shape = new Int32Array(9);
  private readonly turn = new Float64Array(2);
  private bitmaps: Uint8Array[] = [];
  private sizes = new Int32Array(0);

  constructor(
    private readonly addon: NativeAddon,
    private readonly native: NativeInstance,
  ) {
    this.variant = native.variant;
  }

  rgbaToYuva: Kernels['rgbaToYuva'] = (rgba, width, height, shiftX, shiftY) => {
    if (width <= 0 || height <= 0 || rgba.length < width * height * 4)
      throw badArgument('rgbaToYuva', `${width * height * 4} bytes of RGBA`, `${rgba.length}`);
    const w = (width + shiftX + 1) & ~1;
    const h = (height + shiftY + 1) & ~1;
    const data = new Uint8Array(new SharedArrayBuffer(yuvaSize(w, h)));
    this.setShape(width, height, shiftX, shiftY, w, h);
    const opaque = this.native.rgbaToYuva(rgba, this.shape, data);
    return { width: w, height: h, opaque, data };
  };

  compose(
    canvas: Uint8Array,
    width: number,
    height: number,
    damage: RectList,
    list: DrawList,
    bitmaps: BitmapTable,
  ): void {
    checkFrame('compose', canvas, width, height);
    checkLists('compose', damage, list);
    if (this.sizes.length < list.count * 3) this.sizes = new Int32Array(list.capacity * 3);
    for (let i = 0; i < list.count; i += 1) {
      const id = list.items[i * DRAW_STRIDE]!;
      const bitmap = bitmaps.get(id);
      if (bitmap === undefined) throw missingBitmap(id);
      this.bitmaps[i] = bitmap.data;
      this.sizes[i * 3] = bitmap.width;
      this.sizes[i * 3 + 1] = bitmap.height;
      this.sizes[i * 3 + 2] = bitmap.opaque ? 1 : 0;
    }
    this.setShape(width, height, damage.count, list.count, 0, 0);
    this.native.compose(canvas, this.shape, damage.items, list.items, this.bitmaps, this.sizes);
    // A persistent list would keep dead bitmaps alive.
    for (let i = 0; i < list.count; i += 1) this.bitmaps[i] = NOTHING;
  }

  copyRects(from: Uint8Array, to: Uint8Array, width: number, height: number, rects: RectList): void {
    checkFrame('copyRects', from, width, height);
    checkFrame('copyRects', to, width, height);
    checkLists('copyRects', rects);
    this.setShape(width, height, rects.count, 0, 0, 0);
    this.native.copyRects(from, to, this.shape, rects.items);
  }

  i420ToRgba(frame: Uint8Array, width: number, height: number, out: Uint8Array): void {
    checkFrame('i420ToRgba', frame, width, height);
    if (out.length < width * height * 4)
      throw badArgument('i420ToRgba', `${width * height * 4} bytes for the picture`, `${out.length}`);
    this.native.i420ToRgba(frame, width, height, out);
  }

  findFinders(
    plane: Uint8Array,
    stride: number,
    rows: number,
    x: number,
    y: number,
    w: number,
    h: number,
    out: Int32Array,
    outlines: Int32Array = NONE,
  ): number {
    checkPlane('findFinders', plane, stride, rows);
    this.setShape(stride, rows, x, y, w, h);
    return this.native.findFinders(plane, this.shape, out, outlines);
  }

  outlineKinds(plane: Uint8Array, width: number, height: number): number {
    checkPlane('outlineKinds', plane, width, height);
    this.setShape(width, height, 0, 0, 0, 0);
    return this.native.outlineKinds(plane, this.shape);
  }

  findTexture(
    plane: Uint8Array,
    width: number,
    height: number,
    swing: number,
    rects: RectList,
    scale: number,
    out: Int32Array,
  ): number {
    checkTexture(plane, width, height, swing, rects, scale, out);
    this.setShape(width, height, swing, scale, rects.count, 0);
    return this.native.findTexture(plane, this.shape, rects.items, out);
  }

  findTinyFinders(plane: Uint8Array, width: number, height: number, out: Int32Array): number {
    checkTinyFinders(plane, width, height, out);
    this.setShape(width, height, 0, 0, 0, 0);
    return this.native.findTinyFinders(plane, this.shape, out);
  }

  shrinkRect(
    plane: Uint8Array,
    stride: number,
    x: number,
    y: number,
    w: number,
    h: number,
    halvings: number,
    to: Uint8Array,
  ): void {
    checkShrink(plane, stride, x, y, w, h, halvings, to);
    this.setShape(stride, Math.floor(plane.length / stride), x, y, w, h);
    this.shape[6] = halvings;
    this.native.shrinkRect(plane, this.shape, to);
  }

  sharpenPlane(from: Uint8Array, width: number, height: number, radius: 1 | 2, gain: number, to: Uint8Array): void {
    checkPlane('sharpenPlane', from, width, height);
    checkPlane('sharpenPlane', to, width, height);
    this.setShape(width, height, radius, gain, 0, 0);
    this.native.sharpenPlane(from, this.shape, to);
  }

  enlargePlane(from: Uint8Array, width: number, height: number, to: Uint8Array): void {
    checkPlane('enlargePlane', from, width, height);
    checkPlane('enlargePlane', to, width * 2, height * 2);
    this.setShape(width, height, 0, 0, 0, 0);
    this.native.enlargePlane(from, this.shape, to);
  }

  doublePlane(from: Uint8Array, width: number, height: number, to: Uint8Array): void {
    checkPlane('doublePlane', from, width, height);
    checkPlane('doublePlane', to, width * 2, height * 2);
    this.setShape(width, height, 0, 0, 0, 0);
    this.native.doublePlane(from, this.shape, to);
  }

  blurPlane(plane: Uint8Array, width: number, height: number, radius: number): void {
    checkBlur(plane, width, height, radius);
    this.setShape(width, height, radius, 0, 0, 0);
    this.native.blurPlane(plane, this.shape);
  }

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
  ): void {
    checkTurn(from, width, height, scale, to, w, h);
    this.setShape(width, height, scale, w, h, 0);
    this.turn[0] = cos;
    this.turn[1] = sin;
    this.native.turnPlane(from, this.shape, this.turn, to);
  }

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
  ): void {
    checkPatch(first, second, width, height, mix, inverse, tone, to, toWidth, toHeight);
    this.setShape(width, height, mix, toWidth, toHeight, 0);
    this.native.placePatch(first, second, this.shape, inverse, tone, to);
  }

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
  ): number {
    checkMix(cb, cr, stride, x, y, w, h, least, to);
    this.setShape(stride, Math.floor(Math.min(cb.length, cr.length) / stride), x, y, w, h);
    this.shape[6] = a;
    this.shape[7] = b;
    this.shape[8] = least;
    return this.native.mixPlanes(cb, cr, this.shape, to);
  }

  planeStats(plane: Uint8Array, stride: number, x: number, y: number, w: number, h: number, out: Float64Array): void {
    checkPlane('planeStats', plane, stride, 1);
    if (out.length < 4) throw badArgument('planeStats', '4 numbers for the figures', `${out.length}`);
    this.setShape(stride, Math.floor(plane.length / stride), x, y, w, h);
    this.native.planeStats(plane, this.shape, out);
  }

  packChanges(from: Uint8Array, to: Uint8Array, out: Uint8Array): number {
    checkPacking('packChanges', from, to, out);
    return this.native.packChanges(from, to, out);
  }

  unpackChanges(packed: Uint8Array, bytes: number, frame: Uint8Array): void {
    if (bytes < 0 || bytes > packed.length || !this.native.unpackChanges(packed, bytes, frame))
      throw badArgument('unpackChanges', 'the packed changes of a frame of this size', `${bytes} bytes`);
  }

  countDifferences(a: Uint8Array, b: Uint8Array): number {
    if (a.length !== b.length) throw badArgument('countDifferences', `${a.length} bytes`, `${b.length}`);
    return this.native.countDifferences(a, b);
  }

  openPipe(bufferBytes: number, writes: 'wait' | 'return' = 'wait'): [readFd: number, writeFd: number] | undefined {
    const made = this.addon.openPipe(bufferBytes, writes === 'return');
    if (typeof made !== 'number') return made;
    throw new EngineError('E_NATIVE', {
      where: 'openPipe',
      expected: 'a pipe from the kernel',
      found: `errno ${made}`,
      todo: 'check the limit of open files (ulimit -n)',
    });
  }

  private setShape(a: number, b: number, c: number, d: number, e: number, f: number): void {
    this.shape[0] = a;
    this.shape[1] = b;
    this.shape[2] = c;
    this.shape[3] = d;
    this.shape[4] = e;
    this.shape[5] = f;
  }
}

/** An instance over a loaded addon; by default the best variant for this processor. */
export function nativeKernels(addon: NativeAddon, variant?: 'scalar' | 'avx2'): Kernels {
  let native: NativeInstance;
  try {
    native = new addon.Kernels(variant ?? '');
  } catch (cause) {
    throw new EngineError('E_NATIVE', {
      where: 'native kernels',
      expected: `a processor with ${variant ?? 'a known instruction set'}`,
      found: cause instanceof Error ? cause.message : String(cause),
      todo: 'unset SHOWROOM_KERNELS',
      cause,
    });
  }
  return new NativeKernels(addon, native);
}
