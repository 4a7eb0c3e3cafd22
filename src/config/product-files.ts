import { isAbsolute, join } from 'node:path';
import type { Product } from './sections/product.js';

/** Makes a reference absolute. References are plain paths: a name may contain spaces, `%20`, `#` and any script. */
export const absoluteIn =
  (dir: string) =>
  (ref: string): string =>
    isAbsolute(ref) ? ref : join(dir, ref);

/** A product with absolute paths of its pictures; data: URLs are kept. */
export function productFilesIn(folder: string, product: Product): Product {
  const within = absoluteIn(folder);
  const absolute = (src: string): string => (src.startsWith('data:') ? src : within(src));
  return {
    ...product,
    image: absolute(product.image),
    images: product.images.map(absolute),
    variants: product.variants.map(({ name, values }) => ({
      name,
      values: values.map((one) => (one.image === undefined ? one : { ...one, image: absolute(one.image) })),
    })),
  };
}
