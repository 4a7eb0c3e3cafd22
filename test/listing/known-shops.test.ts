import t from 'tap';
import { listingOf } from './fixture.js';

t.test('reads an Alibaba.com page with a price ladder', async (t) => {
  const read = listingOf('alibaba-ladder.html');
  t.equal(read.id, '1601000000042');
  t.equal(
    read.title,
    'Portable Bluetooth Speaker for Outdoor, Wholesale {Bass} "Mini"',
    'braces and quotes in a string',
  );
  t.strictSame(
    read.priceLadder,
    [
      { from: 6, to: 499, price: 3.87 },
      { from: 500, to: 2499, price: 3.65 },
      { from: 2500, price: 2.99 },
    ],
    'in US dollars, whatever the currency of the visitor; −1 is an open end',
  );
  t.strictSame([read.currency, read.unit, read.unitPlural, read.minimumOrder], ['USD', 'piece', 'pieces', 6]);
  t.strictSame(
    read.leadTime,
    [
      { from: 1, to: 500, days: 7 },
      { from: 501, to: 2000, days: 15 },
    ],
    '"to be negotiated" is no number of days',
  );
  t.strictSame(
    read.certificates,
    [
      { name: 'Declaration of Conformity', number: 'KLM-250101W01C', region: 'EU Market' },
      { name: 'RoHS', number: 'ABC2306R-01', issuer: 'SGS', region: 'European Union, United Kingdom' },
    ],
    'one of a name; "Other" is no issuer',
  );
  t.strictSame(read.attributes.slice(0, 3), [
    { name: 'Certified', value: 'CE Certified, RoHS compliant' },
    { name: 'cabinet material', value: 'Plastic, Textile' },
    { name: 'Waterproof Standard', value: 'IPX 4' },
  ]);
  t.equal(read.attributes.filter((one) => /cabinet/i.test(one.name)).length, 1, 'the key attribute wins');
  t.strictSame(read.packing, [
    { name: 'Selling Units', value: 'Single item' },
    { name: 'Single package size', value: '20X10X10 cm' },
    { name: 'Single gross weight', value: '0.450 kg' },
  ]);
  t.strictSame(read.pictures, ['https://sc04.alicdn.example/kf/Ha1.png', 'https://sc04.alicdn.example/kf/Hb2.jpg']);
  t.strictSame(
    read.variants[0]?.values.map((one) => one.name),
    ['Black', 'Red', 'Forest green'],
  );
  t.strictSame(read.faq[0], { question: 'Can you print our logo?', answer: 'Yes, from 100 pieces.' });
  t.strictSame(read.sample, { price: 8, quantity: 2 });
  t.strictSame(read.categories, ['Consumer Electronics', 'Speakers']);
  t.strictSame(Object.keys(read.languages), ['de', 'es']);
  t.equal(read.stock, 'on-sale');
});

t.test('reads an Alibaba.com page with a price per variant', async (t) => {
  const read = listingOf('alibaba-sku-priced.html');
  t.strictSame(read.priceLadder, [{ from: 6, price: 2.87 }], 'the lowest price that is no promotion');
  t.strictSame(read.attributes[0], {
    name: 'Price by variant',
    value: '40+5CM Gold US$3.17; 40+5CM Steel US$2.87',
  });
  t.strictSame(read.sample, { price: 8, quantity: 1 }, 'converted from the currency of the visitor');
  t.equal(read.stock, 'sold-out');
});

t.test('reads the drawn part of an Alibaba.com page', async (t) => {
  const read = listingOf('alibaba-drawn.html');
  t.equal(read.title, 'Custom Canvas Sneakers for Men');
  t.strictSame(read.priceLadder, [
    { from: 300, to: 1000, price: 80.51 },
    { from: 1001, to: 2000, price: 68.99 },
    { from: 2001, price: 1045.96 },
  ]);
  t.strictSame([read.currency, read.unit, read.unitPlural, read.minimumOrder], ['GHS', 'pair', 'pairs', 300]);
  t.strictSame(
    read.leadTime.map((one) => one.days),
    [20, 25],
  );
  t.strictSame(
    read.pictures,
    ['https://s.alicdn.com/@sc04/kf/Ha1.jpg', 'https://s.alicdn.com/@sc04/kf/Hb2.png'],
    'the gallery, without the logo of the seller',
  );
  t.strictSame(
    read.variants.map(({ name, values }) => [name, ...values.map((one) => one.name)]),
    [
      ['Color', 'Blue', 'Black'],
      ['EUR Size', '39', '40'],
    ],
  );
  t.strictSame(read.attributes, [
    { name: 'Upper Material', value: 'Canvas' },
    { name: 'Season', value: 'Summer' },
  ]);
  t.strictSame(read.packing, [{ name: 'Single gross weight', value: '0.850 kg' }]);
  t.strictSame(read.sample, { price: 1957.89, quantity: 1 });
});

t.test('reads a 1688 page of a desktop, whose payload has bare numeric keys', async (t) => {
  const read = listingOf('1688-desktop.html');
  t.equal(read.id, '700000000042');
  t.equal(read.title, '跨境爆款折叠台灯 LED护眼灯，厂家直销');
  t.strictSame(read.priceLadder, [
    { from: 2, to: 99, price: 12.8 },
    { from: 100, price: 11.5 },
  ]);
  t.strictSame([read.currency, read.unit, read.minimumOrder], ['CNY', '个', 2]);
  t.strictSame(
    read.variants.map(({ name, values }) => [name, ...values.map((one) => one.name)]),
    [
      ['颜色', '白色 {暖光}', '黑色'],
      ['尺码', '大'],
    ],
  );
  t.strictSame(read.attributes[0], { name: '材质', value: 'ABS' });
  t.strictSame(
    read.packing.map((one) => one.value),
    ['420 g', '30 cm', '12.5 cm', '8 cm'],
  );
  t.strictSame(read.pictures, ['https://cbu01.alicdn.example/img/a.jpg', 'https://cbu01.alicdn.example/img/b.jpg']);
});

t.test('reads a 1688 page of a telephone', async (t) => {
  const read = listingOf('1688-mobile.html');
  t.equal(read.title, '折叠台灯');
  t.strictSame(
    read.priceLadder.map((one) => one.price),
    [12.8, 11.5],
  );
  t.strictSame(read.pictures, ['https://cbu01.alicdn.example/img/a.jpg']);
  t.strictSame(read.attributes, [{ name: '材质', value: 'ABS' }]);
});

t.test('reads a Taobao page: fen, and never the price "from"', async (t) => {
  const read = listingOf('taobao.html');
  t.equal(read.id, '600000000042');
  t.strictSame(read.priceLadder, [{ from: 1, price: 79 }]);
  t.strictSame(read.attributes, [
    { name: '各款价格', value: '79元、95元' },
    { name: '容量', value: '600ml' },
  ]);
  t.strictSame(
    read.variants[0]?.values.map((one) => one.name),
    ['银色', '黑色'],
  );
  t.strictSame(read.pictures, ['https://img.alicdn.example/i/a.jpg']);
  t.equal(read.stock, 'on-sale', 'one of the variants is there');
});

t.test('reads an answer of the Alibaba.com Open API', async (t) => {
  const read = listingOf('alibaba-api.json');
  t.equal(read.source, 'alibaba-api');
  t.strictSame(
    read.priceLadder,
    [
      { from: 20, to: 99, price: 8 },
      { from: 100, price: 7.67 },
    ],
    'steps below the minimum order are never sold',
  );
  t.strictSame(read.attributes[0], { name: 'Feature', value: 'Portable, Lightweight' }, 'one attribute of two values');
  t.strictSame(read.variants, [{ name: 'Body Color', values: [{ name: 'White' }, { name: 'Sand' }] }]);
  t.equal(read.description, 'Light & small');
});
