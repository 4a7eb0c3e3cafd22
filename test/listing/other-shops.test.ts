import t from 'tap';
import { listingOf } from './fixture.js';
import { readListing } from '../../src/listing/listing-sources.js';

t.test('reads JSON-LD as Shopify writes it: a group of variants beside a broken block', async (t) => {
  const read = listingOf('shopify.html');
  t.equal(read.title, 'Linen Shirt');
  t.strictSame(read.priceLadder, [{ from: 1, price: 49 }]);
  t.equal(read.currency, 'EUR');
  t.strictSame(
    read.variants.map(({ name, values }) => [name, ...values.map((one) => one.name)]),
    [
      ['color', 'Sand', 'Navy'],
      ['size', 'S', 'M'],
    ],
  );
  t.strictSame(read.attributes, [{ name: 'Prices', value: '49 EUR, 52 EUR' }], 'a variant’s size is not the group’s');
  t.strictSame(read.faq, [{ question: 'Can it be washed?', answer: 'At 30 °C.' }]);
  t.strictSame(read.pictures, ['https://shop.example/img/s.jpg']);
  t.strictSame(read.languages, { de: 'https://shop.example/de/p/1' });
  t.equal(read.stock, 'on-sale');
});

t.test('reads JSON-LD as WooCommerce writes it: a graph and a price specification', async (t) => {
  const read = listingOf('woocommerce.html');
  t.equal(read.title, 'Oak Board – large');
  t.strictSame([read.priceLadder[0]?.price, read.currency, read.stock], [24.5, 'GBP', 'sold-out']);
  t.strictSame(read.attributes, [{ name: 'Length', value: '40 cm' }]);
});

t.test('reads JSON-LD as AliExpress writes it: a list and a range of prices', async (t) => {
  const read = listingOf('aliexpress.html');
  t.strictSame(
    [read.title, read.priceLadder[0]?.price, read.currency, read.brand],
    ['USB Desk Fan', 6.1, 'USD', 'Norlo'],
  );
  t.strictSame(read.certificates, [{ name: 'CE', number: 'X1' }]);
  t.strictSame(read.attributes[0], { name: 'Prices', value: '6.1 USD, 9 USD' });
});

t.test('reads microdata and Open Graph', async (t) => {
  const micro = listingOf('microdata.html', 'https://shop.example/p/9');
  t.strictSame(
    [micro.title, micro.priceLadder[0]?.price, micro.currency, micro.stock],
    ['Steel Bottle', 14.9, 'EUR', 'sold-out'],
  );
  t.strictSame(micro.pictures, ['https://shop.example/b.jpg']);
  const graph = listingOf('open-graph.html');
  t.strictSame([graph.title, graph.priceLadder[0]?.price, graph.currency], ['Wool Hat', 19, 'USD']);
});

t.test('reads pasted text in English and Chinese', async (t) => {
  const english = listingOf('pasted-en.txt');
  t.equal(english.title, 'Insulated Steel Bottle 750 ml');
  t.strictSame(english.priceLadder, [
    { from: 50, to: 99, price: 4.8 },
    { from: 100, to: 499, price: 4.6 },
    { from: 500, price: 4.2 },
  ]);
  t.strictSame(english.leadTime, [{ from: 1, days: 15 }]);
  t.strictSame(english.faq, [{ question: 'Is it dishwasher safe?', answer: 'The lid is, the body is not.' }]);
  const chinese = listingOf('pasted-zh.txt');
  t.strictSame(
    [chinese.title, chinese.priceLadder[0]?.price, chinese.currency, chinese.minimumOrder, chinese.unit],
    ['折叠台灯', 12.8, 'CNY', 200, '个'],
  );
  t.strictSame(chinese.faq, [{ question: '有几档亮度？', answer: '三档。' }]);
});

t.test('takes page data on its own, as a browser sends it', async (t) => {
  const data = { source: 'alibaba', data: { globalData: { product: { productId: 1, subject: 'Lamp', moq: 2 } } } };
  t.equal(readListing(JSON.stringify(data), { where: 'capture' }).title, 'Lamp');
});
