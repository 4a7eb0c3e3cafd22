import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import t, { type Test } from 'tap';
import WebSocket from 'ws';
import type { RoomHandle } from '../../src/config/api/room-handle.js';
import { type ConnectionLimits, maxConnections } from '../../src/control/connections.js';
import { ControlServer } from '../../src/control/control-server.js';
import { LiveTalkingServer } from '../../src/control/live-talking/live-talking-server.js';
import { silentLog } from '../../src/core/log.js';
import { until as untilRoomTurns } from '../encoder/synthetic-room.js';
import { until } from '../kit/until.js';
import { fakeRoom } from './fake-room.js';

t.test('live', async (t) => {
  const token = 'the-right-token-of-this-room';

  async function serve(t: Test) {
    const room = fakeRoom();
    const server = await ControlServer.start({ room, host: '127.0.0.1', port: 0, token, log: silentLog });
    t.teardown(() => server.close());
    const post = (path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> =>
      fetch(`${server.url}${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    return { room, server, post, address: `${server.url.replace('http', 'ws')}/api/live` };
  }

  interface Heard {
    readonly seq: number;
    readonly type: string;
    readonly data: any;
    readonly epoch?: string;
    readonly resumed?: boolean;
  }

  async function watch(t: Test, address: string, resume?: { epoch: string; seq: number }) {
    const socket = new WebSocket(address, ['showroom', `showroom.token.${token}`]);
    t.teardown(() => socket.terminate());
    const heard: Heard[] = [];
    socket.on('message', (data) => heard.push(JSON.parse(String(data))));
    await once(socket, 'open');
    socket.send(JSON.stringify({ type: 'watch', ...(resume === undefined ? {} : { resume }) }));
    await until('the hello', () => heard.length > 0);
    const of = (type: string): Heard[] => heard.filter((one) => one.type === type);
    return { socket, heard, of };
  }

  const comment = (id: number): object => ({
    id: `c${id}`,
    platform: 'taobao',
    kind: 'comment',
    user: 'Anna',
    text: `${id}?`,
  });

  t.test('sends the whole state, then only what changes, in rising numbers', async (t) => {
    const { room, post, address } = await serve(t);
    const page = await watch(t, address);
    await until('the lists', () => page.of('output-events').length > 0);
    t.match(page.heard[0], { type: 'hello', resumed: false });
    t.match(page.of('snapshot')[0]?.data, { name: 'fake', muted: false, outputs: [{ id: 'taobao' }] });
    for (const type of ['agenda', 'script', 'products', 'layers', 'rules', 'questions', 'hidden', 'machine', 'edits'])
      t.equal(page.of(type).length, 1, type);
    t.same(
      room.calls.filter((one) => one.startsWith('clips')),
      ['clips true'],
      'clips are kept while a page watches',
    );

    const before = performance.now();
    await post('/api/mute', undefined, { 'x-showroom-actor': encodeURIComponent('Budi 布迪') });
    await until('the change', () => page.of('status').some(({ data }) => data.muted === true));
    t.ok(performance.now() - before < 1000);
    const change = page.of('status').find(({ data }) => data.muted === true)!;
    t.same(
      Object.keys(change.data).toSorted(),
      ['audio', 'muted', 'mutedBy', 'orders'].filter((key) => key in change.data),
    );
    t.notOk('outputs' in change.data, 'nothing that is as it was');
    t.match(change.data.orders, { mute: { by: 'Budi 布迪' }, blank: null });
    await post('/api/events', comment(1));
    await until('the comment', () => page.of('viewer').length === 1);
    const numbers = page.heard.filter(({ seq }) => seq !== undefined).map(({ seq }) => seq);
    t.same(
      numbers,
      numbers.toSorted((a, b) => a - b),
    );
  });

  t.test('resumes after a cut without a gap, and without what the page has', async (t) => {
    const { post, address } = await serve(t);
    const first = await watch(t, address);
    const { epoch } = first.heard[0]!;
    await post('/api/events', comment(1));
    await until('the first comment', () => first.of('viewer').length === 1);
    const { seq } = first.heard.at(-1)!;
    first.socket.terminate();
    for (let id = 2; id <= 40; id += 1) await post('/api/events', comment(id));
    await post('/api/blank');
    const again = await watch(t, address, { epoch: epoch!, seq });
    await until('all comments', () => again.of('viewer').length === 39);
    t.match(again.heard[0], { type: 'hello', epoch, resumed: true });
    t.same(again.of('snapshot'), []);
    t.same(again.of('products'), [], 'products have not changed');
    t.same(
      again.of('viewer').map(({ data }) => data.id),
      Array.from({ length: 39 }, (_, i) => `c${i + 2}`),
    );
    t.ok(again.of('status').some(({ data }) => data.blanked === true));

    await t.test('starts again for another epoch or a number that nobody gave', async (t) => {
      for (const resume of [
        { epoch: 'another', seq: 3 },
        { epoch: epoch!, seq: 1e9 },
      ]) {
        const other = await watch(t, address, resume);
        t.match(other.heard[0], { resumed: false });
        await until('the whole state', () => other.of('viewers').length > 0);
        t.equal(other.of('viewers')[0]!.data.length, 40);
      }
    });
  });

  t.test('starts again once too many events were missed', async (t) => {
    const { post, address } = await serve(t);
    const first = await watch(t, address);
    const { epoch } = first.heard[0]!;
    const { seq } = first.heard.at(-1)!;
    for (let block = 0; block < 5; block += 1) {
      await post(
        '/api/events',
        Array.from({ length: 450 }, (_, i) => comment(block * 450 + i)),
      );
      await until('the block', () => first.of('viewer').length >= (block + 1) * 450);
    }
    const again = await watch(t, address, { epoch: epoch!, seq });
    t.match(again.heard[0], { resumed: false });
    first.socket.terminate();
  });

  t.test('needs the token, and a WebSocket', async (t) => {
    const { server, address } = await serve(t);
    const socket = new WebSocket(address, ['showroom']);
    socket.on('error', () => undefined);
    t.teardown(() => socket.terminate());
    const [, reply] = await once(socket, 'unexpected-response');
    t.equal(reply.statusCode, 401);
    const plain = await fetch(`${server.url}/api/live`, { headers: { authorization: `Bearer ${token}` } });
    t.equal(plain.status, 400);
  });

  t.test('serves rules, comments, outputs and clips to the desk', async (t) => {
    const { room, server, post } = await serve(t);
    const call = async (method: string, path: string, body?: unknown) => {
      const reply = await fetch(`${server.url}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await reply.text();
      return { status: reply.status, type: reply.headers.get('content-type'), text };
    };
    t.match((await call('PUT', '/api/rules/price', { on: false })).text, /"on":false/);
    t.equal((await call('PUT', '/api/rules/none', { on: false })).status, 404);
    t.equal((await call('PUT', '/api/rules/price', { on: 'no' })).status, 400);
    t.equal((await call('POST', '/api/comments/3/answer', { text: 'Yes, it is.' })).status, 202);
    t.equal((await call('POST', '/api/comments/3/answer', { text: 'My phone is' })).status, 422);
    t.equal((await call('POST', '/api/comments/x/answer', { text: 'Yes' })).status, 400);
    t.equal((await call('POST', '/api/comments/3/show')).status, 202);
    t.match((await call('POST', '/api/viewers/hidden', { platform: 'taobao', user: 'Spam' })).text, /Spam/);
    t.match((await call('DELETE', '/api/viewers/hidden', { platform: 'taobao', user: 'Spam' })).text, /\[\]/);
    t.equal((await call('PUT', '/api/outputs/extra', { kind: 'rtmp', url: 'rtmp://a/b/c' })).status, 200);
    t.equal((await call('POST', '/api/outputs/extra/reconnect')).status, 200);
    t.equal((await call('DELETE', '/api/outputs/none')).status, 404);
    t.equal((await call('POST', '/api/recording')).status, 200);
    t.same(await call('GET', '/api/clip?seconds=10'), { status: 200, type: 'video/mp4', text: 'clip of 10 s' });
    t.equal((await call('GET', '/api/clip?seconds=900')).status, 400);
    t.equal((await call('GET', '/api/evidence/seen.webp')).type, 'image/webp');
    t.equal((await call('GET', '/api/evidence/..%2Froom.json')).status, 404);
    room.state.alarms = [
      { kind: 'slate', subject: '', severity: 'critical', since: '', text: { en: 'Slate', zh: '占位' } },
    ];
    await post('/api/alarms/acknowledge', { kind: 'slate' }, { 'x-showroom-actor': 'Budi' });
    t.match(room.state.alarms, [{ acknowledgedBy: 'Budi' }]);
  });
});

t.test('live talking', async (t) => {
  const token = 'the-right-token-of-this-room';

  async function serve(t: Test, more: Partial<RoomHandle> = {}) {
    const room = fakeRoom();
    const server = await LiveTalkingServer.start({
      room: { ...room, ...more },
      host: '127.0.0.1',
      port: 0,
      token,
      log: silentLog,
    });
    t.teardown(() => server.close());
    const base = `${server.url}/token/${token}`;
    /** As a client of LiveTalking sends it: JSON, often without its content type. */
    const post = async (path: string, body: unknown, headers: Record<string, string> = {}) => {
      const reply = await fetch(`${base}${path}`, { method: 'POST', body: JSON.stringify(body), headers });
      return { status: reply.status, body: (await reply.json()) as { code: number; msg: string; data?: unknown } };
    };
    return { room, server, base, post };
  }

  t.test('speaks an echo as a judged line, and hands a chat over as a comment', async (t) => {
    const { room, post } = await serve(t);
    t.same(await post('/human', { text: 'Hello **everyone**', type: 'echo', interrupt: true, sessionid: '0' }), {
      status: 200,
      body: { code: 0, msg: 'ok' },
    });
    t.match(await post('/human', { text: 'my phone is 1234', type: 'echo' }), {
      status: 200,
      body: { code: -1, msg: 'refused: phone number / outside contact' },
    });
    t.match(await post('/human', { text: 'how much?', type: 'chat', sessionid: 0, tts: { voice: 'x' } }), {
      body: { code: 0 },
    });
    t.same(room.calls, [
      'say Hello everyone {"next":true,"interrupt":true}',
      'say my phone is 1234 {"next":true}',
      'page livetalking how much?',
    ]);
  });

  t.test('answers an offer with a session that later calls name', async (t) => {
    const { room, post } = await serve(t);
    const { body } = await post('/offer', { sdp: 'v=0\r\n', type: 'offer', avatar: 'x' });
    t.same(body, { sdp: 'v=0\r\n', type: 'answer', sessionid: 'viewer-1' });
    t.same(room.calls, ['offer 5']);
    t.same((await post('/is_speaking', { sessionid: 'viewer-1' })).body, { code: 0, msg: 'ok', data: true });
    t.match((await post('/is_speaking', { sessionid: 'somebody-else' })).body, { code: -1, msg: /session not found/ });
  });

  t.test('drops the lines sent before and cuts the one on air', async (t) => {
    const { room, post } = await serve(t);
    const one = { text: 'Hello', role: 'host', state: 'waiting', waitedMs: 5, place: null } as const;
    const agenda = room.agenda.snapshot();
    room.agenda.snapshot = () => ({
      ...agenda,
      waiting: [
        { ...one, id: 'say-1', kind: 'operator' },
        { ...one, id: 'reply-1', kind: 'reply' },
      ],
    });
    t.match((await post('/interrupt_talk', { sessionid: '' })).body, { code: 0 });
    t.match(room.calls, ['cancel say-1', /^script skip/]);
  });

  t.test('says why sound, recordings and gestures are refused', async (t) => {
    const { base, post } = await serve(t);
    const form = new FormData();
    form.set('sessionid', '0');
    form.set('file', new Blob([new Uint8Array(1000)]), 'a.wav');
    const sent = await fetch(`${base}/humanaudio`, { method: 'POST', body: form });
    t.match(await sent.json(), { code: -1, msg: /cannot be judged/ });
    t.match((await post('/record', { type: 'start_record' })).body, { code: -1, msg: /recording/ });
    t.match((await post('/set_audiotype', { audiotype: 1 })).body, { code: -1 });
  });

  t.test('answers broken bodies in LiveTalking’s form', async (t) => {
    const { base, post, room } = await serve(t);
    const raw = await fetch(`${base}/human`, { method: 'POST', body: '{"text":' });
    t.equal(raw.status, 200);
    t.match(await raw.json(), { code: -1, msg: /expected JSON/ });
    t.match((await post('/human', { text: 'x', type: 'sing' })).body, { code: -1 });
    t.match((await post('/human', { text: 'x'.repeat(2000), type: 'echo' })).body, { code: -1 });
    t.equal((await post('/human', { text: 'x'.repeat(400_000), type: 'echo' })).status, 413);
    t.match(await post('/nothing', {}), { status: 404, body: { code: -1 } });
    t.same(room.calls, []);
  });

  t.test('asks for the token on every address, in a header, the query or the path', async (t) => {
    const { server, room } = await serve(t);
    t.ok(server.routes.length >= 7);
    for (const { method, url } of server.routes) {
      const reply = await fetch(`${server.url}${url}`, { method, ...(method === 'POST' ? { body: '{}' } : {}) });
      t.equal(reply.status, 401, `${method} ${url}`);
      t.match(await reply.json(), { code: -1, msg: /Bearer TOKEN/ });
    }
    const body = JSON.stringify({ text: 'hi', type: 'echo' });
    const ask = async (path: string, headers: Record<string, string> = {}): Promise<number> =>
      (await fetch(`${server.url}${path}`, { method: 'POST', body, headers })).status;
    t.equal(await ask('/token/wrong/human'), 401);
    t.equal(await ask('/human?token=wrong'), 401);
    t.equal(await ask(`/token/${token}wrong/human`), 401);
    t.same(room.calls, []);
    t.equal(await ask(`/token/${token}/human`), 200);
    t.equal(await ask(`/human?token=${token}`), 200);
    t.equal(await ask('/human', { authorization: `Bearer ${token}` }), 200);
    t.equal(
      await ask(`/token/${token}/human`, { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }),
      403,
    );
    t.equal(room.calls.length, 3);
  });

  t.test('refuses a port that another program has', async (t) => {
    const { server } = await serve(t);
    const port = Number(new URL(server.url).port);
    await t.rejects(LiveTalkingServer.start({ room: fakeRoom(), host: '127.0.0.1', port, token, log: silentLog }), {
      code: 'E_PORT_IN_USE',
    });
  });
});

t.test('connections', async (t) => {
  const token = 'the-right-token-of-this-room';

  async function serve(t: Test, limits: Partial<ConnectionLimits>) {
    const logged: { fields: Record<string, unknown>; message: string }[] = [];
    const warn = (fields: object, message: string) =>
      void logged.push({ fields: fields as Record<string, unknown>, message });
    const log = { ...silentLog, warn };
    const server = await ControlServer.start({ room: fakeRoom(), host: '127.0.0.1', port: 0, token, log, limits });
    t.teardown(() => server.close());
    const sockets = new Set<Socket>();
    t.teardown(() => sockets.forEach((socket) => socket.destroy()));
    /** A connection that sends `text` and then nothing. */
    const open = (text = ''): Promise<Socket> =>
      new Promise((resolve) => {
        const socket = connect(server.port, '127.0.0.1', () => {
          socket.write(text);
          resolve(socket);
        });
        sockets.add(socket);
        socket.on('error', () => undefined);
        socket.on('close', () => sockets.delete(socket));
        socket.resume();
      });
    /** Status of an operator's request. */
    const ask = (agent?: Agent, path = '/api/room', headers: object = { authorization: `Bearer ${token}` }) =>
      new Promise<number>((resolve, reject) => {
        const req = request(server.url + path, { agent: agent ?? false, headers: { ...headers } }, (res) => {
          res.resume();
          res.on('end', () => resolve(res.statusCode!));
        });
        req.on('error', reject);
        req.end();
      });
    return { server, logged, sockets, open, ask };
  }

  t.test('limits connections by the process’s file handles', async (t) => {
    const limits = (files: number | string): string =>
      `Limit                     Soft Limit           Hard Limit           Units\nMax open files            ${files}                 20000                files\n`;
    t.equal(maxConnections(limits(1024)), 384);
    t.equal(maxConnections(limits(20_000)), 1024);
    t.equal(maxConnections(limits(300)), 22);
    t.equal(maxConnections(limits(100)), 16, 'a page, a camera and a scraper');
    t.equal(maxConnections(limits('unlimited')), 1024);
    t.equal(maxConnections(''), 384, 'without a limit from the system');
    t.ok(maxConnections() >= 16);
  });

  t.test('replaces silent strangers by new connections, never the operator’s', async (t) => {
    const { logged, sockets, open, ask } = await serve(t, { max: 20 });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    t.teardown(() => agent.destroy());
    let connections = 0;
    const createConnection = agent.createConnection!.bind(agent);
    agent.createConnection = (...args: Parameters<typeof createConnection>) => {
      connections += 1;
      return createConnection(...args);
    };
    t.equal(await ask(agent), 200);
    for (let i = 0; i < 150; i += 1) await open();
    t.equal(await ask(agent), 200);
    t.equal(connections, 1, 'the connection with the token stayed');
    t.ok(await untilRoomTurns(() => sockets.size <= 20, 3000), `${sockets.size} strangers are left`);
    t.equal(await ask(), 200, 'a new connection is accepted');
    t.equal(await ask(undefined, '/healthz', {}), 200, 'also a stranger’s');
    t.equal(logged.length, 1, 'one line in the log');
    t.match(logged[0], { fields: { max: 20 }, message: /too many HTTP connections.*the show goes on/ });
  });

  t.test('keeps an answered stranger longer than silent ones', async (t) => {
    const { open, ask } = await serve(t, { max: 10 });
    const player = await open('GET /camera.json HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n');
    await new Promise((resolve) => player.once('data', resolve));
    for (let i = 0; i < 50; i += 1) await open();
    t.equal(await ask(), 200);
    t.equal(player.destroyed, false);
  });

  t.test('closes a silent or slow connection', async (t) => {
    const times = { headersMs: 300, requestMs: 1500, strangersBodyMs: 600, unreadBodyMs: 300, checkMs: 100 };
    const { open, ask } = await serve(t, times);
    const head = 'HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 1000\r\n';
    const slow: Record<string, string> = {
      'no byte': '',
      'half a header': 'GET /healthz HTTP/1.1\r\nhost: 127',
      'an offer without its end': `POST /whep ${head}content-type: application/sdp\r\n\r\nv=0`,
      'a body that nobody wants': `PUT /api/layers/x ${head}content-type: application/json\r\n\r\n{`,
      'a layer of somebody with the token': `PUT /api/layers/x ${head}authorization: Bearer ${token}\r\ncontent-type: application/json\r\n\r\n{`,
      'a body of a button': `POST /api/mute ${head}authorization: Bearer ${token}\r\n\r\n`,
    };
    const began = performance.now();
    const ended = await Promise.all(
      Object.entries(slow).map(async ([what, text]) => {
        const socket = await open(text);
        // A byte at intervals, as a slow client sends them.
        const drip = setInterval(() => text.includes('\r\n\r\n') && socket.write(' '), 50);
        await new Promise((resolve) => socket.once('close', resolve));
        clearInterval(drip);
        return [what, Math.round(performance.now() - began)] as const;
      }),
    );
    for (const [what, ms] of ended) t.ok(ms < 8000, `${what}: ${ms} ms`);
    const by = Object.fromEntries(ended);
    t.ok(by['a layer of somebody with the token']! > by['an offer without its end']!, JSON.stringify(by));
    t.equal(await ask(), 200);
  });

  t.test('accepts a slow body that is in time', async (t) => {
    const { open } = await serve(t, { strangersBodyMs: 3000 });
    const body = 'v=0\r\n';
    const socket = await open(
      `POST /whep HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/sdp\r\ncontent-length: ${body.length}\r\n\r\n`,
    );
    let answer = '';
    socket.on('data', (data: Buffer) => (answer += data.toString()));
    for (const char of body) {
      await new Promise((resolve) => setTimeout(resolve, 60));
      socket.write(char);
    }
    t.ok(await untilRoomTurns(() => answer.startsWith('HTTP/1.1 201'), 3000), answer.slice(0, 80));
  });
});
