import t from 'tap';
import { normalise } from '../../src/moderation/normalise/normalise.js';
import { detectLabelledNames, detectSpelledNames } from '../../src/moderation/stages/name-stage.js';
import { TextJudge } from '../../src/moderation/text-judge.js';
import { heard } from './marked-line.js';

t.test('detect labelled names', async (t) => {
  const names = (text: string): string[] =>
    detectLabelledNames(normalise(text).folded).map((f) => text.slice(f.start, f.end));

  t.test('detects a short app name, a pointing sign and a name as an account', async (t) => {
    t.same(names('IG: wajan.bunda'), ['IG: wajan.bunda']);
    t.same(names('New colours | fb → rosaskitchen'), ['fb → rosaskitchen']);
    t.same(names('Tele: @noinhamai'), ['Tele: @noinhamai']);
    t.same(names('ＩＧ：kratahouse.bkk'), ['ＩＧ：kratahouse.bkk']);
  });

  t.test('detects them behind a question, and a name with figures behind one letter', async (t) => {
    t.same(names('Price? ig: kettleking'), ['ig: kettleking']);
    t.same(names('MOQ? IG @kettleking'), ['IG @kettleking']);
    t.same(names('多少钱？V：abc12345'), ['V：abc12345']);
    for (const line of ['Voltage? V: 220 to 240', 'Which finish? W: max', 'Size? IG: the small one'])
      t.same(names(line), [], line);
  });

  t.test('ambiguous short names require a name that looks like one', async (t) => {
    for (const line of ['Face: cotton', 'Tele: 70 mm', 'Line: nylon', 'Snap: brass', 'ig: the', 'big: wajan']) {
      t.same(names(line), [], line);
    }
  });
});

t.test('detect named accounts', async (t) => {
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
});

t.test('detect number parts', async (t) => {
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
});

t.test('detect personal', async (t) => {
  const judge = new TextJudge({ model: null });
  const rules = (text: string, language: string): string[] =>
    judge.judge(text, { surface: 'speech', language }).hits.map((h) => h.rule);

  t.test('a family name with a title and a home expose a person', async (t) => {
    for (const [language, text] of [
      ['ko', '반품하신 김민수 님 주소가 마포구 성산로 12번지 301호예요'],
      ['ja', '低評価の佐藤さん、自宅は大阪市北区天神橋3丁目8番地です'],
      ['zh', '投诉的陈先生住在深圳南山科技路9号，大家上门问问'],
    ] as const)
      t.ok(rules(text, language).includes('5.3'), text);
  });

  t.test('a name with a title, a house and a number expose a person without a word for home', async (t) => {
    t.ok(rules('佐藤花子さん、渋谷区神南1-2-3、電話090-8765-4321、代金を払いませんでした', 'ja').includes('5.3'));
    t.ok(rules('김영희 씨, 강남구 역삼동 12-3, 010-8765-4321, 돈을 안 냈어요', 'ko').includes('5.3'));
    t.notOk(rules('田中さん、大きさは30かける40センチ、電話090-8765-4321', 'ja').includes('5.3'));
  });

  t.test('accepts the owner before the number, except one named by an office', async (t) => {
    t.ok(rules('陳小美的電話是0922333444,她上次棄標', 'zh').includes('5.3'));
    t.ok(rules('王芳的手机号13800138000', 'zh').includes('5.3'));
    t.notOk(rules('王经理的电话是13800138000', 'zh').includes('5.3'));
  });

  t.test('ignores a greeting by name, and a part number that looks like an identity number', async (t) => {
    t.strictSame(rules('김민수 님 안녕하세요, 가로 12 세로 30이에요', 'ko'), []);
    t.strictSame(rules('佐藤さん、いらっしゃいませ', 'ja'), []);
    t.strictSame(rules('품번 010-55-3072 / 알루미늄', 'ko'), []);
  });
});

t.test('detect phones', async (t) => {
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
});

t.test('detect spelled names', async (t) => {
  const NAMES = ['telegram', 'zalo', '텔레그램', 'вконтакте'];
  const found = (text: string): string[] =>
    detectSpelledNames(normalise(text).folded, NAMES).map((f) => text.slice(f.start, f.end));

  t.test('finds a spelled name in any alphabet, beside other letters', async (t) => {
    t.strictSame(found('텔 레 그 램 dunggi_77 로 오세요'), ['텔 레 그 램']);
    t.strictSame(found('ищите нас в В К о н т а к т е'), ['В К о н т а к т е']);
    t.strictSame(found('z a l o k h ô n g 8 chín'), ['z a l o']);
    t.strictSame(found('t.e.l.e.g.r.a.m'), ['t.e.l.e.g.r.a.m']);
  });

  t.test('ignores single letters without a name, and a short name among them', async (t) => {
    t.strictSame(found('our brand is spelled L U N A R I S'), []);
    t.strictSame(found('S Z A L O N is on the sign'), []);
    t.strictSame(found('그 집 문 앞에 두세요'), []);
  });

  t.test('detects app initials and a spelled id as contacts', async (t) => {
    const judge = new TextJudge({ model: null });
    for (const [language, text] of [
      ['id', 'Order di w.a 0-8-1-3-0-0-0-0-4-4-1-7'],
      ['zh', 'l i n e 的 i d 是 d o u d o u p e t'],
      ['en', 'go to www , cedarcrib , com for the spare screws'],
    ] as const)
      t.ok(
        judge.judge(text, { surface: 'reply', language }).hits.some((h) => h.rule === '3.2'),
        text,
      );
  });
});

t.test('said domain', async (t) => {
  const judge = new TextJudge({ model: null });

  t.test('mutes a spoken address of several words from the first to its end', async (t) => {
    for (const [language, line] of [
      ['en', 'everything is cheaper at [blue ocean trade dot com], go and look'],
      ['en', 'our own shop is [house of lamps dot co dot uk]'],
      ['en', 'You find {the whole range} on [bright little lamps dot net]'],
      ['en', 'visit my [lamp king dot shop] for more'],
      ['en', 'type [blue dash ocean dash trade dot com] into your browser'],
      ['en', 'the site is [lamp king], [dot com]'],
      ['en', "it's [w w w dot blue ocean trade dot com]"],
      ['en', 'mail me, [sunny trade at gmail dot com]'],
      ['en', 'write to [sales dot sunny at blue ocean dot com]'],
      ['en', 'my handle is [sunny dot trade dot lamps] on Insta'],
      ['zh', '我的网站是[蓝海贸易点com]，进去看看'],
      ['zh', '网址 [blue ocean trade 点 com]，{便宜很多}'],
      ['zh', '浏览器输入[蓝海灯饰点com点cn]就行'],
      ['es', 'Entrad en [mar azul comercio punto com], {está todo más barato}'],
      ['es', 'Nuestra web es [la casa de las lamparas punto es]'],
      ['es', 'Escribidme a [sol luces arroba gmail punto com]'],
      ['ru', 'Заходите на [синий океан торг точка ру], {там дешевле}'],
      ['ru', 'Наш сайт [дом ламп точка ком]'],
      ['ar', 'موقعنا [بلو اوشن تريد دوت كوم]، {كل شيء أرخص}'],
      ['ar', 'زوروا [بيت المصابيح دوت كوم]'],
      ['de', 'Schaut auf [blauer ozean handel punkt de], {da ist es günstiger}'],
      ['de', 'Unser Laden heißt [haus der lampen punkt com]'],
      ['fr', "Allez sur [ocean bleu commerce point com], {c'est moins cher}"],
      ['pt', 'Entra em [mar azul luzes ponto com ponto br], {lá é mais barato}'],
      ['it', 'Andate su [mare blu lampade punto it], {costa meno}'],
      ['nl', 'Kijk op [blauwe zee lampen punt nl], {daar is het goedkoper}'],
      ['pl', 'Wejdźcie na [niebieski ocean lampy kropka pl], {tam jest taniej}'],
      ['tr', '[mavi okyanus ticaret nokta com] adresine girin'],
      ['hi', 'हमारी साइट है [नीला सागर ट्रेड डॉट कॉम], {वहां सस्ता है}'],
      ['th', 'เข้าเว็บ [บลูโอเชี่ยนเทรด ดอท คอม] {ถูกกว่า}'],
      ['vi', 'vào [den xanh sai gon chấm com] nhé, {rẻ hơn nhiều}'],
      ['id', 'buka [lampu biru jakarta titik com], {lebih murah}'],
      ['ja', 'サイトは[青い海ランプ ドット コム]です'],
      ['ko', '[푸른 바다 조명 닷컴]으로 들어오세요'],
      ['en', '{Tonight} you get it from [green garden tools dot com] {as well}'],
      ['en', 'I also sell on [happy feet socks dot eu]'],
      ['en', 'Drop a line to [kettle underscore family at outlook dot com]'],
      ['zh', '邮箱是 [tonghu at 163 点 com]'],
      ['es', 'La tienda está en [teteras de cobre punto com], {hoy con descuento}'],
      ['ru', 'Пишите на [медный чайник собака яндекс точка ру]'],
      ['ru', 'Магазин наш [медные чайники урал точка рф]'],
      ['ar', 'الموقع [إبريق النحاس دوت نت]، {الغطاء من الفولاذ}'],
      ['de', 'Der Shop ist unter [kupfer kessel punkt eu] zu finden'],
      ['fr', "Le site c'est [bouilloire du nord point fr], {le couvercle est en acier}"],
      ['pt', 'O site é [chaleira de cobre ponto com ponto br]'],
      ['en', '{Half price} over at [tiny tea pot dot store], {just tonight}'],
      ['en', 'my Skype name is [grinder dot paul]'],
      ['en', 'write [pepper mill at yahoo dot com]'],
      ['zh', '[椒盐研磨点cn]，{今天有货}'],
      ['zh', '网址是[pepper mill 点 com]，{记一下}'],
      ['zh', '公司邮箱[pepper mill 艾特 163 点 com]'],
      ['es', 'Mira en [molinillos de nogal punto com]'],
      ['es', 'Correo: [molinillos arroba hotmail punto com]'],
      ['ru', 'Заказывайте на [перец и соль точка ру]'],
      ['ru', 'Почта [перец паша собака мейл точка ру]'],
      ['ar', 'ادخلوا موقع [مطحنة الفلفل دوت كوم]'],
      ['ar', 'ايميلي [فلفل ات جيميل دوت كوم]'],
      ['de', 'Schreibt an [pfeffer mühle at gmx punkt de]'],
      ['hi', 'मेरी साइट [मिर्च मसाला डॉट इन]'],
      ['en', 'Cheaper still on [north sea yarn dot co dot uk], {see the wool here}'],
      ['en', 'contact: [wool hyphen witch at protonmail dot com]'],
      ['zh', '织女毛线店的官网是[zhi nu mao xian 点 com]'],
      ['zh', '打开浏览器输[北海毛线点com]'],
      ['es', 'Está más barato en [lanas del mar punto com], {tocad la lana}'],
      ['es', 'El correo es [bruja guion bajo lana arroba gmail punto com]'],
      ['ru', 'Дешевле на [северная пряжа точка ком], {потрогайте шерсть}'],
      ['ar', 'أرخص على [خيوط الشمال دوت كوم]، {المسوا الصوف}'],
      ['de', 'Billiger auf [nordsee wolle punkt de], {fühlt mal die Wolle}'],
      ['fr', 'Moins cher sur [laine du nord point com], {touchez la laine}'],
      ['pt', 'Mais barato em [lã do norte ponto com]'],
      ['tr', 'Sitemiz [kuzey yünü nokta com]'],
      ['en', "you'll find it at [red barn bread dot org], {still warm}"],
      ['zh', '去[红谷仓面包点com]'],
      ['es', 'Está todo en [pan de granero punto org], {aún caliente}'],
      ['ru', 'Всё есть на [красный амбар точка орг], {ещё тёплый}'],
      ['ar', 'كل شيء في [خبز المخزن دوت نت]، {ما زال ساخنا}'],
      ['de', 'Alles gibt es bei [rote scheune brot punkt org], {noch warm}'],
      ['fr', 'Tout est sur [grange rouge pain point org], {encore chaud}'],
      ['it', 'Tutto su [pane del granaio punto org], {ancora caldo}'],
      ['nl', 'Alles staat op [rode schuur brood punt org], {nog warm}'],
      ['pl', 'Wszystko jest na [czerwona stodola kropka org], {jeszcze ciepłe}'],
    ] as const)
      t.same(heard(judge, line, language), { names: '', lost: '' }, line);
  });

  t.test('a dot outside of an address extends nothing', async (t) => {
    for (const [language, line] of [
      ['en', '{The point of a copper kettle is heat}'],
      ['en', '{Two dot five litres, that is all it holds}'],
      ['es', '{El punto rojo en la tapa es la marca de nivel}'],
      ['ru', '{Чайник называется Тула, точка}'],
      ['fr', "{Le point noir, c'est le poids de la bouilloire}"],
      ['ru', '{Пряжа называется северная, точка на ярлыке красная}'],
      ['zh', '{这个颜色名字叫北海蓝，三点前下单}'],
      ['es', '{Se llama punto inglés y es fácil}'],
      ['fr', "{Le point mousse, c'est le premier qu'on apprend}"],
      ['de', '{Auf den Punkt genau, die Wolle heißt Nordsee}'],
    ] as const)
      t.same(heard(judge, line, language), { names: '', lost: '' }, line);
  });
});

t.test('judged contacts', async (t) => {
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
});
