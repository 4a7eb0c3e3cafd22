import { deflateRawSync } from 'node:zlib';
import t from 'tap';
import { lineFeatures, LineModel } from '../../src/moderation/model/line-model.js';
import { TextJudge } from '../../src/moderation/text-judge.js';

/** A model with the same opinion on every line. */
const always = (bias: number): LineModel => thinksOf(['2.1', '4.1'], [-9, -8], bias);
const said = (model: LineModel | null, text: string, language = 'en'): string[] =>
  new TextJudge({ model })
    .judge(text, { surface: 'speech', language })
    .hits.map((h) => `${h.rule} ${h.kind} ${h.start}-${h.end}`);

const HARMLESS = 'The lid and the base are sold separately today';
const NAMED = 'The telegram printed on this mug is from the year 1920';

t.test('a line without matches is a hit as a whole when the model is sure', async (t) => {
  t.same(said(always(3), HARMLESS), [`4.1 sense 0-${HARMLESS.length}`]);
  t.same(said(always(0.1), HARMLESS), []);
  t.same(said(null, HARMLESS), []);
});

t.test('takes lexicon matches back when the line resembles a harmless one', async (t) => {
  t.match(said(null, NAMED), [/^3\.2 platform/]);
  t.match(said(always(-1.4), NAMED), [/^3\.2 platform/]);
  t.same(said(always(-2), NAMED), []);
});

/** A model with the odds of one rule for every line, and separate odds for the line as a whole. */
function thinksOf(rules: readonly string[], ruleBiases: readonly number[], bias: number): LineModel {
  const header = { bits: 4, ruleBits: 4, rules, bias, scale: 1, ruleBiases, ruleScale: 1 };
  const weights = Buffer.alloc((1 + rules.length) * 16);
  return new LineModel(deflateRawSync(Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), weights])));
}
const rulesOf = (model: LineModel, text: string): string[] => said(model, text).map((hit) => hit.split(' ')[0]!);

t.test('a suspicious line that fits no rule is not a hit, a line that probably breaks one is', async (t) => {
  t.same(said(thinksOf(['2.1', '4.1'], [-9, -8], 2), HARMLESS), []);
  t.same(rulesOf(thinksOf(['2.1', '4.1'], [-9, 0.2], -0.5), HARMLESS), ['4.1']);
});

t.test('keeps lexicon matches while the line as a whole is in doubt, whatever the odds of their rule', async (t) => {
  t.same(rulesOf(thinksOf(['3.2', '4.1'], [-3, -9], -1), NAMED), ['3.2']);
  t.same(rulesOf(thinksOf(['3.2', '4.1'], [-1, -9], -1), NAMED), ['3.2']);
});

t.test('names a second rule beside the first where the line resembles both', async (t) => {
  const number = 'That lady lives next door to us, her number is +1 415 555 2671';
  const rules = ['3.2', '5.3', '4.1'];
  t.ok(rulesOf(thinksOf(rules, [-9, -1, -9], 3), number).includes('5.3'));
  t.notOk(rulesOf(thinksOf(rules, [-9, -1, -9], 3), number).includes('4.1'));
  t.same(rulesOf(thinksOf(rules, [-9, 0.5, 1], 3), HARMLESS).sort(), ['4.1', '5.3']);
  t.same(rulesOf(thinksOf(rules, [-9, -0.5, 1], 3), HARMLESS), ['4.1']);
});

t.test('assigns lexicon matches to the rule that the line is about', async (t) => {
  t.same(rulesOf(thinksOf(['3.2', '4.1'], [-3, 2], 3), NAMED), ['4.1']);
  t.same(rulesOf(thinksOf(['3.2', '4.1'], [-1, 2], 3), NAMED).sort(), ['3.2', '4.1']);
});

t.test('keeps numbers, links and addresses whatever the line resembles', async (t) => {
  const model = always(-9);
  t.match(said(model, 'For the whole price list of the week call +1 415 555 2671'), [/^3\.2 phone/]);
  t.match(said(model, 'The whole price list of the week is at www.example-shop.com'), [/^3\.2 link/]);
});

t.test('does not judge the sense of a few letters', async (t) => {
  t.same(said(always(9), 'Steel mug, 500 ml'), []);
  t.same(said(always(9), '不锈钢水杯', 'zh'), []);
});

t.test('a forgiven match requires higher odds to become a hit', async (t) => {
  const line = "Don't ever message strangers on WhatsApp about this order";
  t.same(said(always(1.5), line), []);
  t.match(said(always(1.7), line), [/sense/]);
});

t.test('a long text is a hit only where one of its parts is', async (t) => {
  const words = 'handle spout cable switch filter base cover hinge spring gasket screw panel'.split(' ');
  const text = words.map((w, i) => `The ${w} of this kettle can be taken off, part ${i + 1} in the box.`).join(' ');
  const hits = said(always(3), text);
  t.ok(hits.length >= 1);
  t.match(hits[0], / sense 0-/);
  t.same(said(always(-3), text), []);
});

t.test('features distinguish letters, words and meanings, and treat all digits alike', async (t) => {
  const none = new Map();
  const of = (text: string): unknown => [...lineFeatures(text, 0, text.length, none, []).letters].sort((a, b) => a - b);
  t.same(of('price 12'), of('price 98'));
  t.notSame(of('price 12'), of('prices 12'));
  const sets = new Map([
    ['mine', [{ start: 0, end: 2 }]],
    ['number', [{ start: 3, end: 9 }]],
    ['far', [{ start: 40, end: 44 }]],
  ]);
  // Two sets and their pair; the third is outside.
  t.equal(lineFeatures('my number is on it', 0, 18, sets, []).sets.size, 3);
});

t.test('the shipped model distinguishes a plain violation from a plain offer', async (t) => {
  const model = LineModel.open();
  const judge = new TextJudge({ model: null });
  const score = (text: string, language: string): number => model.score(judge.analyse(text, language).features);
  t.ok(score('Skip the checkout and wire the money to my own bank account, it is cheaper', 'en') > 2);
  t.ok(score('This kettle boils a litre of water in four minutes and switches itself off', 'en') < -2);
  t.ok(score('别在平台下单了，直接把钱转到我银行卡里，给你便宜', 'zh') > 2);
  t.ok(score('这款保温杯容量五百毫升，有三种颜色可以选', 'zh') < -2);
  t.equal(model.rule(judge.analyse('世界第一的面霜，三天根治皱纹', 'zh').features), '2.1');
});

t.test('a fee to the seller’s own card is paid off the platform and charged behind its back', async (t) => {
  const judge = new TextJudge();
  for (const [language, text] of [
    ['en', 'The rush fee goes on my private card, none of it shows on the platform.'],
    ['zh', '加急费单独转到我个人卡里，平台上不显示的。'],
  ] as const) {
    const rules = judge.judge(text, { surface: 'speech', language }).hits.map((h) => h.rule);
    t.ok(rules.includes('3.1') && rules.includes('4.2'), `${text} ${rules.join()}`);
  }
});

const OFFERS: readonly (readonly [string, string, string])[] = [
  [
    'en',
    '3.2',
    'The bag is leather, it comes in three colors, the strap is adjustable, my WhatsApp is on the tag, we ship from Ningbo',
  ],
  [
    'en',
    '2.1',
    "The kettle holds 1.7 liters, it boils in four minutes, it's the best kettle in the entire world, the lid comes off",
  ],
  [
    'de',
    '3.2',
    'Die Tasche ist aus Leder, es gibt drei Farben, meine WhatsApp-Nummer steht auf dem Etikett, wir liefern aus Ningbo',
  ],
  ['zh', '3.2', '这款保温杯是不锈钢的,颜色有七个,起订量一百个,想要报价单的加我V,同款不同盖也能做,下周就能发'],
  ['ja', '3.1', 'ソファは木製で、カバーは洗えて、二十日かかって、前金は妻の口座に振り込んでください、家まで届けます'],
];

t.test('one violating clause among many remains a hit', async (t) => {
  const judge = new TextJudge();
  for (const [language, rule, text] of OFFERS) {
    const rules = judge.judge(text, { surface: 'speech', language }).hits.map((h) => h.rule);
    t.ok(rules.includes(rule), `${text} ${rules.join()}`);
  }
});

t.test('a clause of denial excuses its neighbour', async (t) => {
  const judge = new TextJudge();
  const text = "People keep asking for my number, sorry, I'm not allowed to give it, just use the chat here";
  t.same(judge.judge(text, { surface: 'speech', language: 'en' }).hits, []);
});
