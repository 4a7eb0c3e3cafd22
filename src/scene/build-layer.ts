import { isHidden, isProductPicture, turnOf, type Layer, type LayerOf } from '../config/sections/layer.js';
import { EngineError } from '../core/errors.js';
import { namesProduct, fillTemplate } from './words.js';
import { buildBubble } from './layers/bubble-layer.js';
import { faceOf, type BuildContext, type BuiltLayer, overflowOf } from './layers/build-context.js';
import { buildCard } from './layers/card-layer.js';
import { buildCountdown } from './layers/countdown-layer.js';
import { buildCoupon } from './layers/coupon-layer.js';
import { buildLabel } from './layers/label-layer.js';
import { buildLadder } from './layers/ladder-layer.js';
import { buildMedia, buildPicture } from './layers/picture-layer.js';
import { buildTicker } from './layers/ticker-layer.js';
import { alongShortest, personBox, placeBox, sizesOf } from './place-box.js';
import { Undrawable, drawSvg, type Raster, type SharpLoader } from './raster.js';
import { paint, svgDocument, outlineWidth, svgBlock } from './text/text-svg.js';
import { isRightToLeft, layoutText } from './text/text-layout.js';
import { fillPanel, PanelSheet } from './layers/panel-sheet.js';
import { saleWords, shownAttributes } from './sale/sale-texts.js';

const MAX_VALUE_LINES = 3;
/** Left in a panel of a given height, so that letters are of a readable size. */
const MIN_ROWS = 3;
/** Share of a row for the names: as much as they need, within these bounds. */
const NAMES = { least: 0.3, most: 0.48 };

/** The current product's key attributes: name and value, a row each. */
async function buildAttributes(layer: LayerOf<'attributes'>, c: BuildContext): Promise<BuiltLayer | undefined> {
  const { product, room } = c;
  if (product === null) return undefined;
  const rows = shownAttributes(layer, product, room.language);
  if (rows.length === 0) return undefined;
  const title = fillTemplate(layer.title ?? saleWords(room.language).attributes, room, product).trim();
  const sheet = await fillPanel(rows.length, MIN_ROWS, layer.height !== undefined, (count, scale, spare) =>
    drawAttributes(new PanelSheet(layer, c, 0.54, isRightToLeft(title), scale), c, title, rows.slice(0, count), spare),
  );
  return sheet.finish();
}

async function drawAttributes(
  sheet: PanelSheet,
  c: BuildContext,
  title: string,
  rows: readonly { readonly name: string; readonly value: string }[],
  spare: number,
): Promise<PanelSheet> {
  const { theme, inner, pad, width } = sheet;
  const titleFace = await sheet.fitted(title, sheet.face(0.064, true), inner);
  await sheet.text(title, { face: titleFace, colour: theme.title, maxLines: 1 });
  sheet.y += sheet.part(0.015);
  const gap = sheet.part(0.04 * sheet.scale);
  const nameFace = sheet.face(0.052, false);
  const widths = await Promise.all(rows.map(async ({ name }) => (await c.measure.ink(name, nameFace)).width));
  const names = Math.round(Math.max(inner * NAMES.least, Math.min(inner * NAMES.most, Math.max(...widths) + 2)));
  const line = Math.max(1, sheet.part(0.004));
  const space = sheet.part(0.012) + Math.floor(spare / (2 * rows.length));
  for (const [i, { name, value }] of rows.entries()) {
    if (i > 0) sheet.rect(pad, sheet.y, inner, line, 0, theme.badge);
    // A single long word gets smaller letters instead of a break inside it.
    const own = /\s/.test(name)
      ? await sheet.within(name, nameFace, names, 2)
      : await sheet.fitted(name, nameFace, names);
    const valueFace = await sheet.within(value, sheet.face(0.056, true), inner - names - gap, MAX_VALUE_LINES);
    const named = await sheet.layout(name, own, names, 2);
    const valued = await sheet.layout(value, valueFace, inner - names - gap, MAX_VALUE_LINES);
    const top = sheet.y + space;
    sheet.draw(named, pad, pad + names, top, { face: own, colour: theme.soft });
    sheet.draw(valued, pad + names + gap, width - pad, top, { face: valueFace, colour: theme.title });
    const tall = Math.max(named.lines.length * named.lineHeight, valued.lines.length * valued.lineHeight);
    sheet.y = top + tall + space;
  }
  return sheet;
}

/** Outlines on a 24 × 24 grid; own work. */
const ICONS: Readonly<Record<Exclude<LayerOf<'announcement'>['icon'], 'none'>, string>> = {
  megaphone: 'M4 10v4h3l7 4V6L7 10zM17 9a4 4 0 0 1 0 6M8 14.5l1.2 4.5h2.2l-1-3.6',
  truck: 'M3 7h10v9H3zM13 10h4l3 3v3h-7zM7 18.5a1.6 1.6 0 1 0 .01 0M16.5 18.5a1.6 1.6 0 1 0 .01 0',
  gift: 'M4 9h16v4H4zM5.5 13v7h13v-7M12 9v11M12 9C9 9 7 7.500 8 5.500S11.500 5 12 9c.5-4 3-5.500 4-3.500S15 9 12 9',
  star: 'M12 4l2.4 5.200 5.600.700-4.100 3.900 1.050 5.600L12 16.700l-4.950 2.700 1.050-5.600L4 9.900l5.600-.700z',
  clock: 'M12 4a8 8 0 1 0 .01 0M12 8v4.500l3 2',
  check: 'M12 4a8 8 0 1 0 .01 0M8.500 12.300l2.500 2.500 4.700-5',
  info: 'M12 4a8 8 0 1 0 .01 0M12 11v5M12 8v.3',
  heart:
    'M12 19C5.500 14.500 4 11.500 4 9.200 4 6.800 5.900 5 8 5c1.700 0 3.200 1 4 2.500C12.800 6 14.300 5 16 5c2.100 0 4 1.800 4 4.200 0 2.300-1.500 5.300-8 9.800z',
};

/** One line of news with a sign before it; as wide as its words unless a width is set. */
async function buildAnnouncement(layer: LayerOf<'announcement'>, c: BuildContext): Promise<BuiltLayer | undefined> {
  const text = fillTemplate(layer.text, c.room, c.product).trim();
  if (text === '') return undefined;
  const rightToLeft = isRightToLeft(text);
  const full = sizesOf(layer, c.canvas).width ?? Math.round(Math.min(c.canvas.width * 0.92, c.canvas.shortest * 1.3));
  const probe = new PanelSheet({ ...layer, width: full }, c, 1, rightToLeft);
  const face0 = probe.face((0.043 * c.canvas.shortest) / full, true);
  const icon = layer.icon === 'none' ? 0 : Math.round(face0.sizePx * 1.35);
  const pad = Math.round(face0.sizePx * 0.8);
  const gap = icon === 0 ? 0 : Math.round(face0.sizePx * 0.5);
  const around = 2 * pad + icon + gap;
  const face = await probe.fitted(text, face0, full - around);
  const { width: ink } = await c.measure.ink(text, face);
  const width = layer.width === undefined ? Math.min(full, Math.ceil(ink) + around + 2) : full;
  const sheet = new PanelSheet({ ...layer, width }, c, 1, rightToLeft);
  const { theme } = sheet;
  const height = Math.round(face0.sizePx * 2.1);
  const block = await sheet.layout(text, face, width - around + 2, 1);
  sheet.draw(block, pad + icon + gap, width - pad + 2, Math.round((height - block.lineHeight) / 2), {
    face,
    colour: theme.title,
  });
  if (layer.icon !== 'none') {
    const x = sheet.left(pad, icon);
    const y = Math.round((height - icon) / 2);
    const scale = icon / 24;
    const colour = layer.theme === 'brand' ? '#ffffff' : theme.price;
    sheet.raw(
      `<path transform="translate(${x} ${y}) scale(${scale})" d="${ICONS[layer.icon]}" fill="none" ${paint('stroke', colour)} stroke-width="2.1" stroke-linecap="round" stroke-linejoin="round"/>`,
    );
  }
  // Round ends, and no more room below than above.
  sheet.y = height - sheet.part(0.05);
  const made = await sheet.finish(0, (h, fill) => `<rect width="${width}" height="${h}" rx="${h / 2}" ${fill}/>`);
  return { ...made, text };
}

/**
 * A drawn layer turned clockwise about the middle of its box. The box of the result holds all of it; `frame` is the box
 * before the turn.
 */
async function turnedLayer(load: SharpLoader, built: BuiltLayer, degrees: number): Promise<BuiltLayer> {
  const { box } = built;
  const radians = (degrees * Math.PI) / 180;
  const [sin, cos] = [Math.sin(radians), Math.cos(radians)];
  const middleX = box.width / 2;
  const middleY = box.height / 2;
  const sprites = await Promise.all(
    built.sprites.map(async (sprite) => {
      const { raster, dx, dy } = sprite;
      const turned = await turnRaster(load, raster, degrees);
      const x = dx + raster.width / 2 - middleX;
      const y = dy + raster.height / 2 - middleY;
      return {
        ...sprite,
        raster: turned,
        dx: Math.round(middleX + x * cos - y * sin - turned.width / 2),
        dy: Math.round(middleY + x * sin + y * cos - turned.height / 2),
      };
    }),
  );
  if (sprites.length === 0) return { ...built, frame: box };
  const left = Math.min(...sprites.map(({ dx }) => dx));
  const top = Math.min(...sprites.map(({ dy }) => dy));
  const right = Math.max(...sprites.map(({ dx, raster }) => dx + raster.width));
  const bottom = Math.max(...sprites.map(({ dy, raster }) => dy + raster.height));
  return {
    ...built,
    frame: box,
    box: { x: box.x + left, y: box.y + top, width: right - left, height: bottom - top },
    sprites: sprites.map((sprite) => ({ ...sprite, dx: sprite.dx - left, dy: sprite.dy - top })),
  };
}

async function turnRaster(load: SharpLoader, { rgba, width, height }: Raster, degrees: number): Promise<Raster> {
  const sharp = await load();
  const { data, info } = await sharp(rgba, { raw: { width, height, channels: 4 } })
    .rotate(degrees, { background: { r: 0, g: 0, b: 0, alpha: 0 } })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return {
    rgba: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    width: info.width,
    height: info.height,
  };
}

/** Plain text; undefined when nothing is left to show. */
async function buildText(layer: LayerOf<'text'>, c: BuildContext): Promise<BuiltLayer | undefined> {
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

const MAX_LINES = 3;
/** Of a narrow panel, whose letters keep their size. */
const MAX_NARROW_LINES = 5;
/** Letters of the words are at least this share of the frame's shorter side: 24 of 720 pixels. */
const MIN_LETTERS = 24 / 720;

/** A viewer's comment: a figure, the viewer's name, the words. */
async function buildQuestion(layer: LayerOf<'question'>, c: BuildContext): Promise<BuiltLayer> {
  const user = layer.user.trim();
  const sheet = new PanelSheet(layer, c, 0.72, isRightToLeft(layer.text));
  const { theme, pad } = sheet;
  const figure = sheet.part(0.105);
  const gap = sheet.part(0.035);
  const indent = figure + gap;
  sheet.y = sheet.part(0.038);
  const top = sheet.y;
  if (user !== '') await sheet.text(user, { face: sheet.face(0.046, true), colour: theme.price, maxLines: 1, indent });
  const usual = sheet.face(0.054, true);
  const least = Math.ceil(c.canvas.shortest * MIN_LETTERS);
  const maxLines = usual.sizePx < least ? MAX_NARROW_LINES : MAX_LINES;
  const wanted = { ...usual, sizePx: Math.max(usual.sizePx, least) };
  const face = await sheet.within(layer.text, wanted, sheet.inner - indent, maxLines);
  await sheet.text(layer.text, { face, colour: theme.title, maxLines, indent });
  const height = Math.max(sheet.y, top + figure) + sheet.part(0.042);
  sheet.y = height - sheet.part(0.05);
  const x = sheet.left(pad, figure);
  const y = top + sheet.part(0.012);
  const onBrand = layer.theme === 'brand';
  const r = figure / 2;
  sheet.raw(
    `<clipPath id="f"><circle cx="${x + r}" cy="${y + r}" r="${r}"/></clipPath>` +
      `<circle cx="${x + r}" cy="${y + r}" r="${r}" ${paint('fill', theme.badge)}/>` +
      `<g clip-path="url(#f)" ${paint('fill', onBrand ? '#ffffff' : theme.price)}>` +
      `<circle cx="${x + r}" cy="${y + r * 0.8}" r="${r * 0.36}"/>` +
      `<ellipse cx="${x + r}" cy="${y + r * 1.86}" rx="${r * 0.68}" ry="${r * 0.62}"/></g>`,
  );
  return sheet.finish();
}

/** A rectangle or ellipse; the size of the frame by default. */
async function buildShape(layer: LayerOf<'shape'>, c: BuildContext): Promise<BuiltLayer> {
  const sizes = sizesOf(layer, c.canvas);
  const width = sizes.width ?? c.canvas.width;
  const height = sizes.height ?? c.canvas.height;
  const gradient =
    layer.fillTo === undefined
      ? ''
      : `<linearGradient id="g" x1="0" y1="0" x2="0" y2="1"><stop offset="0" ${paint('stop', layer.fill)}/>` +
        `<stop offset="1" ${paint('stop', layer.fillTo)}/></linearGradient>`;
  const fill = layer.fillTo === undefined ? paint('fill', layer.fill) : 'fill="url(#g)"';
  const line = layer.outline === undefined ? 0 : alongShortest(layer.outlineWidth, c.canvas);
  const stroke = layer.outline === undefined ? '' : ` ${paint('stroke', layer.outline)} stroke-width="${line}"`;
  const [w, h] = [width - line, height - line];
  const radius = Math.max(0, Math.min(alongShortest(layer.radius, c.canvas), width / 2, height / 2) - line / 2);
  const shape =
    layer.shape === 'ellipse'
      ? `<ellipse cx="${width / 2}" cy="${height / 2}" rx="${w / 2}" ry="${h / 2}" ${fill}${stroke}/>`
      : `<rect x="${line / 2}" y="${line / 2}" width="${w}" height="${h}" rx="${radius}" ${fill}${stroke}/>`;
  const raster = await drawSvg(c.sharp, svgDocument(width, height, gradient + shape), width, height);
  return { box: placeBox(layer, width, height, c.canvas), sprites: [{ raster, dx: 0, dy: 0 }] };
}

/** True when the layer looks different, or is absent, with another product. */
export function dependsOnProduct(layer: Layer): boolean {
  if (layer.type === 'label' || layer.type === 'presenter' || layer.type === 'assistant') return false;
  if (layer.product !== undefined) return true;
  if (layer.type === 'card' || layer.type === 'ladder' || layer.type === 'attributes') return true;
  if (layer.type === 'image') return isProductPicture(layer.src);
  if (layer.type === 'text' || layer.type === 'bubble' || layer.type === 'announcement')
    return namesProduct(layer.text);
  if (layer.type === 'countdown') return [layer.title, layer.offer, layer.ended].some((t) => t && namesProduct(t));
  if (layer.type === 'coupon') return [layer.condition, layer.how].some((t) => t && namesProduct(t));
  return layer.type === 'ticker' && layer.items.some(namesProduct);
}

/**
 * Draws a layer; undefined when there is nothing to show now. Captions come with their cues. Throws E_LAYER_INVALID.
 */
export async function buildLayer(layer: Layer, c: BuildContext, where: string): Promise<BuiltLayer | undefined> {
  try {
    const built = isHidden(layer) ? undefined : await draw(layer, c, where);
    const degrees = turnOf(layer);
    if (built === undefined || degrees === 0) return built;
    const turned = await turnedLayer(c.sharp, built, degrees);
    // Drawn words were judged as text; a picture is judged as it will be seen.
    if (layer.type === 'image' || layer.type === 'sticker')
      for (const { raster } of turned.sprites) await c.judge(`${where}: turned by ${degrees}°`, raster);
    return turned;
  } catch (cause) {
    if (!(cause instanceof Undrawable)) throw cause;
    throw new EngineError('E_LAYER_INVALID', {
      where,
      expected: 'a size between a pixel and 34 megapixels, letters no larger than twice the frame',
      found: cause.message,
      todo: 'set a smaller width, height or size',
      cause,
    });
  }
}

async function draw(layer: Layer, c: BuildContext, where: string): Promise<BuiltLayer | undefined> {
  if (dependsOnProduct(layer)) {
    if (layer.product !== undefined && layer.product !== c.product?.id) return undefined;
    if (c.product === null) return undefined;
  }
  switch (layer.type) {
    case 'image':
    case 'sticker':
      return buildPicture(layer, c, where);
    case 'media':
      return buildMedia(layer, c, where);
    case 'text':
      return buildText(layer, c);
    case 'bubble':
      return buildBubble(layer, c);
    case 'ticker':
      return buildTicker(layer, c);
    case 'card':
      return buildCard(layer, c);
    case 'countdown':
      return buildCountdown(layer, c);
    case 'coupon':
      return buildCoupon(layer, c);
    case 'ladder':
      return buildLadder(layer, c);
    case 'attributes':
      return buildAttributes(layer, c);
    case 'question':
      return buildQuestion(layer, c);
    case 'announcement':
      return buildAnnouncement(layer, c);
    case 'shape':
      return buildShape(layer, c);
    case 'label':
      return buildLabel(layer, c, where);
    case 'presenter':
    case 'assistant':
      return { box: personBox(layer, c.canvas), sprites: [] };
    case 'caption':
      faceOf(layer, c.room.language, c.canvas); // throws for letters that no cue could be drawn in
      return undefined;
  }
}
