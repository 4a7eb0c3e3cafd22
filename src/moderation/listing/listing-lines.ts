import type { Product } from '../../config/sections/product.js';

/** What a listing states besides its title, one statement a line: facts, attributes, choices, certificates, packing and answers. */
export function listingLines(product: Product): string[] {
  const { facts, attributes, packing, variants, certificates, faq, leadTime } = product;
  return [
    ...facts,
    ...[...attributes, ...packing].map(({ name, value }) => `${name}: ${value}`),
    ...variants.map(({ name, values }) => `${name}: ${values.map((one) => one.name).join(', ')}`),
    ...certificates.map(({ name, number, region }) => [name, number, region].filter(Boolean).join(' ')),
    ...faq.map(({ answer }) => answer),
    ...leadTime.map(({ days }) => `lead time ${days} days`),
  ];
}

/** Prices that a listing states for some quantity, the sample's included. */
export const statedPrices = ({ price, priceLadder, sample }: Product): number[] => [
  price.amount,
  ...(price.was === undefined ? [] : [price.was]),
  ...priceLadder.map((step) => step.price),
  ...(sample === undefined ? [] : [sample.price]),
];

/** Quantities from which a step of the price ladder holds. */
export const ladderQuantities = ({ priceLadder }: Product): number[] => priceLadder.map(({ from }) => from);
