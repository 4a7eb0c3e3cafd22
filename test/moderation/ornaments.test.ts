import t from 'tap';
import { TextJudge } from '../../src/moderation/text-judge.js';

const judge = new TextJudge({ model: null });
const found = (text: string, language: string): string[] =>
  judge.judge(text, { surface: 'caption', language, entry: [] }).hits.map((h) => h.match);

t.test('pictures and rows of signs within a word or a number hide neither', async (t) => {
  for (const [language, text] of [
    ['en', 'Whats🌸App'],
    ['en', 'Whats 🌸🌸🌸🌸🌸 App'],
    ['zh', '微🌸信'],
    ['zh', '微🌸🌸🌸🌸🌸🌸信'],
    ['zh', '微      信'],
    ['en', '4🌸1🌸5🌸5🌸5🌸5🌸2🌸6🌸7🌸1'],
    ['en', '415      555      2671'],
    ['en', '415 ------ 555 ------ 2671'],
    ['zh', '138🌸0013🌸8000'],
    ['en', '4=1=5=5=5=5=2=6=7=1'],
    ['en', '4:1:5:5:5:5:2:6:7:1'],
  ] as const) {
    t.strictSame(found(text, language), [text], text);
  }
  t.match(found('the best🔥 in the world', 'en')[0], /best🔥/, 'claims as well');
  t.match(found('👩🏽‍💻 the 🔥best🔥 quality', 'en')[0], /best🔥 quality/);
});

t.test('pictures and signs between sizes, prices and words are harmless', async (t) => {
  for (const [language, text] of [
    ['en', '750 🎁 1200 🎁 240'],
    ['en', '36 👟 37 👟 39 👟 41 👟 42'],
    ['en', '🎁 4.80 🎁 500 🎁 2 🎁'],
    ['en', '12      24      36      48      60'],
    ['en', '2+3=5, 4+4=8, 1+1=2'],
    ['en', 'Rating 4.8 ★★★★★ 1256 sold'],
    ['zh', '新品上市🎉限时优惠'],
    ['zh', '新品      上市      限时'],
  ] as const) {
    t.strictSame(found(text, language), [], text);
  }
});

t.test(
  'lookalike letters in a word of two alphabets are read as Latin, a word of one alphabet as written',
  async (t) => {
    for (const text of ['ωнαтѕαρρ', 'тєlєgяαм', 'WHΛTSΛPP', 'ЩhatsApp']) t.strictSame(found(text, 'en'), [text], text);
    for (const [language, text] of [
      ['el', 'Καλημέρα σας'],
      ['ru', 'Цена за α-частицы и β-версию'],
      ['ru', 'USB-кабель и LED-лампа, шаг 5 мкм'],
    ] as const) {
      t.strictSame(found(text, language), [], text);
    }
  },
);
