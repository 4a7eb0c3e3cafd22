import type { PresenterData } from '../../avatar/presenter-data.js';
import type { Box } from '../../core/verdict.js';
import { unionOf, type LaidOut } from '../../scene/lay-out.js';
import { meet } from '../../scene/layer-boxes.js';

/** From this alpha on a pixel hides its background. */
const OPAQUE_ALPHA = 100;

/** Eyes, brows and mouth of the presenter looking straight ahead. */
export function faceOf({ film, sway, sprites }: PresenterData): Box | undefined {
  if (film !== undefined) return film.face;
  const pose = sway[(sway.length - 1) >> 1];
  if (pose === undefined) return undefined;
  const parts = [...pose.eyes, ...pose.brows, ...pose.mouths].filter((i) => i >= 0).map((i) => sprites[i]!);
  return unionOf(parts.map((s) => ({ x: s.x, y: s.y, width: s.bitmap.width, height: s.bitmap.height })));
}

/** Share of a box that a layer hides. */
export function coverShare(laid: LaidOut, target: Box, dx: number, dy: number): number {
  const hidden = hiddenPixels(laid, target, dx, dy);
  let sum = 0;
  for (const one of hidden) sum += one;
  return sum / Math.max(1, hidden.length);
}

/** The pixels of a box that a layer hides: one byte each. */
export function hiddenPixels({ pictures }: LaidOut, target: Box, dx: number, dy: number): Uint8Array {
  const hidden = new Uint8Array(target.width * target.height);
  for (const { raster, x, y } of pictures) {
    const at = { x: x + dx, y: y + dy, width: raster.width, height: raster.height };
    const both = meet(at, target);
    for (let row = 0; row < both.height; row += 1) {
      const from = (both.y + row - at.y) * raster.width + both.x - at.x;
      const to = (both.y + row - target.y) * target.width + both.x - target.x;
      for (let i = 0; i < both.width; i += 1) {
        if (raster.rgba[(from + i) * 4 + 3]! >= OPAQUE_ALPHA) hidden[to + i] = 1;
      }
    }
  }
  return hidden;
}
