import type { LayerOf } from '../config/sections/layer.js';
import type { Box } from '../core/verdict.js';
import { placeBox, sizesOf, type Canvas } from './place-box.js';

/** Width for a height: room for a pointing arm, at the size of the built-in presenters. */
const WIDTH_SHARE = 0.84;

/** The presenter's box, with even edges. Default size: 80 % of the frame's height, and wide enough for gestures. */
export function presenterBox(layer: LayerOf<'presenter' | 'assistant'>, canvas: Canvas): Box {
  const sizes = sizesOf(layer, canvas);
  const height = sizes.height ?? Math.round(canvas.height * 0.8);
  const width = sizes.width ?? Math.min(canvas.width, Math.round(height * WIDTH_SHARE));
  const even = (v: number): number => Math.max(2, v & ~1);
  const box = placeBox(layer, even(width), even(height), canvas);
  return { ...box, x: box.x & ~1, y: box.y & ~1 };
}
