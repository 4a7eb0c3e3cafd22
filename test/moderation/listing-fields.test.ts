import t from 'tap';
import { TextJudge } from '../../src/moderation/index.js';
import { productOf } from '../kit/product-of.js';

const judge = new TextJudge();
const mug = productOf({
  price: { amount: 4.8, currency: 'USD', unit: 'piece' },
  minimumOrder: '100 pieces',
  priceLadder: [
    { from: 100, to: 499, price: 4.8 },
    { from: 500, price: 4.2 },
  ],
  sample: { price: 9, quantity: 1 },
  attributes: [{ name: 'Capacity', value: '350 ml' }],
});
const kinds = (text: string, language = 'en'): string[] =>
  judge.judge(text, { surface: 'speech', language, entry: [mug] }).hits.map(({ rule, kind }) => `${rule} ${kind}`);

t.test('a step of the price ladder and the price of a sample are the listing’s', async (t) => {
  t.same(kinds('From 500 pieces, each costs 4.20 US dollars.'), []);
  t.same(kinds('A sample costs 9 US dollars.'), []);
  t.same(kinds('500個から、一つ4.20米ドルです。', 'ja'), []);
});

t.test('another price is not, and a ladder quantity alone is no minimum order', async (t) => {
  t.same(kinds('From 500 pieces, each costs 3.90 US dollars.'), ['5.5 price']);
  t.same(kinds('500個から、一つ3.90米ドルです。', 'ja'), ['5.5 price']);
  t.same(kinds('The minimum order is 500 pieces.'), ['5.5 minimum-order']);
  t.same(kinds('You can order from 50 pieces at 4.20 US dollars.'), ['5.5 minimum-order']);
});

t.test('an attribute is stated like a fact', async (t) => {
  t.same(kinds('It holds 500 ml.'), ['2.1 spec']);
  t.same(kinds('It holds 350 ml.'), []);
});
