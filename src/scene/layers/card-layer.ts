import { formatPrice } from '../../config/languages/language-table.js';
import type { LayerOf, OpenCard } from '../../config/sections/layer.js';
import type { Product } from '../../config/sections/product.js';
import { fillTemplate, minimumOrderWord } from '../words.js';
import { fontFamilies } from '../fonts/glyph-set.js';
import { alongShortest, placeBox, sizesOf } from '../place-box.js';
import { assertDrawable, drawSvg } from '../raster.js';
import { saleWords } from '../sale/sale-texts.js';
import { isRightToLeft, layoutText, type TextFace } from '../text/text-layout.js';
import { escapeXml } from '../text/escape-xml.js';
import { paint, svgBlock, svgDocument, svgLine } from '../text/text-svg.js';
import { type BuildContext, type BuiltLayer, overflowOf } from './build-context.js';
import { themeOf } from './panel-sheet.js';

/*
 * Problem: a viewer reads the price within a second on a phone, over any set, in any currency and language.
 *
 * Rule: digits are the largest letters of the picture. Lines that are too wide are condensed first, then a price of many
 * digits loses its cents, then letters get smaller; what still does not fit ends in an ellipsis.
 *
 * Numbers: letters no smaller than LEAST of the frame's shorter side. Shares of the digits' size.
 */
const TITLE = 0.335;
const TERMS = 0.285;
/** 24 px of 720. */
const LEAST = 0.0334;
/** Widths of letters as a share of the font's own. */
const PRICE_WIDTHS = { usual: 0.86, least: 0.7 } as const;
const WORD_WIDTHS = { usual: 0.92, least: 0.72 } as const;
/** Strokes around the digits make the bold font a black one. */
const BLACKER = 0.022;
/** $5,400.00 has six. */
const DIGITS_WITHOUT_CENTS = 5;
const SCRIM_REACH = 0.5;

interface FittedLine {
  readonly text: string;
  readonly face: TextFace;
  readonly stretch: number;
  readonly width: number;
}

/** Price, title and terms without a card. */
async function buildOpenCard(
  layer: LayerOf<'card'>,
  open: OpenCard,
  product: Product,
  c: BuildContext,
): Promise<BuiltLayer> {
  const { language } = c.room;
  const { shortest } = c.canvas;
  const digits = Math.max(8, alongShortest(open.size, c.canvas));
  const width = sizesOf(layer, c.canvas).width ?? Math.round(shortest * 0.5);
  assertDrawable(width, digits * 3);
  const least = Math.ceil(shortest * LEAST);
  const soldOut = product.stock === 'sold-out';
  const { price } = product;
  const texts = {
    title: product.name[language.split('-')[0]!] ?? product.title,
    price: shortPrice(price.amount, price.currency, language),
    was: !open.terms || price.was === undefined ? '' : shortPrice(price.was, price.currency, language),
    terms: termsOf(product, language, soldOut),
  };
  const face = (sizePx: number, bold: boolean): TextFace => ({
    families: fontFamilies('sans', language),
    sizePx: Math.max(least, Math.round(sizePx)),
    bold,
  });
  const large = face(digits * TITLE, true);
  const title = await fitted(texts.title, large, width, least, WORD_WIDTHS, c);
  const main = await fitted(texts.price, face(digits, true), width, least, PRICE_WIDTHS, c);
  const small = face(digits * TERMS, false);
  const was = await fitted(texts.was, small, width * 0.45, least, WORD_WIDTHS, c);
  const wasRoom = was.width === 0 ? 0 : was.width + small.sizePx * 0.5;
  const terms = await firstFit(open.terms ? texts.terms : [], small, width - wasRoom, least, c);

  // Of the sizes asked for: prices side by side stand on one line, whatever their titles shrink to.
  const titleBase = Math.round(large.sizePx * 1.02);
  const priceBase = titleBase + Math.round(digits * 0.72 + large.sizePx * 0.5);
  const hasTerms = terms.text !== '' || was.text !== '';
  const termsBase = priceBase + Math.round(small.sizePx * 1.2);
  const height = hasTerms ? termsBase + Math.round(small.sizePx * 0.4) : priceBase + Math.round(digits * 0.11);
  const line = (one: FittedLine, from: number, base: number, colour: string, more = ''): string =>
    one.text === ''
      ? ''
      : `<text xml:space="preserve" transform="translate(${from} ${base}) scale(${one.stretch} 1)" direction="${isRightToLeft(one.text) ? 'rtl' : 'ltr'}" ` +
        `text-anchor="${isRightToLeft(one.text) ? 'end' : 'start'}" font-family="${escapeXml(one.face.families)}" font-size="${one.face.sizePx}" ` +
        `font-weight="${one.face.bold ? 700 : 400}" ${paint('fill', colour)}${more}>${escapeXml(one.text)}</text>`;
  const start = (long: number): number =>
    Math.round(open.align === 'left' ? 0 : open.align === 'right' ? width - long : (width - long) / 2);
  const struck = (from: number, long: number, base: number, size: number, colour: string): string =>
    `<rect x="${from - 2}" y="${base - Math.round(size * 0.34)}" width="${long + 4}" height="${Math.max(2, Math.round(size * 0.08))}" ${paint('fill', colour)}/>`;
  const colour = soldOut ? open.colour : layer.accent;
  const blacker = ` ${paint('stroke', colour)} stroke-width="${Math.round(main.face.sizePx * BLACKER * 10) / 10}" stroke-linejoin="round"`;
  const last = start(wasRoom + terms.width);
  const parts = [
    line(title, start(title.width), titleBase, open.colour),
    line(main, start(main.width), priceBase, colour, blacker),
    soldOut ? struck(start(main.width), main.width, priceBase, main.face.sizePx, open.colour) : '',
    line(was, last, termsBase, open.colour),
    was.text === '' ? '' : struck(last, was.width, termsBase, small.sizePx, open.colour),
    line(terms, last + Math.round(wasRoom), termsBase, open.colour),
  ].join('');
  const inkWidth = Math.max(title.width, main.width, wasRoom + terms.width);
  const reach = open.ground === 'none' ? Math.round(digits * 0.06) : Math.round(digits * SCRIM_REACH);
  const [fullW, fullH] = [width + 2 * reach, height + 2 * reach];
  const svg =
    groundOf(open, start(inkWidth), inkWidth, height, digits, reach) +
    `<g transform="translate(${reach} ${reach})">${parts}</g>`;
  const raster = await drawSvg(c.sharp, svgDocument(fullW, fullH, svg), fullW, fullH);
  return {
    box: placeBox(layer, width, height, c.canvas),
    sprites: [{ raster, dx: -reach, dy: -reach }],
    text: [texts.title, texts.price, texts.was, terms.text].filter((one) => one !== '').join(' '),
  };
}

/** A sheet of paper, or a soft shade, under the lines. */
function groundOf(
  { ground, fill }: OpenCard,
  left: number,
  wide: number,
  height: number,
  digits: number,
  reach: number,
): string {
  if (ground === 'none') return '';
  const pad = Math.round(digits * 0.16);
  const [x, y, w, h] = [reach + left - pad, reach - pad * 0.6, wide + 2 * pad, height + pad];
  if (ground === 'scrim') {
    const blur = Math.round(digits * 0.2);
    return (
      `<filter id="s" x="-50%" y="-50%" width="200%" height="200%"><feGaussianBlur stdDeviation="${blur * 0.6}"/></filter>` +
      `<rect x="${x}" y="${y}" width="${w}" height="${h}" rx="${blur}" ${paint('fill', fill)} filter="url(#s)"/>`
    );
  }
  const blur = Math.round(digits * 0.07);
  return (
    `<filter id="s" x="-20%" y="-20%" width="140%" height="150%"><feGaussianBlur stdDeviation="${blur}"/></filter>` +
    `<rect x="${x + blur}" y="${y + blur}" width="${w}" height="${h}" rx="6" fill="#000" fill-opacity="0.32" filter="url(#s)"/>` +
    `<rect x="${x}" y="${y}" width="${w}" height="${h}" rx="5" ${paint('fill', fill)}/>`
  );
}

/** Without its last word, or its last letter where words are long or not told apart. */
function shorter(text: string): string {
  const words = text.replace(/[\s,;:–-]*\s\S+$/u, '');
  return words.length > text.length / 2 && words.length < text.length ? words : text.slice(0, -1).trimEnd();
}

/** Condensed, then smaller, then cut. */
async function fitted(
  text: string,
  wanted: TextFace,
  maxWidth: number,
  least: number,
  widths: { readonly usual: number; readonly least: number },
  c: BuildContext,
): Promise<FittedLine> {
  if (text === '') return { text, face: wanted, stretch: widths.usual, width: 0 };
  let face = wanted;
  let shown = text;
  for (;;) {
    const { width } = await c.measure.ink(shown, face);
    const stretch = Math.min(widths.usual, maxWidth / Math.max(1, width));
    if (stretch >= widths.least) return { text: shown, face, stretch, width: Math.ceil(width * stretch) };
    if (face.sizePx > least) face = { ...face, sizePx: Math.max(least, Math.floor(face.sizePx * 0.94)) };
    else if (shown.length > 2) shown = `${shorter(shown.replace(/…$/, ''))}…`;
    else return { text: shown, face, stretch, width: Math.ceil(width * stretch) };
  }
}

/** The first of some texts that fits whole; the last one is cut. */
async function firstFit(
  texts: readonly string[],
  face: TextFace,
  maxWidth: number,
  least: number,
  c: BuildContext,
): Promise<FittedLine> {
  for (const text of texts) {
    const line = await fitted(text, face, maxWidth, least, WORD_WIDTHS, c);
    if (line.text === text && text !== '') return line;
  }
  return fitted(texts.find((one) => one !== '') ?? '', face, maxWidth, least, WORD_WIDTHS, c);
}

/** A price of many digits without its cents. */
function shortPrice(amount: number, currency: string, language: string): string {
  const whole = formatPrice(amount, currency, language);
  if (whole.replace(/\P{Nd}/gu, '').length <= DIGITS_WITHOUT_CENTS) return whole;
  return formatPrice(Math.round(amount), currency, language).replace(/[.,٫]\p{Nd}{2}(?!\p{Nd})/u, '');
}

/** Unit and minimum order, in ever fewer words. */
function termsOf({ price, minimumOrder }: Product, language: string, soldOut: boolean): string[] {
  if (soldOut) return [saleWords(language).soldOut];
  const order = minimumOrder === '' ? '' : `${minimumOrderWord(language)} ${minimumOrder}`;
  const unit = price.unit === '' ? '' : `/ ${price.unit}`;
  return [[unit, order].filter((one) => one !== '').join(' · '), order, minimumOrder, unit];
}

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
