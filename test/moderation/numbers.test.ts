import t from 'tap';
import { isRowOfFigures } from '../../src/moderation/numbers/digit-runs.js';
import { TextJudge } from '../../src/moderation/text-judge.js';

t.test('figure rows', async (t) => {
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
});

t.test('number labels', async (t) => {
  const judge = new TextJudge({ model: null });
  const rules = (text: string, language: string): string[] =>
    judge.judge(text, { surface: 'reply', language }).hits.map((h) => h.rule);

  t.test('passes a parcel or article number in every language, with its carrier and location', async (t) => {
    for (const [language, text] of [
      ['es', 'su guía es MX 4470 1982 3305, salió el martes de Manzanillo'],
      ['fr', 'numéro de suivi : 6A 1234 0057 882, il est à Roissy'],
      ['de', 'Art.-Nr. 0176-44-902 · VE 24 Stück'],
      ['de', 'Sendungsnummer 00340434 1234 9981, liegt in Hamburg beim Zoll'],
      ['vi', 'mã vận đơn VN 4471 9023 81, hàng đang ở Hải Phòng'],
      ['nl', 'trackingcode 3S 6605 1187 20, ligt in Rotterdam'],
      ['pl', 'numer przesyłki 6200 1234 5678 90, jest w Łodzi'],
      ['ru', 'трек-номер RA 4410 2233 9 CN, он в Казани'],
      ['ar', 'رقم التتبع 4410 2233 9001 وصل الى جدة'],
      ['tr', "kargo takip no 4410 2233 9001, İzmir'de"],
      ['id', 'nomor resi JP 4410 2233 9001, sudah di Bandung'],
      ['th', 'เลขพัสดุ TH 4410 2233 9001 อยู่ที่ระยอง'],
      ['ja', '追跡番号は 4410 2233 9001 です、羽田にあります'],
      ['ko', '운송장 번호 6012 3344 5566 대전에 있어요'],
      ['zh', '快递单号 138 1234 5678 已发出'],
    ] as const)
      t.strictSame(rules(text, language), [], text);
  });

  t.test('detects a telephone number called a parcel number where it is to be dialled', async (t) => {
    for (const [language, text] of [
      ['en', 'call my tracking number 13812345678'],
      ['es', 'llámame al número de guía 612 334 455'],
      ['de', 'ruf meine Sendungsnummer 0151 33718402'],
      ['ko', '전화 운송장 번호 010 4411 8051'],
      ['zh', '打我的快递单号13844118051'],
    ] as const)
      t.ok(rules(text, language).includes('3.2'), text);
  });

  t.test('with a name it is personal data', async (t) => {
    t.ok(rules('Die Sendungsnummer 00340434 1234 9981 von Peter ist in Hamburg', 'de').includes('5.3'));
    t.ok(rules('김민수님 운송장 번호 6012 3344 5566 대전에 있어요', 'ko').includes('5.3'));
    t.ok(rules('numéro de suivi de Claire 6612 3400 5788, à Roissy', 'fr').includes('5.3'));
  });

  t.test('a label within the word for a telephone does not count: the whole number is the hit', async (t) => {
    for (const line of [
      '我的手机号是一三八零零一三八零零零',
      '手机号一三九一二三四五六七八',
      '我的手机号是 139 1234 5678',
    ]) {
      const [hit] = judge.judge(line, { surface: 'speech', language: 'zh' }).hits;
      t.match(hit, { rule: '3.2', end: line.length }, line);
    }
    t.strictSame(judge.judge('整机号是 13912345678', { surface: 'speech', language: 'zh' }).hits, []);
  });

  t.test('"part" counts only right before its number', async (t) => {
    const phones = (line: string, language: string): number =>
      judge.judge(line, { surface: 'speech', language }).hits.filter((h) => h.rule === '3.2').length;
    t.equal(phones('La pieza 800-555-0142 es la junta', 'es'), 0);
    t.equal(phones('Teil 800-555-0142 ist die Dichtung', 'de'), 0);
    t.equal(
      phones('单号 YT7823610092341 的包裹今天到了深圳中转', 'zh'),
      0,
      'the sign of a parcel number is no account',
    );
    t.ok(phones('call me about the part, 800-555-0142', 'en') > 0);
  });
});

t.test('paused digits', async (t) => {
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
});

t.test('two figures', async (t) => {
  const judge = new TextJudge({ model: null });
  const figures = (text: string, language: string): string | undefined =>
    [...judge.analyse(text, language).sets.keys()].find((name) => name.startsWith('figures-'));

  t.test('two figures beside a listing agree or differ, in words as well', async (t) => {
    t.equal(figures('Two kilos on the page, one point three on the scale', 'en'), 'figures-differ');
    t.equal(figures('The listing says twenty six and my ruler says twenty six', 'en'), 'figures-agree');
    t.equal(figures('页面两公斤，秤上也是两公斤', 'zh'), 'figures-agree');
    t.equal(figures('Da steht fünf, ich berechne euch aber neun', 'de'), 'figures-differ');
  });

  t.test('adds no set without a listing, or for one or three figures', async (t) => {
    t.equal(figures('Two kilos in the box, three in the bag', 'en'), undefined);
    t.equal(figures('The listing says twenty six', 'en'), undefined);
    t.equal(figures('The listing says 26, 28 and 30', 'en'), undefined);
  });
});
