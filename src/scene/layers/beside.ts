import type { Product } from '../../config/sections/product.js';
import type { RoomConfig } from '../../config/room-config.js';

export interface Comparison {
  /** What stands beside the product; null where it is alone. */
  readonly beside: Product | null;
  /** The product, named by its own variant when it is compared with another. */
  readonly variant: Product | null;
}

/** A product beside its first variant with a picture of its own, else beside the room's next product on sale. */
export function comparison(product: Product | null, { products }: Pick<RoomConfig, 'products'>): Comparison {
  if (product === null) return { beside: null, variant: null };
  for (const { values } of product.variants) {
    const other = values.find(({ image }) => image !== undefined && image !== product.image);
    if (other === undefined) continue;
    const own = values.find((one) => one !== other && (one.image === undefined || one.image === product.image));
    return {
      beside: { ...named(product, other.name), image: other.image! },
      variant: own === undefined ? product : named(product, own.name),
    };
  }
  const at = products.findIndex(({ id }) => id === product.id);
  const others = [...products.slice(at + 1), ...products.slice(0, Math.max(0, at))];
  return { beside: others.find(({ stock }) => stock === 'on-sale') ?? null, variant: product };
}

const named = (product: Product, name: string): Product => ({
  ...product,
  title: name.charAt(0).toLocaleUpperCase() + name.slice(1),
  name: {},
});

/** The picture of a close-up: the product's next one, or its only one. */
export const detailOf = ({ image, images }: Product): string => images.find((one) => one !== image) ?? image;
