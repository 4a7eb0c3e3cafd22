import type { LayerOf } from '../../config/sections/layer.js';
import { fillTemplate } from '../fill-template.js';
import { placeBox, sizesOf } from '../place-box.js';
import { drawSvg } from '../raster.js';
import { layoutText } from '../text/text-layout.js';
import { outlineWidth, svgBlock, svgDocument } from '../text/text-svg.js';
import { faceOf, overflowOf, type BuildContext, type BuiltLayer } from './build-context.js';

/** Plain text; undefined when nothing is left to show. */
export async function buildText(layer: LayerOf<'text'>, c: BuildContext): Promise<BuiltLayer | undefined> {
  const text = fillTemplate(layer.text, c.room, c.product).trim();
  if (text === '') return undefined;
  const language = c.room.language;
  const face = faceOf(layer, language, c.canvas);
  const margin = Math.ceil(face.sizePx * 0.12) + (layer.outline === undefined ? 0 : outlineWidth(face));
  const sizes = sizesOf(layer, c.canvas);
  const block = await layoutText(text, c.measure, {
    face,
    language,
    maxWidth: (sizes.width ?? c.canvas.width) - 2 * margin,
    maxLines: layer.maxLines,
  });
  const width = sizes.width ?? block.width + 2 * margin;
  const content = block.lines.length * block.lineHeight;
  const height = sizes.height ?? content;
  const svg = svgBlock(block, margin, width - margin, Math.round((height - content) / 2), {
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
    ...overflowOf(block, content, height),
  };
}
