import t from 'tap';
import { product, type Product } from '../../src/config/sections/product.js';
import { statements } from '../../src/moderation/index.js';
import { faqFacts } from '../../src/moderation/listing/by-quantity.js';
import { normalise } from '../../src/moderation/normalise/normalise.js';
import { withFigures } from '../../src/moderation/numbers/number-words.js';
import { TextJudge } from '../../src/moderation/text-judge.js';
import { productOf } from '../kit/product-of.js';

t.test('detect availability', async (t) => {
  const judge = new TextJudge({ model: null });
  const lamp = productOf({ id: 'lamp', title: 'Desk lamp with dimmer', facts: ['Aluminium arm', 'Six colours'] });
  const soldLamp = { ...lamp, stock: 'sold-out' as const };
  const cup = productOf({ id: 'cup', title: 'Porcelain cup', price: { amount: 2, currency: 'USD', unit: '' } });

  const hits = (text: string, language: string, entry = [soldLamp]) =>
    judge.judge(text, { surface: 'speech', language, entry }).hits.filter(({ kind }) => kind === 'sold-out');

  /** Claims that it can be had, and lines that must stay, by pack language. */
  const LINES: readonly (readonly [language: string, claim: string, fine: string])[] = [
    ['en', 'It is still available, so order it now.', 'It will be available again soon.'],
    ['en', 'Yes, we have it in stock.', 'It is no longer in stock.'],
    ['de', 'Die Lampe ist noch lieferbar.', 'Die Lampe ist leider nicht auf Lager.'],
    ['es', 'La lámpara todavía está disponible.', 'La lámpara tiene un brazo de aluminio.'],
    ['fr', 'La lampe est encore disponible.', 'Nous n’en avons plus en stock.'],
    ['it', 'La lampada è ancora disponibile.', 'La lampada non è in magazzino.'],
    ['pt', 'A lâmpada ainda está disponível.', 'Não temos em estoque.'],
    ['nl', 'De lamp is nog leverbaar.', 'De lamp is niet op voorraad.'],
    ['pl', 'Lampa jest nadal dostępna.', 'Lampy nie ma, ma aluminiowe ramię.'],
    ['ru', 'Лампа есть в наличии.', 'Лампы нет в наличии.'],
    ['tr', 'Lamba stokta.', 'Lambanın kolu alüminyum.'],
    ['id', 'Lampu ini masih tersedia.', 'Lampu ini belum ready stock.'],
    ['vi', 'Đèn vẫn còn hàng.', 'Đèn có tay bằng nhôm.'],
    ['zh', '这款台灯现货充足。', '这款台灯没有现货了。'],
    ['ja', 'このランプはまだ購入できます。', 'このランプはアルミ製です。'],
    ['ko', '이 램프는 재고가 아직 있어요.', '이 램프는 알루미늄입니다.'],
    ['th', 'โคมไฟนี้พร้อมส่ง', 'โคมไฟนี้หมดแล้ว'],
    ['ar', 'المصباح لا يزال متوفرا.', 'المصباح من الألومنيوم.'],
    ['hi', 'यह लैंप स्टॉक में है।', 'यह लैंप स्टॉक में नहीं है।'],
  ];

  t.test('a sold-out product may not be called available, in any pack language', (t) => {
    for (const [language, claim, fine] of LINES) {
      t.match(hits(claim, language), [{ rule: '5.1' }], `${language}: ${claim}`);
      t.same(hits(fine, language), [], `${language}: ${fine}`);
      t.same(hits(claim, language, [lamp as typeof soldLamp]), [], `${language}: on sale`);
    }
    t.end();
  });

  t.test('variants are no claim, and another product may be available', (t) => {
    t.same(hits('The lamp is available in six colours.', 'en'), []);
    t.same(hits('The porcelain cup is still available.', 'en', [soldLamp, cup as typeof soldLamp]), []);
    t.match(hits('The desk lamp is still available.', 'en', [soldLamp, cup as typeof soldLamp]), [{ rule: '5.1' }]);
    t.end();
  });
});

t.test('detect certificates', async (t) => {
  const judge = new TextJudge({ model: null });
  const lamp = (parts: Record<string, unknown>): Product =>
    product.parse({
      id: 'lamp',
      title: 'Desk lamp',
      image: 'lamp.png',
      price: { amount: 5, currency: 'USD', unit: 'piece' },
      minimumOrder: '10 pieces',
      packing: [{ name: 'Size', value: '40 x 30 cm' }],
      ...parts,
    });
  const found = (text: string, listing: Product, language = 'en'): string =>
    judge
      .judge(text, { surface: 'speech', language, entry: [listing] })
      .hits.map(({ rule, match }) => `${rule} ${match}`)
      .join(' | ');

  const WITH_CE: readonly [string, Product][] = [
    ['a certificate', lamp({ certificates: [{ name: 'CE' }, { name: 'RoHS' }] })],
    ['an attribute', lamp({ attributes: [{ name: 'Certification', value: 'CE, RoHS' }] })],
    ['a fact before others', lamp({ facts: ['CE', 'RoHS', 'Mark your logo on it'] })],
  ];

  t.test('a listed CE that another statement follows counts as printed', async (t) => {
    for (const [where, listing] of WITH_CE) {
      for (const [text, language] of [
        ['It is CE certified.', 'en'],
        ['It has the CE mark.', 'en'],
        ['It is CE and RoHS certified.', 'en'],
        ['通过CE认证', 'zh'],
        ['Die Lampe ist CE zertifiziert.', 'de'],
      ] as const)
        t.equal(found(text, listing, language), '', `${where}: ${text}`);
    }
  });

  t.test('an unlisted certificate beside a listed CE is a hit by itself', async (t) => {
    for (const [where, listing] of WITH_CE) {
      for (const [text, hit, language] of [
        ['It is CE certified and FDA approved.', '2.1 FDA', 'en'],
        ['It has CE. It is UL certified.', '2.1 UL', 'en'],
        ['It has CE and UL certificates.', '2.1 UL', 'en'],
        ['CE certified, no lead, FDA approved.', '2.1 FDA', 'en'],
        ['No worries, FDA approved.', '2.1 FDA', 'en'],
        ['The CE certificate is here. The lamp is UL listed.', '2.1 UL listed', 'en'],
        ['通过CE认证，FDA认证', '2.1 FDA', 'zh'],
      ] as const)
        t.equal(found(text, listing, language), hit, `${where}: ${text}`);
    }
  });

  t.test('certificates that the goods are said to lack are no claim', async (t) => {
    const [, listing] = WITH_CE[0]!;
    for (const [text, language] of [
      ['It is not UL certified.', 'en'],
      ['It has no FDA, UL or GS certificate.', 'en'],
      ['有CE认证，没有UL认证', 'zh'],
    ] as const)
      t.equal(found(text, listing, language), '', text);
  });

  t.test('an everyday word of the listing is no certificate', async (t) => {
    t.equal(found('It is REACH certified.', lamp({ facts: ['Easy to reach switch'] })), '2.1 REACH');
    t.equal(found('It is REACH certified.', lamp({ certificates: [{ name: 'REACH' }] })), '');
    t.equal(found('It is REACH certified.', lamp({ attributes: [{ name: 'Standard', value: 'CE, REACH' }] })), '');
    t.equal(found('The lamp is UL listed.', lamp({ certificates: [{ name: 'UL', number: 'E-1' }] })), '');
    t.equal(found('You reach the switch easily.', lamp({})), '');
  });
});

t.test('detect listing', async (t) => {
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
    const boards: Product = {
      ...product(['Set of 3 boards with a stand'], '300 sets'),
      title: 'Bamboo cutting boards',
    };
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
});

t.test('faq facts', async (t) => {
  /** The same two answers of a listing in the languages of the reply packs. */
  const FAQ: Readonly<Record<string, readonly [[string, string], [string, string]]>> = {
  en: [['Can I get a sample?', 'Yes, a sample costs 18 US dollars and ships in 3 days.'], ['Can you print our logo?', 'Yes, from 200 pieces.']],
  zh: [['可以拿样吗？', '可以，样品18美元，3天发货。'], ['可以定制logo吗？', '可以，200件起印。']],
  es: [['¿Tienen muestras?', 'Sí, una muestra cuesta 18 dólares y se envía en 3 días.'], ['¿Pueden poner nuestro logo?', 'Sí, a partir de 200 piezas.']],
  pt: [['Vocês enviam amostra?', 'Sim, uma amostra custa 18 dólares e é enviada em 3 dias.'], ['Fazem com nosso logo?', 'Sim, a partir de 200 unidades.']],
  fr: [['Puis-je avoir un échantillon ?', "Oui, l'échantillon coûte 18 dollars et part en 3 jours."], ['Mettez-vous notre logo ?', 'Oui, à partir de 200 pieces.']],
  de: [['Gibt es ein Muster?', 'Ja, ein Muster kostet 18 Dollar und wird in 3 Tagen versandt.'], ['Druckt ihr unser Logo?', 'Ja, ab 200 Stück.']],
  it: [['Posso avere un campione?', 'Sì, un campione costa 18 dollari e parte in 3 giorni.'], ['Mettete il nostro logo?', 'Sì, da 200 pezzi.']],
  nl: [['Kan ik een monster krijgen?', 'Ja, een monster kost 18 dollar en wordt in 3 dagen verzonden.'], ['Kan ons logo erop?', 'Ja, vanaf 200 stuks.']],
  pl: [['Czy są próbki?', 'Tak, próbka kosztuje 18 dolarów i jest wysyłana w 3 dni.'], ['Czy drukujecie nasze logo?', 'Tak, od 200 sztuk.']],
  tr: [['Numune var mı?', 'Evet, numune 18 dolar, 3 gün içinde kargoya verilir.'], ['Logomuzu basar mısınız?', 'Evet, 200 adet ve üzeri.']],
  ru: [['Можно образец?', 'Да, образец стоит 18 долларов и отправляется за 3 дня.'], ['Можно наш логотип?', 'Да, от 200 штук.']],
  ar: [['هل توجد عينات؟', 'نعم، سعر العينة 18 دولار ويتم الشحن خلال 3 ايام.'], ['هل يمكن طباعة شعارنا؟', 'نعم، من 200 قطعة.']],
  hi: [['क्या सैंपल मिलेगा?', 'हाँ, सैंपल 18 डॉलर का है और 3 दिन में भेजा जाता है।'], ['क्या हमारा लोगो लगेगा?', 'हाँ, 200 पीस से।']],
  id: [['Ada sampel?', 'Ya, sampel 18 dolar dan dikirim dalam 3 hari.'], ['Bisa pakai logo kami?', 'Bisa, mulai 200 buah.']],
  vi: [['Có hàng mẫu không?', 'Có, hàng mẫu giá 18 đô la và giao trong 3 ngày.'], ['In logo của chúng tôi được không?', 'Được, từ 200 cái.']],
  th: [['มีตัวอย่างไหม', 'มีค่ะ ตัวอย่างราคา 18 ดอลลาร์ จัดส่งใน 3 วัน'], ['ใส่โลโก้ได้ไหม', 'ได้ค่ะ ตั้งแต่ 200 ชิ้น']],
  ja: [['サンプルはありますか', 'はい、サンプルは18ドルで、3日で発送します。'], ['ロゴを入れられますか', 'はい、200個からです。']],
  ko: [['샘플 있나요?', '네, 샘플은 18달러이고 3일 안에 발송됩니다.'], ['로고를 넣을 수 있나요?', '네, 200개부터 가능합니다.']],
}; // prettier-ignore

  const pairs = (language: string): { question: string; answer: string }[] =>
    FAQ[language]!.map(([question, answer]) => ({ question, answer }));

  t.test('reads sample and own logo out of the answers, in every language', async (t) => {
    for (const language of Object.keys(FAQ))
      t.strictSame(faqFacts(pairs(language), 'USD'), { samplePrice: 18, sampleDays: 3, ownLogoFrom: 200 }, language);
  });

  t.test('leaves an amount of another currency, and answers about something else', async (t) => {
    t.strictSame(faqFacts(pairs('en'), 'GHS'), { sampleDays: 3, ownLogoFrom: 200 });
    const other = [{ question: 'How long does it take?', answer: 'We ship 500 pieces in 12 days for 30 dollars.' }];
    t.strictSame(faqFacts(other, 'USD'), {});
  });

  t.test('lets the answers of a listing be said as they are, in every language', async (t) => {
    const judge = new TextJudge();
    for (const language of Object.keys(FAQ)) {
      const kettle = productOf({
        id: 'kettle',
        title: 'Folding kettle',
        price: { amount: 12.9, currency: 'USD', unit: 'piece' },
        minimumOrder: '2 pieces',
        priceLadder: [
          { from: 2, to: 99, price: 12.9 },
          { from: 100, price: 11.45 },
        ],
        leadTime: [
          { from: 1, to: 100, days: 7 },
          { from: 101, days: 18 },
        ],
        faq: pairs(language),
      });
      for (const { answer } of pairs(language))
        for (const surface of ['reply', 'speech', 'caption'] as const) {
          const { hits } = judge.judge(answer, { surface, language, entry: [kettle] });
          t.same(
            hits.filter(({ rule }) => rule === '5.1' || rule === '5.5' || rule === '2.1'),
            [],
            answer,
          );
        }
      const promised = { en: 'The order ships in 3 days.', zh: '订单3天发货。' }[language];
      if (promised !== undefined)
        t.match(
          judge.judge(promised, { surface: 'reply', language, entry: [kettle] }).hits,
          [{ rule: '5.1' }],
          'the days of a sample are those of no order',
        );
    }
  });
});

t.test('whole listing', async (t) => {
  const judge = new TextJudge({ model: null });
  const speaker = productOf({
    id: 'speaker',
    title: 'Portable Bluetooth Speaker',
    price: { amount: 3.87, currency: 'USD', unit: 'piece' },
    minimumOrder: '6 pieces',
    priceLadder: [
      { from: 6, to: 499, price: 3.87 },
      { from: 500, to: 2499, price: 3.65 },
      { from: 2500, price: 2.99 },
    ],
    leadTime: [
      { from: 1, to: 500, days: 7 },
      { from: 501, to: 2000, days: 15 },
    ],
    variants: [{ name: 'Color', values: [{ name: 'Black' }, { name: 'Forest green' }] }],
    attributes: [
      { name: 'Power', value: '10W' },
      { name: 'Certification', value: 'CE, RoHS' },
    ],
    certificates: [{ name: 'FCC', number: 'X-1' }],
    packing: [{ name: 'Single gross weight', value: '0.450 kg' }],
    faq: [{ question: 'Is there a warranty?', answer: 'Yes, 12 months.' }],
    sample: { price: 8, quantity: 1 },
  });
  const said = (text: string, language: string): string =>
    judge
      .judge(text, { surface: 'speech', language, entry: [speaker] })
      .hits.map((h) => `${h.rule} ${h.kind}`)
      .join(', ');

  t.test('states everything that the listing has', async (t) => {
    const all = statements(speaker).join('\n');
    for (const part of [
      'Portable',
      '6 pieces',
      '10W',
      'Forest green',
      'X-1',
      '0.450 kg',
      '12 months',
      '3.65',
      '15 days',
      '8 USD',
    ])
      t.ok(all.includes(part), part);
  });

  t.test('the right price at a quantity passes', async (t) => {
    for (const [text, language] of [
      ['From 500 pieces it is 3.65 dollars each.', 'en'],
      ['It is 3.87 dollars for 6 pieces, and 3.65 dollars for 500 pieces.', 'en'],
      ['6 to 499 pieces cost 3.87 dollars, 500 pieces cost 3.65 dollars.', 'en'],
      ['For less than 500 pieces you pay 3.87 dollars.', 'en'],
      ['500 pieces are 1825 dollars in all.', 'en'],
      ['A sample is 8 dollars.', 'en'],
      ['The price is 3.65 dollars at some quantities.', 'en'],
      ['We packed 40 pieces today. The price starts at 2.99 dollars.', 'en'],
      ['500件起每件3.65美元', 'zh'],
      ['Ab 500 Stück kostet es 3,65 Dollar.', 'de'],
      ['Desde 500 piezas cuesta 3,65 dólares.', 'es'],
      ['A partir de 500 peças custa 3,65 dólares.', 'pt'],
      ['500 штук по 3,65 доллара', 'ru'],
      ['500個で1個3.65ドル', 'ja'],
      ['500개는 개당 3.65달러', 'ko'],
      ['500 adet için 3,65 dolar', 'tr'],
      ['500 buah seharga 3,65 dolar', 'id'],
      ['500 stuks kosten 3,65 dollar', 'nl'],
    ] as const)
      t.equal(said(text, language), '', text);
  });

  t.test('a price of another quantity is a hit', async (t) => {
    for (const [text, language] of [
      ['100 pieces at 3.65 dollars each.', 'en'],
      ['It is 2.99 dollars for 500 pieces.', 'en'],
      ['It is 3.87 dollars for 6 pieces, and 2.99 dollars for 500 pieces.', 'en'],
      ['100件每件3.65美元', 'zh'],
      ['100 Stück kosten je 3,65 Dollar.', 'de'],
      ['100 piezas a 3,65 dólares.', 'es'],
      ['100 штук по 3,65 доллара', 'ru'],
      ['100個で1個3.65ドル', 'ja'],
      ['100개는 개당 3.65달러', 'ko'],
      ['100 adet için 3,65 dolar', 'tr'],
      ['100 buah seharga 3,65 dolar', 'id'],
      ['100 stuks kosten 3,65 dollar', 'nl'],
      ['100 sztuk po 3,65 dolara', 'pl'],
      ['100 pezzi a 3,65 dollari', 'it'],
      ['100 unidades por 3,65 dólares', 'pt'],
      ['100 cái giá 3,65 đô la', 'vi'],
      ['100 ชิ้น ราคา 3.65 ดอลลาร์', 'th'],
      ['100 पीस 3.65 डॉलर', 'hi'],
      ['100 قطعة بسعر 3.65 دولار', 'ar'],
    ] as const)
      t.equal(said(text, language), '5.5 price', text);
  });

  t.test('a lead time holds for its quantity', async (t) => {
    for (const [text, language] of [
      ['100 pieces ship in 7 days.', 'en'],
      ['1000 pieces ship in 15 days.', 'en'],
      ['500 pieces ship in 7 days, 1000 pieces in 15 days.', 'en'],
      ['100 pieces ship in 10 days.', 'en'],
      ['1000件15天发货', 'zh'],
    ] as const)
      t.equal(said(text, language), '', text);
    for (const [text, language] of [
      ['1000 pieces ship in 7 days.', 'en'],
      ['We ship in 3 days.', 'en'],
      ['1000件7天发货', 'zh'],
      ['1000 Stück liefern wir in 7 Tagen.', 'de'],
      ['Enviamos 1000 piezas en 7 dias.', 'es'],
      ['1000 pieces ship within 24 hours.', 'en'],
    ] as const)
      t.equal(said(text, language), '5.1 delivery', text);
  });

  t.test('a certificate that the listing prints passes, and words that only look like one', async (t) => {
    for (const [text, language] of [
      ['It is CE and RoHS certified.', 'en'],
      ['It has the FCC certificate.', 'en'],
      ['通过CE认证', 'zh'],
      ['You can reach the buttons easily, and that has been approved by users.', 'en'],
      ['Il est certifié, ce produit.', 'fr'],
      ['It is not UL certified.', 'en'],
      ['没有UL认证', 'zh'],
      ['We reach 40 countries.', 'en'],
    ] as const)
      t.equal(said(text, language), '', text);
  });

  t.test('a certificate that the listing does not print is a hit', async (t) => {
    for (const [text, language] of [
      ['It is UL certified.', 'en'],
      ['It comes with the LFGB report.', 'en'],
      ['It is FDA approved.', 'en'],
      ['We have ISO 9001.', 'en'],
      ['通过FDA认证', 'zh'],
      ['已取得3C证书', 'zh'],
      ['Das Gerät ist TÜV geprüft.', 'de'],
      ['Tiene certificado UL.', 'es'],
      ['Certificado UL incluso.', 'pt'],
      ['Certifié UL.', 'fr'],
      ['Certificato UL.', 'it'],
      ['Есть сертификат EAC.', 'ru'],
      ['حاصل على شهادة FDA', 'ar'],
      ['FDA sertifikası var.', 'tr'],
      ['Sudah bersertifikat FDA.', 'id'],
      ['Có chứng nhận FDA.', 'vi'],
      ['มีใบรับรอง FDA', 'th'],
      ['PSE認証を取得', 'ja'],
      ['KC 인증 제품입니다', 'ko'],
      ['FDA प्रमाणित है', 'hi'],
      ['Ma certyfikat UL.', 'pl'],
      ['UL gecertificeerd.', 'nl'],
    ] as const)
      t.equal(said(text, language), '2.1 certificate', text);
  });

  t.test('variants, attributes, packing and answers count as stated', async (t) => {
    for (const [text, language] of [
      ['It comes in black and green.', 'en'],
      ['It has 10 watts.', 'en'],
      ['It weighs 0.45 kg.', 'en'],
      ['There is a 12 months warranty.', 'en'],
    ] as const)
      t.equal(said(text, language), '', text);
    t.equal(said('It comes in red and blue.', 'en'), '2.1 colour');
    t.equal(said('It has 20 watts.', 'en'), '2.1 spec');
    t.equal(said('There is a 24 months warranty.', 'en'), '5.1 warranty');
  });
});

t.test('listing fields', async (t) => {
  const judge = new TextJudge();
  const mug = productOf({
    price: { amount: 4.8, currency: 'USD', unit: 'piece' },
    minimumOrder: '100 pieces',
    priceLadder: [
      { from: 100, to: 499, price: 4.8 },
      { from: 500, price: 4.2 },
    ],
    sample: { price: 9, quantity: 1 },
    attributes: [{ name: 'Capacity', value: '350 ml' }],
  });
  const kinds = (text: string, language = 'en'): string[] =>
    judge.judge(text, { surface: 'speech', language, entry: [mug] }).hits.map(({ rule, kind }) => `${rule} ${kind}`);

  t.test('a step of the price ladder and the price of a sample are the listing’s', async (t) => {
    t.same(kinds('From 500 pieces, each costs 4.20 US dollars.'), []);
    t.same(kinds('A sample costs 9 US dollars.'), []);
    t.same(kinds('500個から、一つ4.20米ドルです。', 'ja'), []);
  });

  t.test('another price is not, and a ladder quantity alone is no minimum order', async (t) => {
    t.same(kinds('From 500 pieces, each costs 3.90 US dollars.'), ['5.5 price']);
    t.same(kinds('500個から、一つ3.90米ドルです。', 'ja'), ['5.5 price']);
    t.same(kinds('The minimum order is 500 pieces.'), ['5.5 minimum-order']);
    t.same(kinds('You can order from 50 pieces at 4.20 US dollars.'), ['5.5 minimum-order']);
  });

  t.test('an attribute is stated like a fact', async (t) => {
    t.same(kinds('It holds 500 ml.'), ['2.1 spec']);
    t.same(kinds('It holds 350 ml.'), []);
  });
});
