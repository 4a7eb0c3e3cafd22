import t from 'tap';
import { statements } from '../../../src/moderation/index.js';
import { TextJudge } from '../../../src/moderation/text-judge.js';
import { productOf } from '../../kit/product-of.js';

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
