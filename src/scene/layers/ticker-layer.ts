import type { LayerOf } from '../../config/sections/layer.js';
import { fillTemplate } from '../words.js';
import { alongShortest, placeBox, sizesOf } from '../place-box.js';
import { drawSvg } from '../raster.js';
import { isRightToLeft, type TextFace } from '../text/text-layout.js';
import { escapeXml } from '../text/escape-xml.js';
import { paint, svgDocument, svgLine } from '../text/text-svg.js';
import { faceOf, type BuildContext, type BuiltLayer, type BuiltSprite } from './build-context.js';

/** How long a text fades into the next. */
const TURN_FADE_MS = 500;

interface TurnedItems {
  readonly width: number;
  readonly height: number;
  readonly items: readonly string[];
  readonly face: TextFace;
  readonly rightToLeft: boolean;
}

/** The texts one after another in the same place; one that is too wide gets smaller letters. */
async function inTurn(
  layer: LayerOf<'ticker'>,
  turnMs: number,
  c: BuildContext,
  { width, height, items, face, rightToLeft }: TurnedItems,
): Promise<BuiltLayer> {
  const padding = alongShortest(layer.padding, c.canvas);
  const radius = Math.min(alongShortest(layer.radius, c.canvas), width / 2, height / 2);
  const sprites: BuiltSprite[] = [];
  for (const item of items) {
    const ink = (await c.measure.ink(item, face)).width;
    const shrink = Math.min(1, (width - 2 * padding) / Math.max(1, ink));
    const own = { ...face, sizePx: Math.max(6, Math.floor(face.sizePx * shrink)) };
    const y = Math.round(height / 2 + own.sizePx * 0.36);
    const style = { face: own, colour: layer.colour, outline: layer.outline, align: layer.align, rightToLeft };
    const svg =
      `<rect width="${width}" height="${height}" rx="${radius}" ${paint('fill', layer.fill)}/>` +
      svgLine(escapeXml(item), padding, width - padding, y, style);
    sprites.push({ raster: await drawSvg(c.sharp, svgDocument(width, height, svg), width, height), dx: 0, dy: 0 });
  }
  return {
    box: placeBox(layer, width, height, c.canvas),
    sprites,
    cycle: {
      holdMs: turnMs,
      fadeMs: TURN_FADE_MS,
      covers: sprites.map(() => false),
      idleAfterMs: 0,
      slateAfterMs: 0,
    },
    text: items.join(' '),
  };
}

/** A strip of scrolling items; one sprite per item, repeated until they fill the window. */
export async function buildTicker(layer: LayerOf<'ticker'>, c: BuildContext): Promise<BuiltLayer> {
  const language = c.room.language;
  const face = faceOf(layer, language, c.canvas);
  const padding = alongShortest(layer.padding, c.canvas);
  const sizes = sizesOf(layer, c.canvas);
  const width = sizes.width ?? c.canvas.width;
  const lineHeight = Math.round(face.sizePx * 1.42);
  const height = sizes.height ?? lineHeight + padding;
  const radius = Math.min(alongShortest(layer.radius, c.canvas), width / 2, height / 2);
  const panel = await drawSvg(
    c.sharp,
    svgDocument(
      width,
      height,
      `<rect width="${width}" height="${height}" rx="${radius}" ${paint('fill', layer.fill)}/>`,
    ),
    width,
    height,
  );
  // The window keeps clear of round corners; a full-width strip runs from edge to edge.
  const inset = radius > 0 ? Math.max(2, Math.ceil(radius * 0.6)) : 0;
  const window = { x: inset, y: 0, width: Math.max(2, width - 2 * inset), height };

  const items = layer.items.map((item) => fillTemplate(item, c.room, c.product).trim()).filter((item) => item !== '');
  const rightToLeft = isRightToLeft(items.join(' '));
  const margin = Math.ceil(face.sizePx * 0.2);
  const mark = layer.separator.trim();
  const markWidth = (await c.measure.ink(mark, face)).width;
  const gap = Math.round(face.sizePx * 0.8);
  const built: { raster: BuiltSprite['raster']; advance: number }[] = [];
  for (const item of items) {
    const ink = (await c.measure.ink(item, face)).width;
    const textWidth = ink + 2 * margin;
    const advance = textWidth + gap + (markWidth > 0 ? markWidth + gap : 0);
    const y = Math.round((height - lineHeight) / 2 + face.sizePx * 1.06);
    const style = { face, colour: layer.colour, outline: layer.outline, rightToLeft };
    const markAt = rightToLeft ? 0 : textWidth;
    const text0 = rightToLeft ? advance - textWidth : 0;
    const svg =
      svgLine(escapeXml(item), text0 + margin, text0 + textWidth - margin, y, { ...style, align: 'left' }) +
      (markWidth > 0
        ? svgLine(escapeXml(mark), markAt, markAt + advance - textWidth, y, { ...style, align: 'center' })
        : '');
    built.push({ raster: await drawSvg(c.sharp, svgDocument(advance, height, svg), advance, height), advance });
  }
  if (layer.turnMs !== undefined && items.length > 0)
    return inTurn(layer, layer.turnMs, c, { width, height, items, face, rightToLeft });
  const turn = built.reduce((sum, b) => sum + b.advance, 0);
  const turns = turn === 0 ? 0 : Math.max(1, Math.ceil(window.width / turn));
  const period = Math.max(1, turn * turns);
  const sprites: BuiltSprite[] = [{ raster: panel, dx: 0, dy: 0 }];
  let at = 0;
  for (let k = 0; k < turns; k += 1) {
    for (const { raster, advance } of built) {
      sprites.push({ raster, dx: inset + (rightToLeft ? period - at - advance : at), dy: 0 });
      at += advance;
    }
  }
  return {
    box: placeBox(layer, width, height, c.canvas),
    sprites,
    scroll: {
      period,
      speedPxPerSecond: rightToLeft ? -layer.speedPxPerSecond : layer.speedPxPerSecond,
      // Right to left, the first item starts at the window's right edge, with the next ones to its left.
      phase: rightToLeft ? period - window.width : 0,
      window,
      fixed: 1,
    },
    text: items.join(' '),
  };
}
