import t from 'tap';
import { faqFacts } from '../../../src/moderation/listing/faq-facts.js';
import { TextJudge } from '../../../src/moderation/text-judge.js';
import { productOf } from '../../kit/product-of.js';

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
