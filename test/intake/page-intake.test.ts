import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import sharp from 'sharp';
import t from 'tap';
import { silentLog } from '../../src/core/log.js';
import { PageIntake } from '../../src/intake/page-intake.js';
import { takeCapture } from '../../src/intake/take-capture.js';
import { fixture } from '../listing/fixture.js';

const intake = (folder: string, signal = AbortSignal.timeout(120_000)): PageIntake =>
  new PageIntake({ room: { language: 'en', ledgerFile: join(folder, 'ledger.jsonl') }, log: silentLog, signal });

t.test('prefers the page’s own data to its markup', async (t) => {
  const jsonLd = [
    {
      '@context': 'https://schema.org',
      '@type': 'Product',
      name: 'From JSON-LD',
      offers: { price: '5', priceCurrency: 'USD' },
    },
  ];
  const url = 'https://shop.example/products/lamp';
  const { product } = await takeCapture(
    { url, html: fixture('shopify.html'), data: { context: { nothing: 1 }, jsonLd } },
    { language: 'en', log: silentLog },
  );
  t.equal(product.title, 'From JSON-LD');
  t.equal(product.link, url);
});

t.test('reads the markup where the data is no listing', async (t) => {
  const taken = await intake(t.testdir()).take({
    url: 'https://shop.example/products/x',
    html: fixture('woocommerce.html'),
    data: { context: { a: 1 } },
  });
  t.ok(String(taken.product['title']).length > 3);
  t.notOk(taken.file);
});

t.test('names a bot wall, another product’s page and a capture without anything', async (t) => {
  const pages = intake(t.testdir());
  const url = 'https://www.alibaba.com/product-detail/a_1600000000009.html';
  await t.rejects(pages.take({ url, html: fixture('bot-wall.html'), data: { context: {} } }), {
    code: 'E_LISTING_PAGE',
    found: /keeps programs out/,
  });
  await t.rejects(pages.take({ url, html: fixture('alibaba-ladder.html') }), { code: 'E_LISTING_PAGE' });
  await t.rejects(pages.take({ url }), { code: 'E_LISTING_INVALID', found: 'neither' });
  await t.rejects(
    pages.take({ url, data: { detailData: JSON.parse('{"__proto__":{"a":1},"globalData":{"product":{}}}') } }),
  );
});

t.test('writes a saved product with its pictures beside the ledger', async (t) => {
  const picture = await sharp({ create: { width: 300, height: 300, channels: 3, background: '#a33' } })
    .jpeg()
    .toBuffer();
  const server = createServer((_, response) => void response.setHeader('content-type', 'image/jpeg').end(picture));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => void server.close());
  const image = `http://127.0.0.1:${(server.address() as AddressInfo).port}/1.jpg`;
  const folder = t.testdir();
  const { product, file } = await takeCapture(
    {
      url: 'https://shop.example/products/lamp',
      data: {
        jsonLd: [{ '@type': 'Product', name: 'Desk lamp', image, offers: { price: '12.50', priceCurrency: 'USD' } }],
      },
    },
    {
      language: 'en',
      log: silentLog,
      folder: join(folder, 'products'),
      allow: (address) => address === '127.0.0.1',
    },
  );
  t.equal(file, join(folder, 'products', product.id, 'product.json'));
  t.match(JSON.parse(readFileSync(file!, 'utf8')), { id: product.id, title: 'Desk lamp', image: 'pictures/1.jpg' });
  t.ok(existsSync(join(folder, 'products', product.id, product.image)));
});

t.test('reads one page at a time, and refuses more than it can hold', async (t) => {
  const pages = intake(t.testdir());
  const capture = { url: 'https://shop.example/p', html: fixture('shopify.html') };
  const all = await Promise.allSettled(Array.from({ length: 8 }, () => pages.take(capture)));
  const refused = all.filter((one) => one.status === 'rejected');
  t.equal(all.length - refused.length, 5);
  t.ok(refused.every(({ reason }) => (reason as { code: string }).code === 'E_TOO_MANY_REQUESTS'));
  await pages.take(capture);
});
