import t from 'tap';
import { TextJudge } from '../../../src/moderation/text-judge.js';

const judge = new TextJudge();
const broken = (text: string): boolean =>
  judge.judge(text, { surface: 'caption', language: 'en' }).hits.some((h) => h.rule === '3.2');

t.test('detects a name with a misplaced blank, or two letters that look like one', async (t) => {
  for (const text of [
    'vvhatsapp',
    'VVhats App',
    'ask on What sApp',
    'telegr am',
    'Instagrarn',
    'vvechat',
    'rnessenger',
  ])
    t.ok(broken(text), text);
});

t.test('detects addresses with a drawn dot or separate letters', async (t) => {
  for (const text of ['sunnylamps ● com', 'sunnylamps • com', 'sunnylamps 🔵 com', 'sunnylamps  .  c o m'])
    t.ok(broken(text), text);
});

t.test('detects names after a drawn hand, and a name that is the whole text', async (t) => {
  for (const text of ['IG 👉 sunnylamps', '@sunnylamps', '📷 @sunnylamps', '🐧 12345678', 'Q Q 12345678', '小🍠'])
    t.ok(broken(text), text);
  const spoken = judge.judge('@anna', { surface: 'speech', language: 'en' });
  t.strictSame(spoken.hits, [], 'spoken, it calls a viewer');
});

t.test('reads named digits, or digits said as other words, as a number', async (t) => {
  for (const text of [
    'digit four digit two digit zero digit one digit five digit five digit five digit nine',
    'four won five, five five five, too six seven won',
  ])
    t.ok(broken(text), text);
});

t.test('passes words that are merely similar', async (t) => {
  for (const text of [
    'what a happy customer',
    'a telegraph and a messenger bag',
    'lamp ● comes with a cable',
    'two to three weeks, four to five for large orders',
    'one to two, three to four, five to six',
    'ships to @ 5 USD',
    'a penguin 🐧 of plush, 30 cm',
  ])
    t.notOk(broken(text), text);
  const portuguese = judge.judge('Garrafa ● com tampa de bambu', { surface: 'caption', language: 'pt' });
  t.strictSame(portuguese.hits, []);
});
