import t from 'tap';
import { TextJudge } from '../../../src/moderation/text-judge.js';

const judge = new TextJudge({ model: null });
const kinds = (text: string, language: string): string[] =>
  judge.judge(text, { surface: 'speech', language, entry: [] }).hits.map((h) => `${h.rule} ${h.kind}`);

t.test('detects a number with counted digits and words between its parts', async (t) => {
  for (const [language, line] of [
    ['nl', 'Nul zes, dan drie vijven, dan zeventig en negenenveertig'],
    ['es', 'Seis cero cero, doce, tres veces siete, apunta rápido'],
    ['pl', 'Pięćset dwanaście, potem trzy siódemki i dziewięćset cztery'],
    ['ru', 'Восемь девятьсот шестнадцать, потом четыре пятёрки и три двойки'],
    ['id', 'Nol delapan satu dua, terus tiga kali lima, belakangnya tujuh nol empat'],
    ['ja', 'ゼロハチゼロ、それから五が三つ、最後は七四九一です'],
    ['th', 'ศูนย์แปดหนึ่ง แล้วก็ห้าสามตัว ต่อด้วยเจ็ดศูนย์สี่เก้า'],
    ['hi', 'नौ आठ एक, फिर तीन बार पाँच, आखिर में सात शून्य चार नौ'],
    ['zh', '电话零九一二，后面三三三，再来六六六，记好'],
  ] as const) {
    t.ok(kinds(line, language).includes('3.2 phone'), line);
  }
});

t.test('ignores amounts, cells and steps joined by words', async (t) => {
  for (const [language, line] of [
    ['en', 'Battery 18650 and 21700'],
    ['en', 'UN 3480 and UN 3481 for the batteries'],
    ['en', 'Three fives and two tens in the till drawer'],
    ['de', 'Erst zwei, dann drei, dann vier Schrauben'],
    ['es', 'Dos veces tres son seis'],
    ['pl', 'Dwie piątki i trzy dziesiątki'],
    ['zh', '先放三个八毫米的，然后两个六毫米的'],
  ] as const) {
    t.notOk(kinds(line, language).includes('3.2 phone'), line);
  }
});
