import { request } from 'node:http';
import t, { type Test } from 'tap';
import type { RoomHandle } from '../../src/config/api/room-handle.js';
import { line } from '../../src/config/sections/script.js';
import { ControlServer } from '../../src/control/control-server.js';
import { EngineError } from '../../src/core/errors.js';
import { silentLog } from '../../src/core/log.js';
import { launchChromium, noChromium } from '../kit/chromium.js';
import { fakeRoom } from './fake-room.js';

t.test('script routes', async (t) => {
  const token = 'the-right-token-of-this-room';

  async function serve(t: Test) {
    const room = fakeRoom();
    const server = await ControlServer.start({ room, host: '127.0.0.1', port: 0, token, log: silentLog });
    t.teardown(() => server.close());
    const api = async (method: string, path: string, body?: unknown): Promise<{ status: number; body: any }> => {
      const reply = await fetch(server.url + path, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await reply.text();
      return { status: reply.status, body: text === '' ? undefined : JSON.parse(text) };
    };
    return { room, api };
  }

  t.test('reads and edits segments and lines of the script', async (t) => {
    const { room, api } = await serve(t);
    t.match(await api('GET', '/api/script'), { status: 200, body: { revision: 3, segments: [{ id: 'intro' }] } });
    const line = { text: 'Welcome' };
    t.match(await api('POST', '/api/script/segments', { lines: [line], after: 'intro' }), {
      status: 201,
      body: { id: 'segment-2', revision: 4 },
    });
    t.equal((await api('PUT', '/api/script/segments/outro', { lines: [line] })).status, 200);
    t.equal((await api('PATCH', '/api/script/segments/intro', { product: null, after: null })).status, 200);
    t.equal((await api('DELETE', '/api/script/segments/outro')).status, 204);
    const lines = '/api/script/segments/intro/lines';
    t.match(await api('POST', lines, { ...line, after: null }), { status: 201, body: { id: 'line-2' } });
    t.equal((await api('PUT', `${lines}/hello`, line)).status, 200);
    t.equal((await api('PATCH', `${lines}/hello`, { caption: null, gesture: 'wave' })).status, 200);
    t.equal((await api('DELETE', `${lines}/hello`)).status, 204);
    t.equal((await api('PUT', '/api/script', { segments: [{ lines: [line] }] })).status, 200);
    t.equal((await api('PATCH', '/api/script', { gapMs: 300, fillers: ['Hm.'] })).status, 200);
    t.same(room.calls, [
      'script addSegment "segment-2" 1 "intro"',
      'script putSegment "outro" [{"text":"Welcome","variants":[],"gesture":"none"}]',
      'script patchSegment "intro" {"product":null,"after":null}',
      'script deleteSegment "outro"',
      'script addLine "line-2" "intro" "Welcome" "end"',
      'script putLine "hello" "intro" "Welcome"',
      'script patchLine "hello" "intro" {"caption":null,"gesture":"wave"}',
      'script deleteLine "intro" "hello"',
      'script replace 1',
      'script change {"gapMs":300,"fillers":["Hm."]}',
    ]);
  });

  t.test('answers a forbidden text with 422, the rule and the reason', async (t) => {
    const { api } = await serve(t);
    t.match(await api('PUT', '/api/script/segments/intro/lines/hello', { text: 'my phone' }), {
      status: 422,
      body: {
        error: {
          code: 'E_TEXT_REFUSED',
          details: { hits: [{ rule: '3.2' }], reason: { en: /phone number/, zh: /电话/ } },
        },
      },
    });
  });

  t.test('refuses bodies and ids that a room file could not hold', async (t) => {
    const { room, api } = await serve(t);
    const lines = '/api/script/segments/intro/lines';
    for (const [method, path, body] of [
      ['POST', lines, {}],
      ['POST', lines, { text: '' }],
      ['PATCH', `${lines}/hello`, { words: 'x' }],
      ['PATCH', `${lines}/hello`, { id: 'other' }],
      ['PUT', `${lines}/not%20an%20id`, { text: 'Hello' }],
      ['PUT', '/api/script', { segments: [] }],
      ['POST', '/api/script/jump', {}],
      ['POST', '/api/script/skip', { now: 'yes' }],
    ] as const) {
      const { status, body: answer } = await api(method, path, body);
      t.equal(status, 400, `${method} ${path}`);
      t.equal(answer.error.code, 'E_BAD_REQUEST');
    }
    t.same(room.calls, []);
  });

  t.test('moves through the script, holds it and goes on', async (t) => {
    const { room, api } = await serve(t);
    t.equal((await api('POST', '/api/script/jump', { segment: 'intro', line: 'hello', now: true })).status, 200);
    t.equal((await api('POST', '/api/script/jump', { segment: 'nowhere' })).status, 404);
    t.match(await api('POST', '/api/script/skip'), { status: 200, body: { skipped: 's0.0.0' } });
    t.match(await api('POST', '/api/script/pause'), { status: 200, body: { paused: true } });
    t.match(await api('POST', '/api/script/resume', { anything: 1 }), { status: 200, body: { paused: false } });
    t.same(room.calls, [
      'script jump {"segment":"intro","line":"hello","now":true}',
      'script skip {}',
      'script pause',
      'script resume',
    ]);
  });

  t.test('lists the agenda and drops a line of it', async (t) => {
    const { room, api } = await serve(t);
    t.match(await api('GET', '/api/agenda'), {
      status: 200,
      body: { current: { id: 's0.0.0' }, counters: { added: 2 } },
    });
    t.equal((await api('DELETE', '/api/agenda/say-1')).status, 204);
    t.equal((await api('DELETE', '/api/agenda/none')).status, 404);
    t.equal((await api('POST', '/api/say', { text: 'Now', interrupt: true, role: 'assistant' })).status, 202);
    t.same(room.calls, ['cancel say-1', 'say Now {"interrupt":true,"role":"assistant"}']);
  });
});

t.test('takeover routes', async (t) => {
  const headers = { authorization: 'Bearer x' };

  async function serve(t: Test) {
    const room = fakeRoom();
    const server = await ControlServer.start({ room, host: '127.0.0.1', port: 0, token: 'x', log: silentLog });
    t.teardown(() => server.close());
    const send = async (
      method: string,
      path: string,
      body?: string | Buffer<ArrayBuffer>,
      type = 'application/json',
    ) => {
      const init = body === undefined ? {} : { body, headers: { ...headers, 'content-type': type } };
      const reply = await fetch(server.url + path, { method, headers, ...init });
      return { status: reply.status, headers: reply.headers, text: await reply.text() };
    };
    return { room, send };
  }

  t.test('takes over, says a line and a phrase, and gives back', async (t) => {
    const { room, send } = await serve(t);
    t.match(JSON.parse((await send('GET', '/api/takeover')).text), { on: false, mode: null });
    t.match(JSON.parse((await send('POST', '/api/takeover', '{"mode":"text"}')).text), { on: true, mode: 'text' });
    t.equal((await send('POST', '/api/takeover/say', '{"text":"Hello"}')).status, 202);
    t.equal((await send('POST', '/api/takeover/say', '{"phrase":"hello"}')).status, 202);
    t.equal((await send('POST', '/api/takeover/say', '{"text":"my phone"}')).status, 422);
    t.match(JSON.parse((await send('DELETE', '/api/takeover')).text), { on: false });
    t.same(room.calls, [
      'takeover text',
      'takeover say {"text":"Hello"}',
      'takeover say {"phrase":"hello"}',
      'takeover say {"text":"my phone"}',
      'takeover end',
    ]);
  });

  t.test('refuses an unknown mode, a line that is also a phrase, and an empty one', async (t) => {
    const { room, send } = await serve(t);
    for (const body of ['{"mode":"video"}', '{}', '']) {
      t.equal((await send('POST', '/api/takeover', body)).status, 400, body);
    }
    for (const body of ['{"text":""}', '{"text":"a","phrase":"b"}', '{}', 'null'])
      t.equal((await send('POST', '/api/takeover/say', body)).status, 400, body);
    t.same(room.calls, []);
  });

  t.test('takes a recording of any sound type as the body, with its caption in the query', async (t) => {
    const { room, send } = await serve(t);
    const sound = Buffer.alloc(2_000_000, 1);
    for (const type of ['audio/wav', 'audio/mpeg', 'audio/ogg; codecs=opus', 'application/octet-stream'])
      t.equal((await send('POST', '/api/takeover/audio?text=Hello%20you', sound, type)).status, 202, type);
    t.same(new Set(room.calls), new Set(['takeover audio 2000000 Hello you']));
    room.calls.length = 0;
    t.equal((await send('POST', '/api/takeover/audio')).status, 400, 'no body');
    t.equal((await send('POST', '/api/takeover/audio', '{"a":1}')).status, 400, 'JSON');
    t.equal((await send('POST', '/api/takeover/audio?text=', sound, 'audio/wav')).status, 400, 'an empty caption');
    t.equal((await send('POST', '/api/takeover/audio', Buffer.alloc(31 << 20), 'audio/wav')).status, 413, 'too large');
    t.same(room.calls, []);
  });

  t.test('answers the offer of a microphone, with its session as the location', async (t) => {
    const { room, send } = await serve(t);
    const { status, headers: sent, text } = await send('POST', '/whip/takeover', 'v=0\r\n', 'application/sdp');
    t.equal(status, 201);
    t.equal(sent.get('location'), '/whip/takeover/voice-1');
    t.equal(text, 'v=0\r\n');
    t.equal((await send('DELETE', '/whip/takeover/voice-1')).status, 200);
    t.equal((await send('POST', '/whip/takeover', '{}')).status, 400);
    t.same(room.calls, ['takeover offer 5', 'takeover hang up voice-1']);
  });
});

t.test('event source routes', async (t) => {
  const token = 'the-right-token-of-this-room';

  async function serve(t: Test, more: Partial<RoomHandle> = {}) {
    const room = fakeRoom();
    const server = await ControlServer.start({
      room: { ...room, ...more },
      host: '127.0.0.1',
      port: 0,
      token,
      log: silentLog,
    });
    t.teardown(() => server.close());
    const ask = async (path: string, body?: unknown) => {
      const reply = await fetch(`${server.url}${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          origin: 'chrome-extension://abcdefghijklmnop',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: reply.status, body: (await reply.json()) as Record<string, any> };
    };
    return { room, server, ask };
  }

  t.test('lists the sources of events', async (t) => {
    const { ask } = await serve(t);
    t.same(await ask('/api/events/sources'), {
      status: 200,
      body: { sources: [{ id: 'shop', kind: 'oba', state: 'live', lastError: '', events: 3 }] },
    });
  });

  t.test('takes comments of a page, and an empty batch as a sign of life', async (t) => {
    const { room, ask } = await serve(t);
    const events = [{ id: 'a1', user: 'Anna', text: 'how much?' }];
    t.same((await ask('/api/events/page', { site: 'live.alibaba.com', events })).body, {
      taken: 1,
      repeated: 0,
      dropped: 0,
    });
    t.equal((await ask('/api/events/page', { site: '127.0.0.1:8123', events: [] })).status, 200);
    t.same(room.calls, ['page live.alibaba.com how much?', 'page 127.0.0.1:8123 ']);
  });

  t.test('refuses batches of another shape, too many comments and foreign sites’ names', async (t) => {
    const { room, ask } = await serve(t);
    const one = { id: 'a', user: '', text: 'x' };
    for (const body of [
      {},
      { site: 'https://x.example', events: [] },
      { site: 'x.example', events: [{ ...one, text: '' }] },
      { site: 'x.example', events: [{ ...one, more: 1 }] },
      { site: 'x.example', events: Array.from({ length: 101 }, () => one) },
    ]) {
      const { status, body: answer } = await ask('/api/events/page', body);
      t.equal(status, 400);
      t.match(answer, { error: { code: 'E_BAD_REQUEST' } });
    }
    t.same(room.calls, []);
  });

  t.test('answers a captured page with its product, and saves it on request', async (t) => {
    const { room, ask } = await serve(t);
    const page = { url: 'https://www.alibaba.com/product-detail/x_1.html', data: { detailData: { a: 1 } } };
    t.same(await ask('/api/intake', page), {
      status: 200,
      body: { product: { id: 'cup', title: 'Cup' }, warnings: [], origins: [], added: false },
    });
    await ask('/api/intake', { ...page, html: '<html>', save: true });
    t.same(room.calls, [`intake ${page.url} {"save":false}`, `intake ${page.url} {"save":true}`]);
  });

  t.test('adds the product to the show on request', async (t) => {
    const { room, ask } = await serve(t);
    const page = { url: 'https://x.example/p', html: '<html></html>', add: true };
    t.match(await ask('/api/intake', page), { status: 200, body: { added: true } });
    t.same(room.calls, [`intake ${page.url} {"save":true}`, 'put product cup {"id":"cup","title":"Cup"}']);
  });

  t.test('refuses pages above 4 MB, other addresses, and passes the page’s fault on', async (t) => {
    const { ask } = await serve(t, {
      intake: {
        take: async () => {
          throw new EngineError('E_LISTING_PAGE', { where: 'page', expected: 'a product page', found: 'a login page' });
        },
      },
    });
    t.equal((await ask('/api/intake', { url: 'https://x.example', html: 'x'.repeat(4_300_000) })).status, 413);
    t.equal((await ask('/api/intake', { url: 'file:///etc/passwd' })).status, 400);
    t.match(await ask('/api/intake', { url: 'https://x.example', html: '<html>' }), {
      status: 422,
      body: { error: { code: 'E_LISTING_PAGE', found: 'a login page' } },
    });
  });
});

t.test('bodies', async (t) => {
  const BUTTONS: readonly (readonly [method: string, path: string, status: number])[] = [
    ['POST', '/api/mute', 200],
    ['POST', '/api/blank', 200],
    ['POST', '/api/dump', 200],
    ['POST', '/api/resume', 200],
    ['DELETE', '/api/layers/star', 204],
  ];

  async function serve(t: Test) {
    const room = fakeRoom();
    const server = await ControlServer.start({ room, host: '127.0.0.1', port: 0, token: 'x', log: silentLog });
    t.teardown(() => server.close());
    const send = (method: string, path: string, headers: Record<string, string>, body = ''): Promise<number> =>
      new Promise((resolve, reject) => {
        // Node sends a DELETE without a length.
        const length = body === '' ? {} : { 'content-length': String(body.length) };
        const all = { authorization: 'Bearer x', ...length, ...headers };
        const req = request(server.url + path, { method, headers: all }, (res) => {
          res.resume();
          resolve(res.statusCode!);
        });
        req.on('error', reject);
        req.end(body);
      });
    return { room, send };
  }

  t.test('treats an empty body as no body, whatever its type', async (t) => {
    const { send } = await serve(t);
    for (const type of ['application/json', 'application/x-www-form-urlencoded', 'text/plain', 'json', '']) {
      for (const [method, path, status] of BUTTONS) {
        const told = `${method} ${path} with "${type}"`;
        t.equal(await send(method, path, { 'content-type': type }), status, told);
        t.equal(await send(method, path, { 'content-type': type, 'content-length': '0' }), status, `${told}, length 0`);
      }
    }
    const pieces = { 'content-type': 'application/json', 'transfer-encoding': 'chunked' };
    for (const [method, path, status] of BUTTONS) t.equal(await send(method, path, pieces), status, `${path}, chunked`);
  });

  t.test('ignores the body of a command without one, but requires its token', async (t) => {
    const { room, send } = await serve(t);
    for (const type of ['application/json', 'application/x-www-form-urlencoded', 'json']) {
      for (const [method, path, status] of BUTTONS) {
        if (path === '/api/resume') continue;
        t.equal(await send(method, path, { 'content-type': type }, '{broken'), status, `${path} with "${type}"`);
        t.equal(await send(method, path, { 'content-type': type, authorization: '' }, '{broken'), 401);
      }
    }
    t.match(room.state, { muted: true, blanked: true });
  });

  t.test('validates the body of a resume', async (t) => {
    const { room, send } = await serve(t);
    room.mute();
    t.equal(await send('POST', '/api/resume', { 'content-type': 'application/json' }, '{broken'), 400);
    t.equal(await send('POST', '/api/resume', { 'content-type': 'text/csv' }, 'risk'), 400);
    t.ok(room.state.muted);
    t.equal(await send('POST', '/api/say', { 'content-type': 'application/json' }), 400, 'a say without a text');
  });

  t.test('refuses keys that reach a prototype, except in the objects of a stranger’s page', async (t) => {
    const { room, send } = await serve(t);
    const json = { 'content-type': 'application/json' };
    t.equal(await send('POST', '/api/say', json, '{"text":"x","__proto__":{"a":1}}'), 400);
    const page =
      '{"url":"https://shop.example/p","data":{"detailData":{"__proto__":{"a":1},"constructor":{"prototype":{}}}}}';
    t.equal(await send('POST', '/api/intake', json, page), 200);
    t.match(room.calls, ['intake https://shop.example/p {"save":false}']);
    t.equal(({} as Record<string, unknown>)['a'], undefined);
  });
});

/// <reference lib="dom" />
t.test('openapi', async (t) => {
  const token = 'the-token-of-this-very-room';

  async function serve(t: Test) {
    const server = await ControlServer.start({ room: fakeRoom(), host: '127.0.0.1', port: 0, token, log: silentLog });
    t.teardown(() => server.close());
    return server;
  }

  async function describe(url: string): Promise<any> {
    const reply = await fetch(`${url}/openapi.json`, { headers: { authorization: `Bearer ${token}` } });
    return reply.json();
  }

  t.test('describes every route but preflights and files of pages, in both languages', async (t) => {
    const server = await serve(t);
    const described = server.routes.filter(({ method, schema }) => method !== 'HEAD' && schema?.hide !== true);
    const undescribed = described.filter(({ schema }) => schema?.summary === undefined).map(({ url }) => url);
    t.same(undescribed, [], 'routes without a schema that describes them');
    for (const { method, url, schema } of described)
      t.match(
        (schema as { 'x-summary-zh'?: string })['x-summary-zh'],
        /\p{Script=Han}/u,
        `${method} ${url} in Chinese`,
      );
    const hidden = server.routes.filter(({ schema }) => schema?.hide === true);
    t.same(
      hidden.filter(({ method, url, public: open }) => !open || (method !== 'OPTIONS' && url.startsWith('/api/'))),
      [],
      'no route of the API is hidden',
    );
    const api = await describe(server.url);
    const paths = Object.entries(api.paths).flatMap(([path, operations]) =>
      Object.keys(operations as object).map((method) => `${method.toUpperCase()} ${path}`),
    );
    t.same(
      paths.toSorted(),
      described.map(({ method, url }) => `${method} ${url.replace(/:(\w+)/g, '{$1}')}`).toSorted(),
    );
  });

  t.test('describes an answer by the schema that types it', async (t) => {
    const api = await describe((await serve(t)).url);
    const room = api.paths['/api/room'].get.responses['200'].content['application/json'].schema;
    t.ok(room.properties.tickLatenessMs.properties.p999, 'each figure of the room');
    t.same(api.paths['/api/script/segments/{segment}/lines/{line}'].delete.responses['204'].content, undefined);
    t.ok(api.paths['/api/still'].get.responses['200'].content['image/jpeg']);
    t.ok(api.paths['/whep'].post.requestBody.content['application/sdp']);
    const patch = api.paths['/api/script/segments/{segment}/lines/{line}'].patch;
    const fields = Object.keys(patch.requestBody.content['application/json'].schema.properties);
    t.same(
      fields.toSorted(),
      [...Object.keys(line.omit({ id: true }).shape), 'after'].toSorted(),
      'each field of a line',
    );
  });

  t.test('answers OpenAPI 3.1 made from the schemas, to holders of the token', async (t) => {
    const server = await serve(t);
    t.equal((await fetch(`${server.url}/openapi.json`)).status, 401);
    const reply = await fetch(`${server.url}/openapi.json`, { headers: { authorization: `Bearer ${token}` } });
    t.match(reply.headers.get('content-type'), 'application/json');
    const api = (await reply.json()) as any;
    t.equal(api.openapi, '3.1.0');
    const patch = api.paths['/api/products/{id}'].patch;
    t.match(patch.parameters, [{ name: 'id', in: 'path', required: true }]);
    t.match(patch.requestBody.content['application/json'].schema.properties.stock.enum, ['on-sale', 'sold-out']);
    t.match(patch.responses['422'].content['application/json'].schema, { $ref: '#/components/schemas/Error' });
    const types = api.components.schemas.LayerInput.oneOf.map((one: any) => one.properties.type.const);
    for (const type of ['countdown', 'coupon', 'ladder', 'attributes', 'question', 'announcement']) {
      t.ok(types.includes(type), type);
    }
    t.same(api.paths['/healthz'].get.security, [], 'no token');
    t.equal(api.paths['/api/room'].get.security, undefined);
    const ids = Object.values(api.paths).flatMap((path: any) => Object.values(path).map((one: any) => one.operationId));
    t.equal(new Set(ids).size, ids.length, 'operation ids are unique');
    const refs = [...JSON.stringify(api).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name!);
    for (const name of new Set(refs)) t.ok(api.components.schemas[name], name);
  });

  t.test('shows the description as a page in both languages', { skip: noChromium }, async (t) => {
    const server = await serve(t);
    const browser = await launchChromium(t);
    const page = await browser.newPage({ locale: 'en-GB', viewport: { width: 1280, height: 800 } });
    const errors: string[] = [];
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    page.on('pageerror', (error) => errors.push(String(error)));
    await page.goto(`${server.url}/api-docs`);
    await page.waitForSelector('#token-form:not([hidden])');
    await page.fill('#token', token);
    await page.click('#token-form button');
    await page.waitForSelector('text=Change encoder settings');
    await page.click('#language');
    await page.waitForSelector('text=脚本与口播');
    if (process.env['SHOT'] !== undefined) await page.screenshot({ path: process.env['SHOT'] });
    t.equal(await page.evaluate(() => document.documentElement.lang), 'zh');
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 844 });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      t.ok(wide <= width, `no sideways scrolling at ${width} px: ${wide}`);
    }
    t.same(errors, [], 'the policy lets everything through');
  });
});
