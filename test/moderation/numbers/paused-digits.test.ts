import t from 'tap';
import { TextJudge } from '../../../src/moderation/text-judge.js';

const judge = new TextJudge({ model: null });
const phones = (text: string, language: string): string[] =>
  judge
    .judge(text, { surface: 'speech', language, entry: [] })
    .hits.filter((h) => h.kind === 'phone')
    .map((h) => h.match);

t.test('detects a number with a stop after each digit, or a line for each', async (t) => {
  for (const [language, line] of [
    ['en', 'four. one. five. five. five. five. two. six. seven. one.'],
    ['en', '4. 1. 5. 5. 5. 5. 2. 6. 7. 1.'],
    ['en', 'four! one! five! five! five! five! two! six! seven! one!'],
    ['en', 'four: one: five: five: five: five: two: six: seven: one'],
    ['en', 'four … one … five … five … five … five … two … six … seven … one'],
    ['en', '+1\n4\n1\n5\n5\n5\n5\n2\n6\n7\n1'],
    ['en', '+1 415\n555\n2671'],
    ['en', 'call 415! 555! 2671!'],
    ['es', 'seis. uno. dos. tres. cuatro. uno. seis. siete. ocho.'],
    ['ar', 'صفر. خمسة. خمسة. واحد. اثنان. ثلاثة. أربعة. واحد. ستة. سبعة.'],
    ['zh', '1\n3\n8\n0\n0\n1\n3\n8\n0\n0\n0'],
    ['zh', '138123\n45678'],
  ] as const) {
    t.equal(phones(line, language).length, 1, line);
  }
  const [found] = phones('Here: 415. 555. 2671. Thanks.', 'en');
  t.equal(found, '415. 555. 2671', 'the whole of it');
});

t.test('ignores figures of several sentences, countdowns, and rows of sizes, prices and years', async (t) => {
  for (const [language, line] of [
    ['en', 'ten. nine. eight. seven. six. five. four. three. two. one.'],
    ['en', '5. 4. 3. 2. 1. 0. Go'],
    ['en', '4.80\n3.20\n2.95'],
    ['en', '300\n500\n1000'],
    ['en', '36\n37\n38\n39\n40\n41'],
    ['en', '12:30\n14:45\n18:15'],
    ['en', '2024\n2025\n2026'],
    ['en', '128\n256\n512\n1024'],
    ['en', 'We sold 2300. 4150 are left.'],
    ['en', 'In 2024. 500 pieces. 300 left. 12 colours.'],
    ['en', 'It is 10. 20 people. One. Two. Three. Here we go.'],
    ['zh', '满100减10\n满200减25\n满500减80'],
  ] as const) {
    t.strictSame(phones(line, language), [], line);
  }
});
