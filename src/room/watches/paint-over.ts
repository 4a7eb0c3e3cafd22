import type { Box } from '../../core/verdict.js';

/** Margin in pixels painted over around the engine's own texts. */
const MARGIN = 6;
const GREY = 128;

/** Paints over a text that was judged as text, because a reader might misread it. */
export function paintOver(rgba: Uint8Array, width: number, height: number, box: Box): void {
  const x0 = Math.max(0, box.x - MARGIN);
  const x1 = Math.min(width, box.x + box.width + MARGIN);
  const y1 = Math.min(height, box.y + box.height + MARGIN);
  if (x1 <= x0) return;
  for (let y = Math.max(0, box.y - MARGIN); y < y1; y += 1) {
    rgba.fill(GREY, (y * width + x0) * 4, (y * width + x1) * 4);
    for (let x = x0; x < x1; x += 1) rgba[(y * width + x) * 4 + 3] = 255;
  }
}
