import t from 'tap';
import { productOf } from '../../kit/product-of.js';
import { TextJudge } from '../../../src/moderation/text-judge.js';

const judge = new TextJudge({ model: null });
const entry = [
  productOf({
    id: 'bottle',
    title: 'Insulated Steel Bottle 750 ml',
    price: { amount: 4.8, currency: 'USD', unit: 'piece', was: 5.6 },
    minimumOrder: '500 pieces',
    facts: ['Keeps drinks hot for 12 hours and cold for 24 hours'],
  }),
];
const rules = (text: string, language: string): string[] =>
  judge.judge(text, { surface: 'speech', language, entry }).hits.map((h) => h.rule);

t.test('a longer time than listed contradicts the listing in any language and unit', async (t) => {
  for (const [language, line] of [
    ['en', 'Keeps your coffee hot for thirty-six hours'],
    ['en', 'Ice stays frozen in it for five days'],
    ['zh', '热水放三天三夜还是烫的'],
    ['de', 'Die Flasche hält Getränke achtundvierzig Stunden heiß'],
    ['es', 'El agua se mantiene fría durante cinco días'],
    ['ru', 'Холод держит пять суток'],
  ] as const)
    t.ok(rules(line, language).includes('2.1'), line);
});

t.test('heat and cold have separate times', async (t) => {
  t.ok(rules('It stays hot for twenty-four hours', 'en').includes('2.1'));
  t.same(rules('Cold for a whole day, twenty-four hours', 'en'), []);
  t.same(rules('Elle garde le chaud douze heures et le froid vingt-quatre', 'fr'), []);
});

t.test('finds a minimum order at both ends of its clause', async (t) => {
  t.ok(rules("Order from one hundred pieces, that's the minimum", 'en').includes('5.5'));
  t.ok(rules('Mindestmenge ist heute nur fünfzig Stück', 'de').includes('5.5'));
  t.same(rules('Minimum order is five hundred pieces as on the page', 'en'), []);
});
