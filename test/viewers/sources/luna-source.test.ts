import t, { type Test } from 'tap';
import { WebSocket } from 'ws';
import { eventSource, type LunaSourceConfig } from '../../../src/config/sections/events.js';
import { silentLog } from '../../../src/core/log.js';
import { LunaSource } from '../../../src/viewers/sources/luna-source.js';
import { EventList } from '../../kit/event-list.js';
import { SocketServer } from '../../kit/socket-server.js';
import { until } from '../../kit/until.js';

async function listen(t: Test, config: object = {}, env: NodeJS.ProcessEnv = {}) {
  const sink = new EventList();
  const parsed = eventSource.parse({ id: 'luna', kind: 'luna', port: 0, ...config }) as LunaSourceConfig;
  const source = new LunaSource(parsed, { sink, log: silentLog, env, waits: { minMs: 20, maxMs: 60 } });
  t.teardown(() => source.close());
  if (parsed.port === 0) await until('listening', () => source.port > 0);
  return { sink, source, url: `ws://127.0.0.1:${source.port}` };
}

/** A connected client, or the status of the refusal. */
function dial(t: Test, url: string, headers: Record<string, string> = {}): Promise<WebSocket | number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { headers });
    t.teardown(() => socket.terminate());
    socket.on('open', () => resolve(socket));
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode!));
    socket.on('error', reject);
  });
}

async function client(t: Test, url: string, headers?: Record<string, string>): Promise<WebSocket> {
  const dialled = await dial(t, url, headers);
  if (typeof dialled === 'number') throw new Error(`refused with ${dialled}`);
  return dialled;
}

t.test('reads comments, gifts and entries, flat or within data', async (t) => {
  const { sink, source, url } = await listen(t);
  const socket = await client(t, url);
  const messages = [
    { type: 'comment', username: '观众', content: '这个多少钱' },
    { type: 'comment', username: '观众', content: '这个多少钱' },
    { type: 'comment', data: { platform: 'dy', username: 'B', content: 'hi' } },
    { type: 'gift', username: 'C', gift_name: '小心心', num: 3 },
    { type: 'entrance', username: 'D', content: '进入直播间' },
    { type: 'comment', msg_id: 77, username: 'E', content: 'with an id' },
    { type: 'reread', username: 'F', content: 'say this' },
    { type: 'comment', username: 'G' },
  ];
  for (const message of messages) socket.send(JSON.stringify(message));
  socket.send('no json');
  await until('six events', () => sink.events.length === 6 && source.health().ignored === 3);
  t.same(sink.lines, [
    'comment 观众: 这个多少钱',
    'comment 观众: 这个多少钱',
    'comment B: hi',
    'gift C: 小心心 ×3',
    'enter D: 进入直播间',
    'comment E: with an id',
  ]);
  t.equal(sink.events[2]!.platform, 'dy');
  t.equal(sink.events[5]!.id, 'luna:77');
});

t.test('refuses pages of unlisted sites, and accepts programs, extensions and listed sites', async (t) => {
  const { url, source } = await listen(t, { sites: ['douyin.com'] });
  t.equal(await dial(t, url, { origin: 'https://evil.example' }), 403);
  t.equal(await dial(t, url, { origin: 'https://notdouyin.com' }), 403);
  t.equal(await dial(t, url, { origin: 'null' }), 403);
  t.type(await dial(t, url, { origin: 'https://live.douyin.com' }), WebSocket);
  t.type(await dial(t, url, { origin: 'chrome-extension://abc' }), WebSocket);
  t.type(await dial(t, url), WebSocket);
  t.equal(source.health().ignored, 3);
});

t.test('asks for the token of the room file, in the address or the header', async (t) => {
  const { url } = await listen(t, { token: '${LUNA_TOKEN}' }, { LUNA_TOKEN: 'a-long-token-of-luna' });
  t.equal(await dial(t, url), 401);
  t.equal(await dial(t, `${url}/?token=wrong`), 401);
  t.type(await dial(t, `${url}/?token=a-long-token-of-luna`), WebSocket);
  t.type(await dial(t, url, { authorization: 'Bearer a-long-token-of-luna' }), WebSocket);
  await t.rejects(listen(t, { token: '${LUNA_TOKEN}' }), { code: 'E_ENV_MISSING', message: /LUNA_TOKEN/ });
  t.notOk(eventSource.safeParse({ id: 'l', kind: 'luna', host: '0.0.0.0' }).success, 'other machines need one');
});

t.test('closes a client that sends an oversize message, and goes on', async (t) => {
  const { sink, source, url } = await listen(t);
  const socket = await client(t, url);
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.send(JSON.stringify({ type: 'comment', username: 'x', content: 'y'.repeat(100_000) }));
  await closed;
  t.equal(source.health().state, 'live');
  (await client(t, url)).send(JSON.stringify({ type: 'comment', username: 'x', content: 'small' }));
  await until('small', () => sink.events.length === 1);
  t.equal(source.health().ignored, 1);
});

t.test('waits for a port that another program has', async (t) => {
  const other = await SocketServer.start(t);
  const { source } = await listen(t, { port: other.port });
  await until('says so', () => /is taken by another program/.test(source.health().lastError));
  await other.stop();
  await until('listening', () => source.health().state === 'live');
  t.equal(source.port, other.port);
  await source.close();
  await source.close();
  t.equal(source.health().state, 'stopped');
});

t.test('takes pages by https or by their exact origin, and no other host name than this machine’s', async (t) => {
  const { url, source } = await listen(t, { sites: ['douyin.com', 'http://localhost:8080'] });
  t.equal(await dial(t, url, { origin: 'http://live.douyin.com' }), 403, 'plain http can be forged');
  t.equal(await dial(t, url, { origin: 'http://douyin.com:81' }), 403);
  t.equal(await dial(t, url, { origin: 'http://localhost:81' }), 403);
  t.type(await dial(t, url, { origin: 'http://localhost:8080' }), WebSocket);
  for (const host of ['evil.example', '127.999.999.999', '127.0.0.1.evil.example', 'localhost.evil'])
    t.equal(await dial(t, url, { host }), 400, host);
  t.type(await dial(t, url, { host: 'localhost:5001' }), WebSocket);
  t.ok((source.health().ignored ?? 0) >= 7);
});

t.test('paces a flood of a client', async (t) => {
  const { sink, source, url } = await listen(t);
  const socket = await client(t, url);
  const closed = new Promise((resolve) => socket.once('close', resolve));
  const frames = Buffer.alloc(6 * 100_000);
  // Empty messages of a client are masked.
  for (let i = 0; i < frames.length; i += 6) frames.set([0x81, 0x80, 0, 0, 0, 0], i);
  (socket as unknown as { _socket: { write(data: Buffer): void } })._socket.write(frames);
  await closed;
  t.ok((source.health().ignored ?? 0) > 0);
  t.equal(sink.events.length, 0);
  t.type(await dial(t, url), WebSocket, 'and goes on');
});
