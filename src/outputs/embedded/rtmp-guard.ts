/**
 * Restricts RTMP connections to node-media-server.
 *
 * Problem: the library broadcasts media from any connection, with or without a publish command, and answers a wrong
 * signature only by closing its own half of the connection. A stranger's pictures would reach players without passing
 * the gate, and its sequence headers would replace the engine's.
 * Rule: only the connection that holds the stream's publishing place, which needs the engine's signature, may send
 * media, data and large messages. The avatar's place has rules of its own, see `avatar-publisher.ts`. A connection plays once or publishes once. Anything else ends the connection at that
 * message's header, before its content is stored.
 * Numbers: a command is at most 16 kB, on at most 16 chunk streams; a publisher's message is at most 8 MB.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { FLV_AUDIO, FLV_VIDEO, flvTag } from '../../core/media/packets.js';
import { RateLimited } from '../../core/sleep.js';

/**
 * Tracks the embedded server's connections and drops idle or abusive ones.
 *
 * Problem: idle and flooding connections take file handles, memory and CPU, and the engine must always be able to
 * connect, also to publish again.
 * Rule: a connection is waiting until it plays or publishes. Players have a total limit and a limit per address.
 * Waiting connections have limits too: beyond them the oldest one is dropped, so a newcomer always gets in. Players and
 * publishers are counted separately, so a full house never keeps the publisher out.
 * Numbers: 10 s to play or publish; 128 players, 64 per address; 64 waiting, 32 per address; at most 8 MB unread; at
 * most 256 kB/s from anyone but the publisher (a player sends a few hundred bytes a second).
 */

export const MAX_PLAYERS = 128;
export const MAX_PLAYERS_PER_ADDRESS = 64;
export const MAX_WAITING = 64;
export const MAX_WAITING_PER_ADDRESS = 32;
export const MAX_WAITING_MS = 10_000;
/** A player with more unread data than this has stopped reading. */
const MAX_PLAYER_LAG_BYTES = 8 << 20;
const MAX_SENT_BYTES_PER_SWEEP = 256 << 10;
export const SWEEP_MS = 1000;

interface Connection {
  readonly socket: Socket;
  readonly address: string;
  readonly openedMs: number;
  role: 'waiting' | 'player' | 'publisher';
  readBytes: number;
}

export class ConnectionBook {
  private readonly connections = new Map<Socket, Connection>();

  constructor(
    private readonly onDrop: (reason: string) => void,
    private readonly nowMs: () => number = performance.now.bind(performance),
  ) {}

  /** Adds a connection; drops the oldest waiting one when there are too many. */
  open(socket: Socket): void {
    const address = socket.remoteAddress ?? '';
    this.connections.set(socket, { socket, address, openedMs: this.nowMs(), role: 'waiting', readBytes: 0 });
    socket.on('close', () => this.connections.delete(socket));
    socket.on('error', () => socket.destroy());
    const waiting = this.all('waiting');
    const near = waiting.filter((one) => one.address === address);
    const oldest = near.length > MAX_WAITING_PER_ADDRESS ? near[0] : waiting[MAX_WAITING] && waiting[0];
    if (oldest !== undefined) this.drop(oldest, 'too many idle connections: neither playing nor publishing');
  }

  /** False when the player limit is reached. */
  play(socket: Socket): boolean {
    const connection = this.connections.get(socket);
    if (connection === undefined) return false;
    const players = this.all('player');
    const near = players.filter((one) => one.address === connection.address);
    if (players.length >= MAX_PLAYERS || near.length >= MAX_PLAYERS_PER_ADDRESS) return false;
    connection.role = 'player';
    return true;
  }

  publish(socket: Socket): void {
    const connection = this.connections.get(socket);
    if (connection !== undefined) connection.role = 'publisher';
  }

  /** Every SWEEP_MS: drops connections that wait too long, do not read, or flood the server. */
  sweep(): void {
    const nowMs = this.nowMs();
    for (const one of this.connections.values()) {
      const sent = one.socket.bytesRead - one.readBytes;
      one.readBytes = one.socket.bytesRead;
      if (one.role === 'waiting' && nowMs - one.openedMs > MAX_WAITING_MS) {
        this.drop(one, `no play or publish command within ${MAX_WAITING_MS / 1000} s`);
      } else if (one.role !== 'publisher' && sent > MAX_SENT_BYTES_PER_SWEEP) {
        this.drop(one, `a non-publisher sent ${Math.round(sent / 1024)} kB in a second`);
      } else if (one.socket.writableLength > MAX_PLAYER_LAG_BYTES) {
        this.drop(one, 'a player stopped reading');
      }
    }
  }

  closeAll(): void {
    for (const socket of this.connections.keys()) socket.destroy();
  }

  private all(role: Connection['role']): Connection[] {
    return [...this.connections.values()].filter((one) => one.role === role);
  }

  private drop(one: Connection, reason: string): void {
    this.connections.delete(one.socket);
    this.onDrop(reason);
    one.socket.destroy();
  }
}

const EVERY_MS = 5000;
const MAX_REASON_CHARS = 200;
/** Error texts may hold client data, so only this many distinct reasons are kept; the rest are counted together. */
const MAX_REASONS = 16;
const OTHER = 'several reasons';

/**
 * Counts why connections were dropped and reports each reason at most every five seconds, so a flood is one log line.
 */
export class DroppedReasons {
  private readonly counts = new Map<string, number>();
  private readonly due: RateLimited;

  constructor(
    private readonly report: (reason: string, connections: number) => void,
    nowMs?: () => number,
  ) {
    this.due = new RateLimited(EVERY_MS, nowMs);
  }

  add(reason: string): void {
    const text = reason.slice(0, MAX_REASON_CHARS);
    const key = this.counts.size < MAX_REASONS || this.counts.has(text) ? text : OTHER;
    this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
    this.flush();
  }

  flush(): void {
    if (this.counts.size === 0 || !this.due.due) return;
    for (const [reason, connections] of this.counts) this.report(reason, connections);
    this.counts.clear();
  }
}

const FLV_PATH = /^\/[\w-]+\/[\w-]+\.flv(\?|$)/;
const MAX_HEADER_BYTES = 8 << 10;
/** The book drops connections without a stream by then; these timeouts end half-sent requests. */
const REQUEST_MS = 10_000;
const CHECK_MS = 2000;

/**
 * HTTP-FLV for players: GET of a stream without a body, one request per connection, and the browsers' preflight.
 * Publishing over HTTP or WebSocket and the library's own pages are not served.
 */
export function flvListener(app: RequestListener, book: ConnectionBook): Server {
  const server = createServer({
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: REQUEST_MS,
    requestTimeout: REQUEST_MS,
    connectionsCheckingInterval: CHECK_MS,
  });
  // A second request would wait in memory behind an endless stream.
  server.maxRequestsPerSocket = 1;
  server.on('connection', (socket) => book.open(socket));
  server.on('request', (request, response) => {
    const refusal = refusalOf(request);
    if (refusal !== undefined) {
      response.writeHead(refusal, { allow: 'GET', connection: 'close' }).end();
    } else if (request.method === 'GET' && !book.play(request.socket)) {
      response.writeHead(503, { 'retry-after': '10', connection: 'close' }).end();
    } else {
      app(request, response);
    }
  });
  return server;
}

function refusalOf({ method, url = '', headers }: IncomingMessage): number | undefined {
  if (method === 'OPTIONS') return undefined;
  if (method !== 'GET') return 405;
  if (!FLV_PATH.test(url)) return 404;
  const hasBody = (headers['content-length'] ?? '0') !== '0' || headers['transfer-encoding'] !== undefined;
  return hasBody ? 400 : undefined;
}

/**
 * The avatar's place at the embedded server: `rtmp://host/avatar/KEY`.
 *
 * Problem: the video of another engine is unjudged, so no player may ever get it, and only the room's own engine may
 * send it.
 * Rule: a connection to the application `avatar` publishes with the room's key or is dropped; it never plays. Its
 * packets go to the room and not to the library, which broadcasts. A newer publisher takes the place of an older one.
 * Numbers: its messages are at most 8 MB, like the engine's own.
 */

const AVATAR_APP = 'avatar';

/** A packet of the library: its memory is reused after the call. */
interface RtmpPacket {
  readonly codec_type: number;
  readonly dts: number;
  readonly size: number;
  readonly data: Uint8Array;
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

export class AvatarPublisher {
  private holder: Socket | undefined;

  constructor(
    /** Undefined: the room takes no avatar. */
    private readonly key: string | undefined,
    private readonly onChange: (publishing: boolean) => void,
    private readonly onTag: (tag: Uint8Array) => void,
  ) {}

  isKey(name: string): boolean {
    return this.key !== undefined && timingSafeEqual(digest(name), digest(this.key));
  }

  begin(socket: Socket): void {
    const before = this.holder;
    this.holder = socket;
    before?.destroy();
    this.onChange(true);
    socket.once('close', () => {
      if (this.holder !== socket) return;
      this.holder = undefined;
      this.onChange(false);
    });
  }

  holds(socket: Socket): boolean {
    return this.holder === socket;
  }

  take({ codec_type: type, dts, size, data }: RtmpPacket): void {
    if (type === FLV_VIDEO || type === FLV_AUDIO) this.onTag(flvTag(type, dts, data.subarray(0, size)));
  }
}

/** The parts of the library's session used here; `hold` checks that they exist. */
export interface RtmpSession {
  readonly socket: Socket;
  readonly broadcast: { readonly publisher: unknown };
  readonly rtmp: {
    flv: unknown;
    readonly inPackets: ReadonlyMap<number, unknown>;
    readonly parserPacket: { readonly header: { readonly length: number; readonly type: number } };
    onConnectCallback: (request: { readonly app: string; readonly name: string }) => void;
    onPlayCallback: () => void;
    onPushCallback: () => void;
    onPacketCallback: (packet: RtmpPacket) => void;
    packetAlloc: () => void;
  };
}

/** Ends the connection that caused it. */
class Refused extends Error {}

/** Protocol control, user control and commands (AMF 3 and AMF 0): everything a player sends. */
const COMMAND_TYPES: ReadonlySet<number> = new Set([1, 2, 3, 4, 5, 6, 17, 20]);
const MAX_COMMAND_BYTES = 16 << 10;
const MAX_CHUNK_STREAMS = 16;
const MAX_MEDIA_BYTES = 8 << 20;
const HOOKS = ['onConnectCallback', 'onPlayCallback', 'onPushCallback', 'onPacketCallback', 'packetAlloc'] as const;

/** Installs the guard on a session; violations throw Refused from its data listener. */
export function holdToRules(session: RtmpSession, book: ConnectionBook, avatar: AvatarPublisher): void {
  const { rtmp, socket } = session;
  for (const hook of HOOKS) {
    if (typeof rtmp[hook] !== 'function')
      throw new Refused(`node-media-server has no ${hook}; refusing the connection`);
  }
  // 1 MB that an RTMP session never uses.
  rtmp.flv = undefined;
  const { onConnectCallback, onPlayCallback, onPushCallback, onPacketCallback } = rtmp;
  const allocate = rtmp.packetAlloc.bind(rtmp);
  let named = false;
  let publishes = false;
  /** The connection asked for the avatar's place; the library never hears of it. */
  let isAvatar = false;
  const holdsPlace = (): boolean =>
    isAvatar ? avatar.holds(socket) : publishes && session.broadcast.publisher === session;

  rtmp.packetAlloc = () => {
    const { type, length } = rtmp.parserPacket.header;
    if (!holdsPlace()) {
      if (!COMMAND_TYPES.has(type)) throw new Refused('media from a connection other than the engine’s publisher');
      if (length > MAX_COMMAND_BYTES) throw new Refused(`a command of ${length} bytes`);
    }
    if (length > MAX_MEDIA_BYTES) throw new Refused(`a message of ${length} bytes`);
    if (rtmp.inPackets.size > MAX_CHUNK_STREAMS) throw new Refused('too many chunk streams');
    allocate();
  };
  rtmp.onConnectCallback = (request) => {
    if (named) throw new Refused('a second play or publish command on one connection');
    named = true;
    if (request.app === AVATAR_APP) {
      isAvatar = true;
      if (!avatar.isKey(request.name)) throw new Refused('an avatar without the room’s key');
      return;
    }
    onConnectCallback(request);
    if (socket.writableEnded) throw new Refused('an invalid stream name');
  };
  rtmp.onPlayCallback = () => {
    if (isAvatar) throw new Refused('a player of the avatar’s video');
    if (!book.play(socket)) throw new Refused('too many players');
    onPlayCallback();
  };
  rtmp.onPushCallback = () => {
    if (isAvatar) {
      avatar.begin(socket);
      book.publish(socket);
      return;
    }
    onPushCallback();
    publishes = session.broadcast.publisher === session;
    if (!publishes) throw new Refused('a publisher without the engine’s key');
    book.publish(socket);
  };
  // A header inside a message may change its type, so this is checked again before the broadcast.
  rtmp.onPacketCallback = (packet) => {
    if (!holdsPlace()) throw new Refused('media from a connection other than the engine’s publisher');
    if (isAvatar) avatar.take(packet);
    else onPacketCallback(packet);
  };
}
