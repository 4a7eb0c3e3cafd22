import { connect } from 'node:net';
import t, { type Test } from 'tap';
import { networkOf, WrongTokens } from '../../src/control/access.js';
import { ControlServer, limitMs } from '../../src/control/control-server.js';
import type { DescribedRoute } from '../../src/control/openapi.js';
import { silentLog } from '../../src/core/log.js';
import { pointOfNoReturn, SerialQueue } from '../../src/core/serial-queue.js';
import { fakeRoom } from './fake-room.js';

t.test('access', async (t) => {
  const token = 'the-right-token-of-this-room';

  /** All public routes; a new one must be listed here. */
  const PUBLIC: ReadonlySet<string> = new Set([
    '/',
    '/desk/report',
    '/icon.svg',
    '/assets/:file',
    '/fonts/wght.css',
    '/fonts/files/:file',
    '/healthz',
    '/metrics',
    '/api-docs',
    '/api-docs/reference.css',
    '/api-docs/reference.js',
    '/api-docs/scalar.js',
    '/camera',
    '/camera/camera.css',
    '/camera/camera.js',
    '/camera/late-fonts.js',
    '/camera.json',
    '/camera/showroom-camera.user.js',
    '/camera/extension.zip',
    '/hls/:id/:file',
    '/whep',
    '/whep/:id',
    '/whip/avatar',
    '/whip/avatar/:id',
  ]);

  async function serve(t: Test, trustedProxies: readonly string[] = []) {
    const room = fakeRoom();
    const server = await ControlServer.start({
      room,
      host: '127.0.0.1',
      port: 0,
      token,
      log: silentLog,
      trustedProxies,
    });
    t.teardown(() => server.close());
    return { room, server };
  }

  /** Status of a request with a verbatim target, which no HTTP client sends. */
  function raw(port: number, method: string, target: string, headers: Record<string, string> = {}): Promise<number> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1');
      let text = '';
      socket.setTimeout(5000, () => socket.destroy(new Error(`no answer to ${method} ${target}`)));
      socket.on('error', reject);
      socket.on('data', (data: Buffer) => (text += data.toString('latin1')));
      socket.on('close', () => resolve(Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0)));
      const lines = Object.entries({ host: '127.0.0.1', 'content-length': '0', connection: 'close', ...headers });
      socket.write(`${method} ${target} HTTP/1.1\r\n${lines.map(([k, v]) => `${k}: ${v}\r\n`).join('')}\r\n`);
    });
  }

  const encoded = (char: string): string => `%${char.charCodeAt(0).toString(16)}`;

  /** Other spellings of a path that a server may treat as equal. */
  function spellings(path: string, port: number): string[] {
    const letters = [...path].flatMap((char, i) => (/[a-z]/.test(char) ? [i] : []));
    const [first = 0, second = first] = letters;
    const upper = (hex: string): string => hex.toUpperCase();
    const swap = (i: number, by: string): string => path.slice(0, i) + by + path.slice(i + 1);
    return [
      path,
      swap(first, encoded(path[first]!)),
      swap(second, encoded(path[second]!)),
      swap(first, upper(encoded(path[first]!))),
      [...path].map((char) => (/[a-z]/.test(char) ? encoded(char) : char)).join(''),
      `http://anything${path}`,
      `http://127.0.0.1:${port}${path}`,
      `//${path.slice(1)}`,
      `/${path}`,
      `${path}/`,
      `${path}?a=/healthz`,
      `${path}#/healthz`,
      `${path};a=1`,
      `/.${path}`,
      `/healthz/..${path}`,
      `/healthz/%2e%2e${path}`,
      path.toUpperCase(),
      path.replace('/api', '/Api'),
      path.replaceAll('/', '%2f').replace('%2f', '/'),
      `${path}%00`,
      `%2f${path.slice(1)}`,
    ].filter((target) => /^(\/|http:)/.test(target));
  }

  const pathOf = ({ url }: DescribedRoute): string => url.replace(/:(\w+)/g, 'x');

  t.test('requires the token on every route in any spelling, except for public ones', async (t) => {
    const { room, server } = await serve(t);
    const open = server.routes.filter((route) => route.public);
    t.same(new Set(open.map(({ url }) => url)), PUBLIC);
    const closed = server.routes.filter((route) => !route.public);
    t.ok(closed.length >= 12, `${closed.length} routes with a token`);
    for (const route of closed) {
      for (const target of spellings(pathOf(route), server.port)) {
        const status = await raw(server.port, route.method, target);
        // 400: not an address at all.
        t.ok(status === 401 || status === 400, `${route.method} ${target}: ${status}`);
      }
      const plain = await raw(server.port, route.method, pathOf(route), { authorization: `Bearer ${token}` });
      t.not(plain, 401, `${route.method} ${route.url} with the token`);
      // No model is named x.
      if (!route.url.startsWith('/api/models/')) t.not(plain, 404, `${route.method} ${route.url} with the token`);
    }
    room.calls.length = 0;
    room.state.blanked = false;
    for (const target of spellings('/api/blank', server.port)) await raw(server.port, 'POST', target);
    t.equal(room.state.blanked, false);
    t.same(room.calls, []);
  });

  t.test('serves a public route without the token, to HEAD as to GET', async (t) => {
    const { server } = await serve(t);
    for (const { method, url } of server.routes.filter((route) => route.public)) {
      if (url.startsWith('/whep') || url === '/whip/avatar' || url.includes(':')) continue;
      t.equal(await raw(server.port, method, url), 200, `${method} ${url}`);
    }
    t.equal(await raw(server.port, 'OPTIONS', '/whep'), 204);
    t.equal(await raw(server.port, 'GET', '/hls/phone/index.m3u8'), 200);
  });

  t.test('requires the token for an unknown address', async (t) => {
    const { server } = await serve(t);
    for (const path of ['/api', '/api/', '/api/nothing', '/api/room/more', '/%61pi/nothing', '/nothing']) {
      t.equal(await raw(server.port, 'GET', path), 401, path);
      t.equal(await raw(server.port, 'GET', path, { authorization: `Bearer ${token}` }), 404, path);
    }
    t.equal(await raw(server.port, 'OPTIONS', '/api/blank'), 401, 'no preflight is accepted');
    t.equal(await raw(server.port, 'DELETE', '/api/room'), 401);
  });

  t.test('refuses changes from a page of another site, with or without token', async (t) => {
    const { room, server } = await serve(t);
    const own = `http://127.0.0.1:${server.port}`;
    const host = `127.0.0.1:${server.port}`;
    const post = (headers: Record<string, string>): Promise<number> =>
      raw(server.port, 'POST', '/api/blank', { host, authorization: `Bearer ${token}`, ...headers });
    const foreign: Record<string, string>[] = [
      { 'sec-fetch-site': 'cross-site', origin: 'http://localhost:8390' },
      { 'sec-fetch-site': 'same-site', origin: `http://127.0.0.1:${server.port + 1}` },
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: `http://127.0.0.1:${server.port + 1}` },
      { origin: `http://${host}.evil.example` },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'cross-site', origin: own },
      { origin: 'https://shop.example', 'x-forwarded-host': 'shop.example' },
    ];
    for (const headers of foreign) {
      t.equal(await post(headers), 403, JSON.stringify(headers));
      t.equal(await post({ ...headers, authorization: '' }), 403);
    }
    t.equal(room.state.blanked, false);
    const fine: Record<string, string>[] = [
      {},
      { 'sec-fetch-site': 'same-origin', origin: own },
      { 'sec-fetch-site': 'none' },
      { origin: own },
      { origin: 'chrome-extension://abcdefghijklmnop', 'sec-fetch-site': 'cross-site' },
    ];
    for (const headers of fine) {
      room.state.blanked = false;
      t.equal(await post(headers), 200, JSON.stringify(headers));
      t.equal(room.state.blanked, true);
    }
    t.equal(await post({ origin: 'chrome-extension://abcdefghijklmnop', authorization: '' }), 401);
  });

  t.test('counts X-Forwarded-* from trusted proxies alone', async (t) => {
    const script = async (proxies: readonly string[], host = 'shop.example'): Promise<string> => {
      const { server } = await serve(t, proxies);
      const headers = { 'x-forwarded-host': host, 'x-forwarded-proto': 'https' };
      return (await fetch(`${server.url}/camera/showroom-camera.user.js`, { headers })).text();
    };
    t.notMatch(await script(['127.0.0.0/8'], 'x";alert(1);"y'), /alert\(1\)/, 'a host name is no program');
    t.match(await script(['127.0.0.0/8']), 'https://shop.example/whep');
    t.notMatch(await script([]), 'shop.example');
    t.notMatch(await script(['10.0.0.1']), 'shop.example');

    const { server } = await serve(t, ['127.0.0.1']);
    const headers = {
      authorization: `Bearer ${token}`,
      host: `127.0.0.1:${server.port}`,
      origin: 'https://shop.example',
    };
    t.equal(await raw(server.port, 'POST', '/api/blank', { ...headers, 'x-forwarded-host': 'shop.example' }), 200);
    t.equal(await raw(server.port, 'POST', '/api/blank', { ...headers, 'x-forwarded-host': 'other.example' }), 403);
  });

  t.test('lets any page watch by WHEP', async (t) => {
    const { room, server } = await serve(t);
    const reply = await fetch(`${server.url}/whep`, {
      method: 'POST',
      headers: { 'content-type': 'application/sdp', origin: 'https://shop.example', 'sec-fetch-site': 'cross-site' },
      body: 'v=0\r\n',
    });
    t.equal(reply.status, 201);
    t.equal(reply.headers.get('access-control-allow-origin'), '*');
    t.same(room.calls, ['offer 5']);
  });

  t.test('slows down many wrong tokens, and still accepts the right one', async (t) => {
    const logged: object[] = [];
    const log = { ...silentLog, warn: (fields: object) => void logged.push(fields) };
    const server = await ControlServer.start({ room: fakeRoom(), host: '127.0.0.1', port: 0, token, log });
    t.teardown(() => server.close());
    const ask = (given: string): Promise<Response> =>
      fetch(`${server.url}/api/room`, { headers: { authorization: `Bearer ${given}` } });
    const statuses: number[] = [];
    let told: string | null = null;
    for (let i = 0; i < 60; i += 1) {
      const reply = await ask(`wrong-${i}`);
      statuses.push(reply.status);
      told ??= reply.headers.get('retry-after');
      await reply.arrayBuffer();
    }
    t.ok(statuses.slice(0, 10).every((status) => status === 401));
    t.ok(statuses.slice(-10).every((status) => status === 429));
    t.ok(Number(told) >= 1 && Number(told) <= 10, `Retry-After: ${told}`);
    t.equal((await ask(token)).status, 200);
    t.equal((await fetch(`${server.url}/api/room`)).status, 401, 'a missing token is not a wrong one');
    t.equal(logged.length, 1, 'one line in the log');
    t.match(logged, [{ address: '127.0.0.1' }]);
  });
});

t.test('wrong tokens', async (t) => {
  t.test('slows a guessing address down, no other one, and lets it try again later', async (t) => {
    let nowMs = 0;
    const wrong = new WrongTokens(silentLog, () => nowMs);
    let tries = 0;
    while (wrong.note('10.0.0.1') === 0) tries += 1;
    t.ok(tries >= 10 && tries <= 50, `${tries} at once`);
    t.equal(wrong.note('10.0.0.2'), 0);
    const waitS = wrong.note('10.0.0.1');
    t.ok(waitS >= 1);
    nowMs += waitS * 1000;
    t.equal(wrong.note('10.0.0.1'), 0, 'after the announced time');
    t.ok(wrong.note('10.0.0.1') > 0);
    nowMs += 3_600_000;
    let later = 0;
    while (wrong.note('10.0.0.1') === 0) later += 1;
    t.equal(later, tries, 'an hour allows no more than the first burst');
  });

  t.test('bounds the memory for a hundred thousand addresses', async (t) => {
    const wrong = new WrongTokens(silentLog);
    for (let i = 0; i < 100_000; i += 1) wrong.note(`10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`);
    t.ok(wrong.size <= 1024, `${wrong.size}`);
  });

  t.test('counts the addresses of one IPv6 subscriber as one, and a mapped IPv4 address as IPv4', async (t) => {
    t.equal(networkOf('2001:db8:1:2:3:4:5:6'), networkOf('2001:0db8:1:2::9'));
    t.not(networkOf('2001:db8:1:2::1'), networkOf('2001:db8:1:3::1'));
    t.equal(networkOf('::ffff:10.0.0.1'), '10.0.0.1');
    t.equal(networkOf('10.0.0.1'), '10.0.0.1');
    t.equal(networkOf('fe80::1%eth0'), networkOf('fe80::2'));
    t.equal(networkOf('::1'), '0:0:0:0::/64');
  });
});

t.test('call limit', async (t) => {
  const TOKEN = 'a-token-of-sixteen';
  const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

  /** A room whose edits take `ms`, half of it before they change anything. */
  async function slowRoom(t: Test, ms: number) {
    const turns = new SerialQueue({ limitMs: 60_000, where: 'products' });
    const applied: string[] = [];
    const room = fakeRoom();
    Object.assign(room.products, {
      patch: (id: string) =>
        turns.take(async (signal) => {
          await pause(ms / 2);
          pointOfNoReturn(signal);
          await pause(ms / 2);
          applied.push(id);
          return { id };
        }),
    });
    const control = await ControlServer.start({ room, host: '127.0.0.1', port: 0, token: TOKEN, log: silentLog });
    t.teardown(() => control.close());
    const patch = async (id: string, prefer?: string) => {
      const reply = await fetch(`${control.url}/api/products/${id}`, {
        method: 'PATCH',
        headers: {
          authorization: `Bearer ${TOKEN}`,
          'content-type': 'application/json',
          ...(prefer === undefined ? {} : { prefer }),
        },
        body: '{}',
      });
      return { status: reply.status, body: (await reply.json()) as any };
    };
    return { applied, patch };
  }

  t.test('refuses an edit that has changed nothing when its time is over, and never does it', async (t) => {
    const { applied, patch } = await slowRoom(t, 3000);
    // Compared with a timer of this process, which a busy machine makes late as well.
    const timer = pause(2500).then(() => 'after 2.5 s');
    const asked = patch('kettle', 'wait=1');
    t.equal(await Promise.race([asked.then(() => 'answered'), timer]), 'answered');
    const { status, body } = await asked;
    t.equal(status, 504);
    t.match(body.error, { code: 'E_TIMEOUT', details: { applied: false } });
    await pause(2500);
    t.strictSame(applied, []);
  });

  t.test('says that an edit takes effect which had begun to', async (t) => {
    const { applied, patch } = await slowRoom(t, 1600);
    const { status, body } = await patch('kettle', 'respond-async, wait=1');
    t.equal(status, 504);
    t.match(body.error, { details: { applied: true } });
    await pause(1000);
    t.strictSame(applied, ['kettle']);
  });

  t.test('answers as usual within its time', async (t) => {
    const { patch } = await slowRoom(t, 20);
    t.match(await patch('kettle'), { status: 200, body: { id: 'kettle' } });
  });

  t.test('gives every edit ten seconds, and more to those that ask or hear, fetch and scan', (t) => {
    const of = (method: string, url: string, body: unknown = {}, prefer?: string): number =>
      limitMs({ method, body, headers: prefer === undefined ? {} : { prefer }, routeOptions: { url } });
    for (const url of ['/api/presenter', '/api/script', '/api/products/:id', '/api/layers/:id'])
      t.ok(of('PUT', url) < 10_000, url);
    t.equal(of('PUT', '/api/presenter', {}, 'wait=60'), 60_000);
    for (const url of ['/api/intake', '/api/takeover']) t.equal(of('POST', url), 180_000, url);
    t.equal(of('PUT', '/api/layers/:id', { type: 'media' }), 180_000);
    t.end();
  });
});
