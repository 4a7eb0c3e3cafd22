import { isAbsolute, relative, sep } from 'node:path';
import type { Layer } from './sections/layer.js';
import type { Product } from './sections/product.js';

/** The reverse of resolving a room: paths inside the room's folder are written relative to it. */
export const relativeIn =
  (dir: string) =>
  (path: string): string => {
    if (!isAbsolute(path)) return path;
    const short = relative(dir, path);
    // Other drives and far folders stay absolute.
    if (short === '' || isAbsolute(short) || short.startsWith(`..${sep}..${sep}..${sep}`)) return path;
    return short.split(sep).join('/');
  };

export function productAsWritten(product: Product, dir: string): Product {
  const one = relativeIn(dir);
  return {
    ...product,
    image: one(product.image),
    images: product.images.map(one),
    variants: product.variants.map(({ name, values }) => ({
      name,
      values: values.map((value) => (value.image === undefined ? value : { ...value, image: one(value.image) })),
    })),
  };
}

export function layerAsWritten(layer: Layer, dir: string): Layer {
  const one = relativeIn(dir);
  if (layer.type === 'image')
    return { ...layer, src: one(layer.src), ...(layer.night === undefined ? {} : { night: one(layer.night) }) };
  if (layer.type === 'sticker') return { ...layer, src: one(layer.src) };
  if (layer.type === 'media') return { ...layer, items: layer.items.map(one) };
  return layer;
}
