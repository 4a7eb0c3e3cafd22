import t from 'tap';
import { product } from '../../src/config/sections/product.js';
import { isNobodysOrder } from '../../src/moderation/contacts/detect-personal.js';
import { normalise } from '../../src/moderation/normalise/normalise.js';
import { detectMisspelledNames } from '../../src/moderation/stages/name-stage.js';
import { TextJudge } from '../../src/moderation/text-judge.js';
import { heard } from './marked-line.js';

t.test('broken names', async (t) => {
  const judge = new TextJudge();
  const broken = (text: string): boolean =>
    judge.judge(text, { surface: 'caption', language: 'en' }).hits.some((h) => h.rule === '3.2');

  t.test('detects a name with a misplaced blank, or two letters that look like one', async (t) => {
    for (const text of [
      'vvhatsapp',
      'VVhats App',
      'ask on What sApp',
      'telegr am',
      'Instagrarn',
      'vvechat',
      'rnessenger',
    ])
      t.ok(broken(text), text);
  });

  t.test('detects addresses with a drawn dot or separate letters', async (t) => {
    for (const text of ['sunnylamps ● com', 'sunnylamps • com', 'sunnylamps 🔵 com', 'sunnylamps  .  c o m'])
      t.ok(broken(text), text);
  });

  t.test('detects names after a drawn hand, and a name that is the whole text', async (t) => {
    for (const text of ['IG 👉 sunnylamps', '@sunnylamps', '📷 @sunnylamps', '🐧 12345678', 'Q Q 12345678', '小🍠'])
      t.ok(broken(text), text);
    const spoken = judge.judge('@anna', { surface: 'speech', language: 'en' });
    t.strictSame(spoken.hits, [], 'spoken, it calls a viewer');
  });

  t.test('reads named digits, or digits said as other words, as a number', async (t) => {
    for (const text of [
      'digit four digit two digit zero digit one digit five digit five digit five digit nine',
      'four won five, five five five, too six seven won',
    ])
      t.ok(broken(text), text);
  });

  t.test('passes words that are merely similar', async (t) => {
    for (const text of [
      'what a happy customer',
      'a telegraph and a messenger bag',
      'lamp ● comes with a cable',
      'two to three weeks, four to five for large orders',
      'one to two, three to four, five to six',
      'ships to @ 5 USD',
      'a penguin 🐧 of plush, 30 cm',
    ])
      t.notOk(broken(text), text);
    const portuguese = judge.judge('Garrafa ● com tampa de bambu', { surface: 'caption', language: 'pt' });
    t.strictSame(portuguese.hits, []);
  });
});

t.test('detect brands', async (t) => {
  const judge = new TextJudge();
  const entry = [
    product.parse({
      id: 'vacuum',
      title: 'Cordless vacuum cleaner',
      image: 'vacuum.png',
      price: { amount: 60, currency: 'USD' },
      facts: ['Compatible with Bose docks'],
    }),
  ];
  const rules = (text: string, language = 'en', surface: 'caption' | 'speech' = 'caption'): string[] =>
    judge.judge(text, { surface, language, entry }).hits.map((h) => `${h.rule} ${h.action}`);

  t.test('reports a claimed or compared brand missing from the listing, on screen', async (t) => {
    t.same(rules('Quieter than Dyson'), ['5.4 warn']);
    t.same(rules('Our Dyson in three colours'), ['5.4 warn']);
    t.same(rules('Besser als Dyson', 'de'), ['5.4 warn']);
    t.same(rules('对标戴森的吸力', 'zh'), ['5.4 warn']);
  });

  t.test('accepts compatible products, listed brands and ordinary words', async (t) => {
    t.same(rules('Fits the Dyson charger'), []);
    t.same(rules('Works like the Bose docks'), []);
    t.same(rules('It is red like an apple'), []);
    t.same(rules('Quieter than the old model'), []);
  });

  t.test('applies the rule on screen, not in speech', async (t) => {
    t.same(rules('Quieter than Dyson', 'en', 'speech'), []);
  });
});

t.test('misspelled names', async (t) => {
  const found = (text: string): string[] =>
    detectMisspelledNames(normalise(text).folded).map((f) => `${f.rule} ${text.slice(f.start, f.end)}`);

  t.test('detects one letter inserted, omitted, changed or swapped in a name', async (t) => {
    t.same(found('find us on Whatspap'), ['3.2 Whatspap']);
    t.same(found('por Telgram contesto'), ['3.2 Telgram']);
    t.same(found('notre Facebouk a tout'), ['3.2 Facebouk']);
    t.same(found('na Instagarmie jest więcej'), ['3.2 Instagarmie']);
    t.same(found('Paypla me the rest'), ['3.1 Paypla']);
  });

  t.test('leaves correctly spelled names to the lexicon, and ignores ordinary words', async (t) => {
    t.same(found('WhatsApp, Telegram, Instagrams and Facebookowi'), []);
    t.same(found('the telegraph key, ein Telegraf, telegrafie, a papal chair, ticktock'), []);
  });
});

t.test('said names', async (t) => {
  const judge = new TextJudge({ model: null });

  t.test('mutes a name said apart from its platform to its end', async (t) => {
    for (const [language, line] of [
      ['en', 'add me, the name is [sunny underscore trade], on WeChat'],
      ['en', 'on WeChat the name is [sunny underscore trade]'],
      ['en', 'add me on WeChat, my name there is [sunny trade]'],
      ['en', 'search [sunny trade] on Telegram'],
      ['en', 'look for [sunny trade ninety nine] on Instagram'],
      ['en', 'our Instagram is [bright lamp studio], all one word'],
      ['en', 'find us on TikTok under [bright lamp studio]'],
      ['en', 'I go by [lamp queen] on Snapchat'],
      ['en', 'our WhatsApp group is called [lamp lovers]'],
      ['en', 'follow [lamp lovers official] on Facebook'],
      ['zh', '加我微信，名字叫[阳光下划线贸易]'],
      ['zh', '加我，名字是[sunny 下划线 trade]，在微信上'],
      ['zh', '微信号是[阳光灯饰八八]'],
      ['zh', '抖音搜[阳光灯饰]就能找到我'],
      ['zh', '小红书搜索[灯饰小王子]'],
      ['zh', '公众号叫[蓝海灯饰批发]，关注一下'],
      ['es', 'Agrégame, el nombre es [sol guion bajo luces], en WeChat'],
      ['es', 'Búscame en Telegram como [sol luces madrid]'],
      ['es', 'Mi Instagram es [luces del sur], todo junto'],
      ['es', 'Estamos en Facebook como [taller de luces]'],
      ['ru', 'Добавьте меня, имя [солнце нижнее подчёркивание торг], в вичате'],
      ['ru', 'Ищите в телеграме [солнечный свет опт]'],
      ['ru', 'Наш инстаграм называется [лампа плюс]'],
      ['ru', 'В вайбере я под именем [ламповая королева]'],
      ['ar', 'ضيفوني، الاسم [شمس شرطة سفلية نور] على الواتساب'],
      ['ar', 'حسابنا على انستقرام اسمه [بيت المصابيح]'],
      ['ar', 'تابعونا على تلغرام باسم [شمس النور]'],
      ['de', 'Fügt mich hinzu, der Name ist [sonne unterstrich handel], auf WeChat'],
      ['de', 'Auf Insta heißen wir [lampen aus kiel]'],
      ['de', 'Sucht auf Telegram nach [sonne handel kiel]'],
      ['fr', "Ajoutez-moi, le nom c'est [soleil tiret bas lampes], sur WeChat"],
      ['fr', "Notre insta c'est [maison des lampes]"],
      ['fr', 'Cherchez [soleil lampes lyon] sur Telegram'],
      ['pt', 'Me adiciona, o nome é [sol underline luzes], no WeChat'],
      ['pt', 'Nosso insta é [casa das luzes]'],
      ['it', 'Su Telegram cercate [luce di sole]'],
      ['it', 'Aggiungimi, il nome è [sole trattino basso luci], su WeChat'],
      ['nl', 'Op Insta heten we [lampen uit breda]'],
      ['pl', 'Na Instagramie jesteśmy jako [dom lamp krakow]'],
      ['tr', "Instagram'da adımız [gunes lamba evi]"],
      ['hi', 'इंस्टाग्राम पर [रोशनी घर] नाम से खोजो'],
      ['th', 'ไลน์ไอดี [โคมไฟแม่พร]'],
      ['vi', 'tìm trên Zalo tên [Đèn Xanh Sài Gòn]'],
      ['id', 'cari di Telegram nama [lampu matahari]'],
      ['ja', 'インスタで[ランプの家]って検索してね'],
      ['ko', '인스타에서 [햇살 조명] 검색하세요'],
      ['ko', '카톡 아이디는 [햇살 언더바 조명]'],
      ['en', 'our Facebook page is [the wooden toy barn]'],
      ['en', '{the kettle boils fast}, search [copper kettle family] on Instagram'],
      ['en', 'Add me on Line, ID [kettle queen]'],
      ['en', 'My Telegram nick: [copper dash kettle]'],
      ['en', "I'm on Viber as [kettle joe], {the lid is steel}"],
      ['zh', '我的抖音号叫[铜壶世家]，{水壶今天打折}'],
      ['zh', '打开[tong hu dian com]'],
      ['zh', '加我QQ，昵称是[铜壶小李]'],
      ['zh', '微博搜一下[铜壶小李]，{好货不断}'],
      ['es', 'Nos podéis buscar en Facebook, nos llamamos [teteras del norte]'],
      ['es', 'Busca [teteras del norte] en Instagram'],
      ['es', '{La tapa es de acero} y el WhatsApp es el mismo, nombre [tetera guion cobre]'],
      ['ru', 'Ищите [медный чайник] в инстаграме'],
      ['ru', 'Мой телеграм — [медный чайник опт], {крышка стальная}'],
      ['ru', 'Во вконтакте группа [чайники урала]'],
      ['ar', 'ابحثوا عن [إبريق النحاس] في انستقرام'],
      ['ar', 'واتساب باسم [أبو إبريق]'],
      ['ar', 'اسمي على تلغرام [إبريق شرطة سفلية نحاس]'],
      ['de', 'Sucht [kupfer kessel werkstatt] auf Instagram, {der Deckel ist aus Stahl}'],
      ['de', 'Mein Telegram-Name ist [kessel bindestrich anton]'],
      ['fr', 'Cherchez [bouilloire du nord] sur Facebook'],
      ['it', 'Cercate [teiera di rame] su Instagram'],
      ['pt', 'Procura [chaleira de cobre] no Instagram, {a tampa é de aço}'],
      ['nl', 'Zoek [koperen ketel] op Facebook'],
      ['pl', 'Szukajcie [miedziany czajnik] na Facebooku'],
      ['tr', "Instagram'da [bakır çaydanlık] yazın"],
      ['hi', 'इंस्टाग्राम पर [तांबे की केतली] सर्च करो'],
      ['hi', 'मेरी टेलीग्राम आईडी है [केतली अंडरस्कोर राजू]'],
      ['th', 'เฟซบุ๊กชื่อ [กาน้ำทองแดง]'],
      ['vi', 'tìm Facebook tên [Ấm Đồng Hà Nội]'],
      ['id', 'cari [ketel tembaga] di Instagram, {tutupnya baja}'],
      ['ja', 'LINEで[銅のやかん]を検索してください'],
      ['ko', '카카오톡에서 [구리 주전자] 찾아 주세요'],
      ['en', 'Look up [pepper and salt mills] on TikTok'],
      ['en', 'Our Instagram is called [salt of the north]'],
      ['en', 'add the Telegram channel [spice road deals]'],
      ['zh', '加微信，号是[胡椒研磨坊]'],
      ['zh', '在小红书上搜索[胡椒大叔]'],
      ['zh', '飞机号叫[胡椒大叔 underscore cn]'],
      ['es', 'Mi usuario en Telegram es [molinillo guion bajo paco]'],
      ['es', 'Seguidnos en TikTok, nos llamamos [pimienta y sal]'],
      ['es', 'En Instagram buscad [pimienta y sal], {la madera es nogal}'],
      ['ru', 'В телеграме меня зовут [перечный Паша]'],
      ['ru', 'Подписывайтесь на [перечный Паша] во вконтакте'],
      ['ru', 'Ник в инсте [перец подчёркивание паша], {дерево — орех}'],
      ['ar', 'تابعونا على انستقرام، اسم الحساب [مطحنة الفلفل]'],
      ['ar', 'في تيك توك ابحثوا عن [بيت الفلفل]'],
      ['ar', 'ضيفوا [أبو فلفل] على سناب، {الخشب جوز}'],
      ['de', 'Bei TikTok heiße ich [pfeffer paul]'],
      ['fr', "Notre page Facebook s'appelle [poivre et sel]"],
      ['pt', 'Meu nome no Telegram é [moinho underline paulo]'],
      ['it', 'Su Instagram ci chiamiamo [pepe e sale]'],
      ['tr', "Telegram'da adım [biber paşa]"],
      ['th', 'เพจเฟซบุ๊กชื่อ [บ้านพริกไทย]'],
      ['vi', 'Facebook của mình tên là [Tiêu Phú Quốc]'],
      ['id', 'nama akun Instagram kami [lada dan garam]'],
      ['ja', 'インスタのアカウント名は[胡椒の家]です'],
      ['ko', '인스타 아이디는 [후추 언더바 집]이에요'],
      ['en', 'DM [wool witch] on Insta'],
      ['en', 'Our Discord is called [the yarn cave]'],
      ['en', 'type in [north sea yarn] on Facebook and say hi'],
      ['en', '{This yarn is called north sea} and our WhatsApp is [wool witch]'],
      ['en', 'Telegram, username [north underscore sea underscore yarn]'],
      ['zh', 'B站搜[织女毛线]，{羊毛很软}'],
      ['zh', '加V，昵称[织女阿芳]'],
      ['zh', 'telegram 上叫 [north sea yarn]'],
      ['zh', '我QQ名字是[毛线阿芳]'],
      ['es', 'Añádeme a Telegram, me llamo [bruja de lana]'],
      ['es', 'Nuestra página de Facebook se llama [lanas del mar]'],
      ['es', 'Busca [la bruja de lana] en TikTok'],
      ['ru', 'Найдите [шерстяная ведьма] в инстаграме'],
      ['ru', 'В телеграм-канале, называется [северная пряжа]'],
      ['ru', 'Ватсап, имя [ведьма тире шерсть]'],
      ['ar', 'ابحث عن [ساحرة الصوف] في تيك توك'],
      ['ar', 'حسابي في انستقرام [ساحرة شرطة سفلية الصوف]'],
      ['ar', 'جروب الواتساب اسمه [خيوط الشمال]'],
      ['fr', "Mon pseudo Telegram c'est [sorcière de laine]"],
      ['hi', 'टेलीग्राम पर नाम है [ऊन वाली चुड़ैल]'],
      ['ja', 'Xで[毛糸の魔女]と検索してください'],
      ['ko', '텔레그램에서 [털실 마녀]를 찾으세요'],
      ['id', 'Di Telegram namanya [penyihir wol]'],
      ['vi', 'Zalo tên [Phù Thủy Len]'],
      ['th', 'ไลน์ชื่อ [แม่มดไหมพรม]'],
      ['en', 'Viber name [crumb and crust]'],
      ['en', 'Look for [the rye guy] on YouTube'],
      ['en', 'ping me on Skype as [rye guy brendan]'],
      ['zh', '抖音账号叫[面包大叔]，{刚出炉}'],
      ['zh', '加我微信，昵称[麦子姐姐]'],
      ['es', 'En TikTok soy [el señor centeno]'],
      ['es', 'Mi Skype se llama [granero rojo]'],
      ['ru', 'В тиктоке ищите [хлебный дядя]'],
      ['ru', 'Скайп называется [красный амбар]'],
      ['ar', 'قناتنا على يوتيوب اسمها [خبز المخزن]'],
      ['de', 'Sucht [den roggenmann] auf YouTube'],
      ['pt', 'No TikTok eu sou [o homem do centeio]'],
      ['tr', "YouTube'da [ekmekçi amca] diye aratın"],
      ['hi', 'यूट्यूब पर [रोटी वाले चाचा] खोजिए'],
      ['th', 'ยูทูบชื่อ [ลุงขนมปัง]'],
      ['vi', 'TikTok tên là [Chú Bánh Mì]'],
      ['id', 'cari [paman roti] di YouTube'],
      ['ja', 'YouTubeで[パンのおじさん]と検索'],
      ['ko', '유튜브에서 [빵 아저씨] 검색'],
    ] as const)
      t.same(heard(judge, line, language), { names: '', lost: '' }, line);
  });

  t.test('keeps names of products and people, and searches for things', async (t) => {
    for (const [language, line] of [
      ['en', 'Message us on WhatsApp {for the price list}'],
      ['en', 'Follow us on Telegram {please}'],
      ['en', 'Add me on WeChat {any time}'],
      ['en', '{The name is copper kettle because it is made of copper}'],
      ['en', '{Search for the kettle on the shelf behind me}'],
      ['zh', '{这把壶名字叫铜韵，容量一升}'],
      ['de', '{Der Kessel heißt Anton, wie mein Opa}'],
      ['ar', '{اسم هذا الإبريق نحاس الشام}'],
      ['en', '{My name is Paul and the mill is walnut}'],
      ['en', '{Search the drawer for the key, then look for the screw}'],
      ['ru', '{Меня зовут Паша, мельница из ореха}'],
      ['zh', '{这个型号叫胡椒大叔，木头是胡桃木}'],
      ['es', '{Me llamo Paco y el molinillo es de nogal}'],
      ['ar', '{اسمي أحمد والمطحنة من خشب الجوز}'],
      ['en', '{The shop name on the label is north sea yarn}'],
    ] as const)
      t.same(heard(judge, line, language), { names: '', lost: '' }, line);
  });
});

t.test('starred words', async (t) => {
  const judge = new TextJudge();
  const hits = (text: string, language: string): string[] =>
    judge.judge(text, { surface: 'caption', language }).hits.map((h) => `${h.rule} ${h.match}`);

  t.test('detects a curse with struck-out letters', async (t) => {
    for (const [text, language, match] of [
      ['well f**k that', 'en', 'f**k'],
      ['oh sh!t', 'en', 'sh!t'],
      ['what an idi*t', 'en', 'idi*t'],
      ['eres un pend*jo', 'es', 'pend*jo'],
      ['du Arschl*ch', 'de', 'Arschl*ch'],
      ['вот с*ка', 'ru', 'с*ка'],
    ] as const)
      t.ok(
        hits(text, language).some((hit) => hit.startsWith('5.2') && hit.includes(match)),
        `${text}: ${hits(text, language)}`,
      );
  });

  t.test('ignores names of buyers, exclamation marks and signs between words', async (t) => {
    for (const text of [
      'j**n from Leeds bought two',
      'thanks to a***a and s**n',
      'shirt! socks! hat!',
      'Model B*2 and C#4',
      'salt&pepper',
      'R&D and Q&A',
    ])
      t.strictSame(hits(text, 'en'), [], text);
  });
});

t.test('unnamed order', async (t) => {
  const judge = new TextJudge();
  const rules = (text: string, language: string): string[] =>
    judge.judge(text, { surface: 'speech', language }).hits.map((h) => h.rule);

  t.test('an order number without a name passes, with a name it is personal data', async (t) => {
    for (const [language, alone, named] of [
      ['en', 'Your order number is 1124587963021, it ships on Friday', "Maria's order number is 1124587963021"],
      ['zh', '订单号 1124587963021 已经发货了', '王芳的订单号 1124587963021 发货了'],
      ['de', 'Die Bestellnummer 1124587963021', 'Die Bestellnummer 1124587963021 von Peter ist unterwegs'],
      ['ru', 'Номер заказа 1124587963021', 'Номер заказа Ивановой 1124587963021'],
      ['ko', '주문번호는 1124587963021 입니다', '김민수님 주문번호는 1124587963021'],
      ['fr', 'Le numéro de commande est 1124587963021', 'Le numéro de commande de Claire est 1124587963021'],
      ['ar', 'رقم الطلب 1124587963021', 'رقم الطلب الخاص بأحمد 1124587963021'],
      ['hi', 'ऑर्डर नंबर 1124587963021', 'सीमा का ऑर्डर नंबर 1124587963021'],
    ] as const) {
      t.strictSame(rules(alone, language), [], alone);
      t.ok(rules(named, language).includes('5.3'), named);
    }
  });

  t.test('an amount or a day after "order" is not an order number', async (t) => {
    t.strictSame(rules('We filled an order of 20000000 pieces for a customer last spring', 'en'), []);
    t.strictSame(rules('The order of 12/05/2026 for that customer went out complete', 'en'), []);
  });

  t.test('a capital within a sentence may be a name, a weekday is not', async (t) => {
    const text = (tail: string): string => `the order number is 1124587963021 ${tail}`;
    t.equal(isNobodysOrder(text('on Friday'), 4, 33), true);
    t.equal(isNobodysOrder(text('for Jin'), 4, 33), false);
  });
});

t.test('whole name', async (t) => {
  const judge = new TextJudge({ model: null });

  /** The letters of `name` in the line that no hit of 3.2 covers. */
  function uncovered(line: string, name: string, language: string): string {
    const at = line.indexOf(name);
    const { hits } = judge.judge(line, { surface: 'speech', language });
    return [...name]
      .filter((_, i) => !hits.some((h) => h.rule === '3.2' && h.start <= at + i && h.end > at + i))
      .join('');
  }

  t.test('mutes an account name of plain letters with its platform', async (t) => {
    for (const [language, line] of [
      ['en', 'our telegram is goodlamps'],
      ['en', 'find us on Instagram as goodlamps'],
      ['en', 'skype goodlamps'],
      ['zh', '我的微信号是 goodlamps，谢谢'],
      ['zh', '微信搜 goodlamps'],
      ['es', 'nuestro telegram es goodlamps'],
      ['de', 'auf Insta heißen wir goodlamps'],
      ['fr', 'mon insta c’est goodlamps'],
      ['ru', 'наш телеграм goodlamps'],
      ['ja', 'インスタはgoodlamps'],
      ['ko', '카톡 아이디 goodlamps'],
      ['th', 'ไอจี goodlamps'],
      ['ar', 'انستا goodlamps'],
    ] as const)
      t.equal(uncovered(line, 'goodlamps', language), '', line);
  });

  t.test('keeps the words after a platform’s name', async (t) => {
    for (const [line, words] of [
      ['Add me on WeChat any time.', 'any time'],
      ['Message us on WhatsApp for the price list', 'for the price list'],
      ['Follow us on Telegram please.', 'please'],
    ] as const)
      t.equal(uncovered(line, words, 'en'), words, line);
  });

  t.test('mutes the name of an address with a spoken dot', async (t) => {
    t.equal(uncovered('go to w w w dot lampking dot c o m', 'lampking', 'en'), '');
    t.equal(uncovered('сайт лампкинг точка ру', 'лампкинг', 'ru'), '');
    t.equal(uncovered('زوروا lampking دوت كوم', 'lampking', 'ar'), '');
  });

  t.test('a spoken dot includes its name in every language, also where the sentence continues', async (t) => {
    for (const [language, line, name] of [
      ['es', 'La web es lampking punto es, ahí está todo', 'lampking'],
      ['fr', 'Le site c’est lampking point fr, tout y est', 'lampking'],
      ['de', 'Unser Shop ist lampking punkt de, dort gibt’s alles', 'lampking'],
      ['pl', 'Strona to lampking kropka pl, tam jest taniej', 'lampking'],
      ['id', 'Webnya lampking titik co titik id, lengkap di sana', 'lampking'],
      ['en', 'it is l a m p k i n g dot net, type it', 'l a m p k i n g'],
    ] as const)
      t.equal(uncovered(line, name, language), '', line);
  });

  t.test('mutes a number to its last digit', async (t) => {
    for (const [language, line, number] of [
      [
        'hi',
        'bhai mera number likh lo, nau aath saat chhe paanch char teen do ek ek',
        'nau aath saat chhe paanch char teen do ek ek',
      ],
      [
        'ar',
        'سجلوا عندكم: صفر خمسة ستة، سبعة وأربعين، تسعة وثمانين، اثنعش',
        'صفر خمسة ستة، سبعة وأربعين، تسعة وثمانين، اثنعش',
      ],
      ['hi', 'लिख लो अट्ठानवे छिहत्तर चौवन बत्तीस दस', 'अट्ठानवे छिहत्तर चौवन बत्तीस दस'],
    ] as const)
      t.equal(uncovered(line, number, language), '', line);
  });

  t.test('a name continues after a spoken underscore', async (t) => {
    t.equal(uncovered('ищите меня в телеге, ник svet underscore opt', 'svet underscore opt', 'ru'), '');
    t.equal(uncovered('แอดไลน์มาเลยค่ะ ไอดี lampshop ขีดล่าง thai', 'thai', 'th'), '');
  });
});
