import t from 'tap';
import { TextJudge } from '../../src/moderation/text-judge.js';

// Without the line model: these are found by their parts.
const judge = new TextJudge({ model: null });
const find = (text: string, language: string): string[] =>
  judge.judge(text, { surface: 'speech', language }).hits.map((h) => `${h.rule} ${h.kind}`);

t.test('an admitted broken promise breaks 5.1, a kept one does not', async (t) => {
  for (const [text, language] of [
    ['I swore I would replace them and I am going back on it', 'en'],
    ['之前答应的返现不返了', 'zh'],
    ['Prometimos un repuesto y no vamos a enviarlo', 'es'],
    ['Обещали вернуть деньги, но возвращать не собираемся', 'ru'],
    ['Wir hatten zugesagt, dass wir tauschen, und halten uns nicht daran', 'de'],
  ] as const)
    t.ok(find(text, language).includes('5.1 promise-broken'), text);
  t.strictSame(find('We promised three weeks and the last batch left in nineteen days', 'en'), []);
  t.strictSame(find('说好的清洁刷每一单都会放进去', 'zh'), []);
});

t.test('different materials in listing and parcel break 5.5, equal ones do not', async (t) => {
  t.ok(find('The listing says wool but what ships is polyester', 'en').includes('5.5 not-as-listed'));
  t.ok(find('标题写的羊毛，其实是化纤', 'zh').includes('5.5 not-as-listed'));
  t.ok(find('Im Titel steht Wolle, aber es ist Polyester', 'de').includes('5.5 not-as-listed'));
  t.strictSame(find('The page says cotton and it is cotton', 'en'), []);
});

t.test('reports use without a licence, but not a refusal to print', async (t) => {
  t.ok(find('This song plays without a licence', 'en').includes('5.4 no-licence'));
  t.ok(find('这张照片未经同意拿来用', 'zh').includes('5.4 no-licence'));
  t.strictSame(find('没有授权的图案我们不印', 'zh'), []);
  const { verdict } = judge.judge('This song plays without a licence', { surface: 'speech', language: 'en' });
  t.equal(verdict, 'review');
});

t.test('a full name beside a house in a street is a personal address, a shop to visit is not', async (t) => {
  t.strictSame(find('Thanks to Anna Keller at 9 Mill Lane for the order', 'en'), ['5.3 address']);
  t.strictSame(find('Заказ для Петровой Анны, улица Мира 7', 'ru'), ['5.3 address']);
  t.strictSame(find('Visit Oakmere Home at 88 Zhongshan Road', 'en'), []);
});
