import { product, type Product } from '../../../src/config/sections/product.js';

/** A listing with every field that answers need. */
export const bottle: Product = product.parse({
  id: 'bottle',
  title: 'Insulated Steel Bottle 750 ml',
  image: 'bottle.png',
  price: { amount: 4.8, currency: 'USD', unit: 'piece' },
  minimumOrder: '100 pieces',
  priceLadder: [
    { from: 100, to: 499, price: 4.8 },
    { from: 500, to: 1999, price: 4.2 },
    { from: 2000, price: 3.9 },
  ],
  leadTime: [
    { from: 100, to: 1000, days: 15 },
    { from: 1001, days: 25 },
  ],
  variants: [{ name: 'Color', values: [{ name: 'Black' }, { name: 'White' }, { name: 'Green' }] }],
  attributes: [
    { name: 'Material', value: 'Stainless steel' },
    { name: 'Capacity', value: '750 ml' },
    { name: 'Warranty', value: '2 years' },
  ],
  facts: ['Laser-engraved logo and custom colours from 500 pieces', 'Double-wall vacuum body'],
  certificates: [{ name: 'LFGB' }, { name: 'RoHS' }],
  packing: [{ name: 'Packing', value: 'one piece in a kraft box' }],
  sample: { price: 9, quantity: 2 },
  faq: [
    {
      question: 'Can it go into the dishwasher?',
      answer: 'The bottle is washed by hand; the lid may go into the dishwasher.',
    },
    { question: 'Does the lid leak when it lies in a bag?', answer: 'The lid has a silicone seal and closes tight.' },
    { question: 'How long does it keep drinks hot?', answer: 'It keeps drinks hot for 12 hours.' },
  ],
});

export const lunchbox: Product = product.parse({
  id: 'lunchbox',
  title: 'Silicone Lunch Box with Sections',
  image: 'lunchbox.png',
  price: { amount: 3.2, currency: 'USD', unit: 'piece' },
  minimumOrder: '1000 pieces',
});
