import { drawSvg, inkBox, type SharpLoader } from '../raster.js';
import { escapeXml } from '../text/escape-xml.js';
import type { TextBlock } from '../text/text-layout.js';
import { type LineStyle, svgDocument, svgLine } from '../text/text-svg.js';

/** Signs that fill half of their square: a line with one at its end looks pushed aside when the squares are centred. */
const HALF_EMPTY = /^[（［｛「『【《〈〔“‘]|[、。，．：；！？）］｝」』】》〉〕”’]$/u;

/**
 * How many pixels a centred line goes to the right, so that what is seen of it has its middle at `width / 2`. 0 for lines
 * whose squares are filled at both ends, which needs no drawing.
 */
export async function shiftToMiddle(
  text: string,
  style: LineStyle,
  width: number,
  block: Pick<TextBlock, 'lineHeight' | 'baseline'>,
  sharp: SharpLoader,
): Promise<number> {
  if (!HALF_EMPTY.test(text)) return 0;
  // Twice as wide, so that nothing is cut off.
  const line = svgLine(escapeXml(text), 0, 2 * width, block.baseline, style);
  const drawn = await drawSvg(sharp, svgDocument(2 * width, block.lineHeight, line), 2 * width, block.lineHeight);
  const ink = inkBox(drawn);
  return ink === undefined ? 0 : Math.round(width - (ink.x + ink.width / 2));
}
