import { drawSvg, inkBox, type SharpLoader } from '../raster.js';
import { escapeXml } from '../text/escape-xml.js';
import type { TextBlock } from '../text/text-layout.js';
import { type LineStyle, svgDocument, svgLine } from '../text/text-svg.js';

/** Punctuation that fills half of its square: a line ending with it looks off-centre when the squares are centred. */
const HALF_EMPTY = /^[（［｛「『【《〈〔“‘]|[、。，．：；！？）］｝」』】》〉〕”’]$/u;

/**
 * Pixels to shift a centred line right so its visible part is centred at `width / 2`. 0 for lines whose squares are
 * filled at both ends, which needs no drawing.
 */
export async function shiftToMiddle(
  text: string,
  style: LineStyle,
  width: number,
  block: Pick<TextBlock, 'lineHeight' | 'baseline'>,
  sharp: SharpLoader,
): Promise<number> {
  if (!HALF_EMPTY.test(text)) return 0;
  // Twice as wide, so nothing is cut off.
  const line = svgLine(escapeXml(text), 0, 2 * width, block.baseline, style);
  const drawn = await drawSvg(sharp, svgDocument(2 * width, block.lineHeight, line), 2 * width, block.lineHeight);
  const ink = inkBox(drawn);
  return ink === undefined ? 0 : Math.round(width - (ink.x + ink.width / 2));
}
