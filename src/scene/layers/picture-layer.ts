import type { LayerOf } from '../../config/layer.js';
import { alongShortest, placeBox, sizesOf } from '../place-box.js';
import type { BuildContext, BuiltLayer } from './build-context.js';

/** An image or sticker; undefined when it shows the product's picture and there is no product. */
export async function buildPicture(
  layer: LayerOf<'image'> | LayerOf<'sticker'>,
  c: BuildContext,
  where: string,
): Promise<BuiltLayer | undefined> {
  const src = layer.src === 'product' ? c.product?.image : layer.src;
  if (src === undefined) return undefined;
  const picture = await c.picture({
    src,
    where: `${where}.src`,
    ...sizesOf(layer, c.canvas),
    maxWidth: c.canvas.width,
    maxHeight: c.canvas.height,
    fit: layer.fit,
    radius: layer.type === 'image' ? alongShortest(layer.radius, c.canvas) : 0,
  });
  const box = placeBox(layer, picture.width, picture.height, c.canvas);
  return { box, sprites: [{ raster: picture.raster, dx: picture.dx, dy: picture.dy }] };
}

/** Pictures in turn, all in one box: the layer's, or that of the first picture. */
export async function buildMedia(layer: LayerOf<'media'>, c: BuildContext, where: string): Promise<BuiltLayer> {
  let { width, height } = sizesOf(layer, c.canvas);
  const pictures = [];
  for (const [i, src] of layer.items.entries()) {
    const picture = await c.picture({
      src,
      where: `${where}.items[${i}]`,
      width,
      height,
      maxWidth: c.canvas.width,
      maxHeight: c.canvas.height,
      fit: layer.fit,
      radius: alongShortest(layer.radius, c.canvas),
    });
    width ??= picture.width;
    height ??= picture.height;
    pictures.push(picture);
  }
  return {
    box: placeBox(layer, width!, height!, c.canvas),
    sprites: pictures.map((p) => ({ raster: p.raster, dx: p.dx, dy: p.dy })),
    cycle: { holdMs: layer.holdMs, fadeMs: layer.fadeMs, covers: pictures.map((p) => p.covers) },
  };
}
