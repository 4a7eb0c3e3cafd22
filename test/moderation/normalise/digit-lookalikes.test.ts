import t from 'tap';
import { withLookalikes } from '../../../src/moderation/contacts/detect-telephones.js';
import { normalise } from '../../../src/moderation/normalise/normalise.js';
import { TextJudge } from '../../../src/moderation/text-judge.js';

const read = (text: string): string => withLookalikes(normalise(text).folded).text;

t.test('reads letters that look like digits in text long enough for a number', async (t) => {
  t.equal(read('call l38 OO13 8OOO now'), 'call 138 0013 8000 now');
  t.equal(read('138两个零138三个零'), '138零零138零零零');
});

t.test('keeps words, amounts and model numbers', async (t) => {
  for (const line of ['bill is 12 lbs', 'size 38 or 40', 'model b0 12 v', '100个三角架', 'iso 9001 is so 100']) {
    const { folded } = normalise(line);
    t.equal(withLookalikes(folded).text, folded.text, line);
  }
});

t.test('passes article numbers in every language, however similar to telephone numbers', async (t) => {
  const judge = new TextJudge();
  for (const [language, line] of [
    ['de', 'Best.-Nr. 030 1234567 · 24 St.'],
    ['es', 'N.º de serie 6123456789'],
    ['fr', 'Code article 01 23 45 67 89'],
    ['fr', 'Tailles 34-36-38-40-42'],
    ['ru', 'Арт. 8-926-123-45-67'],
    ['zh', '料号 1380-0138-000'],
    ['en', 'P/N 1-800-555-0199'],
  ] as const) {
    t.same(judge.judge(line, { surface: 'caption', language, entry: [] }).hits, [], line);
  }
  t.match(judge.judge('O77OO 9OO l23, ring any time', { surface: 'speech', language: 'en' }).hits, [{ rule: '3.2' }]);
});
