import t from 'tap';
import { findScriptPlaces } from '../../src/listing/script-places.js';
import { readListing } from '../../src/listing/listing-sources.js';
import { fixture } from './fixture.js';

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
