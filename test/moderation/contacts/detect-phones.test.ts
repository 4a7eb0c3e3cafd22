import t from 'tap';
import { TextJudge } from '../../../src/moderation/text-judge.js';

const judge = new TextJudge({ model: null });
const phones = (text: string, language: string): string[] =>
  judge
    .judge(text, { surface: 'speech', language })
    .hits.filter((h) => h.rule === '3.2')
    .map((h) => h.match);

t.test('detects a number said in tens and hundreds in each language', async (t) => {
  for (const [text, language] of [
    ['Apunten: seis, uno, dos, cuarenta y ocho, cero siete, quince', 'es'],
    ["L'atelier, c'est le zéro quatre, quatre-vingts, trente-six, onze, cinquante et un", 'fr'],
    ['Dükkân: iki yüz on iki, dört yüz kırk beş, sıfır altı, seksen', 'tr'],
    ['pięćset jeden, dwieście trzy, czterysta osiem', 'pl'],
    ['nol delapan satu dua, tiga puluh empat, lima enam, tujuh puluh', 'id'],
    ['không chín hai mươi ba, bốn mươi lăm, sáu bảy tám chín', 'vi'],
    ['ゼロハチゼロ、サンサンニーイチ、ロクキューゼロヨン', 'ja'],
    ['it is 646 five five five 01 twenty-seven', 'en'],
  ] as const)
    t.equal(phones(text, language).length, 1, text);
});

t.test('ignores sizes, prices and amounts in words', async (t) => {
  for (const [text, language] of [
    ['sizes thirty four, thirty six, thirty eight, forty, forty two', 'en'],
    ['two hundred grams, then three hundred, then four hundred and fifty', 'en'],
    ['son doce, quince, dieciocho, veinte y veinticinco euros', 'es'],
    ['dwieście pięćdziesiąt, trzysta dziewięćdziesiąt, czterysta dwadzieścia', 'pl'],
  ] as const)
    t.strictSame(phones(text, language), [], text);
});

t.test('ignores the number of a certificate, a report or a warranty, even after "number"', async (t) => {
  for (const [text, language] of [
    ['The lab report carries the number 138-0044', 'en'],
    ['Das Gutachten trägt die Nummer 138-0044', 'de'],
    ['Le certificat porte le numéro 2024-0817', 'fr'],
    ['检测报告上的编号是138-0044', 'zh'],
    ['Сертификат имеет номер 138-0044', 'ru'],
    ['감정서 번호는 138-0044 입니다', 'ko'],
  ] as const)
    t.strictSame(phones(text, language), [], text);
  t.equal(phones('my invoice is late, my number is 0171 442 9981', 'en').length, 1);
});

t.test('a number after a comma is separate from the figures before it', async (t) => {
  t.strictSame(phones('역삼동 12-3, 010-8765-4321입니다', 'ko'), ['010-8765-4321']);
  t.strictSame(phones('Sizes 34, 36, 38, 40 and 42 in the box of 12, 24', 'en'), []);
});

t.test(
  'detects figures in circles, and wide ones among Latin letters, as a disguised number in any language',
  async (t) => {
    t.equal(phones('es el ⑥①②⓪⑨⑥⑥⑨⓪', 'en').length, 1);
    t.equal(phones('dudas al ６１２１７９７４０', 'en').length, 1);
    t.equal(phones('gọi 0916 955 093', 'en').length, 1);
    t.equal(phones('โทร ศูนย์แปดดับเบิ้ลหนึ่งเจ็ดดับเบิ้ลหกดับเบิ้ลสี่ศูนย์', 'th').length, 1);
    t.same(phones('Steps ①②③④⑤, then ⑥', 'en'), []);
    t.same(phones('Speeds 800-1200-1600-2000', 'en'), []);
  },
);

t.test('a drawn receiver before a number means "call"', async (t) => {
  t.equal(phones('📞 6️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣', 'es').length, 1);
  t.equal(phones('☎️ 612 345 678', 'pl').length, 1);
  t.same(phones('📞 12 Farben, 30 cm', 'de'), []);
});
