import t from 'tap';
import { checkPrices } from '../../src/intake/check-prices.js';
import { productOf } from '../kit/product-of.js';

const of = (parts: object) => productOf({ id: 'kettle', title: 'Folding kettle', ...parts } as never);

t.test('faults a currency that the seller did not choose, and says how to choose it', async (t) => {
  const price = { amount: 28.8, currency: 'GHS', unit: 'piece' };
  t.match(checkPrices({ products: [of({ price: { ...price, ofVisitor: true } })] }), [
    {
      severity: 'fault',
      where: 'products[0].price.currency',
      found: "prices in Ghanaian cedis, which the room's seller did not choose",
      todo: /save the page.*confirm GHS/,
    },
  ]);
  t.same(checkPrices({ products: [of({ price })] }), [], 'a confirmed one is fine');
});

t.test('faults a price that is no step of its own ladder', async (t) => {
  const priceLadder = [
    { from: 2, to: 99, price: 12.9 },
    { from: 100, price: 11.45 },
  ];
  const price = { amount: 13.5, currency: 'USD', unit: 'piece' };
  t.match(checkPrices({ products: [of({ price, priceLadder })] }), [{ where: 'products[0].price.amount' }]);
  t.same(checkPrices({ products: [of({ price: { ...price, amount: 11.45 }, priceLadder })] }), []);
});
