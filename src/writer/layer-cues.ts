import type { Layer } from '../config/sections/layer.js';
import type { Product } from '../config/sections/product.js';
import type { DraftLine } from './draft.js';

/** Layers that a line may show. */
const MAX_SHOWN = 10;

/**
 * Ids of the on-cue layers that belong to a line: the ladder to prices by quantity, the table to attributes, a variant's picture to
 * the choices, coupon and countdown to the price and to how to order.
 */
export function layerCues(
  { about }: Pick<DraftLine, 'about'>,
  product: Product | undefined,
  layers: readonly Layer[],
): readonly string[] {
  if (product === undefined) return [];
  return layers
    .filter((layer) => layer.shown === 'on-cue' && (layer.product ?? product.id) === product.id)
    .filter((layer) => belongs(layer, about, product))
    .map(({ id }) => id)
    .slice(0, MAX_SHOWN);
}

function belongs(layer: Layer, about: string, product: Product): boolean {
  const { type } = layer;
  if (type === 'ladder') return about === 'price ladder' && product.priceLadder.length > 0;
  if (type === 'attributes') return about.startsWith('attribute: ') && product.attributes.length > 0;
  if (type === 'coupon' || type === 'countdown') return about === 'price' || about === 'order';
  if (type !== 'image') return false;
  return product.variants.some(
    ({ name, values }) => about === `variants: ${name}` && values.some(({ image }) => image === layer.src),
  );
}
