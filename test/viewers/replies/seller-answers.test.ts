import t from 'tap';
import { product, type Product } from '../../../src/config/sections/product.js';
import { deskOf } from './desk-of.js';

const faq = [
  { question: 'Do you offer samples?', answer: 'Yes, a sample costs 18 US dollars and ships in 3 days.' },
  { question: 'Can you print our logo?', answer: 'Yes, from 200 pieces.' },
];
const kettleOf = (more: object = {}): Product =>
  product.parse({
    id: 'kettle',
    title: 'Custom Logo Foldable Silicone Kettle',
    image: 'kettle.png',
    price: { amount: 12.9, currency: 'USD', unit: 'piece' },
    minimumOrder: '2 pieces',
    priceLadder: [
      { from: 2, to: 99, price: 12.9 },
      { from: 100, price: 11.45 },
    ],
    leadTime: [
      { from: 1, to: 100, days: 7 },
      { from: 101, days: 18 },
    ],
    faq,
    ...more,
  });

t.test("says the listing's own answer about samples, though its days are fewer than those of an order", async (t) => {
  const room = deskOf({ products: [kettleOf()] });
  await room.tell([{ text: 'can I get a sample first' }]);
  t.match(room.last(), { state: 'answered', path: 'faq' });
  t.match(room.lines[0]!.text, /18 US dollars.*3 days/);
});

t.test('never denies what the listing answers in another language', async (t) => {
  for (const [language, text] of [
    ['pt', 'vcs enviam amostra?'],
    ['tr', 'numune var mı'],
    ['zh', '可以定制logo吗'],
    ['de', 'gibt es ein Muster?'],
    ['ja', 'サンプルはありますか'],
  ] as const) {
    const room = deskOf({ products: [kettleOf()] });
    await room.tell([{ text }]);
    const denials = room.desk['options'].finder.notListed(language);
    t.equal(room.lines.length, 1, text);
    t.equal(room.lines[0]!.language, language);
    t.notOk(
      denials.some((one) => room.lines[0]!.text.includes(one)),
      room.lines[0]!.text,
    );
  }
});

t.test('says sample and own logo in every language where the listing has them as fields', async (t) => {
  const kettle = kettleOf({ sample: { price: 18, days: 3 }, customisation: { from: 200 } });
  for (const [text, said] of [
    ['can I get a sample first', /18 .*3 days/],
    ['vcs enviam amostra?', /18 .*3 dias/],
    ['numune var mı', /18 .*3 gün/],
    ['有样品吗', /18美元.*3天/],
    ['можно образец?', /18 .*3 дня/],
    ['my logo on it?', /200 pieces/],
    ['可以定制logo吗', /200件/],
    ['logomuzu basar mısınız?', /200 adet/],
    ['هل يمكن طباعة شعارنا؟', /200/],
  ] as const) {
    const room = deskOf({ products: [kettle] });
    await room.tell([{ text }]);
    t.equal(room.last().state, 'answered', text);
    t.match(room.lines[0]?.text, said);
  }
});

t.test('sends viewers to the page where a rule refuses the answer, and tells the operator why', async (t) => {
  const room = deskOf({
    products: [kettleOf({ faq: [{ question: 'Do you have a warranty?', answer: 'Yes, write to us on WhatsApp.' }] })],
  });
  await room.tell([{ text: 'is there a warranty?' }]);
  t.match(room.lines[0]!.text, /product card/);
  t.notMatch(room.lines[0]!.text, /not|WhatsApp/);
  t.match(room.questions.list(), [{ reason: /breaks rule/ }]);
});
