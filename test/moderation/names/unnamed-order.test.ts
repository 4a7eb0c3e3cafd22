import t from 'tap';
import { TextJudge } from '../../../src/moderation/text-judge.js';
import { isNobodysOrder } from '../../../src/moderation/contacts/detect-personal.js';

const judge = new TextJudge();
const rules = (text: string, language: string): string[] =>
  judge.judge(text, { surface: 'speech', language }).hits.map((h) => h.rule);

t.test('an order number without a name passes, with a name it is personal data', async (t) => {
  for (const [language, alone, named] of [
    ['en', 'Your order number is 1124587963021, it ships on Friday', "Maria's order number is 1124587963021"],
    ['zh', '订单号 1124587963021 已经发货了', '王芳的订单号 1124587963021 发货了'],
    ['de', 'Die Bestellnummer 1124587963021', 'Die Bestellnummer 1124587963021 von Peter ist unterwegs'],
    ['ru', 'Номер заказа 1124587963021', 'Номер заказа Ивановой 1124587963021'],
    ['ko', '주문번호는 1124587963021 입니다', '김민수님 주문번호는 1124587963021'],
    ['fr', 'Le numéro de commande est 1124587963021', 'Le numéro de commande de Claire est 1124587963021'],
    ['ar', 'رقم الطلب 1124587963021', 'رقم الطلب الخاص بأحمد 1124587963021'],
    ['hi', 'ऑर्डर नंबर 1124587963021', 'सीमा का ऑर्डर नंबर 1124587963021'],
  ] as const) {
    t.strictSame(rules(alone, language), [], alone);
    t.ok(rules(named, language).includes('5.3'), named);
  }
});

t.test('an amount or a day after "order" is not an order number', async (t) => {
  t.strictSame(rules('We filled an order of 20000000 pieces for a customer last spring', 'en'), []);
  t.strictSame(rules('The order of 12/05/2026 for that customer went out complete', 'en'), []);
});

t.test('a capital within a sentence may be a name, a weekday is not', async (t) => {
  const text = (tail: string): string => `the order number is 1124587963021 ${tail}`;
  t.equal(isNobodysOrder(text('on Friday'), 4, 33), true);
  t.equal(isNobodysOrder(text('for Jin'), 4, 33), false);
});
