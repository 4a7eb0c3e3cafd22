// frame path
import { EngineError } from '../core/errors.js';
import type { Kernels } from '../core/kernels.js';
import { DRAW_STRIDE, yuvaSize } from '../core/media/picture.js';
import { CHECKS } from './check-arguments.js';
import { badChanges, missingBitmap } from './kernel-errors.js';
import type { NativeAddon, NativeInstance } from './native-addon.js';

const NOTHING = new Uint8Array(0);
const NONE = new Int32Array(0);

/** The native kernels behind the `Kernels` interface. Arrays passed to C++ are created once and reused. */
function kernelsOver(addon: NativeAddon, native: NativeInstance): Kernels {
  const shape = new Int32Array(9);
  const turn = new Float64Array(2);
  const shown: Uint8Array[] = [];
  let sizes = new Int32Array(0);
  const setShape = (a: number, b: number, c: number, d: number, e: number, f: number): void => {
    shape[0] = a;
    shape[1] = b;
    shape[2] = c;
    shape[3] = d;
    shape[4] = e;
    shape[5] = f;
  };
  return {
    name: 'native',
    variant: native.variant,

    rgbaToYuva(rgba, width, height, shiftX, shiftY) {
      CHECKS.rgbaToYuva(rgba, width, height);
      const w = (width + shiftX + 1) & ~1;
      const h = (height + shiftY + 1) & ~1;
      const data = new Uint8Array(new SharedArrayBuffer(yuvaSize(w, h)));
      setShape(width, height, shiftX, shiftY, w, h);
      const opaque = native.rgbaToYuva(rgba, shape, data);
      return { width: w, height: h, opaque, data };
    },

    compose(canvas, width, height, damage, list, bitmaps) {
      CHECKS.compose(canvas, width, height, damage, list);
      if (sizes.length < list.count * 3) sizes = new Int32Array(list.capacity * 3);
      for (let i = 0; i < list.count; i += 1) {
        const id = list.items[i * DRAW_STRIDE]!;
        const bitmap = bitmaps.get(id);
        if (bitmap === undefined) throw missingBitmap(id);
        shown[i] = bitmap.data;
        sizes[i * 3] = bitmap.width;
        sizes[i * 3 + 1] = bitmap.height;
        sizes[i * 3 + 2] = bitmap.opaque ? 1 : 0;
      }
      setShape(width, height, damage.count, list.count, 0, 0);
      native.compose(canvas, shape, damage.items, list.items, shown, sizes);
      // A persistent list would keep dead bitmaps alive.
      for (let i = 0; i < list.count; i += 1) shown[i] = NOTHING;
    },

    copyRects(from, to, width, height, rects) {
      CHECKS.copyRects(from, to, width, height, rects);
      setShape(width, height, rects.count, 0, 0, 0);
      native.copyRects(from, to, shape, rects.items);
    },

    i420ToRgba(frame, width, height, out) {
      CHECKS.i420ToRgba(frame, width, height, out);
      native.i420ToRgba(frame, width, height, out);
    },

    findFinders(plane, stride, rows, x, y, w, h, out, outlines = NONE) {
      CHECKS.findFinders(plane, stride, rows);
      setShape(stride, rows, x, y, w, h);
      return native.findFinders(plane, shape, out, outlines);
    },

    outlineKinds(plane, width, height) {
      CHECKS.outlineKinds(plane, width, height);
      setShape(width, height, 0, 0, 0, 0);
      return native.outlineKinds(plane, shape);
    },

    findTexture(plane, width, height, swing, rects, scale, out) {
      CHECKS.findTexture(plane, width, height, swing, rects, scale, out);
      setShape(width, height, swing, scale, rects.count, 0);
      return native.findTexture(plane, shape, rects.items, out);
    },

    findTinyFinders(plane, width, height, out) {
      CHECKS.findTinyFinders(plane, width, height, out);
      setShape(width, height, 0, 0, 0, 0);
      return native.findTinyFinders(plane, shape, out);
    },

    shrinkRect(plane, stride, x, y, w, h, halvings, to) {
      CHECKS.shrinkRect(plane, stride, x, y, w, h, halvings, to);
      setShape(stride, Math.floor(plane.length / stride), x, y, w, h);
      shape[6] = halvings;
      native.shrinkRect(plane, shape, to);
    },

    sharpenPlane(from, width, height, radius, gain, to) {
      CHECKS.sharpenPlane(from, width, height, radius, gain, to);
      setShape(width, height, radius, gain, 0, 0);
      native.sharpenPlane(from, shape, to);
    },

    enlargePlane(from, width, height, to) {
      CHECKS.enlargePlane(from, width, height, to);
      setShape(width, height, 0, 0, 0, 0);
      native.enlargePlane(from, shape, to);
    },

    doublePlane(from, width, height, to) {
      CHECKS.doublePlane(from, width, height, to);
      setShape(width, height, 0, 0, 0, 0);
      native.doublePlane(from, shape, to);
    },

    blurPlane(plane, width, height, radius) {
      CHECKS.blurPlane(plane, width, height, radius);
      setShape(width, height, radius, 0, 0, 0);
      native.blurPlane(plane, shape);
    },

    turnPlane(from, width, height, cos, sin, scale, to, w, h) {
      CHECKS.turnPlane(from, width, height, cos, sin, scale, to, w, h);
      setShape(width, height, scale, w, h, 0);
      turn[0] = cos;
      turn[1] = sin;
      native.turnPlane(from, shape, turn, to);
    },

    placePatch(first, second, width, height, mix, inverse, tone, to, toWidth, toHeight) {
      CHECKS.placePatch(first, second, width, height, mix, inverse, tone, to, toWidth, toHeight);
      setShape(width, height, mix, toWidth, toHeight, 0);
      native.placePatch(first, second, shape, inverse, tone, to);
    },

    keyChroma(frame, width, height, tables, to, toWidth, toHeight, x, y) {
      CHECKS.keyChroma(frame, width, height, tables, to, toWidth, toHeight, x, y);
      setShape(width, height, toWidth, toHeight, x, y);
      native.keyChroma(frame, shape, tables, to);
    },

    mixPlanes(cb, cr, stride, x, y, w, h, a, b, least, to) {
      CHECKS.mixPlanes(cb, cr, stride, x, y, w, h, a, b, least, to);
      setShape(stride, Math.floor(Math.min(cb.length, cr.length) / stride), x, y, w, h);
      shape[6] = a;
      shape[7] = b;
      shape[8] = least;
      return native.mixPlanes(cb, cr, shape, to);
    },

    planeStats(plane, stride, x, y, w, h, out) {
      CHECKS.planeStats(plane, stride, x, y, w, h, out);
      setShape(stride, Math.floor(plane.length / stride), x, y, w, h);
      native.planeStats(plane, shape, out);
    },

    packChanges(from, to, out) {
      CHECKS.packChanges(from, to, out);
      return native.packChanges(from, to, out);
    },

    unpackChanges(packed, bytes, frame) {
      if (bytes < 0 || bytes > packed.length || !native.unpackChanges(packed, bytes, frame)) throw badChanges(bytes);
    },

    countDifferences(a, b) {
      CHECKS.countDifferences(a, b);
      return native.countDifferences(a, b);
    },

    openPipe(bufferBytes, writes = 'wait') {
      const made = addon.openPipe(bufferBytes, writes === 'return');
      if (typeof made !== 'number') return made;
      throw new EngineError('E_NATIVE', {
        where: 'openPipe',
        expected: 'a pipe from the kernel',
        found: `errno ${made}`,
        todo: 'check the limit of open files (ulimit -n)',
      });
    },
  };
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
  return kernelsOver(addon, native);
}
