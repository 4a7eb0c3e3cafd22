// frame path
import { EngineError } from '../core/errors.js';
import { type Kernels, packedLimit, TEXTURE_OUT, TINY_FINDERS } from '../core/kernels.js';
import { DRAW_STRIDE, type DrawList, i420Size, RECT_STRIDE, type RectList, yuvaSize } from '../core/media/picture.js';
import { badArgument, badChanges, missingBitmap } from './kernel-errors.js';
import type { NativeAddon, NativeInstance } from './load-addon.js';

/** Sides of a picture to place: its fixed-point coordinates stay within 32 bits. */
const MAX_PATCH = 2048;
/** Alpha, u and v by two bytes of chroma. */
const KEY_TABLES = 3 * 65_536;

/** Throws unless width and height are positive and even and the buffer holds such a frame. */
function checkFrame(where: string, frame: Uint8Array, width: number, height: number): void {
  if (
    !Number.isInteger(width) ||
    !Number.isInteger(height) ||
    width <= 0 ||
    height <= 0 ||
    ((width | height) & 1) !== 0
  )
    throw badArgument(where, 'an even frame size', `${width}×${height}`);
  if (frame.length < i420Size(width, height))
    throw badArgument(where, `${i420Size(width, height)} bytes for a frame of ${width}×${height}`, `${frame.length}`);
}

/** Throws unless the rectangle lies inside a plane of the given stride and the plane's length. */
function checkPlane(where: string, plane: Uint8Array, stride: number, rows: number): void {
  if (!Number.isInteger(stride) || !Number.isInteger(rows) || stride <= 0 || rows <= 0 || plane.length < stride * rows)
    throw badArgument(where, 'a plane of stride × rows bytes', `${plane.length} bytes for ${stride}×${rows}`);
}

/** Throws when a list's count exceeds its capacity. */
function checkLists(where: string, rects: RectList, list?: DrawList): void {
  if (rects.count < 0 || rects.count * RECT_STRIDE > rects.items.length)
    throw badArgument(where, 'a rectangle count within its capacity', `${rects.count}`);
  if (list !== undefined && (list.count < 0 || list.count > list.capacity))
    throw badArgument(where, 'an item count within its capacity', `${list.count}`);
}

/** The arguments of a kernel, as its interface has them. */
type Check<K extends keyof Kernels> = Kernels[K] extends (...args: infer A) => unknown ? (...args: A) => void : never;

/** Throws E_NATIVE unless a kernel's arguments fit each other and its buffers. The same for both implementations. */
export const CHECKS = {
  rgbaToYuva(rgba, width, height) {
    if (width <= 0 || height <= 0 || rgba.length < width * height * 4)
      throw badArgument('rgbaToYuva', `${width * height * 4} bytes of RGBA`, `${rgba.length}`);
  },

  compose(canvas, width, height, damage, list) {
    checkFrame('compose', canvas, width, height);
    checkLists('compose', damage, list);
  },

  copyRects(from, to, width, height, rects) {
    checkFrame('copyRects', from, width, height);
    checkFrame('copyRects', to, width, height);
    checkLists('copyRects', rects);
  },

  i420ToRgba(frame, width, height, out) {
    checkFrame('i420ToRgba', frame, width, height);
    if (out.length < width * height * 4)
      throw badArgument('i420ToRgba', `${width * height * 4} bytes for the picture`, `${out.length}`);
  },

  findFinders(plane, stride, rows) {
    checkPlane('findFinders', plane, stride, rows);
  },

  outlineKinds(plane, width, height) {
    checkPlane('outlineKinds', plane, width, height);
  },

  findTexture(plane, width, height, swing, rects, scale, out) {
    checkPlane('findTexture', plane, width, height);
    checkLists('findTexture', rects);
    if (!(swing >= 1 && swing <= 255)) throw badArgument('findTexture', 'a swing from 1 to 255', `${swing}`);
    if (!(scale >= 1 && scale <= 64)) throw badArgument('findTexture', 'a scale from 1 to 64', `${scale}`);
    if (out.length < TEXTURE_OUT) throw badArgument('findTexture', `${TEXTURE_OUT} integers`, `${out.length}`);
  },

  findTinyFinders(plane, width, height, out) {
    checkPlane('findTinyFinders', plane, width, height);
    if (out.length < TINY_FINDERS * 8)
      throw badArgument('findTinyFinders', `${TINY_FINDERS * 8} integers`, `${out.length}`);
  },

  /** Both pictures and the target hold YUVA of their sizes. */
  placePatch(first, second, width, height, mix, inverse, tone, to, toWidth, toHeight) {
    const ofSize = (w: number, h: number): boolean =>
      Number.isInteger(w) &&
      Number.isInteger(h) &&
      w > 0 &&
      h > 0 &&
      ((w | h) & 1) === 0 &&
      w <= MAX_PATCH &&
      h <= MAX_PATCH;
    if (!ofSize(width, height) || !ofSize(toWidth, toHeight))
      throw badArgument('placePatch', `even sizes up to ${MAX_PATCH}`, `${width}×${height} to ${toWidth}×${toHeight}`);
    if (Math.min(first.length, second.length) < yuvaSize(width, height) || to.length < yuvaSize(toWidth, toHeight))
      throw badArgument(
        'placePatch',
        'pictures of their sizes',
        `${first.length}, ${second.length}, ${to.length} bytes`,
      );
    if (!(mix >= 0 && mix <= 256)) throw badArgument('placePatch', 'a mix from 0 to 256', `${mix}`);
    for (let i = 0; i < 6 && i < inverse.length; i += 1) {
      // Two thirds of what 32 bits hold over the largest target.
      const limit = i % 3 === 2 ? 1 << 30 : 1 << 17;
      if (Math.abs(inverse[i]!) > limit) throw badArgument('placePatch', `an inverse within ${limit}`, `${inverse[i]}`);
    }
    if (inverse.length < 6 || tone.length < 3)
      throw badArgument('placePatch', '6 and 3 integers', `${inverse.length}, ${tone.length}`);
  },

  /** The picture lies inside the target, at even numbers. */
  keyChroma(frame, width, height, tables, to, toWidth, toHeight, x, y) {
    checkFrame('keyChroma', frame, width, height);
    checkFrame('keyChroma', to, toWidth, toHeight);
    if (to.length < yuvaSize(toWidth, toHeight))
      throw badArgument('keyChroma', `${yuvaSize(toWidth, toHeight)} bytes for the target`, `${to.length}`);
    if (tables.length < KEY_TABLES) throw badArgument('keyChroma', `${KEY_TABLES} bytes of tables`, `${tables.length}`);
    const fits = x >= 0 && y >= 0 && ((x | y) & 1) === 0 && x + width <= toWidth && y + height <= toHeight;
    if (!fits) throw badArgument('keyChroma', 'a place inside the target', `${width}×${height} at ${x}, ${y}`);
  },

  /** The rectangle lies inside the plane and its halves fit. */
  shrinkRect(plane, stride, x, y, w, h, halvings, to) {
    checkPlane('shrinkRect', plane, stride, 1);
    const inside = x >= 0 && y >= 0 && w >= 0 && h >= 0 && x + w <= stride && (y + h) * stride <= plane.length;
    if (!inside) throw badArgument('shrinkRect', 'a rectangle inside the plane', `${w}×${h} at ${x}, ${y}`);
    const bytes = (w >> halvings) * (h >> halvings);
    if (!(halvings >= 0 && halvings <= 8)) throw badArgument('shrinkRect', '0 to 8 halvings', `${halvings}`);
    if (to.length < bytes || to === plane) throw badArgument('shrinkRect', `${bytes} bytes of its own`, `${to.length}`);
  },

  meanCells(plane, width, height, cells, to) {
    checkPlane('meanCells', plane, width, height);
    if (!Number.isInteger(cells) || cells < 1 || cells > 64)
      throw badArgument('meanCells', '1 to 64 cells', `${cells}`);
    if (to.length < cells * cells) throw badArgument('meanCells', `${cells * cells} bytes`, `${to.length}`);
  },

  sharpenPlane(from, width, height, _radius, _gain, to) {
    checkPlane('sharpenPlane', from, width, height);
    checkPlane('sharpenPlane', to, width, height);
  },

  enlargePlane(from, width, height, to) {
    checkPlane('enlargePlane', from, width, height);
    checkPlane('enlargePlane', to, width * 2, height * 2);
  },

  doublePlane(from, width, height, to) {
    checkPlane('doublePlane', from, width, height);
    checkPlane('doublePlane', to, width * 2, height * 2);
  },

  blurPlane(plane, width, height, radius) {
    checkPlane('blurPlane', plane, width, height);
    if (!Number.isInteger(radius) || radius < 1 || radius > 3)
      throw badArgument('blurPlane', 'a radius from 1 to 3', `${radius}`);
  },

  turnPlane(from, width, height, _cos, _sin, scale, to, w, h) {
    checkPlane('turnPlane', from, width, height);
    checkPlane('turnPlane', to, w, h);
    if (width < 2 || height < 2) throw badArgument('turnPlane', 'two samples a side', `${width}×${height}`);
    if (scale !== 1 && scale !== 2) throw badArgument('turnPlane', 'a scale of 1 or 2', `${scale as number}`);
  },

  mixPlanes(cb, cr, stride, x, y, w, h, _a, _b, least, to) {
    checkPlane('mixPlanes', cb, stride, 1);
    checkPlane('mixPlanes', cr, stride, 1);
    const samples = Math.min(cb.length, cr.length);
    const inside = x >= 0 && y >= 0 && w > 0 && h > 0 && x + w <= stride && (y + h) * stride <= samples;
    if (!inside) throw badArgument('mixPlanes', 'a rectangle inside both planes', `${w}×${h} at ${x}, ${y}`);
    if (!(least >= 1)) throw badArgument('mixPlanes', 'a range of 1 or more', `${least}`);
    if (to.length < w * h) throw badArgument('mixPlanes', `${w * h} bytes`, `${to.length}`);
  },

  planeStats(plane, stride, _x, _y, _w, _h, out) {
    checkPlane('planeStats', plane, stride, 1);
    if (out.length < 4) throw badArgument('planeStats', '4 numbers for the figures', `${out.length}`);
  },

  /** The frames are equally long, and the changes of any such frame fit. */
  packChanges(from, to, out) {
    if (from.length !== to.length) throw badArgument('packChanges', `${from.length} bytes`, `${to.length}`);
    if (out.length < packedLimit(to.length))
      throw badArgument('packChanges', `${packedLimit(to.length)} bytes for the changes`, `${out.length}`);
  },

  countDifferences(a, b) {
    if (a.length !== b.length) throw badArgument('countDifferences', `${a.length} bytes`, `${b.length}`);
  },
} satisfies { readonly [K in keyof Kernels]?: Check<K> };

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

    meanCells(plane, width, height, cells, to) {
      CHECKS.meanCells(plane, width, height, cells, to);
      setShape(width, height, cells, 0, 0, 0);
      native.meanCells(plane, shape, to);
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
