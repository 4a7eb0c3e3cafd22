import t from 'tap';
import { TextJudge } from '../../src/moderation/text-judge.js';
import type { Product } from '../../src/config/sections/product.js';
import { productOf } from '../kit/product-of.js';
import { Listings } from '../../src/show/listings.js';

const product = (id: string, title: string, amount: number, more: Partial<Product> = {}): Product =>
  productOf({ id, title, price: { amount, currency: 'USD', unit: 'piece' }, ...more });
const bottle = product('bottle', 'Insulated Steel Bottle 750 ml', 4.8, { facts: ['Bamboo lid'] });
const boards = product('boards', 'Bamboo Cutting Boards, Set of 3', 6.5);
const lamp = product('lamp', 'LED折叠台灯', 12.8);
const all = [bottle, boards, lamp];
const entries = new Listings(all);
const ids = (id: string | undefined, text: string): string[] => entries.of(id, text).map((p) => p.id);

t.test("judges a line against the shown product's listing and those it names", async (t) => {
  t.strictSame(ids('bottle', 'It costs 6.50 dollars.'), ['bottle']);
  t.strictSame(ids('bottle', 'The bamboo lid is included.'), ['bottle'], 'bamboo is a word of both');
  t.strictSame(ids('bottle', 'Next comes the cutting board at 6.50.'), ['bottle', 'boards']);
  t.strictSame(ids('bottle', '接下来看台灯，12.8美元'), ['bottle', 'lamp']);
  t.equal(entries.of(undefined, 'It costs 6.50 dollars.'), all, 'without a product all listings apply');
  t.equal(entries.of('unheard-of', 'x'), all);
  t.equal(entries.of('bottle', 'a'), entries.of('bottle', 'b'), 'the same array for the same choice');
});

t.test("rejects another product's price", async (t) => {
  const judge = new TextJudge();
  const hits = (id: string, text: string): string[] =>
    judge
      .judge(text, { surface: 'speech', language: 'en', entry: entries.of(id, text) })
      .hits.map((h) => `${h.rule} ${h.kind}`);
  t.strictSame(hits('bottle', 'This bottle is 6.50 dollars today.'), ['5.5 price']);
  t.strictSame(hits('boards', 'This set is 6.50 dollars today.'), []);
  t.strictSame(hits('bottle', 'The boards are 6.50 dollars, the bottle is 4.80.'), []);
});
