import { brotliCompressSync } from 'node:zlib';
import t, { type Test } from 'tap';
import { eventSource, type BilibiliSourceConfig } from '../../../src/config/sections/events.js';
import { silentLog } from '../../../src/core/log.js';
import { readPackets, BilibiliSource } from '../../../src/viewers/sources/bilibili-source.js';
import { BilibiliServer, brotliPacket, messagePacket, packet, zlibPacket } from '../../kit/bilibili-server.js';
import { EventList } from '../../kit/event-list.js';
import { until } from '../../kit/until.js';

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
