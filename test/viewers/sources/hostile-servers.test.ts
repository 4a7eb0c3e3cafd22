import { createServer } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import t, { type Test } from 'tap';
import type { WebSocket } from 'ws';
import {
  eventSource,
  type BilibiliSourceConfig,
  type TwitchSourceConfig,
  type YoutubeSourceConfig,
} from '../../../src/config/sections/events.js';
import { type Log, silentLog } from '../../../src/core/log.js';
import { MAX_UNPACKED_BYTES, readPackets, BilibiliSource } from '../../../src/viewers/sources/bilibili-source.js';
import { MAX_MESSAGES_A_SECOND, SourceFeed } from '../../../src/viewers/sources/event-source.js';
import { ReconnectingSocket, type SocketHandle } from '../../../src/viewers/sources/reconnecting-socket.js';
import { TwitchSource } from '../../../src/viewers/sources/twitch-source.js';
import { YoutubeSource } from '../../../src/viewers/sources/youtube-source.js';
import { brotliPacket, messagePacket, zlibPacket } from '../../kit/bilibili-server.js';
import { EventList } from '../../kit/event-list.js';
import { IrcServer } from '../../kit/irc-server.js';
import { SocketServer } from '../../kit/socket-server.js';
import { until } from '../../kit/until.js';

const waits = { minMs: 20, maxMs: 60 };

/** Lines of a log. */
function logList(): { log: Log; lines: string[] } {
  const lines: string[] = [];
  const add = (fields: object, message: string): void => void lines.push(`${message} ${JSON.stringify(fields)}`);
  const log: Log = { debug: add, info: add, warn: add, error: add, child: () => log };
  return { log, lines };
}

/** The longest time for which this thread did nothing else; call the result to know it. */
function watchLoop(): () => number {
  let last = performance.now();
  let longest = 0;
  const look = (): void => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  };
  const timer = setInterval(look, 5);
  return () => {
    look();
    clearInterval(timer);
    return longest;
  };
}

t.test('Bilibili: one budget for all packets of a message', async (t) => {
  const packed = (bytes: number): Buffer => brotliPacket(messagePacket({ cmd: 'x', text: 'a'.repeat(bytes) }));
  t.equal((await readPackets(Buffer.concat(Array.from({ length: 8 }, () => packed(100))))).length, 8);
  await t.rejects(readPackets(Buffer.concat(Array.from({ length: 9 }, () => packed(100)))), RangeError);
  const half = packed(MAX_UNPACKED_BYTES / 2);
  const whole = packed(2_000_000);
  await t.rejects(readPackets(Buffer.concat([half, half, half])));
  await t.rejects(readPackets(Buffer.concat(Array.from({ length: 600 }, () => whole))), RangeError);
  // Packed packets that hold nothing.
  await t.rejects(readPackets(Buffer.concat(Array.from({ length: 1000 }, () => zlibPacket()))), RangeError);
});

t.test('Bilibili: packets keep their order around packed ones', async (t) => {
  const one = (n: number): Buffer => messagePacket({ n });
  const message = Buffer.concat([one(1), zlibPacket(one(2), one(3)), one(4), brotliPacket(one(5)), one(6)]);
  t.strictSame(
    (await readPackets(message)).map(({ body }) => (JSON.parse(String(body)) as { n: number }).n),
    [1, 2, 3, 4, 5, 6],
  );
});

async function connect(
  t: Test,
  onConnect: (socket: WebSocket) => void,
  more: Partial<ConstructorParameters<typeof ReconnectingSocket>[0]> = {},
) {
  const server = await SocketServer.start(t, onConnect);
  const { log, lines } = logList();
  const feed = new SourceFeed({ id: 'x', kind: 'x', sink: new EventList(), log });
  const messages: Buffer[] = [];
  const socket = new ReconnectingSocket({
    url: () => server.url,
    feed,
    waits: { minMs: 60_000, maxMs: 60_000 },
    onMessage: (data) => void messages.push(data),
    ...more,
  });
  t.teardown(() => socket.close());
  return { server, feed, messages, lines };
}

const rawOf = (socket: WebSocket): Socket => (socket as unknown as { _socket: Socket })._socket;

t.test('keeps messages in their order while one is unpacked', async (t) => {
  const seen: number[] = [];
  const { feed } = await connect(
    t,
    (socket) => {
      for (let i = 0; i < 10; i += 1) socket.send(String(i));
    },
    {
      onMessage: async (data) => {
        await new Promise((done) => setTimeout(done, 10 - Number(String(data))));
        seen.push(Number(String(data)));
      },
    },
  );
  await until('ten messages', () => seen.length === 10);
  t.strictSame(seen, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  t.equal(feed.health().ignored, 0);
});

t.test('ends a connection whose other side asks and does not read', async (t) => {
  const answer = 'x'.repeat(64 * 1024);
  const { feed } = await connect(
    t,
    (socket) => {
      rawOf(socket).pause();
      for (let i = 0; i < 900; i += 1) socket.send('ask');
    },
    { onMessage: (_data, _binary, socket: SocketHandle) => socket.send(answer) },
  );
  await until('ended', () => feed.health().state === 'backoff', 15_000);
  t.match(feed.health().lastError, /answers were not read/);
});

t.test('paces a flood of empty messages, and ends one that goes on', async (t) => {
  const frames = Buffer.alloc(400_000);
  for (let i = 0; i < frames.length; i += 2) frames[i] = 0x82;
  const longest = watchLoop();
  const { feed, messages } = await connect(t, (socket) => void rawOf(socket).write(frames));
  await until('ended', () => feed.health().state === 'backoff', 20_000);
  const blockedMs = longest();
  t.match(feed.health().lastError, /messages a second/);
  t.ok(messages.length <= 3 * MAX_MESSAGES_A_SECOND, `${messages.length} were taken`);
  t.ok(blockedMs < 250, `blocked ${Math.round(blockedMs)} ms`);
});

t.test('answers few pings of a flood', async (t) => {
  let pongs = 0;
  const { feed } = await connect(t, (socket) => {
    socket.on('pong', () => (pongs += 1));
    for (let i = 0; i < 500; i += 1) socket.ping('x');
    setTimeout(() => socket.send('done'), 300);
  });
  await until('answered', () => pongs > 0);
  await new Promise((done) => setTimeout(done, 500));
  t.ok(pongs <= 20, `${pongs} answers`);
  t.equal(feed.health().state, 'live');
});

t.test('Twitch: one short answer a second to its pings', async (t) => {
  const server = await IrcServer.start(t);
  const config = eventSource.parse({
    id: 'tw',
    kind: 'twitch',
    channel: 'shop',
    url: server.url,
  }) as TwitchSourceConfig;
  const source = new TwitchSource(config, {
    sink: new EventList(),
    log: silentLog,
    env: {},
    waits: { minMs: 60_000, maxMs: 60_000 },
  });
  t.teardown(() => source.close());
  await until('joined', () => source.health().state === 'live');
  server.heard.length = 0;
  server.say(Array.from({ length: 50 }, () => `PING :${'p'.repeat(1000)}`));
  await until('answered', () => server.heard.length > 0);
  await new Promise((done) => setTimeout(done, 300));
  const pongs = server.heard.filter((line) => line.startsWith('PONG'));
  t.ok(pongs.length <= 2, `${pongs.length} answers`);
  t.ok(pongs.every((line) => line.length < 512));
  server.say([`:tmi.twitch.tv NOTICE * :Login authentication failed \u001b[2J\u202e${'x'.repeat(400)}`]);
  await until('refused', () => source.health().state === 'backoff');
  const { lastError } = source.health();
  t.notMatch(lastError, /[\p{Cc}\u202e]/u);
  t.ok(lastError.length < 120, lastError);
});

t.test('cuts the words of a close frame to one line', async (t) => {
  const { feed } = await connect(t, (socket) => socket.close(1008, '\u001b[2Jbye\u202e\r\nnext line '.repeat(4)));
  await until('closed', () => feed.health().state === 'backoff');
  t.notMatch(feed.health().lastError, /[\p{Cc}\u202e]/u);
  t.ok(feed.health().lastError.length < 100);
});

t.test('Bilibili: a code of megabytes, worded differently each time, stays out of log and API', async (t) => {
  let asked = 0;
  const info = createServer((_request, response) => {
    asked += 1;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ code: `${asked}\u001b[2J${'A'.repeat(1_000_000)}` }));
  });
  await new Promise<void>((resolve) => info.listen(0, '127.0.0.1', resolve));
  t.teardown(() => void info.close());
  const infoUrl = `http://127.0.0.1:${(info.address() as AddressInfo).port}/`;
  const config = eventSource.parse({ id: 'b', kind: 'bilibili', roomId: 5, infoUrl }) as BilibiliSourceConfig;
  const { log, lines } = logList();
  const source = new BilibiliSource(config, { sink: new EventList(), log, env: {}, waits });
  t.teardown(() => source.close());
  await until('several tries', () => asked >= 6, 20_000);
  t.ok(source.health().lastError.length < 200, `${source.health().lastError.length} characters`);
  t.ok(lines.length <= 2, `${lines.length} log lines`);
  t.ok(lines.every((line) => line.length < 400));
});

t.test('Bilibili: asks no server but its own, on public addresses', async (t) => {
  let hosts: object[] = [];
  const info = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ code: 0, data: { token: 'k', host_list: hosts } }));
  });
  await new Promise<void>((resolve) => info.listen(0, '127.0.0.1', resolve));
  t.teardown(() => void info.close());
  const infoUrl = `http://127.0.0.1:${(info.address() as AddressInfo).port}/`;
  let connections = 0;
  const inside = createTcpServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => inside.listen(0, '127.0.0.2', resolve));
  t.teardown(() => void inside.close());
  const { port } = inside.address() as AddressInfo;
  for (const [host, found] of [
    ['127.0.0.2', /not its own/],
    ['bilibili.com.evil.example', /not its own/],
    ['xbilibili.com', /not its own/],
    ['tx-1.chat.bilibili.com', /private network/],
  ] as const) {
    hosts = [{ host, wss_port: port, ws_port: port }];
    const config = eventSource.parse({ id: 'b', kind: 'bilibili', roomId: 5, infoUrl }) as BilibiliSourceConfig;
    const source = new BilibiliSource(config, {
      sink: new EventList(),
      log: silentLog,
      env: {},
      waits: { minMs: 60_000, maxMs: 60_000 },
      resolve: (_host, _options, done) => done(null, [{ address: '127.0.0.2', family: 4 }]),
    });
    await until(host, () => source.health().state === 'backoff');
    t.match(source.health().lastError, found);
    await source.close();
  }
  t.equal(connections, 0);
});

t.test('YouTube: survives whatever the server answers', async (t) => {
  const answers: (string | Buffer)[] = [
    'null',
    '[]',
    '{"items":7}',
    `{"items":${'['.repeat(5000)}${']'.repeat(5000)}}`,
    JSON.stringify({ items: [null, 7, 'x', { id: {}, snippet: { type: 'textMessageEvent' } }] }),
    JSON.stringify({ items: [{ id: 'a', snippet: { type: '__proto__', publishedAt: 'never' } }] }),
    JSON.stringify({ items: [], nextPageToken: { a: 1 }, pollingIntervalMillis: -1e308 }),
    JSON.stringify({ items: [], pollingIntervalMillis: 'NaN', nextPageToken: 'p'.repeat(100_000) }),
    JSON.stringify({
      error: { message: `\u001b[2J\u202e${'A'.repeat(1_000_000)}`, errors: [{ reason: 'x'.repeat(9999) }] },
    }),
    Buffer.alloc(6 * 1024 * 1024, 0x20),
    Buffer.from([0xff, 0xfe, 0x00, 0x80]),
  ];
  let asked = 0;
  const longestAddress = { value: 0 };
  const server = createServer((request, response) => {
    longestAddress.value = Math.max(longestAddress.value, request.url!.length);
    const answer = answers[asked % answers.length]!;
    asked += 1;
    response.writeHead(String(answer).startsWith('{"error"') ? 400 : 200, { 'content-type': 'application/json' });
    response.end(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const config = eventSource.parse({
    id: 'y',
    kind: 'youtube',
    liveChatId: 'chat',
    apiKey: '${KEY}',
    baseUrl,
    minPollMs: 1000,
  }) as YoutubeSourceConfig;
  const { log, lines } = logList();
  const sink = new EventList();
  const source = new YoutubeSource({ ...config, minPollMs: 20 }, { sink, log, env: { KEY: 'secret-key-1' }, waits });
  t.teardown(() => source.close());
  const faults = new Set<string>();
  await until(
    'every answer twice',
    () => {
      faults.add(source.health().lastError);
      return asked >= 2 * answers.length;
    },
    30_000,
  );
  t.equal(sink.events.length, 0);
  for (const fault of faults) {
    t.ok(fault.length < 200, `${fault.length} characters`);
    t.notMatch(fault, /[\p{Cc}\u202e]/u);
  }
  t.ok(lines.every((line) => line.length < 500));
  t.ok(longestAddress.value < 8000, `an address of ${longestAddress.value} characters`);
});
