import type { LayerOf } from '../../config/sections/layer.js';
import { EngineError } from '../../core/errors.js';
import { alongShortest, placeBox, sizesOf } from '../place-box.js';
import { assetName } from '../assets/read-asset.js';
import type { LoadedPicture, PictureRequest } from '../assets/load-picture.js';
import { followsLight } from '../light/light-layers.js';
import { type Raster, drawSvg, type SharpLoader, crop } from '../raster.js';
import { pauseSign, SLATE_GROUND } from '../slate.js';
import { svgDocument } from '../text/text-svg.js';
import type { FittedClip } from '../clips/make-clip.js';
import type { Light } from '../../config/sections/daylight.js';
import type { Box } from '../../core/verdict.js';
import { type BuildContext, type BuiltLayer, type BuiltSprite, detailOf } from './build-context.js';
import { buildStanding, withShadow } from './standing-picture.js';

/** Parts closer than this stay together. */
const CELL_PX = 16;
/** More parts are not worth their draw items: the picture stays whole. */
const MAX_PARTS = 24;

/**
 * The parts of a picture that have clear space between them, each a sprite of its own: when a plane of lights moves,
 * the clear space is not damaged. The picture must have been judged whole.
 */
export function separateParts({ raster, dx, dy }: BuiltSprite): BuiltSprite[] {
  const boxes = partBoxes(raster);
  if (boxes.length > MAX_PARTS) return [{ raster, dx, dy }];
  return boxes.map(({ x, y, width, height }) => ({
    raster: crop(raster, x, y, width, height),
    dx: dx + x,
    dy: dy + y,
  }));
}

/** Boxes around connected cells that are not clear; boxes that overlap become one. */
function partBoxes({ rgba, width, height }: Raster): Box[] {
  const columns = Math.ceil(width / CELL_PX);
  const rows = Math.ceil(height / CELL_PX);
  const inked = new Uint8Array(columns * rows);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if (rgba[(y * width + x) * 4 + 3] !== 0) inked[Math.floor(y / CELL_PX) * columns + Math.floor(x / CELL_PX)] = 1;
    }
  }
  let boxes: Box[] = [];
  for (let cell = 0; cell < inked.length; cell += 1) {
    if (inked[cell] === 1) boxes = withBox(boxes, connected(inked, columns, rows, cell, width, height));
  }
  return boxes;
}

/** The box of the cells connected to one, which are taken out of `inked`. */
function connected(
  inked: Uint8Array,
  columns: number,
  rows: number,
  first: number,
  width: number,
  height: number,
): Box {
  let [left, top, right, bottom] = [columns, rows, 0, 0];
  const open = [first];
  inked[first] = 0;
  for (let cell = open.pop(); cell !== undefined; cell = open.pop()) {
    const column = cell % columns;
    const row = Math.floor(cell / columns);
    left = Math.min(left, column);
    right = Math.max(right, column + 1);
    top = Math.min(top, row);
    bottom = Math.max(bottom, row + 1);
    for (let y = Math.max(0, row - 1); y <= Math.min(rows - 1, row + 1); y += 1) {
      for (let x = Math.max(0, column - 1); x <= Math.min(columns - 1, column + 1); x += 1) {
        const next = y * columns + x;
        if (inked[next] === 0) continue;
        inked[next] = 0;
        open.push(next);
      }
    }
  }
  return {
    x: left * CELL_PX,
    y: top * CELL_PX,
    width: Math.min(width, right * CELL_PX) - left * CELL_PX,
    height: Math.min(height, bottom * CELL_PX) - top * CELL_PX,
  };
}

/** The boxes and one more, joined with those it overlaps. */
function withBox(boxes: readonly Box[], box: Box): Box[] {
  const over = boxes.find((one) => overlap(one, box));
  if (over === undefined) return [...boxes, box];
  const x = Math.min(over.x, box.x);
  const y = Math.min(over.y, box.y);
  const width = Math.max(over.x + over.width, box.x + box.width) - x;
  const height = Math.max(over.y + over.height, box.y + box.height) - y;
  return withBox(
    boxes.filter((one) => one !== over),
    { x, y, width, height },
  );
}

const overlap = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

interface Mix {
  /** Share of the picture at night. */
  readonly night: number;
  /** Gains of red, green and blue. */
  readonly gains: readonly [number, number, number];
}

/** A low sun is warm; lamps are lit while it is still half bright outside. */
const MIXES: Readonly<Record<Light, Mix>> = {
  night: { night: 1, gains: [1, 1, 1] },
  dawn: { night: 0.34, gains: [1.02, 0.96, 0.97] },
  day: { night: 0, gains: [1, 1, 1] },
  evening: { night: 0.08, gains: [1.04, 0.95, 0.83] },
  dusk: { night: 0.6, gains: [1, 0.91, 0.87] },
};

/** Whether the picture at night is part of a light. */
const needsNight = (light: Light): boolean => MIXES[light].night > 0;
const needsDay = (light: Light): boolean => MIXES[light].night < 1;

/** A picture in a light, from the same picture by day and at night. Both have the same size. */
export function litRaster(day: Raster, night: Raster, light: Light): Raster {
  const { night: share, gains } = MIXES[light];
  const { width, height } = day;
  const tables = gains.map((gain) => Uint8Array.from({ length: 256 }, (_, v) => Math.min(255, Math.round(v * gain))));
  const [red, green, blue] = [tables[0]!, tables[1]!, tables[2]!];
  // In 1/256, so that every machine gives the same pixel.
  const dark = Math.round(share * 256);
  const rgba = new Uint8Array(day.rgba.length);
  const mixed = (i: number): number => (day.rgba[i]! * (256 - dark) + night.rgba[i]! * dark + 128) >> 8;
  for (let i = 0; i < rgba.length; i += 4) {
    rgba[i] = red[mixed(i)]!;
    rgba[i + 1] = green[mixed(i + 1)]!;
    rgba[i + 2] = blue[mixed(i + 2)]!;
    rgba[i + 3] = mixed(i + 3);
  }
  return { rgba, width, height };
}

/** Replaces a clip that has stalled for long; without words, so it serves every language. */
function drawClipSlate(load: SharpLoader, { width, height }: FittedClip, corner: number): Promise<Raster> {
  const radius = Math.min(corner, width / 2, height / 2);
  const sign = pauseSign(width / 2, height / 2, Math.min(width, height) * 0.16);
  const svg = svgDocument(
    width,
    height,
    `<defs>${SLATE_GROUND}</defs><rect width="${width}" height="${height}" rx="${radius}" fill="url(#ground)"/>${sign}`,
  );
  return drawSvg(load, svg, width, height);
}

/** The file or address of a picture; undefined without a product to show. */
function sourceOf(src: string, { product, beside }: BuildContext): string | undefined {
  switch (src) {
    case 'product':
      return product?.image;
    case 'detail':
      return product === null ? undefined : detailOf(product);
    case 'beside':
      return beside?.image;
    default:
      return src;
  }
}

/** An image or sticker; undefined when it shows the product's picture and there is no product. */
export async function buildPicture(
  layer: LayerOf<'image'> | LayerOf<'sticker'>,
  c: BuildContext,
  where: string,
): Promise<BuiltLayer | undefined> {
  const src = sourceOf(layer.src, c);
  if (src === undefined) return undefined;
  if (layer.type === 'image' && layer.stands !== undefined) return buildStanding(layer, layer.stands, src, c, where);
  const request = {
    src,
    where: `${where}.src`,
    ...sizesOf(layer, c.canvas),
    maxWidth: c.canvas.width,
    maxHeight: c.canvas.height,
    fit: layer.fit,
    radius: layer.type === 'image' ? alongShortest(layer.radius, c.canvas) : 0,
  };
  const picture = followsLight(layer) ? await litPicture(layer.night, request, c, where) : await c.picture(request);
  const box = placeBox(layer, picture.width, picture.height, c.canvas);
  const plain = { raster: picture.raster, dx: picture.dx, dy: picture.dy };
  const shades = layer.type === 'image' && layer.shadow === true;
  const whole = shades ? withShadow(plain) : plain;
  if (shades) await c.judge(`${where}.src: ${assetName(src)} with its shadow`, whole.raster);
  // A push-in makes sizes of one picture.
  const splits = layer.depth !== undefined && !(layer.type === 'image' && layer.pushIn !== undefined);
  return { box, sprites: splits ? separateParts(whole) : [whole] };
}

/** The picture in the light of the set; all that it is made of is judged, and so is the result. */
async function litPicture(
  night: string,
  request: PictureRequest,
  c: BuildContext,
  where: string,
): Promise<LoadedPicture> {
  const { light } = c;
  const dark = { ...request, src: night, where: `${where}.night` };
  if (!needsNight(light)) return c.picture(request);
  if (!needsDay(light)) return c.picture(dark);
  const [day, other] = [await c.picture(request), await c.picture(dark)];
  if (day.raster.width !== other.raster.width || day.raster.height !== other.raster.height) {
    const size = ({ width, height }: Raster): string => `${width}×${height}`;
    throw new EngineError('E_LAYER_INVALID', {
      where: `${where}.night`,
      expected: `a picture of the form of ${assetName(request.src)}, which is drawn ${size(day.raster)}`,
      found: size(other.raster),
      todo: 'give both pictures the same size, or fit: "fill" or "cover" with width and height',
    });
  }
  const raster = litRaster(day.raster, other.raster, light);
  await c.judge(`${where}.night: ${assetName(request.src)} by ${light} light`, raster);
  return { ...day, raster };
}

/** Pictures and clips in turn, all in one box: the layer's, or the first item's. */
export async function buildMedia(layer: LayerOf<'media'>, c: BuildContext, where: string): Promise<BuiltLayer> {
  let { width, height } = sizesOf(layer, c.canvas);
  const sprites: BuiltSprite[] = [];
  const covers: boolean[] = [];
  const slates = new Map<string, Promise<Raster>>();
  const radius = alongShortest(layer.radius, c.canvas);
  for (const [i, src] of layer.items.entries()) {
    const request = {
      src,
      where: `${where}.items[${i}]`,
      width,
      height,
      maxWidth: c.canvas.width,
      maxHeight: c.canvas.height,
      fit: layer.fit,
      radius,
    };
    const clip = await c.clip(request);
    if (clip === undefined) {
      const picture = await c.picture(request);
      width ??= picture.width;
      height ??= picture.height;
      sprites.push({ raster: picture.raster, dx: picture.dx, dy: picture.dy });
      covers.push(picture.covers);
    } else {
      const { fitted, raster, opaque } = clip;
      width ??= fitted.boxWidth;
      height ??= fitted.boxHeight;
      const size = `${fitted.width}×${fitted.height}`;
      const slate = slates.get(size) ?? drawClipSlate(c.sharp, fitted, radius);
      slates.set(size, slate);
      sprites.push({ raster, dx: fitted.dx, dy: fitted.dy, clip, slate: await slate });
      covers.push(opaque && fitted.width >= width && fitted.height >= height);
    }
  }
  return {
    box: placeBox(layer, width!, height!, c.canvas),
    sprites,
    cycle: {
      holdMs: layer.holdMs,
      fadeMs: layer.fadeMs,
      covers,
      idleAfterMs: layer.idleAfterMs,
      slateAfterMs: layer.slateAfterMs,
    },
  };
}
