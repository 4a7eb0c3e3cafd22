import t from 'tap';
import { undrawn, normalise } from '../../../src/moderation/normalise/normalise.js';
import { TextJudge } from '../../../src/moderation/text-judge.js';

const read = (text: string, times: 1 | 2): string => undrawn(normalise(text).folded, times).text;

t.test('reads a repeated letter once, and again as two', async (t) => {
  t.equal(read('the beeeest pan', 1), 'the best pan');
  t.equal(read('freee bags', 2), 'free bags');
  t.equal(read('супеееер', 1), 'супер');
  t.equal(read('ดีที่สุดดดด', 1), 'ดีที่สุด');
});

t.test('keeps a run that is a word by itself', async (t) => {
  for (const text of ['www.lamp', 'aaa batteries', 'size xxx', 'III', '1000000 pieces', 'ซื้อออนไลน์'])
    t.equal(read(text, 1), normalise(text).folded.text, text);
});

t.test('offsets lead back to the original letters', async (t) => {
  const view = undrawn(normalise('a beeeest b').folded, 1);
  const at = view.text.indexOf('e');
  t.same([view.start[at], view.end[at]], [3, 7]);
});

t.test('finds claims, insults and fakes in words with repeated letters', async (t) => {
  const judge = new TextJudge();
  const rules = (text: string, language: string): string[] =>
    judge.judge(text, { surface: 'speech', language }).hits.map((h) => h.rule);
  t.ok(rules("it's the beeeest knife in the world", 'en').includes('2.1'));
  t.ok(rules('you are so stuuuupid', 'en').includes('5.2'));
  t.ok(rules('это лууууучший крем в мире', 'ru').includes('2.1'));
  t.ok(rules('das sind Repliiiikas von Rolex', 'de').includes('4.1'));
});

t.test('harmless words may have repeated letters', async (t) => {
  const judge = new TextJudge();
  for (const text of [
    'sooo first of alllll look at this',
    '100% cottonnnn',
    'size XXXL and AAA batteries',
    'yesss it comes in blueee',
  ])
    t.same(judge.judge(text, { surface: 'speech', language: 'en' }).hits, [], text);
});
