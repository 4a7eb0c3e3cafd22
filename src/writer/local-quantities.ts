import type { Product } from '../config/sections/product.js';
import { baseLanguage } from '../moderation/index.js';
import { KnownWords } from './known-words.js';
import { listingLanguage } from './listing-language.js';
import { sentencePlans } from './load-plans.js';
import { SpokenValues } from './spoken-values.js';

/**
 * A product for a room in another language than its page: unit and minimum order as that language writes them, where
 * they are known words ("6 pieces" becomes "6 piezas").
 */
export function withLocalQuantities(product: Product, roomLanguage: string): Product {
  const plans = sentencePlans();
  const language = baseLanguage(roomLanguage);
  const plan = plans.get(language);
  if (plan === undefined || listingLanguage(product, language) === language) return product;
  const known = new KnownWords(plans);
  const values = new SpokenValues(plan);
  const unit = known.unitOf(product.price.unit);
  const minimum = known.quantityOf(product.minimumOrder);
  return {
    ...product,
    price: unit === undefined ? product.price : { ...product.price, unit: values.unit(unit) },
    minimumOrder: minimum === undefined ? product.minimumOrder : values.quantity(minimum.count, minimum.unit),
  };
}
