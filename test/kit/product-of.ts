import { product, type Product } from '../../src/config/sections/product.js';

/** A product of a room with every default filled in. */
export const productOf = (parts: Partial<Product> = {}): Product => ({
  ...product.parse({
    id: 'mug',
    title: 'Mug',
    image: 'mug.png',
    price: { amount: 1, currency: 'USD' },
  }),
  ...parts,
});
