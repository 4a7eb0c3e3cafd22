/**
 * Bilibili live comments. The room's servers and key come from the web page's own address (getDanmuInfo); then a
 * WebSocket with packets of its own format. The packages for it unpack without a limit and choose the server
 * themselves, so the format is read here.
 */
import { lookup } from 'node:dns';
import { promisify } from 'node:util';
import { brotliDecompress, inflate } from 'node:zlib';
import type { BilibiliSourceConfig } from '../../config/sections/events.js';
import { publicLookup } from '../../core/net/public-address.js';
import {
  type EventSource,
  getJson,
  MAX_SERVER_WORDS,
  membersOf,
  oneLine,
  parseJson,
  secretOf,
  shapeEvent,
  shortHash,
  SourceFeed,
  type SourceOptions,
} from './event-source.js';
import { LastingRefusal, ReconnectingSocket, type SocketHandle } from './reconnecting-socket.js';

/**
 * Packets of Bilibili's live comments: a header of 16 bytes, big-endian, before each body; one message may hold several
 * packets, and a body may hold packed packets again.
 */
const [unBrotli, unZlib] = [promisify(brotliDecompress), promisify(inflate)];

const OPERATIONS = { heartbeat: 2, heartbeatReply: 3, message: 5, join: 7, joined: 8 } as const;
const HEADER_BYTES = 16;
const VERSIONS = { json: 0, number: 1, zlib: 2, brotli: 3 } as const;
/** Unpacked, of a whole message: a few bytes cannot fill the memory, nor keep the loop busy. */
export const MAX_UNPACKED_BYTES = 2 * 1024 * 1024;
const MAX_PACKED = 8;
const MAX_PACKETS = 2000;

interface Packet {
  readonly operation: number;
  readonly body: Buffer;
}

/** One packet with a JSON body or an empty one. */
function writePacket(operation: number, body: unknown): Buffer {
  const text = body === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(body));
  const packet = Buffer.alloc(HEADER_BYTES + text.length);
  packet.writeUInt32BE(packet.length, 0);
  packet.writeUInt16BE(HEADER_BYTES, 4);
  packet.writeUInt16BE(VERSIONS.number, 6);
  packet.writeUInt32BE(operation, 8);
  packet.writeUInt32BE(1, 12);
  text.copy(packet, HEADER_BYTES);
  return packet;
}

/** All packets of a message, packed ones included. Rejects with a RangeError or a zlib error when it is malformed. */
export async function readPackets(message: Buffer): Promise<Packet[]> {
  const found: Packet[] = [];
  const packed = collect(message, found);
  if (packed.length > MAX_PACKED) throw new RangeError(`more than ${MAX_PACKED} packed packets`);
  // Packed ones take the places they have in the message.
  let left = MAX_UNPACKED_BYTES;
  let moved = 0;
  for (const { at, version, body } of packed) {
    if (left <= 0) throw new RangeError(`more than ${MAX_UNPACKED_BYTES} unpacked bytes`);
    const limit = { maxOutputLength: left };
    const bytes = await (version === VERSIONS.zlib ? unZlib(body, limit) : unBrotli(body, limit));
    left -= bytes.length;
    const inner: Packet[] = [];
    if (collect(bytes, inner).length > 0) throw new RangeError('packed packets within packed packets');
    if (found.length + inner.length > MAX_PACKETS) throw new RangeError(`more than ${MAX_PACKETS} packets`);
    found.splice(at + moved, 0, ...inner);
    moved += inner.length;
  }
  return found;
}

interface Packed {
  /** Packets before it. */
  readonly at: number;
  readonly version: number;
  readonly body: Buffer;
}

function collect(bytes: Buffer, found: Packet[]): Packed[] {
  const packed: Packed[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (bytes.length - at < HEADER_BYTES) throw new RangeError('a packet without a whole header');
    const length = bytes.readUInt32BE(at);
    const header = bytes.readUInt16BE(at + 4);
    const version = bytes.readUInt16BE(at + 6);
    if (header < HEADER_BYTES || length < header || at + length > bytes.length)
      throw new RangeError('a packet with a wrong length');
    if (found.length + packed.length >= MAX_PACKETS) throw new RangeError(`more than ${MAX_PACKETS} packets`);
    const body = bytes.subarray(at + header, at + length);
    if (version === VERSIONS.zlib || version === VERSIONS.brotli) packed.push({ at: found.length, version, body });
    else found.push({ operation: bytes.readUInt32BE(at + 8), body });
    at += length;
  }
  return packed;
}

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
