import t from 'tap';
import { TextJudge } from '../../../src/moderation/text-judge.js';

const judge = new TextJudge();
const hits = (text: string, language: string): string[] =>
  judge.judge(text, { surface: 'speech', language, entry: [] }).hits.map((h) => `${h.rule} ${h.match}`);

t.test('detects a name with an underscore beside words of contacting somebody', async (t) => {
  for (const [language, line] of [
    ['zh', '我的圈圈号是 lamp_zs 八八六六'],
    ['en', 'catch me as hd_kevin, look me up'],
    ['es', 'te espero, búscame como luna_taller'],
    ['ru', 'добавляйтесь, там я lampa_opt'],
  ] as const) {
    t.ok(
      hits(line, language).some((h) => h.startsWith('3.2') && h.includes('_')),
      line,
    );
  }
});

t.test('ignores models, files, prices and names without contact words', async (t) => {
  for (const [language, line] of [
    ['en', 'Model number lx_205, add it to the cart'],
    ['en', '10 boxes @ usd_20 each, contact sales through the order page'],
    ['zh', '型号 hd_8820，功率十二瓦'],
    ['en', 'The color code is warm_white'],
  ] as const) {
    t.same(hits(line, language), [], line);
  }
});

t.test('detects letters with digits right after a word for an account', async (t) => {
  t.match(hits('username is hengda0755', 'en'), [/^3\.2 .*hengda0755/]);
  t.match(hits('아이디 dallamp88 이에요', 'ko'), [/^3\.2 .*dallamp88/]);
  t.same(hits('The chip is an esp8266, the board is green', 'en'), []);
});
