import type { Product } from '../../config/sections/product.js';
import type { RundownLine } from '../rundown.js';

/** What a line gives a reason to show. */
export type LineTopic = 'attribute' | 'comparison' | 'price';

/** Single letters name sizes and much else. */
const LEAST_LETTERS = 2;
/** Scripts without spaces: a name is found anywhere. */
const UNSPACED = /[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/;

const PRICE_PANELS: ReadonlySet<string> = new Set(['ladder', 'countdown', 'coupon']);

/** The topic of a line by the panels it shows and the listing's own words in it; undefined for none. */
export function topicOf(
  { text, layers }: Pick<RundownLine, 'text' | 'layers'>,
  product: Product | undefined,
): LineTopic | undefined {
  if (layers.some(({ layer }) => PRICE_PANELS.has(layer.type))) return 'price';
  const said = text.toLowerCase();
  if (product !== undefined) {
    const names = (values: readonly { readonly name: string }[]): number =>
      values.filter(({ name }) => isNamed(name, said)).length;
    if (product.variants.some(({ values }) => names(values) > 1)) return 'comparison';
  }
  if (layers.some(({ layer }) => layer.type === 'attributes')) return 'attribute';
  if (product === undefined) return undefined;
  const price = String(product.price.amount);
  if (price.length > 2 && said.includes(price)) return 'price';
  return product.attributes.some(({ value }) => isNamed(value, said)) ? 'attribute' : undefined;
}

/** A whole word or phrase of the listing. */
function isNamed(name: string, said: string): boolean {
  const words = name.trim().toLowerCase();
  if (words.length < LEAST_LETTERS) return false;
  if (UNSPACED.test(words)) return said.includes(words);
  const exact = words.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\p{L}\\p{N}])${exact}(?![\\p{L}\\p{N}])`, 'u').test(said);
}
