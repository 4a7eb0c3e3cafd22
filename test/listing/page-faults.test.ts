import t from 'tap';
import { EngineError } from '../../src/core/errors.js';
import { decodePage } from '../../src/listing/guarded-fetch.js';
import { readListing } from '../../src/listing/listing-sources.js';
import { faultOf, fixture, listingOf } from './fixture.js';

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
