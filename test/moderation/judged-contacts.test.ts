import t from 'tap';
import { TextJudge } from '../../src/moderation/text-judge.js';

const judge = new TextJudge();
const rules = (text: string, language = 'en'): string[] => [
  ...new Set(judge.judge(text, { surface: 'speech', language }).hits.map((h) => h.rule)),
];

const find = (text: string, language: string): { rule: string; kind: string }[] =>
  judge.judge(text, { surface: 'speech', language }).hits.map(({ rule, kind }) => ({ rule, kind }));

t.test('an account name after a platform is part of the hit', async (t) => {
  const { hits } = judge.judge('my wechat id: bag_queen88 ok?', { surface: 'speech', language: 'en' });
  t.match(hits[0]!.match, /bag_queen88$/);
});

t.test('passes numbers that are not telephone numbers', async (t) => {
  for (const text of [
    'size 120x60x75 cm, 12.5 kg',
    'from 10000-50000 pieces',
    '1 000 000 units a year',
    'EAN 5901234123457',
    'HS code 8517620090',
    '2026-11-24 or 24.11.2026',
    'five four three two one',
    'sizes 36, 37, 38, 39, 40, 41',
    '$1,299.00 instead of $1,499.00',
    'resolution 3840x2160 at 120 Hz',
  ]) t.strictSame(rules(text), [], text); // prettier-ignore
});

t.test('a missing space after a full stop is not an address', async (t) => {
  t.strictSame(rules('Good quality.It is soft. Nice price.Buy it.'), []);
  t.strictSame(rules('good-quality.shop has more'), ['3.2']);
});

t.test('bank cards and IBANs require their check digits', async (t) => {
  t.ok(rules('4111 1111 1111 1111').includes('3.1'));
  t.notOk(rules('4111 1111 1111 1112').includes('3.1'));
  t.ok(rules('DE89 3704 0044 0532 0130 00').includes('3.1'));
  t.notOk(rules('DE89 3704 0044 0532 0130 01').includes('3.1'));
});

t.test('finds a spelled-out mail address with any country ending', async (t) => {
  const judge = new TextJudge();
  const kinds = (text: string, language: string): string[] =>
    judge.judge(text, { surface: 'speech', language }).hits.map((h) => h.kind);
  t.has(kinds('contact arobase lunamode point fr', 'fr'), ['mail']);
  t.has(kinds('sprzedaz małpa lunamoda kropka pl', 'pl'), ['mail']);
  t.same(kinds('ce point fort du produit', 'fr'), []);
});

t.test('only a label right before a number exempts it from being a telephone number', async (t) => {
  for (const text of ['no newline at the end, call 13800138000', 'When you are open call 13800138000']) {
    t.match(find(text, 'en'), [{ rule: '3.2', kind: 'phone' }], text);
  }
  for (const text of ['SKU: 13800138000', 'model no. 13800138000', 'Standard EN 13800138000']) {
    t.same(find(text, 'en'), [], text);
  }
});

t.test('detects an address spelled letter by letter, and passes "à mão, com água"', async (t) => {
  t.match(find('w w w . cheapgearhub . c o m', 'en'), [{ rule: '3.2', kind: 'link' }]);
  t.match(find('visit c h e a p s h o p . c o m today', 'en'), [{ rule: '3.2', kind: 'link' }]);
  t.same(find('Lave à mão, com água fria', 'pt'), []);
});

t.test('any sound of 微信 counts where an account name follows, and not where a thing is named', async (t) => {
  for (const text of [
    '伽威星：ruirui_home 送样品',
    '围·心→ bolang_888',
    '卍信 ☞ zhubao_lili ☜ 看货',
    'Ｗ Ｘ：ｄｅｎｇｓｈｉ－００７',
  ]) t.match(rules(text, 'zh'), ['3.2'], text); // prettier-ignore
  for (const text of ['卫星 gps_2 模块', '微型 usb-c 接口', '海信：tv_55x 同款遥控器', '诚信：ISO_9001 认证工厂'])
    t.strictSame(rules(text, 'zh'), [], text);
  t.strictSame(rules('Model WX: WX-2000 comes with two tips'), []);
});

t.test('a number of goods or of a standard is neither a site nor a telephone number', async (t) => {
  t.strictSame(rules('Art.nr. SZ-60012, maat 40 x 60 cm', 'nl'), []);
  t.strictSame(rules('Our site is handmade-bags.nr today'), ['3.2']);
  t.strictSame(rules('企业标准 Q/HD 001-2023', 'zh'), []);
  t.match(rules('q 0011-2023123', 'zh'), ['3.2']);
});

t.test('detects digits said in pairs, in hundreds, in one word or among figures as a telephone number', async (t) => {
  const language = (line: string, l: string): string[] =>
    judge.judge(line, { surface: 'speech', language: l, entry: [] }).hits.map((h) => h.rule);
  for (const [l, line] of [
    ['tr', 'arayın: sıfır beş yüz otuz iki, iki yüz on, kırk beş, altmış yedi'],
    ['pl', 'dzwońcie: pięćset jeden, dwieście trzy, czterysta pięć'],
    ['nl', 'bel: nul zes, twaalf, vierendertig, zesenvijftig, achtenzeventig'],
    ['de', 'ruft an: null eins fünf zwei, dreiunddreißig, vierundvierzig, fünfundfünfzig'],
    ['es', '612 nueve4 cero6 siete1'],
    ['ru', 'в-а-ц-а-п: 8 девять0шесть 123 сорок пять 67'],
  ] as const) {
    t.ok(language(line, l).includes('3.2'), line);
  }
});

t.test('passes a number labelled as a batch, a date, a row of sizes or a count, however it is said', async (t) => {
  for (const [l, line] of [
    ['en', 'Batch code two zero two four, zero six, one three is on the bottom of the tin'],
    ['en', 'One four oh, one five oh, one six oh, those are the heights in centimetres'],
    ['zh', '批号二零二四零六一三，在瓶底'],
    ['ko', '로트 번호는 바닥에 있어요, 이사공육일삼이요'],
    ['hi', 'बैच नंबर नीचे है, दो चार शून्य छह एक तीन'],
    ['fr', 'Le numéro de lot est gravé dessous, vingt-quatre zéro six treize'],
  ] as const) {
    t.same(judge.judge(line, { surface: 'speech', language: l, entry: [] }).hits, [], line);
  }
  // A word such as "call" after the label cancels it.
  t.match(
    judge.judge('for the batch call one three eight, zero zero one three, eight zero zero zero', {
      surface: 'speech',
      language: 'en',
      entry: [],
    }).verdict,
    'violation',
  );
});

t.test(
  'numbers of reports, containers and parcels are not telephone numbers, and no label hides a country code',
  async (t) => {
    for (const text of [
      'report no. SZ2403-1178, you can check it in the listing',
      'The parcel number 1Z999AA10123456784 shows it left the warehouse',
      'Container MSKU 7712093 leaves on Monday',
      'It prints 0123456789 in one line',
    ])
      t.strictSame(rules(text), [], text);
    t.strictSame(rules('Fattura n. 2024000187', 'it'), []);
    for (const text of [
      'report this to +1 415 555 2671',
      'The invoice is free, 212-555-0134',
      'take my numbr 5️⃣5️⃣5️⃣ 0️⃣1️⃣3️⃣4️⃣',
      'S i g n a l / L I N E id: cindyhw',
    ])
      t.ok(rules(text).includes('3.2'), text);
    t.strictSame(rules('Sizes 1️⃣ 2️⃣ 3️⃣ 4️⃣ 5️⃣ 6️⃣ 7️⃣'), []);
  },
);

t.test('VX with a hyphen and few figures is a model unless it is to be added', async (t) => {
  t.strictSame(rules('型号 VX-2046 不锈钢 304', 'zh'), []);
  t.strictSame(rules('The VX-300 model runs quieter than the VX-200'), []);
  t.ok(rules('Add VX-2046').includes('3.2'));
  t.ok(rules('加VX：kk8899', 'zh').includes('3.2'));
});
