import t from 'tap';
import { judgeAcross, recentText, TextJudge } from '../../src/moderation/text-judge.js';
import { corpusLines } from './corpus-lines.js';
import { whole } from '../kit/whole.js';

const judge = new TextJudge();
/** The language, the two texts, and the part of the second that must not be seen or heard. */
const PARTS = [
  ['en', '138 0013', '8000', '8000'],
  ['en', '138 0013.', '8000!', '8000'],
  ['en', 'our number is one three eight one two', 'three four five six seven eight', 'three four five six seven eight'],
  ['en', 'Add me on WhatsApp.', 'lily_88, any time', 'lily_88'],
  ['zh', '微', '信 abc12345', '信 abc12345'],
  ['zh', '加我微', '信 abc123456，给你报价', '信 abc123456'],
] as const;

t.test('finds the rest of a number, or of an app’s name, in the second text', async (t) => {
  for (const [language, before, text, wanted] of PARTS) {
    const hits = judgeAcross(judge, before, text, language);
    t.equal(hits.length, 1, `${before} | ${text}`);
    t.match(hits[0], { rule: '3.2', start: 0, end: wanted.length, match: wanted }, `${before} | ${text}`);
    t.strictSame(judgeAcross(judge, '', text, language), [], 'nothing stands before it');
  }
});

t.test('does not repeat the hits of a single text', async (t) => {
  t.strictSame(judgeAcross(judge, 'Thank you all', 'call 138 1234 5678 now', 'en'), [], 'the second');
  t.strictSame(judgeAcross(judge, 'Add me on WhatsApp.', '24 hours later we ship', 'en'), [], 'the first');
});

t.test('consecutive harmless lines stay harmless', async (t) => {
  for (const [before, text] of [
    ['It costs 4.20 for 1000', '138 grams only'],
    ['MOQ 500', 'FOB $4.20'],
    ['The handle is made of oak.', 'The lid closes with a click.'],
    ['100 pieces', '200 pieces'],
  ] as const) {
    t.strictSame(judgeAcross(judge, before, text, 'en'), [], `${before} | ${text}`);
  }
  const last = new Map<string, string>();
  let pairs = 0;
  let wrong = 0;
  for (const { text, language, rules } of corpusLines(whole ? 23 : 92)) {
    if (rules.length > 0) continue;
    const before = last.get(language);
    last.set(language, recentText(before ?? '', text));
    if (before === undefined) continue;
    pairs += 1;
    if (judgeAcross(judge, before, text, language).length > 0) wrong += 1;
  }
  t.ok(pairs > (whole ? 1000 : 250), `${pairs} pairs of the corpus`);
  t.ok(wrong * 500 <= pairs, `${wrong} of ${pairs} taken for a contact`);
});
