import { once } from 'node:events';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import sharp from 'sharp';
import t, { type Test } from 'tap';
import { loadRoom } from '../../src/config/load-room.js';
import { silentLog } from '../../src/core/log.js';
import { type TakenProduct, takeProduct, type TakeProductOptions } from '../../src/intake/take-product.js';
import { makeCode } from '../kit/draw-code.js';
import { fixture, fixturePath } from '../listing/fixture.js';

const stdin = async function* (text = ''): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text);
};
const take = (from: string, more: Partial<TakeProductOptions> = {}): Promise<TakenProduct> =>
  takeProduct(from, {
    stdin: stdin(),
    language: 'en',
    log: silentLog,
    allow: (address) => address === '127.0.0.1',
    signal: AbortSignal.timeout(120_000),
    ...more,
  });

const plain = (fill: string): Promise<Buffer> =>
  sharp({ create: { width: 400, height: 400, channels: 3, background: fill } })
    .jpeg()
    .toBuffer();

async function withCode(): Promise<Buffer> {
  const { width, height, dark } = await makeCode('https://example.com/add-me');
  const module = 6;
  let squares = '';
  for (let i = 0; i < width * height; i += 1)
    if (dark[i])
      squares += `<rect x="${60 + (i % width) * module}" y="${60 + Math.floor(i / width) * module}" width="${module}" height="${module}"/>`;
  return sharp(
    Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="400" height="400"><rect width="400" height="400" fill="#fff"/>${squares}</svg>`,
    ),
  )
    .png()
    .toBuffer();
}

async function withContact(): Promise<Buffer> {
  return sharp(
    Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" width="700" height="400"><rect width="700" height="400" fill="#fff"/><text x="30" y="200" font-size="48" font-family="sans-serif">WhatsApp +1 415 555 2671</text></svg>',
    ),
  )
    .png()
    .toBuffer();
}

/** A shop that sends a page and its pictures. */
async function shop(t: Test, page: string, pictures: Record<string, Buffer>): Promise<string> {
  const server = createServer((request, response) => {
    if (request.url === '/p.html') return response.setHeader('content-type', 'text/html; charset=utf-8').end(page);
    const picture = pictures[request.url!.slice(1)];
    if (picture === undefined) return response.writeHead(404).end();
    response.setHeader('content-type', 'image/jpeg').end(picture);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const room = (file: string): { products?: Record<string, unknown>[] } =>
  JSON.parse(readFileSync(file, 'utf8')) as { products?: Record<string, unknown>[] };

const ROOM = `{
  "name": "shop",
  "presenter": { "pack": "mei" },
  "layers": [{ "id": "presenter", "type": "presenter", "anchor": "bottom", "width": "100%", "height": "80%" }],
  "script": { "segments": [{ "lines": [{ "text": "Hello!" }] }] }
}
`;

t.test('a link becomes a product in a room file, which keeps its other lines as they are', async (t) => {
  const dir = t.testdir({ 'room.json': ROOM });
  const file = join(dir, 'room.json');
  const page = fixture('alibaba-ladder.html').replace(/<link rel="canonical"[^>]*>/, '');
  const pictures = { 'Ha1.png': await plain('#c9d8e6'), 'Hb2.jpg': await withCode(), 'Hk.jpg': await plain('#222') };
  const served = await shop(t, '', pictures);
  const link = `${await shop(t, page.replaceAll(/https:\/\/sc04\.alicdn\.example\/kf\//g, `${served}/`), {})}/p.html`;
  const taken = await take(link, { out: file });
  const text = readFileSync(file, 'utf8');
  for (const line of ROOM.split('\n').slice(0, 3)) t.ok(text.includes(line), line);
  t.strictSame(
    taken.warnings.map((one) => [one.kind, one.kind === 'picture-left-out' ? one.reason : '']),
    [['picture-left-out', 'rule 3.3 (qr)']],
    'the picture with a code is left out',
  );
  t.strictSame(readdirSync(join(dir, 'products/portable-bluetooth-speaker')).sort(), ['1.jpg', '3.jpg']);
  const [product] = room(file).products!;
  t.match(product, {
    id: 'portable-bluetooth-speaker',
    image: 'products/portable-bluetooth-speaker/1.jpg',
    link,
    variants: [{ values: [{ name: 'Black', image: 'products/portable-bluetooth-speaker/3.jpg' }, { name: 'Red' }] }],
  });
  const loaded = loadRoom(file);
  t.equal(loaded.products[0]?.variants[0]?.values[0]?.image, join(dir, 'products/portable-bluetooth-speaker/3.jpg'));

  // The seller adds a licence; the page changes.
  writeFileSync(
    file,
    text.replace(
      '"id": "portable-bluetooth-speaker"',
      '"id": "portable-bluetooth-speaker",\n      "licence": "own work"',
    ),
  );
  await take(link, { out: file });
  t.equal(room(file).products?.length, 1, 'the same link replaces its product');
  t.equal(room(file).products?.[0]?.['licence'], 'own work');
  await take('-', { out: file, stdin: stdin(fixture('pasted-en.txt')) });
  t.strictSame(
    room(file).products?.map((one) => one['id']),
    ['portable-bluetooth-speaker', 'insulated-steel-bottle-750-ml'],
  );
  t.equal(loadRoom(file).products.length, 2);
});

t.test('a saved page gives its own pictures, and becomes a folder', async (t) => {
  const dir = t.testdir({ 'page.html': fixture('alibaba-drawn.html') });
  mkdirSync(join(dir, 'page_files'));
  writeFileSync(join(dir, 'page_files', 'Ha1.jpg_80x80.jpg'), await plain('#111'));
  writeFileSync(join(dir, 'page_files', 'Ha1.jpg_960x960q80.jpg'), await plain('#c9d8e6'));
  const contact = await withContact();
  writeFileSync(join(dir, 'page_files', 'Hb2.png'), contact);
  const out = join(dir, 'sneakers');
  const taken = await take(join(dir, 'page.html'), { out, allow: () => false });
  t.strictSame(readdirSync(out).sort(), ['pictures', 'product.json']);
  t.strictSame(readFileSync(join(out, 'pictures/1.jpg')), await plain('#c9d8e6'), 'the largest variant');
  const refused = taken.warnings.filter((one) => one.kind === 'picture-left-out');
  t.match(
    refused.find(({ what }) => what.includes('Hb2.png')),
    { reason: /rule 3\.2/ },
    'the picture with a contact',
  );
  t.ok(taken.warnings.some((one) => one.kind === 'visitor-currency'));
  t.equal(taken.product.price.ofVisitor, true);
  const { currency } = taken.product.price;
  const confirmed = await take(join(dir, 'page.html'), { currency });
  t.equal(confirmed.product.price.ofVisitor, undefined, 'naming the currency confirms it');
  t.same(confirmed.warnings, []);
  await t.rejects(take(join(dir, 'page.html'), { currency: 'XAF' }), {
    code: 'E_LISTING_INVALID',
    message: new RegExp(`--currency ${currency} takes`),
  });
});

t.test('a listing without pictures gets a plain one and a warning', async (t) => {
  const out = join(t.testdir({}), 'bottle');
  const taken = await take(fixturePath('pasted-en.txt'), { out });
  t.strictSame(
    taken.warnings.map((one) => one.kind),
    ['no-picture'],
  );
  t.strictSame(readdirSync(join(out, 'pictures')), ['1.svg']);
});

t.test('reports unreadable and unwritable paths before anything is fetched', async (t) => {
  const dir = t.testdir({ 'page.mhtml': 'From: <Saved by Blink>\nMIME-Version: 1.0\n', 'broken.json': '{"name": ' });
  await t.rejects(take(join(dir, 'none.html')), { code: 'E_LISTING_INVALID', found: 'no such file' });
  await t.rejects(take(dir), { code: 'E_LISTING_INVALID', found: 'a folder' });
  await t.rejects(take(join(dir, 'page.mhtml')), { message: /Webpage, Complete/ });
  const page = fixturePath('pasted-en.txt');
  await t.rejects(take(page, { out: join(dir, 'no-room.json') }), { code: 'E_ROOM_JSON', message: /engine new/ });
  await t.rejects(take(page, { out: join(dir, 'broken.json') }), { code: 'E_ROOM_JSON' });
  t.equal(readFileSync(join(dir, 'broken.json'), 'utf8'), '{"name": ');
});
