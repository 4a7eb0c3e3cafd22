import { product, type Product } from '../../src/config/sections/product.js';

/** A product whose listing has every field that the writer reads. */
export const fullProduct = (parts: Record<string, unknown> = {}): Product =>
  product.parse({
    id: 'mug',
    title: 'Steel Mug 350 ml',
    image: 'mug.png',
    price: { amount: 4.8, currency: 'USD', unit: 'piece' },
    minimumOrder: '100 pieces',
    facts: ['Double wall with a screw lid'],
    priceLadder: [
      { from: 100, to: 499, price: 4.8 },
      { from: 500, price: 4.2 },
    ],
    leadTime: [
      { from: 1, to: 500, days: 15 },
      { from: 501, days: 30 },
    ],
    variants: [{ name: 'Color', values: [{ name: 'Black' }, { name: 'White' }, { name: 'Blue' }] }],
    attributes: [
      { name: 'Material', value: 'Stainless steel' },
      { name: 'Capacity', value: '350 ml' },
      { name: 'Weight', value: '0.3 kg' },
      { name: 'Closure Type', value: 'Screw lid' },
    ],
    certificates: [{ name: 'LFGB', number: '2024-117' }],
    packing: [{ name: 'Size', value: '40 x 30 x 30 cm' }],
    faq: [{ question: 'Can I print my logo', answer: 'Yes, it is engraved from 100 pieces' }],
    sample: { price: 9, quantity: 1 },
    ...parts,
  });
