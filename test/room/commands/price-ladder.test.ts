import t from 'tap';
import { contradiction, contradicts, withLadder } from '../../../src/room/commands/product-commands.js';
import { productOf } from '../../kit/product-of.js';

const kettle = productOf({
  id: 'kettle',
  title: 'Folding kettle',
  price: { amount: 12.9, currency: 'USD', unit: 'piece' },
  priceLadder: [
    { from: 2, to: 99, price: 12.9 },
    { from: 100, to: 499, price: 11.45 },
    { from: 500, price: 9.98 },
  ],
});

t.test('moves the step of the ladder that had the old price', async (t) => {
  const { patch, ladderStep } = withLadder(kettle, { price: { amount: 13.5 } });
  t.strictSame(ladderStep, { from: 2, was: 12.9, price: 13.5 });
  t.match(patch, { price: { amount: 13.5 }, priceLadder: [{ from: 2, to: 99, price: 13.5 }, { price: 11.45 }, {}] });
});

t.test('leaves a ladder that the patch names, a price of the ladder, and other patches', async (t) => {
  for (const body of [
    { price: { amount: 13.5 }, priceLadder: [{ from: 2, price: 13.5 }] },
    { price: { amount: 11.45 } },
    { price: { amount: 12.9 } },
    { price: { amount: 'much' } },
    { stock: 'sold-out' },
    null,
  ]) {
    t.strictSame(withLadder(kettle, body), { patch: body });
  }
});

t.test('refuses a price below the next step, and names the ladder', async (t) => {
  t.strictSame(withLadder(kettle, { price: { amount: 10 } }), { patch: { price: { amount: 10 } } });
  const cheaper = { ...kettle, price: { ...kettle.price, amount: 10 } };
  t.equal(contradicts(kettle), false);
  t.equal(contradicts(cheaper), true);
  t.match(contradiction(cheaper, 'product "kettle"'), {
    code: 'E_BAD_REQUEST',
    message: /12\.9, 11\.45, 9\.98.*found 10/,
  });
});
