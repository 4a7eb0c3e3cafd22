import { formatPrice } from '../../config/languages/language-table.js';
import type { LayerOf, OpenCard } from '../../config/sections/layer.js';
import type { Product } from '../../config/sections/product.js';
import { fontFamilies } from '../fonts/font-families.js';
import { alongShortest, placeBox, sizesOf } from '../place-box.js';
import { assertDrawable, drawSvg } from '../raster.js';
import { saleWords } from '../sale/sale-words.js';
import { isRightToLeft } from '../text/direction.js';
import { escapeXml } from '../text/escape-xml.js';
import type { TextFace } from '../text/text-measure.js';
import { paint, svgDocument } from '../text/text-svg.js';
import { minimumOrderWord } from '../words.js';
import type { BuildContext, BuiltLayer } from './build-context.js';

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
export async function buildOpenCard(
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
  const title = await fitted(texts.title, face(digits * TITLE, true), width, least, WORD_WIDTHS, c);
  const main = await fitted(texts.price, face(digits, true), width, least, PRICE_WIDTHS, c);
  const small = face(digits * TERMS, false);
  const was = await fitted(texts.was, small, width * 0.45, least, WORD_WIDTHS, c);
  const wasRoom = was.width === 0 ? 0 : was.width + small.sizePx * 0.5;
  const terms = await firstFit(open.terms ? texts.terms : [], small, width - wasRoom, least, c);

  const titleBase = Math.round(title.face.sizePx * 1.02);
  const priceBase = titleBase + Math.round(main.face.sizePx * 0.72 + title.face.sizePx * 0.34);
  const hasTerms = terms.text !== '' || was.text !== '';
  const termsBase = priceBase + Math.round(small.sizePx * 1.4);
  const height = hasTerms ? termsBase + Math.round(small.sizePx * 0.4) : priceBase + Math.round(digits * 0.16);
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
    else if (shown.length > 2) shown = `${shown.replace(/…$/, '').slice(0, -1).trimEnd()}…`;
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
