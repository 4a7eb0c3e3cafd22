import t from 'tap';
import { productOf } from '../kit/product-of.js';
import type { Product } from '../../src/config/sections/product.js';
import { TextJudge } from '../../src/moderation/text-judge.js';

const judge = new TextJudge();
const rules = (text: string, language = 'en'): string[] => [
  ...new Set(judge.judge(text, { surface: 'speech', language }).hits.map((h) => h.rule)),
];

const find = (text: string, language: string): { rule: string; kind: string }[] =>
  judge.judge(text, { surface: 'speech', language }).hits.map(({ rule, kind }) => ({ rule, kind }));

t.test('hits carry offsets of the original text, whatever was folded before them', async (t) => {
  const text = '👋🏽 Ｈｉ, z\u200bw here: add me on Ｗｈａｔｓ\u200bＡｐｐ today';
  const { verdict, hits } = judge.judge(text, { surface: 'speech', language: 'en' });
  t.equal(verdict, 'violation');
  t.equal(hits.length, 1);
  t.equal(hits[0]!.match, 'add me on Ｗｈａｔｓ\u200bＡｐｐ');
  t.equal(text.slice(hits[0]!.start, hits[0]!.end), hits[0]!.match);
  t.equal(hits[0]!.action, 'mute');
});

t.test('the action is the rule table’s for the surface', async (t) => {
  for (const [surface, action] of [
    ['speech', 'mute'],
    ['caption', 'drop-caption'],
    ['reply', 'skip'],
    ['cover', 'refuse'],
    ['frame', 'blank'],
  ] as const) {
    t.equal(judge.judge('see www.example.com', { surface, language: 'en' }).hits[0]!.action, action, surface);
  }
});

t.test('names and addresses of the platforms themselves pass', async (t) => {
  for (const text of [
    'find us on Alibaba.com',
    'https://www.alibaba.com/product-detail/x_1600.html',
    'm.tb.cn/h.abc works too',
    'open taobao.com or 1688.com',
  ]) t.strictSame(rules(text), [], text); // prettier-ignore
  t.strictSame(rules('open alibaba.com.evil.net'), ['3.2']);
});

t.test('a viewer may be greeted but not exposed', async (t) => {
  const context = { surface: 'reply', language: 'en', viewerNames: ['Anna'] } as const;
  t.strictSame(judge.judge('Hi Anna, it comes in red too', context).hits, []);
  t.ok(judge.judge('Anna lives at the old mill', context).hits.some((h) => h.rule === '5.3'));
  t.strictSame(judge.judge('@Anna yes, it does', context).hits, []);
});

const mug: Product = productOf({
  id: 'mug',
  title: 'Steel mug',
  subtitle: '500 ml',
  image: 'mug.png',
  price: { amount: 12.5, currency: 'USD', unit: 'piece', was: 25 },
  minimumOrder: '50 pieces',
  facts: ['holds 500 ml', 'two year warranty', '18 cm high', 'ships in 7 days'],
});

t.test('statements must agree with the listing', async (t) => {
  const said = (text: string, language = 'en'): string[] =>
    judge.judge(text, { surface: 'speech', language, entry: [mug] }).hits.map((h) => `${h.rule} ${h.kind}`);
  t.strictSame(said('It costs $12.50, it was 25 dollars, that is 50% off'), []);
  t.strictSame(said('ten pieces for 125 dollars, it holds 0.5 liters'), []);
  t.strictSame(said('It costs only 9.99 dollars'), ['5.5 price']);
  t.strictSame(said('nineteen dollars today'), ['5.5 price']);
  t.strictSame(said('it holds 750 ml'), ['2.1 spec']);
  t.strictSame(said('the minimum order is 10 pieces'), ['5.5 minimum-order']);
  t.strictSame(said('you get a free gift'), ['5.1 gift']);
  t.strictSame(said('a five year warranty'), ['5.1 warranty']);
  t.strictSame(said('70% off today'), ['5.1 discount']);
  t.strictSame(said('only 3 left in stock'), ['5.1 stock']);
  t.strictSame(said('今天只要九块九', 'zh'), ['5.5 price']);
  t.strictSame(said('今天五折', 'zh'), []);
});

t.test('detects a text in a foreign language once it is long enough', async (t) => {
  t.ok(rules('Dieser Becher hält den Kaffee sechs Stunden lang warm und passt in jede Tasche', 'en').includes('5.6'));
  t.ok(rules('这个杯子可以保温六个小时，放进包里也不会漏', 'en').includes('5.6'));
  t.notOk(rules('Wunderbar, danke', 'en').includes('5.6'));
  t.notOk(rules('iPhone 15 Pro Max 256GB', 'zh').includes('5.6'));
  t.notOk(rules('Gelas ini menjaga kopi tetap panas selama enam jam penuh', 'ms').includes('5.6'));
});

t.test('judges a hundred thousand hostile characters in bounded time', async (t) => {
  const lines = [
    'a.',
    'www.',
    '1 ',
    '@',
    'dot com ',
    '加 ',
    'W h a t s ',
    '-'.repeat(7),
    '\u200b',
    'one two ',
    'x@x.',
    '+86 ',
  ];
  for (const piece of lines) {
    const text = piece.repeat(Math.ceil(100_000 / piece.length));
    const before = process.cpuUsage();
    judge.judge(text, { surface: 'speech', language: 'en' });
    const { user, system } = process.cpuUsage(before);
    const ms = (user + system) / 1000;
    t.ok(ms < 4000, `${JSON.stringify(piece)} took ${Math.round(ms)} ms`);
  }
});

t.test('finds a violation at the seam of two windows at its position', async (t) => {
  for (const at of [1990, 1999, 3595, 3605]) {
    const text = `${'word '.repeat(at / 5)}call me on WhatsApp${' word'.repeat(500)}`;
    const { hits } = judge.judge(text, { surface: 'speech', language: 'en' });
    t.ok(
      hits.some((h) => h.rule === '3.2' && text.slice(h.start, h.end).includes('WhatsApp')),
      `at ${at}`,
    );
  }
});

t.test('an empty text and one of signs only are clean', async (t) => {
  for (const text of ['', ' ', '🎉🎉🎉', '...', '\ud800', '。。！'])
    t.equal(judge.judge(text, { surface: 'reply', language: 'zh' }).verdict, 'clean');
});

t.test('a word between two others completes a combination', async (t) => {
  const judge = new TextJudge();
  const rules = (text: string, language: string): string[] =>
    judge.judge(text, { surface: 'speech', language }).hits.map((h) => h.rule);
  t.has(rules('Je vous garantis dix kilos de moins en une semaine', 'fr'), ['2.1']);
  t.same(rules('Le carton pèse dix kilos et part dans une semaine', 'fr'), []);
});

t.test('distinguishes Vietnamese words by accents, and finds them in unaccented text', async (t) => {
  t.same(find('Đồ ngủ cho bé, vải mát', 'vi'), []);
  t.match(find('Đồ ngu', 'vi'), [{ rule: '5.2' }]);
  t.match(find('do ngu', 'vi'), [{ rule: '5.2' }]);
});

t.test('a denial covers its own clause, unless it is cancelled', async (t) => {
  t.same(find("Don't ever message strangers on WhatsApp", 'en'), []);
  t.match(find("Don't wait, message me on WhatsApp", 'en'), [{ rule: '3.2' }]);
  t.match(find("Don't hesitate to message me on WhatsApp", 'en'), [{ rule: '3.2' }]);
  t.match(find('여기서 결제하지 마시고 제 계좌로 입금해 주세요', 'ko'), [{ rule: '3.1' }]);
  t.same(find('외부 계좌로 입금하지 마세요', 'ko'), []);
});

t.test(
  'leaves a plain word to the lexicon, which handles warnings, and only its sound to the phonetic detector',
  async (t) => {
    t.strictSame(rules('凡是叫你加微信付款的都是骗子', 'zh'), []);
    t.match(rules('叫你家喂新聊的都来', 'zh'), ['3.2']);
  },
);

t.test('joins separate Thai letters to one word', async (t) => {
  t.match(rules('แ อ ด ไ ล น์ มาคุยกัน', 'th'), ['3.2']);
});

t.test('an order page excuses a payment, unless it is to be skipped', async (t) => {
  const verdict = (line: string): string => judge.judge(line, { surface: 'speech', language: 'en', entry: [] }).verdict;
  t.equal(verdict('You can pay by credit card or PayPal on the order page'), 'clean');
  t.equal(verdict('skip the order page, PayPal me instead'), 'violation');
});

t.test('a scanner that reads QR codes is a product, a request to scan one is a hit', async (t) => {
  t.strictSame(rules('Le scanner lit les QR codes et les codes-barres', 'fr'), []);
  t.ok(rules('vous pouvez scanner le code QR pour nous joindre', 'fr').includes('3.3'));
  t.strictSame(rules('Vendemos lectores de códigos QR para almacén', 'es'), []);
});
