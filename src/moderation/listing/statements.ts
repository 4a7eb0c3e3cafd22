import type { Product } from '../../config/sections/product.js';

const range = ({ from, to }: { from: number; to?: number | undefined }): string =>
  to === undefined ? `from ${from}` : `${from} to ${to}`;

/** The texts of a product that a line is compared with, apart from amounts by quantity. */
export const describing = (product: Product): string[] => [
  ...product.facts,
  ...product.attributes.map(({ name, value }) => `${name}: ${value}`),
  ...product.variants.map(({ name, values }) => `${name}: ${values.map((one) => one.name).join(', ')}`),
  ...product.certificates.map((one) => [one.name, one.number, one.issuer, one.region].filter(Boolean).join(', ')),
  ...product.packing.map(({ name, value }) => `${name}: ${value}`),
  ...product.faq.flatMap(({ question, answer }) => [question, answer]),
];

/** Every text that a product states, its title first. Amounts by quantity are written out, so that their figures count as stated. */
export function statements(product: Product): string[] {
  const { price, sample, customisation } = product;
  const money = (amount: number): string => `${amount} ${price.currency}`;
  return [
    product.title,
    product.subtitle,
    product.minimumOrder,
    ...describing(product),
    ...product.priceLadder.map((step) => `${range(step)} pcs: ${money(step.price)}`),
    ...product.leadTime.map((step) => `${range(step)} pcs: ${step.days} days`),
    ...(sample === undefined ? [] : [`Sample: ${money(sample.price)}`]),
    ...(sample?.days === undefined ? [] : [`Sample: ${sample.days} days`]),
    ...(customisation === undefined ? [] : [`Logo: from ${customisation.from} pcs`]),
  ].filter((text) => text !== '');
}
