import type { LayerOf } from '../../config/sections/layer.js';
import { EngineError } from '../../core/errors.js';
import { fontFamilies } from '../fonts/font-families.js';
import { placeBox } from '../place-box.js';
import { drawSvg, inkBox } from '../raster.js';
import { layoutText } from '../text/text-layout.js';
import type { TextFace } from '../text/text-measure.js';
import { svgBlock, svgDocument } from '../text/text-svg.js';
import { saysAi } from '../says-ai.js';
import { aiLabel } from '../words.js';
import type { BuildContext, BuiltLayer } from './build-context.js';

/** GB 45438-2025: text of at least 5 % of the frame's shortest side. */
const MIN_SHARE = 0.05;
/** Fainter edges of letters are not seen. */
const MIN_INK_ALPHA = 61;

/**
 * The AI label. Its letters' ink is at least 5 % of the shortest side high; wide texts wrap; wherever the layer puts
 * it, it stays inside the frame.
 */
export async function buildLabel(layer: LayerOf<'label'>, c: BuildContext, where: string): Promise<BuiltLayer> {
  const language = c.room.language;
  const text = (layer.text ?? aiLabel(language)).trim();
  if (!saysAi(text, language)) {
    throw new EngineError('E_LAYER_INVALID', {
      where: `${where}.text`,
      expected: `a text that says the presenter is AI-generated, such as "${aiLabel(language)}"`,
      found: `"${text}"`,
      todo: "leave the text out to get the label in the room's language",
    });
  }
  const { canvas } = c;
  const least = Math.ceil(canvas.shortest * MIN_SHARE);
  const margin = Math.round(canvas.shortest * 0.02);
  const face = await faceFor(text, least, c);
  const padX = Math.round(face.sizePx * 0.42);
  const padY = Math.round(face.sizePx * 0.06);
  const block = await layoutText(text, c.measure, {
    face,
    language,
    maxWidth: canvas.width - 2 * (margin + padX),
  });
  const width = Math.min(canvas.width, block.width + 2 * padX);
  const height = Math.min(canvas.height, block.lines.length * block.lineHeight + 2 * padY);
  const radius = Math.min(height / 2, face.sizePx * 0.45);
  const svg =
    `<rect width="${width}" height="${height}" rx="${radius}" fill="#0b0e14" fill-opacity="0.62"/>` +
    svgBlock(block, padX, width - padX, padY, { face, colour: '#ffffff', align: 'center' });
  const raster = await drawSvg(c.sharp, svgDocument(width, height, svg), width, height);
  const at = placeBox(layer, width, height, canvas);
  const even = (v: number, room: number): number => Math.max(0, Math.min(v, room)) & ~1;
  const box = { ...at, x: even(at.x, canvas.width - width), y: even(at.y, canvas.height - height) };
  return { box, sprites: [{ raster, dx: 0, dy: 0 }], text };
}

/** The smallest face with that ink height for this text, measured on the drawn letters. */
async function faceFor(text: string, leastPx: number, c: BuildContext): Promise<TextFace> {
  const families = fontFamilies('sans', c.room.language);
  let sizePx = Math.ceil(leastPx * 1.02);
  for (;;) {
    const face: TextFace = { families, sizePx, bold: true };
    const width = Math.ceil(sizePx * (text.length + 2));
    const line = svgDocument(
      width,
      sizePx * 2,
      svgBlock(
        {
          lines: [{ text, start: 0, units: [], width: 0 }],
          wantedLines: 1,
          rightToLeft: false,
          width: 0,
          lineHeight: sizePx * 2,
          baseline: Math.round(sizePx * 1.3),
        },
        0,
        width,
        0,
        { face, colour: '#ffffff', align: 'center' },
      ),
    );
    const ink = inkBox(await drawSvg(c.sharp, line, width, sizePx * 2), MIN_INK_ALPHA);
    if (ink === undefined || ink.height >= leastPx) return face;
    sizePx += Math.max(1, Math.floor((leastPx - ink.height) * 0.9));
  }
}
