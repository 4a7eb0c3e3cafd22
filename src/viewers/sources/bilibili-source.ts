/**
 * Bilibili live comments. The room's servers and key come from the web page's own address (getDanmuInfo); then a
 * WebSocket with packets of its own format. The packages for it unpack without a limit and choose the server
 * themselves, so the format is read here.
 */
import { lookup } from 'node:dns';
import type { BilibiliSourceConfig } from '../../config/sections/events.js';
import { publicLookup } from '../../core/net/public-address.js';
import { OPERATIONS, readPackets, writePacket } from './bilibili-packet.js';
import type { EventSource, SourceOptions } from './event-source.js';
import { getJson } from './get-json.js';
import { LastingRefusal, ReconnectingSocket, type SocketHandle } from './reconnecting-socket.js';
import { secretOf } from './secret-of.js';
import { membersOf, oneLine, parseJson, shapeEvent, shortHash } from './shape-event.js';
import { MAX_SERVER_WORDS, SourceFeed } from './source-feed.js';

const HEARTBEAT_MS = 30_000;
const IDLE_MS = 90_000;
/** Protocol version: packed with Brotli. */
const PROTOCOL = 3;

/** The room's servers are of Bilibili, on public addresses and by TLS, or on the host of `infoUrl`. */
const ITS_SERVERS = /^(?:[\w-]+\.)*bilibili\.com$/i;

/** A server's code, which may be anything. */
const codeOf = (code: unknown): string => oneLine(code, MAX_SERVER_WORDS) || 'none';

export class BilibiliSource implements EventSource {
  readonly kind = 'bilibili';
  readonly id: string;
  private readonly feed: SourceFeed;
  private readonly socket: ReconnectingSocket;
  private readonly cookie: string | undefined;
  private key = '';
  private tries = 0;

  constructor(
    private readonly config: BilibiliSourceConfig,
    { sink, log, env, waits, idleMs, resolve }: SourceOptions,
  ) {
    this.id = config.id;
    this.cookie = secretOf(config.cookie, env, `events.sources "${config.id}".cookie`);
    this.feed = new SourceFeed({ id: this.id, kind: this.kind, sink, log });
    const ownHost = new URL(config.infoUrl).hostname;
    const itsServers = publicLookup(resolve === undefined ? {} : { resolve });
    this.socket = new ReconnectingSocket({
      url: (signal) => this.findServer(signal),
      feed: this.feed,
      lookup: (host, wanted, done) => (host === ownHost ? lookup : itsServers)(host, wanted, done),
      waits,
      idleMs: idleMs ?? IDLE_MS,
      liveOnOpen: false,
      maxMessageBytes: 1024 * 1024,
      keepAlive: { everyMs: HEARTBEAT_MS, send: (socket) => socket.send(writePacket(OPERATIONS.heartbeat, undefined)) },
      onOpen: (socket) => socket.send(writePacket(OPERATIONS.join, this.joinBody())),
      onMessage: (data, _binary, socket) => this.read(data, socket),
    });
  }

  health() {
    return this.feed.health();
  }

  close(): Promise<void> {
    return this.socket.close();
  }

  private async findServer(signal: AbortSignal): Promise<string> {
    const url = new URL(this.config.infoUrl);
    url.searchParams.set('id', String(this.config.roomId));
    url.searchParams.set('type', '0');
    const { status, body } = await getJson(url, { signal, headers: this.headers() });
    const code = body['code'];
    if (status !== 200 || code !== 0) {
      const refused = code === -352 || code === -412 || code === -101 || status === 412;
      if (refused)
        throw new LastingRefusal(
          `Bilibili refused to name the room's servers (code ${codeOf(code ?? status)}); set cookie to that of a signed-in browser`,
        );
      throw new Error(`Bilibili named no server for room ${this.config.roomId} (code ${codeOf(code ?? status)})`);
    }
    const data = membersOf(body['data']);
    let refusedHost: string | undefined;
    const hosts = (Array.isArray(data['host_list']) ? data['host_list'] : []).map(membersOf).flatMap((one) => {
      const { host, wss_port: secure, ws_port: plain } = one;
      if (typeof host !== 'string' || !/^[\w.-]+$/.test(host)) return [];
      const isOwn = host.toLowerCase() === url.hostname;
      if (!isOwn && !ITS_SERVERS.test(host)) {
        refusedHost = host;
        return [];
      }
      if (typeof secure === 'number' && secure > 0) return [`wss://${host}:${secure}/sub`];
      return isOwn && typeof plain === 'number' && plain > 0 ? [`ws://${host}:${plain}/sub`] : [];
    });
    if (hosts.length === 0)
      throw new Error(
        refusedHost === undefined
          ? 'Bilibili named no server'
          : `Bilibili named a server that is not its own (${oneLine(refusedHost, MAX_SERVER_WORDS)})`,
      );
    this.key = typeof data['token'] === 'string' ? data['token'] : '';
    this.tries += 1;
    return hosts[(this.tries - 1) % hosts.length]!;
  }

  private headers(): Record<string, string> {
    const { roomId } = this.config;
    return {
      referer: `https://live.bilibili.com/${roomId}`,
      ...(this.cookie === undefined ? {} : { cookie: this.cookie }),
    };
  }

  private joinBody(): object {
    const { uid, roomId } = this.config;
    const buvid = /(?:^|;\s*)buvid3=([^;]+)/.exec(this.cookie ?? '')?.[1];
    const common = { uid, roomid: roomId, protover: PROTOCOL, platform: 'web', type: 2, key: this.key };
    return buvid === undefined ? common : { ...common, buvid };
  }

  private async read(data: Buffer, socket: SocketHandle): Promise<void> {
    for (const { operation, body } of await readPackets(data)) {
      if (operation === OPERATIONS.joined) {
        const code = membersOf(parseJson(body.toString('utf8')))['code'];
        if (code !== 0 && code !== undefined)
          return socket.refuse(`Bilibili refused room ${this.config.roomId} (code ${codeOf(code)})`, true);
        socket.live();
        socket.send(writePacket(OPERATIONS.heartbeat, undefined));
      } else if (operation === OPERATIONS.message) this.take(body.toString('utf8'));
    }
  }

  private take(text: string): void {
    const message = membersOf(parseJson(text));
    const command = typeof message['cmd'] === 'string' ? message['cmd'].split(':')[0] : undefined;
    const data = membersOf(message['data']);
    const common = { platform: 'bilibili' } as const;
    switch (command) {
      case undefined:
        return this.feed.ignore('a message without cmd');
      case 'DANMU_MSG':
        return this.comment(message['info'], text);
      case 'SUPER_CHAT_MESSAGE':
        return this.hand({
          ...common,
          id: data['id'] === undefined ? undefined : `sc-${String(data['id'])}`,
          kind: 'comment',
          user: membersOf(data['user_info'])['uname'],
          text: data['message'],
          atMs: Number(data['start_time']) * 1000,
        });
      case 'SEND_GIFT':
        return this.hand({
          ...common,
          id: data['tid'] ?? data['rnd'],
          kind: 'gift',
          user: data['uname'],
          text: data['giftName'],
          count: data['num'],
          atMs: Number(data['timestamp']) * 1000,
        });
      case 'INTERACT_WORD':
        return this.interaction(data);
      case 'LIKE_INFO_V3_CLICK':
        return this.hand({
          ...common,
          id: shortHash(text + performance.now()),
          kind: 'like',
          user: data['uname'],
          count: 1,
        });
      default:
    }
  }

  /** `info`: [[…, time, random, …], text, [uid, name, …], …] */
  private comment(info: unknown, text: string): void {
    const parts: readonly unknown[] = Array.isArray(info) ? info : [];
    const [mode, words, who] = parts;
    const [time, random] = Array.isArray(mode) ? [mode[4] as unknown, mode[5] as unknown] : [];
    const [uid, name] = Array.isArray(who) ? (who as unknown[]) : [];
    // Comments have no id of their own: sender, time and the client's random number name one.
    const id = time === undefined ? shortHash(text) : `${String(uid)}-${String(time)}-${String(random)}`;
    this.hand({ platform: 'bilibili', id, kind: 'comment', user: name, text: words, atMs: time });
  }

  private interaction(data: Readonly<Record<string, unknown>>): void {
    const kind = data['msg_type'] === 1 ? 'enter' : data['msg_type'] === 2 ? 'follow' : undefined;
    if (kind === undefined) return;
    const id = `${String(data['uid'])}-${kind}-${String(data['timestamp'])}`;
    this.hand({ platform: 'bilibili', id, kind, user: data['uname'], atMs: Number(data['timestamp']) * 1000 });
  }

  private hand(raw: Parameters<typeof shapeEvent>[1]): void {
    const event = shapeEvent(this.id, raw);
    if (event === undefined) return this.feed.ignore('an event without an id, or a comment without words');
    this.feed.take([event]);
  }
}
