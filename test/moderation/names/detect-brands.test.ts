import t from 'tap';
import { product } from '../../../src/config/sections/product.js';
import { TextJudge } from '../../../src/moderation/text-judge.js';

const judge = new TextJudge();
const entry = [
  product.parse({
    id: 'vacuum',
    title: 'Cordless vacuum cleaner',
    image: 'vacuum.png',
    price: { amount: 60, currency: 'USD' },
    facts: ['Compatible with Bose docks'],
  }),
];
const rules = (text: string, language = 'en', surface: 'caption' | 'speech' = 'caption'): string[] =>
  judge.judge(text, { surface, language, entry }).hits.map((h) => `${h.rule} ${h.action}`);

t.test('reports a claimed or compared brand missing from the listing, on screen', async (t) => {
  t.same(rules('Quieter than Dyson'), ['5.4 warn']);
  t.same(rules('Our Dyson in three colours'), ['5.4 warn']);
  t.same(rules('Besser als Dyson', 'de'), ['5.4 warn']);
  t.same(rules('对标戴森的吸力', 'zh'), ['5.4 warn']);
});

t.test('accepts compatible products, listed brands and ordinary words', async (t) => {
  t.same(rules('Fits the Dyson charger'), []);
  t.same(rules('Works like the Bose docks'), []);
  t.same(rules('It is red like an apple'), []);
  t.same(rules('Quieter than the old model'), []);
});

t.test('applies the rule on screen, not in speech', async (t) => {
  t.same(rules('Quieter than Dyson', 'en', 'speech'), []);
});
