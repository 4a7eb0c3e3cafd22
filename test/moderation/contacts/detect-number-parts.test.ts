import t from 'tap';
import { TextJudge } from '../../../src/moderation/text-judge.js';

const judge = new TextJudge();
const kinds = (text: string, language: string): string[] =>
  judge.judge(text, { surface: 'speech', language, entry: [] }).hits.map((h) => `${h.rule} ${h.kind}`);

t.test('detects a telephone number said in parts', async (t) => {
  for (const [language, line] of [
    ['en', 'first three digits one three eight, then double zero one three, last four eight thousand'],
    ['zh', '前三位一三八，中间零零一三，后面四个八'],
    ['es', 'Los primeros tres son seis uno dos, luego cuatro cinco seis, y al final siete ocho nueve'],
    ['ko', '앞 세 자리 공일공, 가운데 일이삼사, 뒤에 오육칠팔'],
  ] as const) {
    t.ok(kinds(line, language).includes('3.2 phone'), line);
  }
});

t.test('ignores steps, rows and parts of a batch number', async (t) => {
  for (const [language, line] of [
    ['en', 'First three rows are lamps, the last four rows are shades'],
    ['en', 'The batch number: first four two zero two four, then zero six one three'],
    ['zh', '前三排是台灯，后四排是吊灯'],
    ['en', 'First 12 cartons go out, then 24 more'],
  ] as const) {
    t.same(kinds(line, language), [], line);
  }
});
