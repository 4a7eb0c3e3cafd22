import t from 'tap';
import { OwnWords } from '../../../src/moderation/own-words/own-words.js';
import { TextJudge } from '../../../src/moderation/text-judge.js';
import { ruleWords } from '../../../src/config/rule-words.js';
import type { Surface } from '../../../src/core/verdict.js';

const plain = new TextJudge();
const judge = new TextJudge({
  own: new OwnWords(
    ruleWords.parse({
      forbid: [
        { rule: '2.1', language: 'en', terms: ['copper moon', 'moonlik*'] },
        { rule: '4.1', language: 'zh', terms: ['海港同款'] },
      ],
      allow: [
        { terms: ["World's Best Mug", 'telegram', '13812345678', 'bottle.com'] },
        { language: 'zh', terms: ['最好壶'] },
      ],
    }),
  ),
});

const found = (text: string, language = 'en', surface: Surface = 'speech', by = judge): string[] =>
  by.judge(text, { surface, language }).hits.map(({ rule, kind, match }) => `${rule} ${kind} ${match}`);

t.test('forbids the room’s own words on every surface, with the action of the rule', async (t) => {
  const text = 'You will have copper moon with this pan.';
  t.strictSame(found(text, 'en', 'speech', plain), []);
  for (const surface of ['speech', 'caption', 'reply', 'frame', 'cover', 'entry'] as const)
    t.strictSame(found(text, 'en', surface), ['2.1 own copper moon'], surface);
  t.equal(judge.judge(text, { surface: 'speech', language: 'en' }).hits[0]?.action, 'mute');
  t.equal(judge.judge(text, { surface: 'caption', language: 'en' }).hits[0]?.action, 'drop-caption');
});

t.test('finds them in every disguise that applies to the packs’ words', async (t) => {
  for (const text of [
    'COPPER  MOON here',
    'c o p p e r moon here',
    'ｃｏｐｐｅｒ ｍｏｏｎ here',
    'c0pp3r m00n here',
    'coppeeer moon',
  ])
    t.match(found(text)[0], /^2\.1 own/, text);
  t.match(found('A moonlike pan.')[0], '2.1 own moonlike');
  t.match(found('这是海 港 同 款。', 'zh')[0], '4.1 own');
  t.strictSame(found('The moon over the pan is made of copper.'), []);
});

t.test('an allowed term drops its own matches, and no others', async (t) => {
  const brand = "This is the World's Best Mug, our own brand.";
  t.not(found(brand, 'en', 'speech', plain).length, 0);
  t.strictSame(found(brand), []);
  t.not(found("This is the world's best mug in the world, the best of all.").length, 0, 'what stands beside it');
  t.strictSame(found('我们的最好壶有四种颜色', 'zh'), []);
  t.not(found('全世界最好的壶，就是最好壶', 'zh').length, 0, 'what is left without it');
  t.not(found('Add me on telegram to order.').length, 0, 'a contact that reaches beyond it');
});

t.test('an allowed term excuses no contact by form', async (t) => {
  t.match(found('Call 13812345678 today.')[0], /^3\.2 phone/);
  t.match(found('Visit bottle.com today.')[0], /^3\.2 link/);
  t.match(found('Find me on telegram, @copper_pans.').join(), /3\.2 .*copper_pans/);
});

t.test('a judge without own words is unchanged', async (t) => {
  const none = new TextJudge({ own: new OwnWords(ruleWords.parse({})) });
  for (const text of ["This is the World's Best Mug.", 'Add me on WeChat', 'The lid is made of oak.'])
    t.strictSame(found(text, 'en', 'speech', none), found(text, 'en', 'speech', plain));
});
