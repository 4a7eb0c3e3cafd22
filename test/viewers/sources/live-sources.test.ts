import { brotliCompressSync } from 'node:zlib';
import t, { type Test } from 'tap';
import { WebSocket } from 'ws';
import {
  type BilibiliSourceConfig,
  events,
  eventSource,
  type LunaSourceConfig,
  type ObaSourceConfig,
  type PageSourceConfig,
  type TwitchSourceConfig,
} from '../../../src/config/sections/events.js';
import { silentLog } from '../../../src/core/log.js';
import { BilibiliSource, readPackets } from '../../../src/viewers/sources/bilibili-source.js';
import { Backoff } from '../../../src/viewers/sources/event-source.js';
import { EventSources } from '../../../src/viewers/sources/event-sources.js';
import { LunaSource } from '../../../src/viewers/sources/luna-source.js';
import { ObaSource } from '../../../src/viewers/sources/oba-source.js';
import { PageSources } from '../../../src/viewers/sources/page-comment-sources.js';
import { parseIrc, TwitchSource } from '../../../src/viewers/sources/twitch-source.js';
import { BilibiliServer, brotliPacket, messagePacket, packet, zlibPacket } from '../../kit/bilibili-server.js';
import { EventList } from '../../kit/event-list.js';
import { IrcServer } from '../../kit/irc-server.js';
import { SocketServer } from '../../kit/socket-server.js';
import { until } from '../../kit/until.js';

t.test('bilibili source', async (t) => {
  async function connect(t: Test, change: (server: BilibiliServer) => void = () => undefined, config: object = {}) {
    const server = await BilibiliServer.start(t);
    change(server);
    const sink = new EventList();
    const parsed = eventSource.parse({ id: 'b', kind: 'bilibili', roomId: 55, infoUrl: server.infoUrl, ...config });
    const source = new BilibiliSource(parsed as BilibiliSourceConfig, {
      sink,
      log: silentLog,
      env: { BILI: 'SESSDATA=s; buvid3=device-1' },
      waits: { minMs: 20, maxMs: 60 },
    });
    t.teardown(() => source.close());
    return { server, sink, source };
  }

  const danmu = (text: string, random: number): object => ({
    cmd: 'DANMU_MSG',
    info: [[0, 1, 25, 16_777_215, 1_790_000_000_500, random, 0], text, [42, '小王', 0, 0]],
  });

  t.test('joins with the key of the room, sends heartbeats and reads plain and packed messages', async (t) => {
    const { server, sink, source } = await connect(t, undefined, { cookie: '${BILI}', uid: 9 });
    await until('joined', () => source.health().state === 'live');
    t.match(server.joins[0], { uid: 9, roomid: 55, key: 'room-key', protover: 3, type: 2, buvid: 'device-1' });
    t.equal(server.cookies[0], 'SESSDATA=s; buvid3=device-1');
    server.server.send(messagePacket(danmu('多少钱', 1)));
    server.server.send(
      brotliPacket(
        messagePacket(danmu('有红色吗', 2)),
        messagePacket({
          cmd: 'SEND_GIFT',
          data: { tid: 'g1', uname: 'A', giftName: '辣条', num: 5, timestamp: 1_790_000_000 },
        }),
        messagePacket({ cmd: 'INTERACT_WORD', data: { uid: 7, uname: 'B', msg_type: 1, timestamp: 1_790_000_001 } }),
      ),
    );
    server.server.send(
      zlibPacket(
        messagePacket({ cmd: 'INTERACT_WORD', data: { uid: 7, uname: 'B', msg_type: 2, timestamp: 1_790_000_002 } }),
        messagePacket({
          cmd: 'SUPER_CHAT_MESSAGE',
          data: { id: 3, message: '发货吗', user_info: { uname: 'C' }, start_time: 1_790_000_003 },
        }),
        messagePacket({ cmd: 'ONLINE_RANK_COUNT', data: { count: 3 } }),
      ),
    );
    await until('six events', () => sink.events.length === 6);
    t.same(sink.lines, [
      'comment 小王: 多少钱',
      'comment 小王: 有红色吗',
      'gift A: 辣条 ×5',
      'enter B',
      'follow B',
      'comment C: 发货吗',
    ]);
    t.match(sink.events[0], { id: 'b:42-1790000000500-1', atMs: 1_790_000_000_500 });
    await until('heartbeat', () => server.heartbeats >= 1);
    t.equal(source.health().ignored, 0);
  });

  t.test('reconnects after a drop, and the same message keeps its id', async (t) => {
    const { server, sink, source } = await connect(t);
    await until('joined', () => source.health().state === 'live');
    server.server.send(messagePacket(danmu('one', 1)));
    await until('one', () => sink.events.length === 1);
    for (const client of server.server.clients) client.terminate();
    await until('again', () => server.joins.length === 2 && source.health().state === 'live');
    server.server.send(messagePacket(danmu('one', 1)));
    server.server.send(messagePacket(danmu('two', 2)));
    await until('two', () => sink.events.length === 2);
    t.equal(sink.repeated, 1);
  });

  t.test('leaves out malformed and bomb-like packets without losing the connection', async (t) => {
    const { server, sink, source } = await connect(t);
    await until('joined', () => source.health().state === 'live');
    const bomb = packet(5, 3, brotliCompressSync(Buffer.alloc(20_000_000)));
    const bad = [
      Buffer.from('short'),
      packet(5, 0, Buffer.from('{"cmd":')),
      packet(5, 2, Buffer.from('not zlib')),
      bomb,
      Buffer.from([0, 0, 0, 0, 0, 16, 0, 0, 0, 0, 0, 5, 0, 0, 0, 1]),
      messagePacket({ cmd: 'DANMU_MSG', info: 'text' }),
      messagePacket({ cmd: 'SEND_GIFT', data: null }),
      brotliPacket(brotliPacket(messagePacket(danmu('nested', 3)))),
    ];
    t.ok(bomb.length < 10_000, 'small on the wire');
    for (const one of bad) server.server.send(one);
    server.server.send(messagePacket(danmu('fine', 4)));
    await until('fine', () => sink.events.length === 1);
    t.equal(source.health().ignored, bad.length);
    t.equal(server.server.connections, 1);
    await t.rejects(readPackets(bomb), { message: /larger than/i });
  });

  t.test('says in words that the room’s servers or the room were refused', async (t) => {
    const refused = await connect(t, (server) => (server.infoCode = -352));
    await until('refused', () => refused.source.health().lastError !== '');
    t.match(refused.source.health().lastError, /code -352.*set cookie/);
    refused.server.infoCode = 0;
    await until('joined', () => refused.source.health().state === 'live');
    const join = await connect(t, (server) => (server.joinCode = -101));
    await until('refused', () => join.source.health().lastError !== '');
    t.match(join.source.health().lastError, /Bilibili refused room 55 \(code -101\)/);
    t.notMatch(JSON.stringify(join.source.health()), /room-key|SESSDATA/);
  });
});

t.test('event sources', async (t) => {
  t.test('connects every source of a room file, and closes all', async (t) => {
    const server = await SocketServer.start(t);
    const { sources } = events.parse({
      sources: [
        { id: 'shop', kind: 'oba', url: server.url },
        { id: 'tools', kind: 'luna', port: 0 },
        { id: 'desk', kind: 'page', site: 'live.alibaba.com', platform: 'alibaba' },
      ],
    });
    const sink = new EventList();
    const all = new EventSources(sources, { sink, log: silentLog, env: {} });
    t.teardown(() => all.close());
    await until('live', () => all.health().filter(({ state }) => state === 'live').length === 2);
    t.match(all.health(), [
      { id: 'shop', kind: 'oba', state: 'live' },
      { id: 'tools', kind: 'luna', state: 'live' },
      { id: 'desk', kind: 'page', state: 'connecting' },
    ]);
    t.same(all.takePage('live.alibaba.com', [{ id: '1', user: 'Anna', text: 'hi' }]), {
      taken: 1,
      repeated: 0,
      dropped: 0,
    });
    t.match(sink.events, [{ id: 'desk:1', platform: 'alibaba', kind: 'comment', user: 'Anna', text: 'hi' }]);
    await all.close();
    t.ok(all.health().every(({ state }) => state === 'stopped'));
  });

  t.test('opens nothing when one source lacks its key', async (t) => {
    const server = await SocketServer.start(t);
    const { sources } = events.parse({
      sources: [
        { id: 'shop', kind: 'oba', url: server.url },
        { id: 'yt', kind: 'youtube', videoId: 'abcdefgh' },
      ],
    });
    t.throws(() => new EventSources(sources, { sink: new EventList(), log: silentLog, env: {} }), {
      code: 'E_ENV_MISSING',
    });
    await until('closed', () => server.clients.length === 0);
  });

  t.test('reports a listed page that nobody reads, and forgets a closed one', async (t) => {
    let nowMs = 0;
    const listed = eventSource.parse({ id: 'desk', kind: 'page', site: 'live.example' }) as PageSourceConfig;
    const sink = new EventList();
    const pages = new PageSources([listed], { sink, log: silentLog, env: {}, nowMs: () => nowMs, silentMs: 1000 });
    t.teardown(() => pages.close());
    pages.take('live.example', []);
    pages.take('other.example:8080', [{ id: '1', user: 'B', text: 'hello' }]);
    t.match(pages.all(), [
      { id: 'desk', state: 'live', events: 0 },
      { id: 'page-other-example-8080', state: 'live', events: 1 },
    ]);
    nowMs = 900;
    pages.check();
    t.ok(pages.all().every(({ state }) => state === 'live'));
    nowMs = 1200;
    pages.check();
    t.match(pages.all(), [{ state: 'backoff', lastError: /nobody reads the page/ }, { state: 'stopped' }]);
    pages.take('live.example', []);
    t.match(pages.all()[0], { state: 'live', lastError: '' });
    for (let i = 0; i < 60; i += 1) pages.take(`site-${i}.example`, []);
    t.equal(pages.all().length, 21, 'pages in memory are bounded');
  });

  t.test('waits longer after each failed try, with jitter, up to the longest delay', async (t) => {
    const waits = { minMs: 1000, maxMs: 60_000 };
    const longest = new Backoff(waits, () => 1);
    t.same(
      Array.from({ length: 8 }, () => longest.nextMs()),
      [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000],
    );
    longest.reset();
    t.equal(longest.nextMs(), 1000);
    const shortest = new Backoff(waits, () => 0);
    t.same(
      Array.from({ length: 4 }, () => shortest.nextMs()),
      [1000, 1000, 2000, 4000],
    );
    t.equal(shortest.longestMs(), 30_000);
  });
});

t.test('luna source', async (t) => {
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
});

t.test('oba source', async (t) => {
  const waits = { minMs: 20, maxMs: 60 };

  async function connect(t: Test, more: { idleMs?: number } = {}) {
    const server = await SocketServer.start(t);
    const sink = new EventList();
    const logged: { fields: Record<string, unknown>; text: string }[] = [];
    const keep = (fields: object, text: string): void => void logged.push({ fields: { ...fields }, text });
    const source = new ObaSource(eventSource.parse({ id: 'shop', kind: 'oba', url: server.url }) as ObaSourceConfig, {
      sink,
      log: { ...silentLog, warn: keep, info: keep },
      env: {},
      waits,
      ...more,
    });
    t.teardown(() => source.close());
    await until('connected', () => source.health().state === 'live' && server.clients.length === 1);
    const send = (message: object): void => server.send(JSON.stringify(message));
    return { server, sink, source, send, logged };
  }

  const comment = (id: string, content: string) => ({
    msg_type: 'taobao_comment',
    msg_id: id,
    nick_name: '小李',
    user_id: '22',
    content,
    time: '20:15:01',
  });

  t.test('reads comments, entries, follows, likes and orders of every platform', async (t) => {
    const { sink, send } = await connect(t);
    const common = { nick_name: 'Anna', user_id: '7', time: '20:15:01' };
    send(comment('c1', '多少钱？'));
    send({ ...common, msg_type: 'comment', msg_id: 'c2', content: '能便宜点吗' });
    send({ ...common, msg_type: 'xiaohongshu_comment', msg_id: 'c3', content: '有红色吗' });
    send({ ...common, msg_type: 'wechat_channel_live_msg', msg_id: 'c4', content: '包邮吗' });
    send({ ...common, msg_type: 'room_enter', msg_id: 'e1' });
    send({ ...common, msg_type: 'room_follow', msg_id: 'f1' });
    send({ ...common, msg_type: 'room_like', msg_id: 'l1' });
    send({ ...common, msg_type: 'ecom_fansclub_participate', msg_id: 'm1', content: '' });
    send({
      ...common,
      msg_type: 'live_order',
      msg_id: '900#1',
      order_status: '已付款',
      order_ts: 1_790_000_000,
      product_id: 'p1',
      product_title: '保温杯',
    });
    await until('nine events', () => sink.events.length === 9);
    t.same(sink.lines, [
      'comment 小李: 多少钱？',
      'comment Anna: 能便宜点吗',
      'comment Anna: 有红色吗',
      'comment Anna: 包邮吗',
      'enter Anna',
      'follow Anna',
      'like Anna',
      'follow Anna',
      'order Anna: 保温杯',
    ]);
    t.same(
      sink.events.slice(0, 4).map(({ platform }) => platform),
      ['taobao', 'douyin', 'xiaohongshu', 'wechat'],
    );
    t.match(sink.events[8], { id: 'shop:900#1', atMs: 1_790_000_000_000 });
  });

  t.test('reconnects after the tool restarts, and keeps the ids of messages it sends again', async (t) => {
    const { server, sink, source, send, logged } = await connect(t);
    send(comment('c1', 'hello'));
    await until('the first', () => sink.events.length === 1);
    await server.stop();
    await until('noticed', () => source.health().state === 'backoff');
    await until('refused', () => /nothing listens/.test(source.health().lastError));
    await server.start();
    await until('back', () => source.health().state === 'live' && server.clients.length === 1);
    t.equal(source.health().lastError, '');
    send(comment('c1', 'hello'));
    send(comment('c2', 'again'));
    await until('the second', () => sink.events.length === 2);
    t.equal(sink.repeated, 1);
    t.equal(source.health().events, 3);
    const reasons = logged.filter(({ text }) => text.includes('is down')).map(({ fields }) => fields['reason']);
    t.equal(new Set(reasons).size, reasons.length, 'each reason once in the log, however many tries');
  });

  t.test('leaves out malformed messages and shortens long ones', async (t) => {
    const { server, sink, source, send } = await connect(t);
    for (const text of ['', 'hello', '[]', 'null', '{"msg_type":3}', '{"msg_type":"__proto__","msg_id":"1"}', '{"a":'])
      server.send(text);
    send({ msg_type: 'taobao_comment', nick_name: 'no id', content: 'x' });
    send({ msg_type: 'taobao_comment', msg_id: 'empty', nick_name: 'x', content: ' \n ' });
    send({ msg_type: 'taobao_comment', msg_id: { a: 1 }, nick_name: ['x'], content: 'x' });
    send({ ...comment('long', `${'长'.repeat(5000)}`), nick_name: 'n'.repeat(900) });
    send({ ...comment('i'.repeat(4000), 'line\none\u0000 two\u2028three') });
    await until('two events', () => sink.events.length === 2);
    const [long, lines] = sink.events;
    t.equal(long!.text!.length, 500);
    t.equal(long!.user.length, 60);
    t.equal(lines!.text, 'line one two three');
    t.ok(lines!.id.length <= 200);
    t.equal(source.health().ignored, 10);
    t.equal(source.health().state, 'live');
  });

  t.test('drops a connection that sends an oversize message, and returns', async (t) => {
    const { server, sink, source, send } = await connect(t);
    send(comment('big', 'x'.repeat(400_000)));
    await until('back', () => server.connections === 2 && source.health().state === 'live');
    t.same(sink.events, []);
    send(comment('c1', 'small'));
    await until('small', () => sink.events.length === 1);
    t.equal(source.health().ignored, 1);
  });

  t.test('drops a connection that answers no ping', async (t) => {
    const { server, source } = await connect(t, { idleMs: 150 });
    // A paused socket is alive for TCP and answers nothing.
    for (const client of server.clients) client.pause();
    await until('back', () => server.connections === 2 && source.health().state === 'live');
  });

  t.test('stops at once while it waits for another try', async (t) => {
    const { server, source } = await connect(t);
    await server.stop();
    await until('waiting', () => source.health().state === 'backoff');
    await source.close();
    await source.close();
    t.equal(source.health().state, 'stopped');
    await server.start();
    const before = server.connections;
    await new Promise((resolve) => setTimeout(resolve, 200));
    t.equal(server.connections, before);
  });

  t.test('survives nested lists, a flood of ids, odd numbers and control characters', async (t) => {
    const { server, sink, source, send } = await connect(t);
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const order = (id: string, ts: string): string => `{"msg_type":"live_order","msg_id":"${id}","order_ts":${ts}}`;
    for (const [i, ts] of [deep, '1e300', '-1', '"x"', '1e400', '{"a":1}'].entries()) server.send(order(`o${i}`, ts));
    server.send(deep);
    send({ ...comment('c', 'a\u001b]0;x\u0007b\u202e'), nick_name: '\u202eeve\u0000\u2066' });
    for (let i = 0; i < 200; i += 1) send(comment(`flood${i}`, 'x'));
    await until('all', () => sink.events.length === 207);
    t.same(
      sink.events.slice(0, 6).map(({ atMs }) => atMs),
      Array.from({ length: 6 }, () => undefined),
    );
    t.match(sink.events[6], { text: 'a ]0;x b', user: 'eve' });
    for (const client of server.clients) client.close(4000, '\u001b[2J\u202egone'.padEnd(110, '!'));
    await until('closed', () => source.health().lastError !== '' || server.connections === 2);
    for (const unseen of ['\u001b', '\u202e']) t.notOk(source.health().lastError.includes(unseen));
    t.ok(source.health().lastError.length < 120);
  });
});

t.test('twitch source', async (t) => {
  async function connect(t: Test, refuseLogins = false) {
    const server = await IrcServer.start(t);
    server.refuseLogins = refuseLogins;
    const sink = new EventList();
    const config = eventSource.parse({
      id: 'tw',
      kind: 'twitch',
      channel: 'ShopLive',
      url: server.url,
    }) as TwitchSourceConfig;
    const source = new TwitchSource(config, { sink, log: silentLog, env: {}, waits: { minMs: 20, maxMs: 60 } });
    t.teardown(() => source.close());
    return { server, sink, source };
  }

  const say = (id: string, text: string, more = ''): string =>
    `@badge-info=;display-name=Anna;id=${id};tmi-sent-ts=1790000000123${more} :anna!anna@anna.tmi.twitch.tv PRIVMSG #shoplive :${text}`;

  t.test('joins the channel as an anonymous viewer and reads its messages', async (t) => {
    const { server, sink, source } = await connect(t);
    await until('joined', () => source.health().state === 'live');
    t.match(server.heard[1], /^NICK justinfan\d+$/);
    t.match(server.heard, ['CAP REQ :twitch.tv/tags twitch.tv/commands', /./, 'JOIN #shoplive']);
    server.say([
      say('m1', 'how much is it? :)'),
      say('m2', '\u0001ACTION waves\u0001'),
      say('m3', 'cheer100 nice', ';bits=100'),
      ':bob!bob@bob.tmi.twitch.tv PRIVMSG #other :not this channel',
      '@msg-id=subgift;login=carl;display-name=;id=g1 :tmi.twitch.tv USERNOTICE #shoplive',
      '@msg-id=raid;login=dora;id=r1 :tmi.twitch.tv USERNOTICE #shoplive',
      'PING :tmi.twitch.tv',
    ]);
    await until('five events', () => sink.events.length === 5);
    t.same(sink.lines, [
      'comment Anna: how much is it? :)',
      'comment Anna: waves',
      'comment Anna: cheer100 nice',
      'gift Anna: bits ×100',
      'gift carl: subscription ×1',
    ]);
    t.match(sink.events[0], { id: 'tw:m1', platform: 'twitch', atMs: 1_790_000_000_123 });
    await until('answered', () => server.heard.includes('PONG :tmi.twitch.tv'));
  });

  t.test('returns after the server asks to reconnect, and keeps ids', async (t) => {
    const { server, sink, source } = await connect(t);
    await until('joined', () => source.health().state === 'live');
    server.say([say('m1', 'one'), ':tmi.twitch.tv RECONNECT']);
    await until('again', () => server.sockets.server!.connections === 2 && source.health().state === 'live');
    server.say([say('m1', 'one'), say('m2', 'two')]);
    await until('two', () => sink.events.length === 2);
    t.equal(sink.repeated, 1);
  });

  t.test('says why a login was refused, and is not live meanwhile', async (t) => {
    const { server, source } = await connect(t, true);
    await until('refused', () => source.health().lastError !== '');
    t.match(source.health().lastError, /Twitch refused the connection: Login authentication failed/);
    server.refuseLogins = false;
    await until('joined', () => source.health().state === 'live');
    t.equal(source.health().lastError, '');
  });

  t.test('leaves out lines that are not IRC', async (t) => {
    const { server, sink, source } = await connect(t);
    await until('joined', () => source.health().state === 'live');
    server.say(['@@@@', '@id=x', ':only-a-prefix', say('', 'without an id'), say('m1', ''), say('m9', 'fine')]);
    await until('fine', () => sink.events.length === 1);
    t.ok(source.health().ignored! >= 4, String(source.health().ignored));
  });

  t.test('reads tags, their escapes, prefixes and parameters of a line', async (t) => {
    const line = parseIrc('@a=1\\s\\:\\\\x;b=;c :nick!user@host PRIVMSG #c :hello : world');
    t.same(
      [...line!.tags],
      [
        ['a', '1 ;\\x'],
        ['b', ''],
      ],
    );
    t.match(line, { nick: 'nick', command: 'PRIVMSG', params: ['#c', 'hello : world'] });
    t.match(parseIrc(':srv 366 me #c :End'), { nick: '', command: '366', params: ['me', '#c', 'End'] });
    t.match(parseIrc('PING'), { command: 'PING', params: [] });
    t.equal(parseIrc('@a=1'), undefined);
  });
});
