import type { LayerOf } from '../../config/sections/layer.js';
import { fillTemplate } from '../words.js';
import { alongShortest, placeBox, sizesOf } from '../place-box.js';
import { drawSvg } from '../raster.js';
import { layoutText } from '../text/text-layout.js';
import { paint, svgBlock, svgDocument } from '../text/text-svg.js';
import { faceOf, overflowOf, type BuildContext, type BuiltLayer } from './build-context.js';

type Tail = LayerOf<'bubble'>['tail'];

/** A speech bubble that fits its text; its tail lies within the layer's box. */
export async function buildBubble(layer: LayerOf<'bubble'>, c: BuildContext): Promise<BuiltLayer | undefined> {
  const text = fillTemplate(layer.text, c.room, c.product).trim();
  if (text === '') return undefined;
  const language = c.room.language;
  const face = faceOf(layer, language, c.canvas);
  const padding = alongShortest(layer.padding, c.canvas);
  const tail = layer.tail === 'none' ? 0 : Math.max(10, Math.round(face.sizePx * 0.72));
  const sideways = layer.tail === 'left' || layer.tail === 'right';
  const sizes = sizesOf(layer, c.canvas);
  const aside = 2 * padding + (sideways ? tail : 0);
  const block = await layoutText(text, c.measure, {
    face,
    language,
    maxWidth: (sizes.width ?? Math.round(c.canvas.width * 0.6)) - aside,
    maxLines: layer.maxLines,
  });
  const width = sizes.width ?? block.width + aside + Math.ceil(face.sizePx * 0.12);
  const content = block.lines.length * block.lineHeight;
  const height = sizes.height ?? content + 2 * padding + (sideways || tail === 0 ? 0 : tail);
  const x0 = layer.tail === 'left' ? tail : 0;
  const y0 = layer.tail === 'top' ? tail : 0;
  const x1 = layer.tail === 'right' ? width - tail : width;
  const y1 = layer.tail === 'bottom' ? height - tail : height;
  const path = bubblePath(x0, y0, x1, y1, alongShortest(layer.radius, c.canvas), layer.tail, tail);
  const middle = y0 + Math.round((y1 - y0 - content) / 2);
  const svg =
    `<path d="${path}" ${paint('fill', layer.fill)}/>` +
    svgBlock(block, x0 + padding, x1 - padding, middle, {
      face,
      colour: layer.colour,
      outline: layer.outline,
      align: layer.align,
    });
  const raster = await drawSvg(c.sharp, svgDocument(width, height, svg), width, height);
  return {
    box: placeBox(layer, width, height, c.canvas),
    sprites: [{ raster, dx: 0, dy: 0 }],
    text,
    ...overflowOf(block, content, y1 - y0),
  };
}

/** Minimum half width of a tail's root, as a share of its length. */
const MIN_ROOT = 0.55;

/** A rounded rectangle with a curved tail, as one path so a translucent fill stays even. */
function bubblePath(x0: number, y0: number, x1: number, y1: number, radius: number, side: Tail, tail: number): string {
  const edge = (side === 'left' || side === 'right' ? y1 - y0 : x1 - x0) / 2;
  // A corner as round as half the bubble would leave no straight edge for the tail's root.
  const rounded = side === 'none' ? radius : Math.min(radius, edge - tail * MIN_ROOT);
  const r = Math.max(0, Math.min(rounded, (x1 - x0) / 2, (y1 - y0) / 2));
  const half = Math.min(tail * 0.9, edge - r);
  // Side tails sit low, as speech comes from below the head; the others a third along.
  const ty = Math.max(y0 + r + half, Math.min(y1 - r - half, y0 + (y1 - y0) * 0.66));
  const tx = Math.max(x0 + r + half, Math.min(x1 - r - half, x0 + (x1 - x0) * 0.3));
  const arc = (x: number, y: number): string => `A${r} ${r} 0 0 1 ${x} ${y}`;
  /** From one root on the edge to the tip and back to the other root, slightly curved. */
  const out = (ax: number, ay: number, px: number, py: number, bx: number, by: number): string => {
    const mx = (ax + bx) / 2;
    const my = (ay + by) / 2;
    return `L${ax} ${ay}Q${(ax + mx) / 2 + (px - mx) * 0.35} ${(ay + my) / 2 + (py - my) * 0.35} ${px} ${py}Q${mx + (px - mx) * 0.4} ${my + (py - my) * 0.4} ${bx} ${by}`;
  };
  const top = side === 'top' ? out(tx - half, y0, tx - half, y0 - tail, tx + half, y0) : '';
  const right = side === 'right' ? out(x1, ty - half, x1 + tail, ty + half, x1, ty + half) : '';
  const bottom = side === 'bottom' ? out(tx + half, y1, tx - half, y1 + tail, tx - half, y1) : '';
  const left = side === 'left' ? out(x0, ty + half, x0 - tail, ty + half, x0, ty - half) : '';
  return (
    `M${x0 + r} ${y0}${top}H${x1 - r}${arc(x1, y0 + r)}${right}V${y1 - r}${arc(x1 - r, y1)}` +
    `${bottom}H${x0 + r}${arc(x0, y1 - r)}${left}V${y0 + r}${arc(x0 + r, y0)}Z`
  );
}
