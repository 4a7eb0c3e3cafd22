import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fastify } from 'fastify';
import { unzipSync } from 'fflate';
import t, { type Test } from 'tap';
import WebSocket from 'ws';
import { checkRequests } from '../../src/control/api.js';
import { ControlServer } from '../../src/control/control-server.js';
import { replyWithError } from '../../src/control/bodies.js';
import { modelRoutes } from '../../src/control/routes/model-routes.js';
import { cameraPath } from '../../src/core/files/paths.js';
import { silentLog } from '../../src/core/log.js';
import { WeightsInstaller, type WeightsState } from '../../src/weights/index.js';
import { fakeRoom } from './fake-room.js';

t.test('avatar routes', async (t) => {
  const token = 'the-right-token-of-this-room';
  const KEY = 'stream-key-of-the-avatar';

  async function serve(t: Test) {
    const room = fakeRoom();
    const server = await ControlServer.start({ room, host: '127.0.0.1', port: 0, token, log: silentLog });
    t.teardown(() => server.close());
    const post = (path: string, headers: Record<string, string>, body = 'v=0\r\n') =>
      fetch(server.url + path, { method: 'POST', body, headers: { 'content-type': 'application/sdp', ...headers } });
    return { room, server, post };
  }

  t.test('takes an offer with the stream key, as a header or in the address, or with the token', async (t) => {
    const { room, post } = await serve(t);
    for (const [path, headers] of [
      ['/whip/avatar', { authorization: `Bearer ${KEY}` }],
      ['/whip/avatar', { authorization: `Bearer ${token}` }],
      [`/whip/avatar?key=${KEY}`, {}],
      [`/whip/avatar?key=${KEY}`, { 'content-type': 'text/plain; charset=utf-8' }],
    ] as [string, Record<string, string>][]) {
      const reply = await post(path, headers);
      t.equal(reply.status, 201);
      t.equal(reply.headers.get('location'), '/whip/avatar/avatar-1');
      t.equal(await reply.text(), 'v=0\r\n');
    }
    t.equal(room.calls.length, 4);
  });

  t.test('refuses others, and slows down who guesses', async (t) => {
    const { room, post } = await serve(t);
    t.equal((await post('/whip/avatar', {})).status, 401);
    const statuses: number[] = [];
    for (let i = 0; i < 25; i += 1) statuses.push((await post(`/whip/avatar?key=guess-${i}`, {})).status);
    t.equal(statuses[0], 401);
    t.equal(statuses.at(-1), 429);
    t.same(room.calls, []);
    t.equal((await post(`/whip/avatar?key=${KEY}`, {})).status, 201, 'the right key is taken all the same');
  });

  t.test('ends a session by its secret address and shows the state to who holds the token', async (t) => {
    const { room, server } = await serve(t);
    t.equal((await fetch(`${server.url}/whip/avatar/avatar-1`, { method: 'DELETE' })).status, 200);
    t.equal((await fetch(`${server.url}/whip/avatar/other`, { method: 'DELETE' })).status, 404);
    t.same(room.calls, ['avatar hang up']);
    t.equal((await fetch(`${server.url}/api/presenter/source`)).status, 401);
    const state = await fetch(`${server.url}/api/presenter/source`, { headers: { authorization: `Bearer ${token}` } });
    t.match(await state.json(), { source: 'whip', step: 'fresh', connected: true });
  });
});

t.test('camera routes', async (t) => {
  t.test('serves the camera without a token, with this engine’s address', async (t) => {
    const server = await ControlServer.start({
      room: fakeRoom(),
      host: '127.0.0.1',
      port: 0,
      token: 'x',
      log: silentLog,
    });
    t.teardown(() => server.close());
    const get = (path: string): Promise<Response> => fetch(server.url + path);

    const picture = await get('/camera.json');
    t.same(await picture.json(), { width: 720, height: 1280, frameRate: 30, whep: '/whep' });
    t.equal(picture.headers.get('access-control-allow-origin'), '*');

    for (const path of ['/camera', '/camera/camera.css', '/camera/camera.js']) {
      const page = await get(path);
      t.equal(page.status, 200, path);
      t.match(page.headers.get('content-security-policy'), "default-src 'none'");
    }

    const script = await (await get('/camera/showroom-camera.user.js')).text();
    t.match(script, /^\/\/ ==UserScript==/);
    t.match(script, `${server.url}/whep`);
    t.notMatch(script, '127.0.0.1:8080');
    t.match(script, /^\/\/ @connect {6}127\.0\.0\.1$/m);

    const zip = await get('/camera/extension.zip');
    t.equal(zip.headers.get('content-type'), 'application/zip');
    const files = unzipSync(new Uint8Array(await zip.arrayBuffer()));
    t.same(
      Buffer.from(files['showroom-camera/page.js']!),
      readFileSync(cameraPath('extension', 'page.js')),
      'unpacked, it is the folder that `engine camera` names',
    );
    t.ok(files['showroom-camera/_locales/zh_CN/messages.json']);
  });
});

t.test('edit routes', async (t) => {
  const token = 'the-token-of-this-very-room';

  t.test('edits of products, sound, presenter and the room file reach the room', async (t) => {
    const room = fakeRoom();
    const server = await ControlServer.start({ room, host: '127.0.0.1', port: 0, token, log: silentLog });
    t.teardown(() => server.close());
    const send = async (method: string, path: string, body?: unknown, type = 'application/json') => {
      const reply = await fetch(server.url + path, {
        method,
        headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': type }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await reply.text();
      return { status: reply.status, body: text === '' ? undefined : JSON.parse(text) };
    };
    t.match(await send('GET', '/api/products'), { status: 200, body: { products: [{ id: 'bottle' }] } });
    t.equal((await send('GET', '/api/products/mug')).status, 404);
    t.equal((await send('POST', '/api/products', { id: 'mug' })).status, 201);
    t.equal((await send('PUT', '/api/products/mug', { title: 'Mug' })).status, 200);
    t.equal((await send('PATCH', '/api/products/bottle', { price: { amount: 4 } })).status, 200);
    t.equal((await send('PATCH', '/api/products/mug', {})).status, 404);
    t.match(await send('POST', '/api/products/bottle/pin', {}, 'text/plain'), {
      status: 200,
      body: { pinned: 'bottle' },
    });
    t.match(await send('POST', '/api/products/bottle/unpin'), { status: 200, body: { pinned: null } });
    t.equal((await send('POST', '/api/products/mug/unpin')).status, 404);
    t.equal((await send('POST', '/api/products/bottle/sold-out')).status, 200);
    t.equal((await send('POST', '/api/products/bottle/on-sale')).status, 200);
    t.equal((await send('DELETE', '/api/products/bottle')).status, 204);
    t.match(await send('PATCH', '/api/audio', { music: { on: false } }), { status: 200, body: { music: null } });
    t.match(await send('PUT', '/api/presenter', { pack: 'leo' }), { status: 200, body: { pack: 'leo' } });
    t.match(await send('GET', '/api/edits'), { body: { edits: [{ what: 'layer "star"' }] } });
    t.match(await send('POST', '/api/undo'), { status: 200, body: { undone: { what: 'layer "star"' } } });
    t.match(await send('POST', '/api/room/save', { force: true }), { body: { backup: 'room.json.bak' } });
    t.equal((await send('POST', '/api/room/save', { force: 'yes' })).status, 400);
    t.same(room.calls, [
      'add product mug {"id":"mug"}',
      'put product mug {"title":"Mug"}',
      'patch product bottle {"price":{"amount":4}}',
      'pin bottle',
      'pin null',
      'patch product bottle {"stock":"sold-out"}',
      'patch product bottle {"stock":"on-sale"}',
      'remove product bottle',
      'audio {"music":{"on":false}}',
      'presenter {"pack":"leo"}',
      'undo',
      'save {"force":true}',
    ]);
  });
});

t.test('event routes', async (t) => {
  const token = 'the-right-token-of-this-room';
  const authorization = `Bearer ${token}`;
  const comment = (id: string, text = 'How much?'): object => ({
    id,
    platform: 'taobao',
    kind: 'comment',
    user: 'Anna',
    text,
  });

  async function serve(t: Test) {
    const room = fakeRoom();
    const server = await ControlServer.start({ room, host: '127.0.0.1', port: 0, token, log: silentLog });
    t.teardown(() => server.close());
    const post = (path: string, body: unknown): Promise<Response> =>
      fetch(`${server.url}${path}`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const address = `${server.url.replace('http', 'ws')}/api/events`;
    return { room, server, post, address };
  }

  /** Status of a refused upgrade, or 101. */
  function upgrade(
    t: Test,
    address: string,
    protocols: string[],
    headers: Record<string, string> = {},
  ): Promise<number> {
    const socket = new WebSocket(address, protocols, { headers });
    t.teardown(() => socket.terminate());
    return new Promise((resolve) => {
      socket.once('open', () => resolve(101));
      socket.once('unexpected-response', (_, reply) => {
        resolve(reply.statusCode ?? 0);
        socket.terminate();
      });
      socket.on('error', () => resolve(0));
    });
  }

  t.test('takes one event and a list, and lists their outcomes', async (t) => {
    const { server, post } = await serve(t);
    const one = await post('/api/events', comment('1'));
    t.equal(one.status, 202);
    t.same(await one.json(), { taken: 1, repeated: 0, dropped: 0 });
    t.same(await (await post('/api/events', [comment('2'), comment('3')])).json(), {
      taken: 2,
      repeated: 0,
      dropped: 0,
    });
    const list = await fetch(`${server.url}/api/events?limit=2`, { headers: { authorization } });
    const { events } = (await list.json()) as { events: { id: string }[] };
    t.same(
      events.map(({ id }) => id),
      ['3', '2'],
    );
  });

  t.test('refuses malformed events, and says where', async (t) => {
    const { post, server } = await serve(t);
    for (const body of [
      {},
      [],
      { ...comment('1'), kind: 'shout' },
      { ...comment('1'), more: 1 },
      comment(''),
      'text',
    ]) {
      const reply = await post('/api/events', body);
      t.equal(reply.status, 400, JSON.stringify(body));
    }
    const wrong = (await (await post('/api/events', [comment('1'), { ...comment('2'), count: 0 }])).json()) as {
      error: { where: string };
    };
    t.match(wrong, { error: { where: /\[1\]\.count|1\.count/ } });
    t.equal((await fetch(`${server.url}/api/events?limit=0`, { headers: { authorization } })).status, 400);
  });

  t.test('lists open questions and speaks the operator’s answer', async (t) => {
    const { post, server } = await serve(t);
    const list = await fetch(`${server.url}/api/questions`, { headers: { authorization } });
    t.match(await list.json(), { questions: [{ id: 'q1', count: 2 }] });
    t.equal((await post('/api/questions/q1/answer', { text: 'It is quiet.' })).status, 202);
    t.equal((await post('/api/questions/q1/answer', { text: 'my phone' })).status, 422);
    t.equal((await post('/api/questions/q2/answer', { text: 'Yes.' })).status, 404);
    t.equal((await post('/api/questions/q1/answer', { text: ' ' })).status, 400);
  });

  t.test('takes events over a WebSocket and reports each change', async (t) => {
    const { room, address } = await serve(t);
    const socket = new WebSocket(address, ['showroom', `showroom.token.${token}`]);
    t.teardown(() => socket.terminate());
    const messages: { type: string }[] = [];
    socket.on('message', (data) => messages.push(JSON.parse(String(data))));
    await once(socket, 'open');
    t.equal(socket.protocol, 'showroom', 'the token is not sent back');
    const until = async (count: number): Promise<void> => {
      while (messages.length < count) await once(socket, 'message');
    };
    socket.send(JSON.stringify([comment('1'), comment('2')]));
    await until(3);
    t.match(messages, [
      { type: 'event', event: { id: '1', state: 'taken' } },
      { type: 'event', event: { id: '2' } },
      { type: 'taken', taken: 2, repeated: 0, dropped: 0 },
    ]);
    for (const bad of ['{', '[]', '{"id":1}', `${'['.repeat(50)}${']'.repeat(50)}`]) socket.send(bad);
    socket.send(Buffer.from([1, 2, 3]));
    await until(8);
    t.ok(messages.slice(3).every(({ type }) => type === 'error'));
    room.events.take([{ id: '9', platform: 'x', kind: 'like', user: '' }]);
    await until(9);
    t.match(messages.at(-1), { type: 'event', event: { id: '9', kind: 'like' } });
  });

  t.test('opens a WebSocket only with the token, and never for another site', async (t) => {
    const { server, address } = await serve(t);
    const right = ['showroom', `showroom.token.${token}`];
    t.equal(await upgrade(t, address, []), 401);
    t.equal(await upgrade(t, address, ['showroom']), 401);
    t.equal(await upgrade(t, address, ['showroom', 'showroom.token.wrong']), 401);
    t.equal(await upgrade(t, address, right), 101);
    t.equal(await upgrade(t, address, [], { authorization }), 101);
    t.equal(await upgrade(t, address, right, { origin: server.url }), 101);
    t.equal(await upgrade(t, address, right, { origin: 'https://evil.example' }), 403);
    t.equal(await upgrade(t, address, right, { 'sec-fetch-site': 'cross-site' }), 403);
    t.equal(await upgrade(t, address, right, { host: 'evil.example' }), 400);
    t.equal(await upgrade(t, address.replace('/events', '/%65vents'), []), 401);
    t.equal(await upgrade(t, address.replace('/api/events', '/api/room'), right), 404);
  });

  t.test('closes its WebSockets with the server', async (t) => {
    const { server, address } = await serve(t);
    const socket = new WebSocket(address, ['showroom', `showroom.token.${token}`]);
    await once(socket, 'open');
    const closed = once(socket, 'close');
    await server.close();
    await closed;
    t.pass('closed');
  });
});

t.test('model routes', async (t) => {
  async function open(
    t: Test,
    status: number,
    folder = t.testdir(),
  ): Promise<(method: 'GET' | 'POST' | 'DELETE', url: string) => Promise<Answer>> {
    // Its answer never ends where it is 200.
    const server = createServer((_request, response) => {
      response.writeHead(status);
      if (status === 200) response.write(Buffer.alloc(1000));
      else response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    t.teardown(() => (server.closeAllConnections(), server.close()));
    const mirror = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const app = fastify();
    app.setErrorHandler((error, request, reply) => replyWithError(error, request, reply, silentLog));
    modelRoutes(
      checkRequests(app),
      new WeightsInstaller({ env: { ENGINE_MODELS: folder }, mirror, patience: { firstPauseMs: 1 } }),
    );
    t.teardown(() => app.close());
    return async (method, url) => {
      const { statusCode, body } = await app.inject({ method, url });
      return { status: statusCode, body: JSON.parse(body) as Answer['body'] };
    };
  }

  interface Answer {
    readonly status: number;
    readonly body: WeightsState & {
      readonly models: readonly WeightsState[];
      readonly error?: { readonly code: string };
    };
  }

  async function until(condition: () => Promise<boolean>): Promise<void> {
    while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  t.test('lists models with size and licence, and refuses unknown names', async (t) => {
    const call = await open(t, 404);
    const { body } = await call('GET', '/api/models');
    t.match(body.models, [
      { name: 'kokoro', licence: 'Apache-2.0', bytes: 120_575_669, state: 'missing' },
      { name: 'sense-voice', state: 'missing' },
    ]);
    t.equal((await call('POST', '/api/models/other')).status, 404);
  });

  t.test('says why an install in the background failed', async (t) => {
    const call = await open(t, 404);
    t.match(await call('POST', '/api/models/kokoro'), { status: 202, body: { name: 'kokoro', state: 'installing' } });
    await until(async () => (await call('GET', '/api/models')).body.models[0]!.state === 'failed');
    t.match((await call('GET', '/api/models')).body.models[0], { fault: /status 404/ });
  });

  t.test('shows the progress of an install, and stops it', async (t) => {
    const folder = t.testdir();
    const call = await open(t, 200, folder);
    await call('POST', '/api/models/kokoro');
    t.equal((await call('POST', '/api/models/kokoro')).status, 202, 'one that runs goes on');
    await until(async () => (await call('GET', '/api/models')).body.models[0]!.doneBytes === 1000);
    t.match(await call('DELETE', '/api/models/kokoro'), {
      status: 200,
      body: { state: 'missing', doneBytes: 0, fault: null },
    });
    const [part] = readdirSync(join(folder, 'kokoro.partial'));
    t.equal(statSync(join(folder, 'kokoro.partial', part!)).size, 1000, 'what has come stays for the next install');
    t.equal((await call('DELETE', '/api/models/kokoro')).status, 200);
    t.same(readdirSync(folder), [], 'until it is removed');
  });
});

t.test('report routes', async (t) => {
  const token = 'the-right-token-of-this-room';

  async function serve(t: Test) {
    const server = await ControlServer.start({ room: fakeRoom(), host: '127.0.0.1', port: 0, token, log: silentLog });
    t.teardown(() => server.close());
    return (path: string, headers: Record<string, string> = { authorization: `Bearer ${token}` }) =>
      fetch(`${server.url}${path}`, { headers });
  }

  t.test('answers with the figures of the last day, or of the asked time', async (t) => {
    const get = await serve(t);
    for (const [path, ms] of [
      ['/api/report', 86_400_000],
      ['/api/report?since=90m', 5_400_000],
    ] as const) {
      const reply = await get(path);
      t.equal(reply.status, 200);
      t.equal(reply.headers.get('cache-control'), 'no-store');
      const report = (await reply.json()) as { atMs: number; untilMs: number };
      t.equal(report.untilMs - report.atMs, ms, path);
    }
    t.equal((await get('/api/report', {})).status, 401);
  });

  t.test('answers with a page that may run nothing', async (t) => {
    const get = await serve(t);
    const reply = await get('/api/report?format=html&lang=zh');
    t.equal(reply.status, 200);
    t.match(reply.headers.get('content-type'), /^text\/html/);
    t.match(reply.headers.get('content-security-policy'), /default-src 'none'.*sandbox/);
    t.match(await reply.text(), /lang="zh"/);
  });

  t.test('refuses a time, format or language that it does not know', async (t) => {
    const get = await serve(t);
    for (const query of ['since=soon', 'since=0s', 'since=9999d', 'format=pdf', 'lang=fr', 'since=1h&since=2h']) {
      const reply = await get(`/api/report?${query}`);
      t.equal(reply.status, 400, query);
      t.match(await reply.json(), { error: { code: 'E_BAD_REQUEST' } });
    }
  });
});
