/**
 * The WebSocket server that comment tools of Luna (AI-Vtuber) connect to. Its clients are programs, and userscripts in
 * live pages, whose browser names the page's origin: pages other than the listed ones are refused, and an address
 * beyond this machine needs a token (the room file demands it).
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { WebSocketServer, type WebSocket } from 'ws';
import type { LunaSourceConfig } from '../../config/sections/events.js';
import type { ViewerEvent } from '../../config/api/events-handle.js';
import {
  Backoff,
  type EventSource,
  membersOf,
  MessagePace,
  oneLine,
  PACED,
  parseJson,
  secretOf,
  shapeEvent,
  SourceFeed,
  type SourceOptions,
  USUAL_WAITS,
} from './event-source.js';
import { isLoopbackHost } from '../../core/net/public-address.js';

const MAX_CLIENTS = 16;
const MAX_MESSAGE_BYTES = 64 * 1024;
const PING_MS = 30_000;

const KINDS: Readonly<Record<string, ViewerEvent['kind']>> = {
  comment: 'comment',
  danmaku: 'comment',
  entrance: 'enter',
  enter: 'enter',
  follow: 'follow',
  like: 'like',
  gift: 'gift',
  order: 'order',
};

export class LunaSource implements EventSource {
  readonly kind = 'luna';
  readonly id: string;
  private readonly feed: SourceFeed;
  private readonly backoff: Backoff;
  private readonly token: string | undefined;
  private readonly alive = new WeakSet<WebSocket>();
  private readonly pings: NodeJS.Timeout;
  private server: WebSocketServer | undefined;
  private retry: NodeJS.Timeout | undefined;
  private closed = false;
  private arrived = 0;
  private readonly run = Date.now().toString(36);
  /** The port it listens on; 0 while it does not. */
  port = 0;

  constructor(
    private readonly config: LunaSourceConfig,
    { sink, log, env, waits }: SourceOptions,
  ) {
    this.id = config.id;
    this.token = secretOf(config.token, env, `events.sources "${config.id}".token`);
    this.feed = new SourceFeed({ id: this.id, kind: this.kind, sink, log });
    this.backoff = new Backoff({ ...USUAL_WAITS, ...waits });
    this.pings = setInterval(() => this.ping(), PING_MS).unref();
    this.listen();
  }

  health() {
    return this.feed.health();
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    clearTimeout(this.retry);
    clearInterval(this.pings);
    this.feed.stopped();
    const { server } = this;
    if (server === undefined) return;
    for (const client of server.clients) client.terminate();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  private listen(): void {
    const { host, port } = this.config;
    this.feed.connecting();
    const server = new WebSocketServer({
      host,
      port,
      maxPayload: MAX_MESSAGE_BYTES,
      perMessageDeflate: false,
      ...PACED,
      verifyClient: ({ req }, done) => {
        const refusal = this.refusal(req);
        if (refusal === undefined) return done(true);
        this.feed.ignore(refusal.reason);
        done(false, refusal.status, refusal.reason);
      },
    });
    this.server = server;
    server.on('listening', () => {
      const address = server.address();
      this.port = typeof address === 'object' && address !== null ? address.port : port;
      this.backoff.reset();
      this.feed.live();
    });
    server.on('error', (error: NodeJS.ErrnoException) => {
      server.close();
      if (this.closed) return;
      const waitMs = this.backoff.nextMs();
      const reason = error.code === 'EADDRINUSE' ? `port ${port} is taken by another program` : error.message;
      this.feed.failed(reason, waitMs);
      this.retry = setTimeout(() => this.listen(), waitMs);
      this.retry.unref();
    });
    server.on('connection', (client) => {
      this.alive.add(client);
      client.on('pong', () => this.alive.add(client));
      client.on('error', (error: Error & { code?: string }) => {
        const large = error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH';
        this.feed.ignore(large ? 'a message above the size limit' : error.message);
      });
      const pace = new MessagePace(client, (reason) => {
        this.feed.ignore(reason);
        client.terminate();
      });
      client.on('message', (data) => {
        if (pace.take()) this.read(String(data as Buffer));
        else this.feed.ignore('more messages a second than anybody writes');
      });
    });
  }

  private refusal({ headers, url = '/' }: IncomingMessage): { status: number; reason: string } | undefined {
    if ((this.server?.clients.size ?? 0) >= MAX_CLIENTS) return { status: 503, reason: 'too many clients' };
    // A page may have bound its own name to this address.
    if (isLoopbackHost(this.config.host) && !isLoopbackHost(headers.host ?? ''))
      return { status: 400, reason: `another host name than this machine's (${oneLine(headers.host, 60)})` };
    const { origin } = headers;
    if (origin !== undefined && !this.ownPage(origin))
      return {
        status: 403,
        reason: `a page of another site (${oneLine(origin, 80)}); events.sources[].sites lists the sites`,
      };
    if (this.token === undefined) return undefined;
    const bearer = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
    const given = bearer ?? new URL(url, 'ws://luna').searchParams.get('token') ?? '';
    const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
    if (timingSafeEqual(digest(given), digest(this.token))) return undefined;
    return { status: 401, reason: 'a client with a wrong token, or without one' };
  }

  private ownPage(origin: string): boolean {
    if (/^(?:chrome|moz|safari-web)-extension:\/\//i.test(origin)) return true;
    if (!URL.canParse(origin)) return false;
    const { protocol, hostname } = new URL(origin);
    // Plain HTTP can be forged on the way, so such a page counts only where it is listed with its scheme.
    const isSecure = protocol === 'https:';
    return this.config.sites.some((site) =>
      site.includes('://') ? site === origin : isSecure && (hostname === site || hostname.endsWith(`.${site}`)),
    );
  }

  private ping(): void {
    for (const client of this.server?.clients ?? []) {
      if (!this.alive.delete(client)) client.terminate();
      else client.ping();
    }
  }

  /** Flat `{type, username, content}`, or `{type, data: {…}}` as Luna's HTTP interface has it. */
  private read(text: string): void {
    const outer = membersOf(parseJson(text));
    const message = { ...outer, ...membersOf(outer['data']) };
    const type = typeof message['type'] === 'string' ? message['type'] : outer['type'];
    const kind = typeof type === 'string' && Object.hasOwn(KINDS, type) ? KINDS[type] : undefined;
    if (kind === undefined) return this.feed.ignore('a message without a known type');
    this.arrived += 1;
    const event = shapeEvent(this.id, {
      // These tools send no id: each arrival is an event of its own.
      id: message['msg_id'] ?? message['id'] ?? `${this.run}-${this.arrived}`,
      platform:
        typeof message['platform'] === 'string' ? message['platform'].slice(0, 40) || 'luna' : this.config.platform,
      kind,
      user: message['username'] ?? message['user_name'],
      text: kind === 'gift' ? (message['gift_name'] ?? message['content']) : message['content'],
      count: message['num'] ?? message['count'],
    });
    if (event === undefined) return this.feed.ignore('a comment without words');
    this.feed.take([event]);
  }
}
