import type { Product } from '../config/sections/product.js';
import type { CheckFault } from '../admission/check-rights.js';

/**
 * Prices that nobody meant: in the currency of whoever saved the page ("28.80 Ghanaian cedis each" would be said to
 * buyers of everywhere), or a price that is no step of its own ladder, so that viewers hear two.
 */
export const checkPrices = ({ products }: { readonly products: readonly Product[] }): CheckFault[] =>
  products.flatMap((product, i) => [...currencyFault(product, i), ...ladderFault(product, i)]);

function currencyFault({ price }: Product, i: number): CheckFault[] {
  if (price.ofVisitor !== true) return [];
  return [
    {
      severity: 'fault',
      where: `products[${i}].price.currency`,
      expected: 'a currency that the seller chose',
      found: unchosenCurrency(price.currency),
      todo: `set the shop to your currency in your browser, save the page and take the product again; or take "ofVisitor" out of the price to confirm ${price.currency}`,
    },
  ];
}

function ladderFault({ price, priceLadder }: Product, i: number): CheckFault[] {
  if (priceLadder.length === 0 || priceLadder.some((step) => step.price === price.amount)) return [];
  return [
    {
      severity: 'fault',
      where: `products[${i}].price.amount`,
      expected: `a price of its ladder: ${priceLadder.map((step) => step.price).join(', ')}`,
      found: String(price.amount),
      todo: 'change the step of the ladder as well',
    },
  ];
}

/** "prices in Ghanaian cedis, which the room's seller did not choose". */
const unchosenCurrency = (code: string): string =>
  `prices in ${currencyName(code)}, which the room's seller did not choose`;

function currencyName(code: string): string {
  const parts = new Intl.NumberFormat('en', { style: 'currency', currency: code, currencyDisplay: 'name' });
  return parts.formatToParts(2).find(({ type }) => type === 'currency')?.value ?? code;
}
