import t from 'tap';
import { isRowOfFigures } from '../../../src/moderation/numbers/digit-runs.js';
import { TextJudge } from '../../../src/moderation/text-judge.js';

const judge = new TextJudge({ model: null });
const phones = (text: string): string[] =>
  judge
    .judge(text, { surface: 'caption', language: 'en', entry: [] })
    .hits.filter((h) => h.kind === 'phone')
    .map((h) => h.match);

t.test('recognises rows of prices, fractions, years, sizes and quantities', async (t) => {
  for (const row of [
    '4.80 3.20 2.95',
    '1.5 / 2.5 / 3.5 / 4.5',
    '1/2 3/4 5/8 7/8',
    '36 ❤ 37 ❤ 39 ❤ 41 ❤ 42',
    '750 ★ 1200 ★ 240',
    '2024 2025 2026',
    '300 500 1000',
  ]) {
    t.ok(isRowOfFigures(row), row);
    t.strictSame(phones(row), [], row);
  }
});

t.test('parts of a telephone number are not a row of figures', async (t) => {
  for (const number of [
    '06.12.34.56.78',
    '06 12 34 56 78',
    '138 0013 8000',
    '415 555 2671',
    '415.555.2671',
    '+1 415 500 1000',
    '06.12 34.56 78.90',
    '415.55 52671',
    '415 555 267l',
  ])
    t.notOk(isRowOfFigures(number), number);
  t.equal(phones('06.12.34.56.78').length, 1);
  t.equal(phones('06.12 34.56 78.90').length, 1);
  t.equal(phones('Call 300 500 1000').length, 1, 'with a word that asks to call it is one');
});
