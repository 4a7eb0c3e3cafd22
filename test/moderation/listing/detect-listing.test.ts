import t from 'tap';
import { normalise } from '../../../src/moderation/normalise/normalise.js';
import { withFigures } from '../../../src/moderation/numbers/number-words.js';
import { TextJudge } from '../../../src/moderation/text-judge.js';
import { productOf } from '../../kit/product-of.js';
import type { Product } from '../../../src/config/sections/product.js';

const judge = new TextJudge({ model: null });
const product = (facts: readonly string[], minimumOrder: string): Product =>
  productOf({
    id: 'kettle',
    title: 'Electric kettle 1.7 L',
    price: { amount: 4.8, currency: 'USD', unit: 'piece', was: 6 },
    minimumOrder,
    facts: [...facts],
  });
const english = product(
  [
    'Power 1500 W',
    '304 stainless steel',
    'Cable 75 cm',
    'Warranty 1 year',
    'Delivery in 15 days',
    'Colours: black, white',
    'Boils in 4 minutes',
    'Weight 0.9 kg',
    'Stock 3000 pieces',
  ],
  '200 pieces',
);
const chinese = product(
  ['功率1500瓦', '304不锈钢', '线长75厘米', '质保一年', '15天发货', '颜色：黑色、白色', '四分钟烧开', '库存3000个'],
  '200个',
);
const said = (text: string, language: string): string =>
  judge
    .judge(text, { surface: 'speech', language, entry: [language === 'zh' ? chinese : english] })
    .hits.map((h) => `${h.rule} ${h.kind}`)
    .join(', ');
const figures = (text: string, language: string): string =>
  withFigures(normalise(text).folded, new Set([language])).text;

t.test('reads number words in every language', async (t) => {
  t.equal(figures('four dollars eighty', 'en'), '4.80 dollars');
  t.equal(figures('twelve fifty per set', 'en'), '12.50 dollars per set');
  t.equal(figures('one point seven liters', 'en'), '1.7 liters');
  t.equal(figures('dos mil quinientos vatios', 'es'), '2500 vatios');
  t.equal(figures('trois dollars quatre-vingt-dix', 'fr'), '3.90 dollars');
  t.equal(figures('zweihundertfünfzig Stück', 'de'), '250 stuck');
  t.equal(figures('duemila watt', 'it'), '2000 watt');
  t.equal(figures('две тысячи ватт', 'ru'), '2000 ватт');
  t.equal(figures('dua ratus lima puluh buah', 'id'), '250 buah');
  t.equal(figures('hai trăm năm mươi cái', 'vi'), '250 cai');
  t.equal(figures('สองร้อยชิ้น', 'th'), '200ชิ้น');
  t.equal(figures('오천 원', 'ko'), '5000 원');
  t.equal(figures('四块八', 'zh'), '4.8块');
});

t.test('accepts statements that agree with the listing, in figures and in words', async (t) => {
  for (const [text, language] of [
    ["It's four dollars eighty a piece", 'en'],
    ['it was six dollars before, twenty percent off', 'en'],
    ['the minimum order is two hundred pieces', 'en'],
    ['twelve months warranty, the cable is 75 cm', 'en'],
    ['we have three thousand in stock', 'en'],
    ['we have been in business for twelve years', 'en'],
    ['it comes in black and white', 'en'],
    ['kostet vier Dollar achtzig', 'de'],
    ['cuesta cuatro dólares con ochenta', 'es'],
    ['四块八美金一个，两百个起订', 'zh'],
    ['质保十二个月，线长七十五厘米', 'zh'],
    ['身高一米六五的主播也能轻松提起来', 'zh'],
  ] as const)
    t.equal(said(text, language), '', text);
});

t.test('reports a price, minimum, measure or promise that differs from the listing under its rule', async (t) => {
  for (const [text, language, expected] of [
    ['just three ninety-nine today', 'en', '5.5 price'],
    ['MOQ is just 50', 'en', '5.5 minimum-order'],
    ['made of 316 stainless steel', 'en', '2.1 spec'],
    ['it boils in two minutes', 'en', '2.1 spec'],
    ['twenty-four months warranty', 'en', '5.1 warranty'],
    ['delivery takes 5 days only', 'en', '5.1 delivery'],
    ['half price today', 'en', '5.1 discount'],
    ['it comes in red and blue', 'en', '2.1 colour'],
    ['cuesta tres dólares con noventa', 'es', '5.5 price'],
    ['drei Jahre Garantie', 'de', '5.1 warranty'],
    ['une puissance de deux mille watts', 'fr', '2.1 spec'],
    ['скидка пятьдесят процентов', 'ru', '5.1 discount'],
    ['yüzde elli indirim', 'tr', '5.1 discount'],
    ['รับประกันสามปี', 'th', '5.1 warranty'],
    ['最低注文数は五十個です', 'ja', '5.5 minimum-order'],
    ['개당 삼 달러입니다', 'ko', '5.5 price'],
    ['起订量五十', 'zh', '5.5 minimum-order'],
    ['两分钟就烧开', 'zh', '2.1 spec'],
    ['二十四小时发货', 'zh', '5.1 delivery'],
    ['今天立减八十', 'zh', '5.1 price'],
  ] as const)
    t.equal(said(text, language), expected, text);
});

t.test('compares set sizes and counts by the product’s noun with the listing', async (t) => {
  const boards: Product = { ...product(['Set of 3 boards with a stand'], '300 sets'), title: 'Bamboo cutting boards' };
  const rules = (text: string): string =>
    judge
      .judge(text, { surface: 'speech', language: 'en', entry: [boards] })
      .hits.map((h) => `${h.rule} ${h.kind}`)
      .join(', ');
  t.equal(rules('they come as a set of five'), '2.1 spec');
  t.equal(rules('it is a set of three'), '');
  t.equal(rules('you can order as few as ten boards'), '5.5 minimum-order');
  t.equal(rules('we take orders from fifty boards up'), '5.5 minimum-order');
  t.equal(rules('every carton holds 24 boards'), '');
  t.equal(rules('from three hundred boards we print your logo'), '');
});
