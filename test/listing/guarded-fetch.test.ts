import dns from 'node:dns';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { syncBuiltinESMExports } from 'node:module';
import t, { type Test } from 'tap';
import { isEngineError } from '../../src/core/errors.js';
import { isPublicAddress } from '../../src/core/net/public-address.js';
import { guardedFetch, type GuardedFetchOptions, isClosed } from '../../src/listing/guarded-fetch.js';

const allow = (address: string): boolean => address === '127.0.0.1';
const options: GuardedFetchOptions = { accept: ['text/html'], allow };

/** A shop on loopback; paths that have no answer are 404, `robots.txt` too. */
async function shop(t: Test, paths: Record<string, RequestListener>): Promise<{ url: string; seen: string[] }> {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(request.url!);
    const answer = paths[request.url!.split('?')[0]!];
    if (answer !== undefined) return answer(request, response);
    response.writeHead(404).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

const html =
  (body: string): RequestListener =>
  (_, response) =>
    response.setHeader('content-type', 'text/html; charset=gbk').end(body);
const to =
  (location: string): RequestListener =>
  (_, response) =>
    response.writeHead(302, { location }).end();

async function refusal(link: string, more: Partial<GuardedFetchOptions> = {}): Promise<string> {
  try {
    await guardedFetch(link, { ...options, ...more });
    return 'none';
  } catch (error) {
    if (!isEngineError(error)) throw error;
    return `${error.code} ${error.found}`;
  }
}

t.test('fetches a page with its type, its encoding and where it ended', async (t) => {
  const { url, seen } = await shop(t, { '/p': to('/q?x=1'), '/q': html('page') });
  const page = await guardedFetch(`${url}/p`, options);
  t.strictSame([page.url, page.type, page.charset], [`${url}/q?x=1`, 'text/html', 'gbk']);
  t.equal(new TextDecoder().decode(page.body), 'page');
  t.strictSame(seen, ['/robots.txt', '/p', '/robots.txt', '/q?x=1']);
});

t.test('refuses addresses that are not public, however they are written', async (t) => {
  const { url, seen } = await shop(t, { '/p': html('secret') });
  const port = url.split(':')[2];
  const none = { allow: () => false };
  for (const host of [
    '127.0.0.1',
    'localhost',
    '2130706433',
    '0177.0.0.1',
    '0x7f.1',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[64:ff9b::7f00:1]',
    '[fd00::1]',
    '[fe80::1]',
    '10.0.0.1',
    '169.254.169.254',
    '192.168.1.1',
    '0.0.0.0',
  ])
    t.match(await refusal(`http://${host}:${port}/p`, none), /private network/, host);
  t.strictSame(seen, []);
});

t.test('knows the public addresses', async (t) => {
  for (const address of ['8.8.8.8', '172.32.0.1', '2606:4700::1111', '::ffff:8.8.8.8'])
    t.ok(isPublicAddress(address), address);
  for (const address of [
    '172.16.0.1',
    '100.64.1.1',
    '198.18.0.1',
    '224.0.0.1',
    '2001:db8::1',
    '2002:7f00:1::',
    '::',
    'x',
  ])
    t.notOk(isPublicAddress(address), address);
});

t.test('a redirect into the private network is refused', async (t) => {
  const { url, seen } = await shop(t, {
    '/ip': to('http://127.0.0.2:1/secret'),
    '/name': to('http://localhost:1/secret'),
    '/file': to('file:///etc/passwd'),
    '/login': to('http://user:word@127.0.0.1/'),
  });
  t.match(await refusal(`${url}/ip`), /private network/);
  t.match(await refusal(`${url}/name`, { allow: (a) => a === '127.0.0.1' && seen.length < 4 }), /private network/);
  t.match(await refusal(`${url}/file`), /file:/);
  t.match(await refusal(`${url}/login`), /one with them/);
});

t.test('a name whose address changes is spoken to at the address that was checked', async (t) => {
  const { url } = await shop(t, { '/p': html('page') });
  const { lookup } = dns;
  t.teardown(() => {
    dns.lookup = lookup;
    syncBuiltinESMExports();
  });
  const answers = ['127.0.0.1', '127.0.0.1', '127.0.0.9'];
  let asked = 0;
  dns.lookup = ((_: string, __: unknown, done: (e: null, all: unknown) => void) => {
    const address = answers[Math.min(asked, answers.length - 1)]!;
    asked += 1;
    done(null, [{ address, family: 4 }]);
  }) as unknown as typeof dns.lookup;
  syncBuiltinESMExports();
  const link = url.replace('127.0.0.1', 'shop.example');
  const page = await guardedFetch(`${link}/p`, options);
  t.equal(new TextDecoder().decode(page.body), 'page');
  t.equal(asked, 2, 'one lookup for each connection');
  t.match(await refusal(`${link}/p`), /private network/, 'the next one leads inside');
  dns.lookup = ((_: string, __: unknown, done: (e: null, all: unknown) => void) =>
    done(null, [
      { address: '8.8.8.8', family: 4 },
      { address: '10.0.0.1', family: 4 },
    ])) as unknown as typeof dns.lookup;
  syncBuiltinESMExports();
  t.match(await refusal(`${link}/p`), /private network/, 'one private address among several');
});

t.test('caps size, time, type and redirects', async (t) => {
  const { url } = await shop(t, {
    '/long': (_, response) => {
      response.setHeader('content-type', 'text/html');
      response.write('x'.repeat(2000));
      response.write('x'.repeat(2000));
    },
    '/said-long': (_, response) =>
      response.writeHead(200, { 'content-type': 'text/html', 'content-length': '5000' }).end('x'.repeat(5000)),
    '/slow': () => undefined,
    '/zip': (_, response) => response.setHeader('content-type', 'application/zip').end('x'),
    '/none': (_, response) => response.end('x'),
    '/loop': to('/loop'),
  });
  t.match(await refusal(`${url}/long`, { maxBytes: 3000 }), /more/);
  t.match(await refusal(`${url}/said-long`, { maxBytes: 3000 }), /more/);
  t.match(await refusal(`${url}/slow`, { timeoutMs: 300 }), /none in time/);
  t.match(await refusal(`${url}/slow`, { signal: AbortSignal.timeout(100) }), /a stop/);
  t.match(await refusal(`${url}/zip`), /application\/zip/);
  t.match(await refusal(`${url}/none`), /no content type/);
  t.match(await refusal(`${url}/loop`), /more/);
});

t.test('names the obstacle when an answer is not a page', async (t) => {
  const status =
    (code: number): RequestListener =>
    (_, response) =>
      response.writeHead(code, { 'content-type': 'text/html' }).end('<html></html>');
  const { url } = await shop(t, {
    '/403': status(403),
    '/429': status(429),
    '/503': status(503),
    '/500': status(500),
  });
  t.match(await refusal(`${url}/404`), /404: it is not there/);
  for (const code of [403, 429, 503]) t.match(await refusal(`${url}/${code}`), /keeps programs out/);
  t.match(await refusal(`${url}/500`), /HTTP 500/);
  await t.rejects(guardedFetch(`${url}/403`, options), { message: /save it \(Ctrl\+S\)/ });
  t.match(await refusal('ftp://shop.example/x'), /ftp:/);
  t.match(await refusal('no link'), /no link/);
  await t.rejects(guardedFetch('http://127.0.0.1:1/p', options), { code: 'E_LISTING_FETCH' });
});

t.test('respects robots.txt, also behind a redirect, and a server that fails to send it', async (t) => {
  const rules = 'User-agent: *\nDisallow: /p\n\nUser-agent: ShowroomBot\nDisallow: /own\nAllow: /own/yes$\n';
  const text =
    (body: string): RequestListener =>
    (_, response) =>
      response.setHeader('content-type', 'text/plain').end(body);
  const closed = await shop(t, {
    '/robots.txt': text(rules),
    '/p': html('a'),
    '/own': html('b'),
    '/own/yes': html('c'),
  });
  t.equal(await refusal(`${closed.url}/p`), 'none', 'the group for this agent counts alone');
  t.match(await refusal(`${closed.url}/own`), /robots\.txt closes/);
  t.equal(await refusal(`${closed.url}/own/yes`), 'none');
  t.equal(await refusal(`${closed.url}/own`, { robots: false }), 'none');
  const moved = await shop(t, {
    '/robots.txt': to('/r.txt'),
    '/r.txt': text('User-agent: *\nDisallow: /'),
    '/p': html('a'),
  });
  t.match(await refusal(`${moved.url}/p`), /robots\.txt closes/);
  const failing = await shop(t, {
    '/robots.txt': (_, response) => response.writeHead(503).end(),
    '/p': html('a'),
  });
  t.match(await refusal(`${failing.url}/p`), /robots\.txt closes/);
  t.strictSame(failing.seen, ['/robots.txt']);
});

t.test('reads robots.txt by RFC 9309', async (t) => {
  const robots =
    'User-agent: a\nUser-agent: *\nDisallow: /*.json$\nDisallow: /cart # no\nAllow: /cart/open\nDisallow:\n';
  t.ok(isClosed(robots, '/x/y.json'));
  t.notOk(isClosed(robots, '/x/y.json?a'));
  t.ok(isClosed(robots, '/cart'));
  t.notOk(isClosed(robots, '/cart/open'), 'the longest rule wins');
  t.notOk(isClosed(robots, '/'));
  t.notOk(isClosed('', '/'));
  const start = performance.now();
  isClosed(`User-agent: *\nDisallow: /${'*a'.repeat(5000)}b$`, `/${'a'.repeat(20_000)}`);
  isClosed(`User-agent: *\n${`Disallow: /${'*a'.repeat(250)}b$\n`.repeat(1000)}`, `/${'a'.repeat(2000)}`);
  t.ok(performance.now() - start < 1000, 'no pattern takes long');
});
