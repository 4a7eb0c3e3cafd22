import t from 'tap';
import { normalise } from '../../../src/moderation/normalise/normalise.js';
import { withFigures } from '../../../src/moderation/numbers/number-words.js';
import { detectSaidMinimum } from '../../../src/moderation/rules/said-minimum.js';

const found = (language: string, text: string): string[] =>
  detectSaidMinimum(withFigures(normalise(text).folded, new Set([language])), [200]).map((f) =>
    text.slice(f.start, f.end),
  );

t.test('reports quantities below the listed minimum in any phrasing', async (t) => {
  for (const [language, text] of [
    ['en', 'Fifty bottles and you can order'],
    ['zh', '五十个就可以下单'],
    ['de', 'Ab fünfzig Stück'],
    ['it', 'Bastano cinquanta pezzi'],
    ['tr', 'Elli adet yeterli sipariş için'],
    ['id', 'Cukup lima puluh pcs sudah bisa pesan'],
    ['vi', 'Chỉ cần năm mươi cái là đặt được'],
    ['pl', 'Wystarczy pięćdziesiąt sztuk'],
    ['ru', 'Минимальный заказ пятьдесят штук'],
    ['ko', '오십 개부터 주문 가능해요'],
    ['ja', '五十個から注文できます'],
    ['hi', 'पचास पीस से ऑर्डर शुरू'],
    ['th', 'ขั้นต่ำห้าสิบชิ้น'],
    ['ar', 'أقل طلب خمسين حبة'],
  ] as const)
    t.equal(found(language, text).length, 1, text);
});

t.test('passes the listed minimum, more, a box of fifty, and two pieces that suffice for a child', async (t) => {
  for (const [language, text] of [
    ['en', 'Minimum order is two hundred pieces'],
    ['zh', '最少两百个'],
    ['de', 'Ab zweihundert Stück'],
    ['it', 'Una confezione da cinquanta pezzi'],
    ['en', 'Two pieces is enough for a child'],
    ['th', 'ใส่ได้ห้าสิบชิ้นก็ได้'],
  ] as const)
    t.strictSame(found(language, text), [], text);
});

t.test('reports nothing when the listing has no minimum', async (t) => {
  t.strictSame(detectSaidMinimum(normalise('minimum 50 pieces').folded, []), []);
});
