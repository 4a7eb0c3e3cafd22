import { yuvaSize, type YuvaBitmap } from '../../core/media/picture.js';
import type { Kernels } from '../../core/kernels.js';
import { CHECKS } from '../check-arguments.js';
import { badChanges } from '../kernel-errors.js';
import { compose } from './compose.js';
import { copyRects } from './copy-rects.js';
import { countDifferences } from './count-differences.js';
import { FinderSearch } from './finders/find-finders.js';
import { TextureSearch } from './find-texture.js';
import { i420ToRgba } from './i420-to-rgba.js';
import { keyChroma } from './key-chroma.js';
import { packChanges, unpackChanges } from './pack-changes.js';
import { mixPlanes } from './mix-planes.js';
import { blurPlane, doublePlane, enlargePlane, sharpenPlane, shrinkRect } from './plane-filters.js';
import { PatchPlacer } from './place-patch.js';
import { planeStats } from './plane-stats.js';
import { rgbaToYuva } from './rgba-to-yuva.js';
import { TinyFinders } from './finders/tiny-finders.js';
import { turnPlane } from './turn-plane.js';

/** The kernels in TypeScript: the specification of the native ones, used where there is no addon. */
export function twinKernels(): Kernels {
  const search = new FinderSearch();
  const texture = new TextureSearch();
  const tiny = new TinyFinders();
  const patches = new PatchPlacer();
  return {
    name: 'twin',
    variant: 'typescript',
    rgbaToYuva(rgba, width, height, shiftX, shiftY): YuvaBitmap {
      CHECKS.rgbaToYuva(rgba, width, height);
      const w = (width + shiftX + 1) & ~1;
      const h = (height + shiftY + 1) & ~1;
      const data = new Uint8Array(new SharedArrayBuffer(yuvaSize(w, h)));
      const opaque = rgbaToYuva(rgba, width, height, shiftX, shiftY, data, w, h);
      return { width: w, height: h, opaque, data };
    },
    compose(canvas, width, height, damage, list, bitmaps): void {
      CHECKS.compose(canvas, width, height, damage, list);
      compose(canvas, width, height, damage, list, bitmaps);
    },
    placePatch(first, second, width, height, mix, inverse, tone, to, toWidth, toHeight): void {
      CHECKS.placePatch(first, second, width, height, mix, inverse, tone, to, toWidth, toHeight);
      patches.place(first, second, width, height, mix, inverse, tone, to, toWidth, toHeight);
    },
    keyChroma(frame, width, height, tables, to, toWidth, toHeight, x, y): void {
      CHECKS.keyChroma(frame, width, height, tables, to, toWidth, toHeight, x, y);
      keyChroma(frame, width, height, tables, to, toWidth, toHeight, x, y);
    },
    copyRects(from, to, width, height, rects): void {
      CHECKS.copyRects(from, to, width, height, rects);
      copyRects(from, to, width, height, rects);
    },
    i420ToRgba(frame, width, height, out): void {
      CHECKS.i420ToRgba(frame, width, height, out);
      i420ToRgba(frame, width, height, out);
    },
    findFinders(plane, stride, rows, x, y, w, h, out, outlines): number {
      CHECKS.findFinders(plane, stride, rows);
      return search.run(plane, stride, rows, x, y, w, h, out, outlines);
    },
    outlineKinds(plane, width, height): number {
      CHECKS.outlineKinds(plane, width, height);
      return search.outlineKinds(plane, width, height);
    },
    findTexture(plane, width, height, swing, rects, scale, out): number {
      CHECKS.findTexture(plane, width, height, swing, rects, scale, out);
      return texture.run(plane, width, height, swing, rects, scale, out);
    },
    findTinyFinders(plane, width, height, out): number {
      CHECKS.findTinyFinders(plane, width, height, out);
      return tiny.run(plane, width, height, out);
    },
    shrinkRect(plane, stride, x, y, w, h, halvings, to): void {
      CHECKS.shrinkRect(plane, stride, x, y, w, h, halvings, to);
      shrinkRect(plane, stride, x, y, w, h, halvings, to);
    },
    sharpenPlane(from, width, height, radius, gain, to): void {
      CHECKS.sharpenPlane(from, width, height, radius, gain, to);
      sharpenPlane(from, width, height, radius, gain, to);
    },
    enlargePlane(from, width, height, to): void {
      CHECKS.enlargePlane(from, width, height, to);
      enlargePlane(from, width, height, to);
    },
    doublePlane(from, width, height, to): void {
      CHECKS.doublePlane(from, width, height, to);
      doublePlane(from, width, height, to);
    },
    blurPlane(plane, width, height, radius): void {
      CHECKS.blurPlane(plane, width, height, radius);
      blurPlane(plane, width, height, radius);
    },
    turnPlane(from, width, height, cos, sin, scale, to, w, h): void {
      CHECKS.turnPlane(from, width, height, cos, sin, scale, to, w, h);
      turnPlane(from, width, height, cos, sin, scale, to, w, h);
    },
    mixPlanes(cb, cr, stride, x, y, w, h, a, b, least, to): number {
      CHECKS.mixPlanes(cb, cr, stride, x, y, w, h, a, b, least, to);
      return mixPlanes(cb, cr, stride, x, y, w, h, a, b, least, to);
    },
    planeStats(plane, stride, x, y, w, h, out): void {
      CHECKS.planeStats(plane, stride, x, y, w, h, out);
      planeStats(plane, stride, x, y, w, h, out);
    },
    countDifferences(a, b): number {
      CHECKS.countDifferences(a, b);
      return countDifferences(a, b);
    },
    packChanges(from, to, out): number {
      CHECKS.packChanges(from, to, out);
      return packChanges(from, to, out);
    },
    unpackChanges(packed, bytes, frame): void {
      if (bytes < 0 || bytes > packed.length || !unpackChanges(packed, bytes, frame)) throw badChanges(bytes);
    },
    openPipe: () => undefined,
  };
}
