import t from 'tap';
import { normalise } from '../../src/moderation/normalise/normalise.js';
import { withFigures } from '../../src/moderation/numbers/number-words.js';
import { detectSaidMinimum } from '../../src/moderation/rules/lasting-times.js';
import { type TextContext, TextJudge } from '../../src/moderation/text-judge.js';
import { productOf } from '../kit/product-of.js';

t.test('detect spam', async (t) => {
  const judge = new TextJudge({ model: null });
  const spam = (text: string, language: string): boolean =>
    judge.judge(text, { surface: 'reply', language }).hits.some((h) => h.rule === '2.3');

  t.test('bursts of the same words are spam', async (t) => {
    t.ok(spam('HOT DEAL HOT DEAL HOT DEAL click here, follow follow follow', 'en'));
    t.ok(spam('買って買って買って フォローフォローフォロー', 'ja'));
    t.ok(spam('ЗАХОДИ ЗАХОДИ ЗАХОДИ! скидки скидки скидки', 'ru'));
  });

  t.test('one burst is enough where a robot is named as the sender', async (t) => {
    t.ok(spam('KOPEN KOPEN KOPEN, automatisch bericht voor iedereen', 'nl'));
    t.notOk(spam('Kopen kopen kopen, zei mijn oma altijd', 'nl'));
  });

  t.test('ignores laughter, cheers and repeated signs', async (t) => {
    t.notOk(spam('hahahaha, no no no, that was the lid', 'en'));
    t.notOk(spam('哈哈哈哈哈哈，对对对对，就是这个颜色', 'zh'));
    t.notOk(spam('ha ha ha ha and la la la la, the speaker sings', 'en'));
  });
});

t.test('excuses', async (t) => {
  const judge = new TextJudge();
  const verdict = (text: string, language = 'en'): string =>
    judge.judge(text, { surface: 'speech', language, entry: [] }).verdict;

  t.test('the order page excuses a payment where it is the place of payment', async (t) => {
    t.equal(verdict('You can pay by credit card, PayPal or T/T, all on the order page'), 'clean');
    t.equal(verdict('信用卡、PayPal都可以，在订单页里付', 'zh'), 'clean');
    t.equal(verdict('Skip the order page, PayPal me instead'), 'violation');
    t.equal(verdict('The order page is only for show, PayPal me'), 'violation');
    t.equal(verdict('you can pay on the order page or cheaper in cash to my driver'), 'violation');
    t.equal(verdict('订单页太慢了，微信转我，今天发', 'zh'), 'violation');
  });

  t.test('a warning against swindlers excuses a mention, denying to be one does not', async (t) => {
    t.equal(verdict("If someone messages you on WhatsApp pretending to be us, it's a scam"), 'clean');
    t.equal(verdict('有人在微信上冒充我们的，都是骗子', 'zh'), 'clean');
    t.equal(verdict("It's not a scam, if someone doubts it just add my WhatsApp"), 'violation');
    t.equal(verdict('有人说是骗子，不是的，加我微信看工厂', 'zh'), 'violation');
  });

  t.test('the receiver’s telephone belongs to an address, the seller’s does not', async (t) => {
    t.equal(verdict("The receiver's phone goes in the delivery address, not here"), 'clean');
    t.equal(verdict("the recipient can call my mobile, number's on the banner"), 'violation');
  });

  t.test('the platform itself may be named as the place to be found', async (t) => {
    t.equal(verdict('You find us on Alibaba dot com, the link is under the video'), 'clean');
    t.equal(verdict('Find us on Alibaba or quicker on Telegram'), 'violation');
  });

  t.test('a superlative among one’s own goods is not a claim, one over the market is', async (t) => {
    t.equal(verdict('The cheapest of the three is the left one'), 'clean');
    t.equal(verdict('The cheapest of the three and of all on the market'), 'violation');
    t.equal(verdict('这三款里最便宜的是左边', 'zh'), 'clean');
    t.equal(verdict('这三款里最便宜的，全网也是最便宜的', 'zh'), 'violation');
  });

  t.test('a headset may be used with a platform, an account on it may not be named', async (t) => {
    t.equal(verdict('The headset is fine for calls, WhatsApp included'), 'clean');
    t.equal(verdict('For headset orders my WhatsApp takes calls and messages'), 'violation');
  });

  t.test('number one in a list is not a claim, number one in the world is', async (t) => {
    t.equal(verdict('Number one on the list is the drill, number two the sander'), 'clean');
    t.equal(verdict('Die Nummer eins im Koffer ist der Ratschenschlüssel', 'de'), 'clean');
    t.equal(verdict('La linea numero uno taglia, la numero due cuce', 'it'), 'clean');
    t.equal(verdict('We are number one in the world, number two is far behind'), 'violation');
    t.equal(verdict('Siamo il numero uno in Italia', 'it'), 'violation');
  });
});

t.test('insults alone', async (t) => {
  const judge = new TextJudge();
  const rules = (text: string, language: string): string[] =>
    judge.judge(text, { surface: 'speech', language }).hits.map((h) => h.rule);

  t.test('detects a word that is an insult by itself as the whole text, or as an exclamation', async (t) => {
    for (const [text, language] of [
      ['滚!', 'zh'],
      ['Varken!', 'nl'],
      ['Domuz!', 'tr'],
      ['Schwein', 'de'],
      ['¡Cerdo!', 'es'],
      ['свинья 🙄', 'ru'],
      ['โง่', 'th'],
      ['Leuk hoor. Varken! Volgende vraag.', 'nl'],
    ] as const)
      t.ok(rules(text, language).includes('5.2'), text);
  });

  t.test('ignores the word beside others, where it is an animal or a thing', async (t) => {
    for (const [text, language] of [
      ['滚筒洗衣机', 'zh'],
      ['Varkensleer is sterk', 'nl'],
      ['domuz kumbarası', 'tr'],
      ['Das Schwein ist aus Keramik!', 'de'],
      ['Un cerdo de cerámica, una vaca y una oveja', 'es'],
      ['Копилка: свинья', 'ru'],
      ['Pig, cow, hen: three magnets', 'en'],
    ] as const)
      t.strictSame(rules(text, language), [], text);
  });
});

t.test('lasting times', async (t) => {
  const judge = new TextJudge({ model: null });
  const entry = [
    productOf({
      id: 'bottle',
      title: 'Insulated Steel Bottle 750 ml',
      price: { amount: 4.8, currency: 'USD', unit: 'piece', was: 5.6 },
      minimumOrder: '500 pieces',
      facts: ['Keeps drinks hot for 12 hours and cold for 24 hours'],
    }),
  ];
  const rules = (text: string, language: string): string[] =>
    judge.judge(text, { surface: 'speech', language, entry }).hits.map((h) => h.rule);

  t.test('a longer time than listed contradicts the listing in any language and unit', async (t) => {
    for (const [language, line] of [
      ['en', 'Keeps your coffee hot for thirty-six hours'],
      ['en', 'Ice stays frozen in it for five days'],
      ['zh', '热水放三天三夜还是烫的'],
      ['de', 'Die Flasche hält Getränke achtundvierzig Stunden heiß'],
      ['es', 'El agua se mantiene fría durante cinco días'],
      ['ru', 'Холод держит пять суток'],
    ] as const)
      t.ok(rules(line, language).includes('2.1'), line);
  });

  t.test('heat and cold have separate times', async (t) => {
    t.ok(rules('It stays hot for twenty-four hours', 'en').includes('2.1'));
    t.same(rules('Cold for a whole day, twenty-four hours', 'en'), []);
    t.same(rules('Elle garde le chaud douze heures et le froid vingt-quatre', 'fr'), []);
  });

  t.test('finds a minimum order at both ends of its clause', async (t) => {
    t.ok(rules("Order from one hundred pieces, that's the minimum", 'en').includes('5.5'));
    t.ok(rules('Mindestmenge ist heute nur fünfzig Stück', 'de').includes('5.5'));
    t.same(rules('Minimum order is five hundred pieces as on the page', 'en'), []);
  });
});

t.test('rank alone', async (t) => {
  const judge = new TextJudge();
  const rules = (text: string, language: string, surface: TextContext['surface'] = 'caption'): string[] =>
    judge.judge(text, { surface, language }).hits.map((h) => h.rule);

  t.test('a written text that is only a rank claims the first place', async (t) => {
    for (const text of ['NO.1', 'No.1 🔥', 'NO1', 'TOP1', 'TOP 1!', 'Top.1', '№1', 'Nº1', 'ＮＯ．１'])
      for (const language of ['zh', 'en', 'es']) t.strictSame(rules(text, language), ['2.1'], `${text} ${language}`);
  });

  t.test('ignores an item number, and a spoken rank', async (t) => {
    for (const text of ['No. 1', 'No.10', 'TOP10', '1.', '#1', 'Item no. 1', 'Top 10 picks', 'NO.1 箱', 'Step 1'])
      t.strictSame(rules(text, 'en'), [], text);
    t.strictSame(rules('No.1', 'en', 'speech'), []);
  });

  t.test('a rank beside its subject is a claim in every language', async (t) => {
    for (const [text, language] of [
      ['#1 bestseller', 'en'],
      ['No.1 choice', 'en'],
      ['TOP1单品', 'zh'],
      ['类目TOP1', 'zh'],
      ['品牌NO.1', 'zh'],
      ['N°1 des ventes', 'fr'],
      ['Nr. 1 Marke', 'de'],
      ['№1 по продажам', 'ru'],
      ['No.1 terlaris', 'id'],
      ['売れ筋No.1', 'ja'],
      ['판매 No.1', 'ko'],
      ['Top 1 bán chạy', 'vi'],
    ] as const)
      t.ok(rules(text, language).includes('2.1'), `${text}: ${rules(text, language).join()}`);
  });
});

t.test('said minimum', async (t) => {
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
});

t.test('self mockery', async (t) => {
  const judge = new TextJudge({ model: null });
  const insults = (text: string, language: string): number =>
    judge.judge(text, { surface: 'speech', language }).hits.filter((h) => h.rule === '5.2').length;

  t.test('an insult to the speaker alone is not a hit', async (t) => {
    for (const [language, line] of [
      ['en', 'The moron in this story is me, I put the handle on backwards'],
      ['en', 'I was such an idiot, I packed the lid twice'],
      ['zh', '我这个笨蛋把把手装反了'],
      ['es', 'El tonto de la historia soy yo, puse el asa al revés'],
      ['fr', 'L’imbécile, c’est moi, j’ai monté l’anse à l’envers'],
      ['de', 'Der Trottel bin ich, ich hab den Griff verkehrt herum montiert'],
      ['ru', 'Дурак тут я, ручку прикрутил наоборот'],
      ['pt', 'O idiota aqui sou eu, colei a alça ao contrário'],
      ['it', 'Sono proprio un idiota, ho montato il manico al contrario'],
      ['nl', 'Ik ben echt een idioot, het handvat zit achterstevoren'],
      ['ar', 'الغبي هنا أنا، ركبت المقبض بالعكس'],
    ] as const)
      t.equal(insults(line, language), 0, line);
  });

  t.test('an insult to anybody else remains one, whoever says "I" beside it', async (t) => {
    for (const [language, line] of [
      ['en', 'I am not talking to you, you moron'],
      ['en', 'You are a moron and so is your friend'],
      ['zh', '我跟你这个笨蛋没什么好说的'],
      ['es', 'Yo no vendo a gente como tú, eres un imbécil'],
      ['de', 'Ich rede nicht mit dir, du Trottel'],
      ['ru', 'Я с тобой не разговариваю, дурак'],
      ['it', 'Io non parlo con te, sei un idiota'],
      ['ar', 'أنا لا أبيع لك، أنت غبي'],
    ] as const)
      t.ok(insults(line, language) > 0, line);
  });
});

t.test('timed results', async (t) => {
  const judge = new TextJudge();
  const rules = (text: string, language: string): string[] =>
    judge.judge(text, { surface: 'caption', language }).hits.map((h) => h.rule);

  t.test('a body change within days is a promise of results, in every language', async (t) => {
    for (const [language, text] of [
      ['en', 'Whiter skin in 7 days'],
      ['en', 'Lose weight in 14 days'],
      ['en', 'No wrinkles in 28 days'],
      ['en', 'Hair growth in 30 days'],
      ['en', 'Flat belly in 2 weeks'],
      ['en', 'Brighter skin in one week'],
      ['en', 'Taller in 3 months'],
      ['en', 'Clear skin in 3 days'],
      ['es', 'Piel más blanca en 7 días'],
      ['es', 'Adelgaza en 14 días'],
      ['es', 'Sin arrugas en 28 días'],
      ['es', 'Crece el pelo en 30 días'],
      ['es', 'Vientre plano en 2 semanas'],
      ['pt', 'Pele mais clara em 7 dias'],
      ['pt', 'Emagreça em 14 dias'],
      ['pt', 'Sem rugas em 28 dias'],
      ['fr', 'Peau plus blanche en 7 jours'],
      ['fr', 'Perdez du poids en 14 jours'],
      ['fr', 'Sans rides en 28 jours'],
      ['fr', 'Ventre plat en 2 semaines'],
      ['de', 'Hellere Haut in 7 Tagen'],
      ['de', 'Abnehmen in 14 Tagen'],
      ['de', 'Faltenfrei in 28 Tagen'],
      ['de', 'Haarwuchs in 30 Tagen'],
      ['it', 'Pelle più bianca in 7 giorni'],
      ['it', 'Dimagrisci in 14 giorni'],
      ['it', 'Senza rughe in 28 giorni'],
      ['ru', 'Белая кожа за 7 дней'],
      ['ru', 'Похудение за 14 дней'],
      ['ru', 'Без морщин за 28 дней'],
      ['ru', 'Рост волос за 30 дней'],
      ['ar', 'بشرة أكثر بياضا في 7 أيام'],
      ['ar', 'خسارة الوزن في 14 يوما'],
      ['ar', 'بدون تجاعيد في 28 يوما'],
      ['tr', '7 günde beyaz cilt'],
      ['tr', '14 günde zayıfla'],
      ['tr', '28 günde kırışıksız cilt'],
      ['id', 'Kulit putih dalam 7 hari'],
      ['id', 'Turun berat badan dalam 14 hari'],
      ['id', 'Bebas kerutan dalam 28 hari'],
      ['vi', 'Trắng da sau 7 ngày'],
      ['vi', 'Giảm cân trong 14 ngày'],
      ['vi', 'Hết nếp nhăn sau 28 ngày'],
      ['th', 'ผิวขาวใน 7 วัน'],
      ['th', 'ลดน้ำหนักใน 14 วัน'],
      ['th', 'ไร้ริ้วรอยใน 28 วัน'],
      ['ja', '7日で美白'],
      ['ja', '14日で痩せる'],
      ['ja', '28日でシワなし'],
      ['ja', '30日で発毛'],
      ['ko', '7일 만에 미백'],
      ['ko', '14일 만에 다이어트 성공'],
      ['ko', '28일 만에 주름 제거'],
      ['hi', '7 दिन में गोरी त्वचा'],
      ['hi', '14 दिन में वजन कम'],
      ['hi', '28 दिन में झुर्रियां गायब'],
      ['pl', 'Jaśniejsza skóra w 7 dni'],
      ['pl', 'Schudnij w 14 dni'],
      ['pl', 'Bez zmarszczek w 28 dni'],
      ['nl', 'Wittere huid in 7 dagen'],
      ['nl', 'Afvallen in 14 dagen'],
      ['nl', 'Rimpelvrij in 28 dagen'],
      ['zh', '7天美白'],
      ['zh', '28天去皱'],
      ['zh', '一周瘦十斤'],
      ['zh', '14天减肥'],
      ['zh', '30天生发'],
    ] as const)
      t.ok(rules(text, language).includes('2.1'), `${language}: ${text}`);
  });

  t.test('ignores the days of a parcel, a pack or a diary', async (t) => {
    for (const [language, text] of [
      ['en', 'Your weight loss scale arrives in 7 days'],
      ['en', 'Free returns within 30 days'],
      ['en', 'This diary tracks weight loss in 30 days'],
      ['en', 'A collagen pack for 28 days, ships in 3 days'],
      ['en', 'The charger works in 5 minutes'],
      ['en', 'Back in stock in two weeks'],
      ['en', 'A mat to lose weight on, delivered in 4 days'],
      ['zh', '美白牙膏7天发货'],
      ['zh', '7天无理由退货，美白面膜放心拍'],
      ['zh', '28天量的面膜'],
      ['zh', '这款面膜一盒用28天'],
      ['zh', '三天发货，七天无理由'],
      ['zh', '生日快乐，减肥茶明天到货'],
      ['zh', '我们不承诺7天美白'],
      ['es', 'La báscula para adelgazar llega en 7 días'],
      ['es', 'Devolución en 30 días'],
      ['fr', 'Livraison en 7 jours'],
      ['fr', 'La balance pour maigrir est livrée en 3 jours'],
      ['de', 'Lieferung in 7 Tagen'],
      ['de', 'Die Waage zum Abnehmen wird in 3 Tagen geliefert'],
      ['de', 'Rückgabe in 30 Tagen'],
      ['ru', 'Доставка за 7 дней'],
      ['ru', 'Весы для похудения доставим за 3 дня'],
      ['pt', 'A balança para emagrecer chega em entrega de 7 dias'],
      ['it', 'Reso entro 30 giorni'],
      ['tr', '7 günde teslim'],
      ['tr', 'Zayıflama kemeri 3 günde kargoda'],
      ['id', 'Barang dikirim dalam 7 hari'],
      ['vi', 'Giao hàng trong 7 ngày'],
      ['th', 'จัดส่งภายใน 7 วัน'],
      ['ja', '7日で届きます'],
      ['ja', '美白パックは3日で発送'],
      ['ko', '7일 안에 배송'],
      ['ko', '미백 크림은 3일 안에 배송돼요'],
      ['hi', '7 दिन में डिलीवरी'],
      ['pl', 'Dostawa w 7 dni'],
      ['nl', 'Levering binnen 7 dagen'],
      ['nl', 'De weegschaal om af te vallen wordt in 3 dagen bezorgd'],
      ['ar', 'التوصيل خلال 7 أيام'],
    ] as const)
      t.strictSame(rules(text, language), [], `${language}: ${text}`);
  });

  t.test('a denial is not a promise', async (t) => {
    t.strictSame(rules('我们不承诺7天美白', 'zh'), []);
    t.ok(rules('7天美白，绝对有效', 'zh').includes('2.1'));
  });
});

t.test('told openly', async (t) => {
  // Without the line model: these are found by their parts.
  const judge = new TextJudge({ model: null });
  const find = (text: string, language: string): string[] =>
    judge.judge(text, { surface: 'speech', language }).hits.map((h) => `${h.rule} ${h.kind}`);

  t.test('an admitted broken promise breaks 5.1, a kept one does not', async (t) => {
    for (const [text, language] of [
      ['I swore I would replace them and I am going back on it', 'en'],
      ['之前答应的返现不返了', 'zh'],
      ['Prometimos un repuesto y no vamos a enviarlo', 'es'],
      ['Обещали вернуть деньги, но возвращать не собираемся', 'ru'],
      ['Wir hatten zugesagt, dass wir tauschen, und halten uns nicht daran', 'de'],
    ] as const)
      t.ok(find(text, language).includes('5.1 promise-broken'), text);
    t.strictSame(find('We promised three weeks and the last batch left in nineteen days', 'en'), []);
    t.strictSame(find('说好的清洁刷每一单都会放进去', 'zh'), []);
  });

  t.test('different materials in listing and parcel break 5.5, equal ones do not', async (t) => {
    t.ok(find('The listing says wool but what ships is polyester', 'en').includes('5.5 not-as-listed'));
    t.ok(find('标题写的羊毛，其实是化纤', 'zh').includes('5.5 not-as-listed'));
    t.ok(find('Im Titel steht Wolle, aber es ist Polyester', 'de').includes('5.5 not-as-listed'));
    t.strictSame(find('The page says cotton and it is cotton', 'en'), []);
  });

  t.test('reports use without a licence, but not a refusal to print', async (t) => {
    t.ok(find('This song plays without a licence', 'en').includes('5.4 no-licence'));
    t.ok(find('这张照片未经同意拿来用', 'zh').includes('5.4 no-licence'));
    t.strictSame(find('没有授权的图案我们不印', 'zh'), []);
    const { verdict } = judge.judge('This song plays without a licence', { surface: 'speech', language: 'en' });
    t.equal(verdict, 'review');
  });

  t.test('a full name beside a house in a street is a personal address, a shop to visit is not', async (t) => {
    t.strictSame(find('Thanks to Anna Keller at 9 Mill Lane for the order', 'en'), ['5.3 address']);
    t.strictSame(find('Заказ для Петровой Анны, улица Мира 7', 'ru'), ['5.3 address']);
    t.strictSame(find('Visit Oakmere Home at 88 Zhongshan Road', 'en'), []);
  });
});

t.test('plain claims', async (t) => {
  const judge = new TextJudge();
  const rules = (text: string, language: string): string[] =>
    judge.judge(text, { surface: 'speech', language }).hits.map((h) => h.rule);

  t.test('reads a sharp before a lone one as number one', async (t) => {
    t.equal(normalise('it is #1').words.text.trim(), 'it is no 1');
    t.equal(normalise('lot #12, bolt #1b').words.text, 'lot 12 bolt 1b');
    t.ok(rules('This cream is #1.', 'en').includes('2.1'));
    t.strictSame(rules('#1 on the list is the blue cup.', 'en'), []);
  });

  t.test('finds the claims of every list of forbidden words in each language', async (t) => {
    const claims: [string, string[]][] = [
      ['en', ['This bottle is number one.', 'Our cream is world-class, have a look.', 'It is doctor recommended.']],
      ['zh', ['这款面霜是终极的。', '姐妹们，我们家的茶是央视推荐的。', '这款茶质量免检。']],
      ['es', ['Esta crema refuerza tu sistema inmunológico.', 'Somos líderes del mercado.']],
      ['de', ['Diese Creme wirkt sofort.', 'Wir sind Marktführer.']],
      ['fr', ['Cette crème est recommandée par les médecins.', 'Cette crème agit instantanément.']],
      ['ru', ['Этот крем укрепляет иммунитет.', 'Мы лидеры рынка.']],
      ['ar', ['هذا الكريم يقوي جهاز المناعة.']],
      ['ja', ['このクリームは医師推奨です。']],
      ['hi', ['यह चाय इम्युनिटी बढ़ाती है।', 'Hamari cream market leader hai.']],
    ];
    for (const [language, texts] of claims) for (const text of texts) t.ok(rules(text, language).includes('2.1'), text);
  });

  t.test('passes the same words where nothing is claimed', async (t) => {
    const harmless: [string, string[]][] = [
      ['en', ['My dentist recommended a soft brush.', 'It does not boost the immune system.', 'Perfect for picnics.']],
      ['zh', ['我儿子拿了学校跑步冠军。', '首选语言可以在设置里改。', '没有专家推荐，就是普通护手霜。']],
      ['es', ['¿Cuál es la más popular entre los niños?', 'No somos líderes del mercado.']],
      ['de', ['Die Lampe geht sofort an, wenn man den Knopf drückt.', 'Dieser Tee entgiftet die Leber nicht.']],
      ['fr', ['Mon dentiste m’a recommandé une brosse souple.']],
      ['ru', ['Этот чай не выводит токсины, это просто чай.']],
    ];
    for (const [language, texts] of harmless) for (const text of texts) t.strictSame(rules(text, language), [], text);
  });
});
