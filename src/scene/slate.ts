import { layer } from '../config/sections/layer.js';
import type { Kernels } from '../core/kernels.js';
import { BitmapTable, DrawList, i420Size, newBitmapId, RectList } from '../core/media/picture.js';
import { fontFamilies } from './fonts/glyph-set.js';
import type { BuildContext } from './layers/build-context.js';
import { buildLabel } from './layers/label-layer.js';
import type { Canvas } from './place-box.js';
import { drawSvg, type Raster } from './raster.js';
import { escapeXml } from './text/escape-xml.js';
import { layoutText } from './text/text-layout.js';
import { svgBlock, svgDocument, svgLine } from './text/text-svg.js';

/** The background of a slate, as a definition with the id `ground`. */
export const SLATE_GROUND =
  `<linearGradient id="ground" x1="0" y1="0" x2="0.4" y2="1">` +
  `<stop offset="0" stop-color="#233049"/><stop offset="1" stop-color="#0d121c"/></linearGradient>`;

/** Two bars in a ring: the pause sign. */
export function pauseSign(cx: number, cy: number, radius: number): string {
  const bar = radius * 0.2;
  const ring = `<circle cx="${cx}" cy="${cy}" r="${radius}" fill="none" stroke="#ffffff" stroke-opacity="0.75" stroke-width="${Math.max(2, radius * 0.07)}"/>`;
  const upright = (x: number): string =>
    `<rect x="${x}" y="${cy - radius * 0.38}" width="${bar}" height="${radius * 0.76}" rx="${bar / 3}" fill="#fff"/>`;
  return (
    `<circle cx="${cx}" cy="${cy}" r="${radius}" fill="#ffffff" fill-opacity="0.1"/>${ring}` +
    upright(cx - bar * 1.75) +
    upright(cx + bar * 0.75)
  );
}

/**
 * The replacement picture for content that must not be shown: one I420 frame with the AI label on it, once `judge` lets
 * it pass.
 */
export async function drawSlate(
  text: string,
  c: BuildContext,
  kernels: Kernels,
  judge: (picture: Raster) => Promise<void>,
): Promise<Uint8Array<SharedArrayBuffer>> {
  const { width, height, shortest } = c.canvas;
  const language = c.room.language;
  const families = fontFamilies('sans', language);
  const face = { families, sizePx: Math.round(shortest * 0.068), bold: true };
  const block = await layoutText(text, c.measure, { face, language, maxWidth: Math.round(width * 0.82), maxLines: 3 });
  const radius = Math.round(shortest * 0.085);
  const gap = Math.round(shortest * 0.06);
  const textHeight = block.lines.length * block.lineHeight;
  const top = Math.round((height - (2 * radius + gap + textHeight)) / 2);
  const cx = width / 2;
  const cy = top + radius;
  const title = c.room.title === '' ? c.room.name : c.room.title;
  const small = { families, sizePx: Math.round(shortest * 0.034), bold: false };
  const name = await layoutText(title, c.measure, {
    face: small,
    language,
    maxWidth: Math.round(width * 0.8),
    maxLines: 1,
  });
  const svg = svgDocument(
    width,
    height,
    `<defs>${SLATE_GROUND}` +
      `<radialGradient id="h"><stop offset="0" stop-color="#5d8bff" stop-opacity="0.34"/><stop offset="1" stop-color="#5d8bff" stop-opacity="0"/></radialGradient></defs>` +
      `<rect width="${width}" height="${height}" fill="url(#ground)"/>` +
      `<circle cx="${cx}" cy="${cy}" r="${shortest * 0.55}" fill="url(#h)"/>` +
      pauseSign(cx, cy, radius) +
      svgBlock(block, 0, width, top + 2 * radius + gap, { face, colour: '#ffffff', align: 'center' }) +
      svgLine(
        escapeXml(name.lines[0]?.text ?? ''),
        0,
        width,
        top + 2 * radius + gap + textHeight + small.sizePx * 1.6,
        {
          face: small,
          colour: '#b7c3d9',
          align: 'center',
          rightToLeft: name.rightToLeft,
        },
      ),
  );
  const back = await drawSvg(c.sharp, svg, width, height);
  await judge(back);
  const label = await buildLabel(defaultLabel('ai-label', c.canvas), c, 'slate');
  const table = new BitmapTable();
  const list = new DrawList(2);
  const place = (raster: typeof back, x: number, y: number): void => {
    const id = newBitmapId();
    table.set(id, kernels.rgbaToYuva(raster.rgba, raster.width, raster.height, 0, 0));
    list.push(id, x, y, 256, 0, 0, width, height);
  };
  place(back, 0, 0);
  place(label.sprites[0]!.raster, label.box.x, label.box.y);
  const frame = new Uint8Array(new SharedArrayBuffer(i420Size(width, height)));
  const whole = new RectList(1);
  whole.push(0, 0, width, height);
  kernels.compose(frame, width, height, whole, list, table);
  return frame;
}

/**
 * The AI label of a room without its own: bottom left, clear of the edge; in portrait, where the platform's buttons lie
 * over the bottom, top left under those at the top.
 */
export function defaultLabel(id: string, { width, height }: Canvas) {
  const place =
    height > width ? { anchor: 'top-left', x: '2vmin', y: '10%' } : { anchor: 'bottom-left', x: '2%', y: '-2%' };
  const made = layer.parse({ id, type: 'label', ...place });
  if (made.type !== 'label') throw new TypeError('the default label is a label');
  return made;
}
