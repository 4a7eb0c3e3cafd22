import { pauseSign, SLATE_GROUND } from '../pause-sign.js';
import { drawSvg, type Raster, type SharpLoader } from '../raster.js';
import { svgDocument } from '../text/text-svg.js';
import type { FittedClip } from './fit-clip.js';

/** Replaces a clip that has stalled for long; without words, so it serves every language. */
export function drawClipSlate(load: SharpLoader, { width, height }: FittedClip, corner: number): Promise<Raster> {
  const radius = Math.min(corner, width / 2, height / 2);
  const sign = pauseSign(width / 2, height / 2, Math.min(width, height) * 0.16);
  const svg = svgDocument(
    width,
    height,
    `<defs>${SLATE_GROUND}</defs><rect width="${width}" height="${height}" rx="${radius}" fill="url(#ground)"/>${sign}`,
  );
  return drawSvg(load, svg, width, height);
}
