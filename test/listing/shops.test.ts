import t from 'tap';
import { product } from '../../src/config/sections/product.js';
import { EngineError } from '../../src/core/errors.js';
import { decodePage } from '../../src/listing/guarded-fetch.js';
import { readListing } from '../../src/listing/listing-sources.js';
import { completeListing } from '../../src/listing/listing.js';
import { findScriptPlaces } from '../../src/listing/script-places.js';
import { cleanTitle, toProduct } from '../../src/listing/to-product.js';
import { faultOf, fixture, listingOf } from './fixture.js';

t.test('known shops', async (t) => {
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
    t.strictSame(
      read.attributes[0],
      { name: 'Feature', value: 'Portable, Lightweight' },
      'one attribute of two values',
    );
    t.strictSame(read.variants, [{ name: 'Body Color', values: [{ name: 'White' }, { name: 'Sand' }] }]);
    t.equal(read.description, 'Light & small');
  });
});

t.test('other shops', async (t) => {
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

  t.test('reads the last step of a pasted ladder however it says that it is open', async (t) => {
    for (const [last, unit] of [
      ['500 pieces or more: $11.45', 'piece'],
      ['500 pieces and above: US$11.45', 'piece'],
      ['500+ pcs: $11.45', 'piece'],
      ['500件以上：$11.45', '件'],
      ['500件起：$11.45', '件'],
      ['ab 500 Stück: $11.45', 'stück'],
      ['500 piezas o más: $11.45', 'piezas'],
    ] as const) {
      const { priceLadder, attributes, unit: read } = readListing(`Kettle\nPrice: $12.90\n${last}`, { where: 'text' });
      t.strictSame(
        priceLadder,
        [
          { from: 1, to: 499, price: 12.9 },
          { from: 500, price: 11.45 },
        ],
        last,
      );
      t.strictSame([attributes, read], [[], unit], last);
    }
  });

  t.test('takes page data on its own, as a browser sends it', async (t) => {
    const data = { source: 'alibaba', data: { globalData: { product: { productId: 1, subject: 'Lamp', moq: 2 } } } };
    t.equal(readListing(JSON.stringify(data), { where: 'capture' }).title, 'Lamp');
  });
});

t.test('page faults', async (t) => {
  t.test('each kind of page that is no product has its own error', async (t) => {
    t.equal(faultOf(fixture('bot-wall.html')), 'E_LISTING_PAGE bot-wall');
    t.equal(faultOf(fixture('gone.html')), 'E_LISTING_PAGE gone');
    t.equal(faultOf(fixture('login.html')), 'E_LISTING_PAGE login');
    t.equal(faultOf(fixture('no-data.html')), 'E_LISTING_PAGE no-data');
    const other = 'https://www.alibaba.com/product-detail/Lamp_1601999999999.html';
    t.equal(faultOf(fixture('alibaba-ladder.html'), other), 'E_LISTING_PAGE other-product');
    t.equal(faultOf(''), 'E_LISTING_INVALID');
    t.equal(faultOf('{"a": 1}'), 'E_LISTING_INVALID');
  });

  t.test('every error names a remedy', async (t) => {
    for (const name of ['bot-wall.html', 'gone.html', 'login.html', 'no-data.html'])
      t.throws(() => listingOf(name), { message: /engine product|check the link/ }, name);
  });

  t.test('a login link, a captcha in a form and a hidden text do not hide a product', async (t) => {
    t.equal(faultOf(fixture('alibaba-drawn.html')), 'none');
    t.equal(faultOf(fixture('shopify.html')), 'none');
    t.equal(faultOf(fixture('taobao.html')), 'none');
  });

  t.test('recognises a known shop’s page without a product by its other words', async (t) => {
    const empty = '<html><script>window.detailData = {"globalData":{"product":{}}};</script>';
    t.equal(faultOf(`${empty}<title>Product Not Available</title></html>`), 'E_LISTING_PAGE gone');
    t.equal(faultOf(`${empty}</html>`), 'E_LISTING_PAGE no-data');
    t.equal(
      faultOf('<html><script>window.__ICE_APP_CONTEXT__={};</script><form id="login-form"></form></html>'),
      'E_LISTING_PAGE login',
    );
  });

  t.test('broken JSON is refused, keys of a prototype are dropped', async (t) => {
    const page = (data: string): string => `<html><script>window.detailData = ${data}</script></html>`;
    t.equal(faultOf(page('{"globalData": {"product": {"subject": "A"')), 'E_LISTING_INVALID', 'cut off');
    t.equal(faultOf(page('{"globalData": [}')), 'E_LISTING_INVALID');
    t.equal(
      faultOf(page('{"globalData":{"product":{"subject":"A","__proto__":{"x":1}}}}')),
      'none',
      'the key is dropped',
    );
    t.equal(faultOf(page('{"constructor":{"prototype":{}}}')), 'E_LISTING_PAGE no-data');
    t.equal(faultOf(`{"a":${'['.repeat(5000)}`), 'E_LISTING_INVALID');
    t.equal(faultOf(page('['.repeat(300).replace('[', '{"a":['))), 'E_LISTING_INVALID', 'too deep');
    t.equal(({} as Record<string, unknown>)['x'], undefined);
  });

  const elapsedMs = (run: () => unknown): number => {
    const start = performance.now();
    try {
      run();
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
    }
    return performance.now() - start;
  };

  t.test('pages of 5 MB are read in linear time, hostile ones too', async (t) => {
    const size = 5_000_000;
    const hostile: [string, string][] = [
      [
        'a real page behind much script',
        fixture('alibaba-ladder.html').replace('<body>', `<script>${'x={a:"b"};'.repeat(size / 10)}</script>`),
      ],
      ['open tags', `<html>${'<link rel=canonical '.repeat(size / 20)}`],
      ['open brackets', `<html><script>window.detailData = ${'{"a":'.repeat(size / 5)}`],
      ['titles', `<html>${'<title>Sign in '.repeat(size / 15)}`],
      ['an endless title', `<html><title>${'Sign in '.repeat(size / 8)}`],
      ['commas', `<html><script>window.__INIT_DATA={"a":[${'1,'.repeat(size / 2)}`],
      ['a line of blanks', `1${' '.repeat(size)}x`],
      ['a line of digits', '1,'.repeat(size / 2)],
      ['open scripts', `<html>${'<script type="application/ld+json">'.repeat(size / 35)}`],
    ];
    for (const [name, page] of hostile) {
      const ms = elapsedMs(() => readListing(page, { where: name }));
      t.ok(ms < 5000, `${name}: ${Math.round(ms)} ms`);
    }
  });

  t.test('refuses a page larger than any shop sends', async (t) => {
    t.equal(faultOf(`<html>${' '.repeat(8_000_001)}`), 'E_LISTING_INVALID');
  });

  t.test('reads a page in the encoding that it names', async (t) => {
    const gbk = new Uint8Array([0xd5, 0xdb, 0xb5, 0xfe]);
    const head = new TextEncoder().encode('<meta http-equiv="Content-Type" content="text/html; charset=gbk">');
    t.match(decodePage(new Uint8Array([...head, ...gbk])), /折叠$/);
    t.equal(decodePage(gbk, 'GBK'), '折叠', 'the header of the answer');
    t.equal(decodePage(new TextEncoder().encode('折叠')), '折叠');
    t.equal(decodePage(new TextEncoder().encode('折'), 'no-such-thing'), '折');
    t.equal(decodePage(new Uint8Array([0xff, 0xfe, 0x41, 0x00])), 'A');
  });
});

t.test('places', async (t) => {
  const places = [{ name: 'data', pattern: /window\.detailData\s*=\s*(?=\{)/y }];
  const count = (script: string): number => findScriptPlaces(`<script>${script}</script>`, places).length;

  t.test('finds assignments outside of strings, comments and regular expressions', async (t) => {
    const real = 'window.detailData = {"a":1}';
    t.equal(count(real), 1);
    t.equal(count(`var x=1;\n${real};${real}`), 2, 'every one of them');
    t.equal(count(`var x = "${real.replaceAll('"', '\\"')}"`), 0, 'a string');
    t.equal(count(`var x = '${real}'; `), 0, 'another string');
    t.equal(count(`var x = \`${real}\``), 0, 'a template');
    t.equal(count(`// ${real}`), 0, 'a comment');
    t.equal(count(`/* ${real} */`), 0, 'a longer comment');
    t.equal(count(`x = /${real}/`), 0, 'a regular expression');
    t.equal(count(`var q = /["']/; ${real}`), 1, 'behind a regular expression with a quote');
    t.equal(count(`var q = s.replace(/[/"]/g, ''); ${real}`), 1, 'behind a class with a slash');
    t.equal(count(`var q = a / b; var w = 'x'; ${real} / 2`), 1, 'behind a division');
    t.equal(count(`my.${real}`), 0, 'a member of something else');
    t.equal(findScriptPlaces(`<p>${real}</p><script>1</script>`, places).length, 0, 'the text of the page');
  });

  const page = (script: string, more = ''): string => `<html><head><script>${script}</script>${more}</head></html>`;
  const data = (subject: string): string =>
    `{"globalData":{"product":{"subject":"${subject}","price":{"productLadderPrices":[{"min":1,"max":-1,"dollarPrice":4}]}}}}`;
  const jsonLd = (name: string): string =>
    `<script type="application/ld+json">${JSON.stringify({ '@type': 'Product', name, description: 'Of steel.', offers: { price: 7, priceCurrency: 'EUR' } })}</script>`;

  t.test('tries every place and takes the first that holds a product', async (t) => {
    const read = readListing(
      page(
        `log('window.detailData = {"globalData":{"product":{"subject":"In a string"}}}'); window.detailData = {}; window.detailData = {"globalData":; window.detailData = ${data('Kettle')}`,
      ),
      { where: 'page' },
    );
    t.equal(read.title, 'Kettle');
    t.match(read.notes, [{ kind: 'unread-place', where: 'window.detailData' }]);
  });

  t.test('goes on with JSON-LD, microdata and Open Graph where the shop’s own data is broken', async (t) => {
    const broken = 'window.detailData = {"globalData":{"product":{"subject":"Kettle"';
    const read = readListing(page(broken, jsonLd('Kettle')), { where: 'page' });
    t.strictSame([read.title, read.origins[0]?.place], ['Kettle', 'JSON-LD']);
    t.throws(() => readListing(page(broken), { where: 'page' }), { code: 'E_LISTING_INVALID' });
    t.equal(readListing(fixture('open-graph.html'), { where: 'page' }).origins[0]?.place, 'Open Graph');
    t.equal(readListing(fixture('microdata.html'), { where: 'page' }).origins[0]?.place, 'microdata');
  });

  t.test('fills gaps from other places of the same product and says so', async (t) => {
    const read = readListing(page(`window.detailData = ${data('Kettle')}`, jsonLd('Kettle')), { where: 'page' });
    t.equal(read.description, 'Of steel.');
    t.strictSame([read.priceLadder, read.currency], [[{ from: 1, price: 4 }], 'USD'], 'its own price stays');
    t.match(read.origins, [{ place: 'window.detailData' }, { place: 'JSON-LD', fields: ['description'] }]);
    const other = readListing(page(`window.detailData = ${data('Kettle')}`, jsonLd('Tea cosy')), { where: 'page' });
    t.notOk(other.description, 'another product fills nothing');
  });

  t.test('drops keys that reach a prototype with a note, and reads the rest', async (t) => {
    const spiked = data('Kettle').replace(
      '{"globalData"',
      '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"globalData"',
    );
    const read = readListing(page(`window.detailData = ${spiked}`), { where: 'page' });
    t.equal(read.title, 'Kettle');
    t.strictSame(
      read.notes.map((note) => note.kind === 'dropped-key' && note.key),
      ['__proto__', 'prototype', 'constructor'],
    );
    t.equal(({} as Record<string, unknown>)['polluted'], undefined);
  });
});

t.test('to product', async (t) => {
  const options = { where: 'page', image: 'products/x/1.png' };

  t.test('every fixture becomes a product that the room file takes', async (t) => {
    for (const name of [
      'alibaba-ladder.html',
      'alibaba-sku-priced.html',
      'alibaba-drawn.html',
      '1688-desktop.html',
      '1688-mobile.html',
      'taobao.html',
      'alibaba-api.json',
      'shopify.html',
      'woocommerce.html',
      'aliexpress.html',
      'open-graph.html',
      'pasted-en.txt',
      'pasted-zh.txt',
    ]) {
      const result = product.safeParse(toProduct(listingOf(name), options));
      t.ok(result.success, `${name} ${result.success ? '' : result.error.message}`);
    }
  });

  t.test('slogans, ranks and contacts are left out, facts are kept', async (t) => {
    const made = toProduct(listingOf('alibaba-ladder.html'), options);
    t.equal(made.title, 'Portable Bluetooth Speaker');
    t.equal(made.minimumOrder, '6 pieces');
    t.notMatch(JSON.stringify(made), /WhatsApp|Best in|#1|@example/);
    t.ok(made.facts.includes('Power: 10W'));
    t.ok(made.facts.includes('RoHS'));
    t.strictSame(
      made.faq.map((one) => one.question),
      ['Can you print our logo?'],
    );
    t.equal(made.priceLadder.length, 3);
  });

  t.test("sample and own logo become fields out of the listing's answers", async (t) => {
    const listing = completeListing({
      source: 'pasted-text',
      title: 'Kettle',
      currency: 'USD',
      priceLadder: [{ from: 1, price: 12.9 }],
      faq: [
        { question: 'Samples?', answer: 'We are the best factory. A sample costs 18 US dollars and ships in 3 days.' },
        { question: 'Own logo?', answer: 'Yes, from 200 pieces.' },
      ],
    });
    const made = toProduct(listing, options);
    t.match(made, { sample: { price: 18, quantity: 1, days: 3 }, customisation: { from: 200 } });
    t.equal(made.faq[0]!.answer, 'A sample costs 18 US dollars and ships in 3 days.', 'the slogan alone is left out');
    t.equal(toProduct({ ...listing, currency: 'GHS' }, options).sample, undefined, 'dollars are no cedis');
  });

  t.test('refuses a listing without price or currency, with the remedy', async (t) => {
    const bare = completeListing({ source: 'pasted-text', title: 'Lamp' });
    t.throws(() => toProduct(bare, options), { code: 'E_LISTING_INVALID', expected: 'a price' });
    const priced = { ...bare, priceLadder: [{ from: 1, price: 3 }] };
    t.throws(() => toProduct(priced, options), { code: 'E_LISTING_INVALID', message: /--currency/ });
    t.equal(toProduct(priced, { ...options, currency: 'eur' }).price.currency, 'EUR');
  });

  t.test('a ladder is made ascending and without gaps or repeats', async (t) => {
    const made = toProduct(
      completeListing({
        source: 'pasted-text',
        title: 'Lamp',
        currency: 'USD',
        minimumOrder: 10,
        unit: 'box',
        priceLadder: [
          { from: 100, price: 2 },
          { from: 10, to: 50, price: 3 },
          { from: 100, price: 9 },
          { from: 1, to: 9, price: 4 },
        ],
      }),
      options,
    );
    t.strictSame(made.priceLadder, [
      { from: 10, to: 99, price: 3 },
      { from: 100, price: 2 },
    ]);
    t.equal(made.minimumOrder, '10 boxes');
  });

  t.test('titles lose their keywords', async (t) => {
    t.equal(cleanTitle('Wholesale Portable LED Lamp for Camping Hiking Outdoor 2024 New'), 'Portable LED Lamp');
    t.equal(cleanTitle('跨境爆款折叠台灯 LED护眼灯，厂家直销'), '折叠台灯 LED护眼灯');
    t.equal(cleanTitle('Mug'), 'Mug');
  });

  t.test('titles lose braces, and slogans before and after the name', async (t) => {
    for (const [title, clean] of [
      ['Custom Logo Foldable Silicone Kettle {BPA Free} Travel', 'Foldable Silicone Kettle Travel'],
      ['{BPA Free} Lunch Box', 'Lunch Box'],
      ['[2024 New] Steel Water Bottle', 'Steel Water Bottle'],
      ['Luxury Sneakers', 'Sneakers'],
      ['New Luxury High Quality Leather Bag', 'Leather Bag'],
      ['2025 New Design Fashion Sneakers Hot Sale', 'Sneakers'],
      ['Best Price Premium Yoga Mat New', 'Yoga Mat'],
      ['Premium', 'Premium'],
      ['New Year Gift Box', 'New Year Gift Box'],
      ['Best Friend Necklace', 'Best Friend Necklace'],
      ['New Zealand Wool Blanket', 'New Zealand Wool Blanket'],
      ['Low Noise Fan', 'Low Noise Fan'],
      ['Top Handle Bag', 'Top Handle Bag'],
      ['Free Standing Mirror', 'Free Standing Mirror'],
      ['Hot Water Bottle', 'Hot Water Bottle'],
      ['High Back Chair', 'High Back Chair'],
      ['{新款} 硅胶折叠水壶', '硅胶折叠水壶'],
      ['高档网红硅胶水壶 便携', '硅胶水壶 便携'],
      ['{跨境}', '跨境'],
    ] as const)
      t.equal(cleanTitle(title), clean, title);
  });
});
