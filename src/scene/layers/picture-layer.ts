import type { LayerOf } from '../../config/sections/layer.js';
import { EngineError } from '../../core/errors.js';
import { drawClipSlate } from '../clips/clip-slate.js';
import { alongShortest, placeBox, sizesOf } from '../place-box.js';
import { assetName } from '../assets/read-asset.js';
import type { LoadedPicture, PictureRequest } from '../assets/load-picture.js';
import { followsLight } from '../light/light-layers.js';
import { litRaster, needsDay, needsNight } from '../light/lit-raster.js';
import type { Raster } from '../raster.js';
import { separateParts } from './separate-parts.js';
import { withShadow } from './soft-shadow.js';
import type { BuildContext, BuiltLayer, BuiltSprite } from './build-context.js';

/** An image or sticker; undefined when it shows the product's picture and there is no product. */
export async function buildPicture(
  layer: LayerOf<'image'> | LayerOf<'sticker'>,
  c: BuildContext,
  where: string,
): Promise<BuiltLayer | undefined> {
  const src = layer.src === 'product' ? c.product?.image : layer.src;
  if (src === undefined) return undefined;
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
