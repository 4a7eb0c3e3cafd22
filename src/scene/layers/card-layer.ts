import { formatPrice } from '../../config/languages/language-table.js';
import type { LayerOf } from '../../config/sections/layer.js';
import { fillTemplate } from '../fill-template.js';
import { placeBox, sizesOf } from '../place-box.js';
import { assertDrawable, drawSvg } from '../raster.js';
import { fontFamilies } from '../fonts/font-families.js';
import { isRightToLeft } from '../text/direction.js';
import { escapeXml } from '../text/escape-xml.js';
import { layoutText } from '../text/text-layout.js';
import type { TextFace } from '../text/text-measure.js';
import { paint, svgBlock, svgDocument, svgLine } from '../text/text-svg.js';
import { saleWords } from '../sale/sale-words.js';
import { minimumOrderWord } from '../words.js';
import { overflowOf, type BuildContext, type BuiltLayer } from './build-context.js';
import { buildOpenCard } from './open-card.js';
import { themeOf } from './panel-theme.js';

/** The mark of a product that is sold out, the same on every theme. */
const SOLD_OUT = { badge: '#3a404c', text: '#ffffff' };

/** The current product's price card. All sizes derive from its width, so its look is the same at every size. */
export async function buildCard(layer: LayerOf<'card'>, c: BuildContext): Promise<BuiltLayer | undefined> {
  const product = { product: c.product, beside: c.beside, variant: c.variant }[layer.of];
  if (product === null) return undefined;
  if (layer.open !== undefined) return buildOpenCard(layer, layer.open, product, c);
  const language = c.room.language;
  const sizes = sizesOf(layer, c.canvas);
  const width = sizes.width ?? Math.round(c.canvas.shortest * 0.48);
  assertDrawable(width, width); // letters grow with it
  const theme = themeOf(layer.theme, layer.accent);
  const families = fontFamilies('sans', language);
  const face = (share: number, bold: boolean): TextFace => ({
    families,
    sizePx: Math.max(8, Math.round(width * share)),
    bold,
  });
  const rightToLeft = isRightToLeft(product.title);

  const pad = Math.round(width * 0.065);
  const bar = Math.max(4, Math.round(width * 0.018));
  const barGap = Math.round(width * 0.035);
  const x0 = pad + (rightToLeft ? 0 : bar + barGap);
  const x1 = width - pad - (rightToLeft ? bar + barGap : 0);
  const inner = x1 - x0;

  const titleFace = face(0.072, true);
  const title = await layoutText(product.title, c.measure, { face: titleFace, language, maxWidth: inner, maxLines: 2 });
  const subtitleFace = face(0.052, false);
  const subtitle = await layoutText(fillTemplate(product.subtitle, c.room, product), c.measure, {
    face: subtitleFace,
    language,
    maxWidth: inner,
    maxLines: 1,
  });
  const { price } = product;
  const priceText = formatPrice(price.amount, price.currency, language);
  const unitText = price.unit === '' ? '' : `/ ${price.unit}`;
  const wasText = price.was === undefined ? '' : formatPrice(price.was, price.currency, language);
  const smallFace = face(0.056, false);
  let priceFace = face(0.15, true);
  const smallWidth = async (text: string): Promise<number> => (await c.measure.ink(text, smallFace)).width;
  const unitWidth = await smallWidth(unitText);
  const wasWidth = await smallWidth(wasText);
  const gap = Math.round(width * 0.022);
  let priceWidth = (await c.measure.ink(priceText, priceFace)).width;
  // A long price gets smaller letters so it keeps its unit.
  while (priceFace.sizePx > smallFace.sizePx && priceWidth + (unitWidth > 0 ? gap + unitWidth : 0) > inner) {
    priceFace = { ...priceFace, sizePx: priceFace.sizePx - 1 };
    priceWidth = (await c.measure.ink(priceText, priceFace)).width;
  }
  const wasBelow = wasWidth > 0 && priceWidth + gap * 2 + unitWidth + gap + wasWidth > inner;
  const badgeFace = face(0.052, true);
  const soldOut = product.stock === 'sold-out';
  const priceColour = soldOut ? theme.soft : theme.price;
  const orderText = soldOut
    ? saleWords(language).soldOut
    : product.minimumOrder === ''
      ? ''
      : `${minimumOrderWord(language)}  ${product.minimumOrder}`;
  const badge = await layoutText(orderText, c.measure, {
    face: badgeFace,
    language,
    maxWidth: inner - 2 * badgeFace.sizePx * 0.7,
    maxLines: 1,
  });

  let y = Math.round(pad * 0.8);
  const parts: string[] = [];
  const barTop = y + Math.round(titleFace.sizePx * 0.3);
  parts.push(svgBlock(title, x0, x1, y, { face: titleFace, colour: theme.title, align: 'left' }));
  y += title.lines.length * title.lineHeight;
  if (subtitle.lines.length > 0) {
    parts.push(svgBlock(subtitle, x0, x1, y, { face: subtitleFace, colour: theme.soft, align: 'left' }));
    y += subtitle.lineHeight;
  }
  const barBottom = y;
  y += Math.round(width * 0.012) + Math.round(priceFace.sizePx * 1.04);
  /** A run of text that starts `from` pixels after the reading edge; prices always read left to right. */
  const run = (text: string, from: number, base: number, f: TextFace, colour: string, isPrice: boolean): string =>
    svgLine(escapeXml(text), rightToLeft ? 0 : x0 + from, rightToLeft ? x1 - from : width, base, {
      face: f,
      colour,
      align: isPrice && rightToLeft ? 'right' : 'left',
      rightToLeft: rightToLeft && !isPrice,
    });
  /** A line through such a run. */
  const struck = (from: number, long: number, base: number, f: TextFace): string => {
    const x = rightToLeft ? x1 - from - long : x0 + from;
    const thick = Math.max(2, Math.round(f.sizePx * 0.1));
    return `<rect x="${x - 1}" y="${base - Math.round(f.sizePx * 0.3)}" width="${long + 3}" height="${thick}" ${paint('fill', theme.soft)}/>`;
  };
  parts.push(run(priceText, 0, y, priceFace, priceColour, true));
  if (soldOut) parts.push(struck(0, priceWidth, y, priceFace));
  if (unitWidth > 0) parts.push(run(unitText, priceWidth + gap * 1.6, y, smallFace, theme.soft, false));
  if (wasWidth > 0) {
    const from = wasBelow ? 0 : priceWidth + gap * 1.6 + (unitWidth > 0 ? unitWidth + gap * 1.6 : 0);
    if (wasBelow) y += Math.round(smallFace.sizePx * 1.35);
    parts.push(run(wasText, from, y, smallFace, theme.soft, true));
    parts.push(struck(from, wasWidth, y, smallFace));
  }
  y += Math.round(width * 0.04);
  if (badge.lines.length > 0) {
    const badgeWidth = badge.width + 2 * Math.round(badgeFace.sizePx * 0.7);
    const badgeHeight = Math.round(badgeFace.sizePx * 1.72);
    const bx = rightToLeft ? x1 - badgeWidth : x0;
    parts.push(
      `<rect x="${bx}" y="${y}" width="${badgeWidth}" height="${badgeHeight}" rx="${badgeHeight / 2}" ${paint('fill', soldOut ? SOLD_OUT.badge : theme.badge)}/>`,
      svgBlock(badge, bx, bx + badgeWidth, y + Math.round((badgeHeight - badge.lineHeight) / 2), {
        face: badgeFace,
        colour: soldOut ? SOLD_OUT.text : theme.badgeText,
        align: 'center',
      }),
    );
    y += badgeHeight;
  }
  const height = Math.max(sizes.height ?? 0, y + pad);
  // In a card that is higher than its content, the content stands in the middle.
  const lower = Math.round((height - y - pad) / 2);

  const shade = Math.max(4, Math.round(width * 0.05));
  const fullW = width + 2 * shade;
  const fullH = height + 2 * shade;
  const svg =
    `<filter id="s" x="-20%" y="-20%" width="140%" height="140%"><feGaussianBlur stdDeviation="${shade * 0.36}"/></filter>` +
    `<g transform="translate(${shade} ${shade})">` +
    `<rect y="${shade * 0.22}" width="${width}" height="${height}" rx="${width * 0.05}" fill="#000" fill-opacity="0.30" filter="url(#s)"/>` +
    `<rect width="${width}" height="${height}" rx="${width * 0.05}" ${paint('fill', theme.body)}/>` +
    `<g transform="translate(0 ${lower})">` +
    `<rect x="${rightToLeft ? width - pad - bar : pad}" y="${barTop}" width="${bar}" height="${Math.max(bar, barBottom - barTop)}" rx="${bar / 2}" ${paint('fill', theme.bar)}/>` +
    `${parts.join('')}</g></g>`;
  const raster = await drawSvg(c.sharp, svgDocument(fullW, fullH, svg), fullW, fullH);
  return {
    box: placeBox(layer, width, height, c.canvas),
    sprites: [{ raster, dx: -shade, dy: -shade }],
    text: `${product.title} ${product.subtitle} ${priceText} ${orderText}`,
    ...overflowOf(title, 0, 0),
    ...overflowOf(subtitle, 0, 0),
    ...overflowOf(badge, 0, 0),
  };
}
