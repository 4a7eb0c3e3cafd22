import t from 'tap';
import { product, type Product } from '../../../src/config/sections/product.js';
import { TextJudge } from '../../../src/moderation/text-judge.js';

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
