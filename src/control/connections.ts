/**
 * Limits the HTTP server's connections, and the time of slow ones.
 *
 * Problem: every connection takes a file handle. Strangers who open thousands, or send a body a byte at a time, would
 * leave none for the ledger, the encoders and the operator.
 * Rule: connections get at most half of the handles that remain after RESERVED_HANDLES for the engine. At the limit, a
 * new connection replaces a stranger's: first the oldest without an answer yet, then the one idle longest. A
 * connection that sent the token is never replaced. Headers, bodies and pauses between requests have time limits; a
 * stranger's body has a short one.
 */
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { Socket } from 'node:net';
import websocket from '@fastify/websocket';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { EngineError } from '../core/errors.js';
import type { Log } from '../core/log.js';
import { RateLimited } from '../core/sleep.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Accepts WebSockets. */
    socket?: boolean;
  }
}

/** The subprotocol that the engine answers with; a browser must offer it beside the token. */
const SOCKET_PROTOCOL = 'showroom';
/** Subprotocol that carries the token, since a page cannot set headers of a WebSocket. */
const TOKEN_PROTOCOL = 'showroom.token.';
const MAX_MESSAGE_BYTES = 512 * 1024;

/** Serves WebSockets. Call it before the routes, after the access guard. */
export async function acceptSockets(app: FastifyInstance): Promise<void> {
  await app.register(websocket, {
    // A client that does not answer a close must not hold up the end.
    preClose(done) {
      for (const client of app.websocketServer.clients) client.terminate();
      app.websocketServer.close();
      done();
    },
    options: {
      maxPayload: MAX_MESSAGE_BYTES,
      // The token is never sent back.
      handleProtocols: (offered: Set<string>) => (offered.has(SOCKET_PROTOCOL) ? SOCKET_PROTOCOL : false),
    },
  });
  // A refused upgrade is no longer in the hands of the HTTP server: its connection would stay open.
  app.addHook('onResponse', async ({ headers, raw }) => {
    if (headers.upgrade !== undefined) raw.socket.destroySoon();
  });
  // Otherwise every route would open a WebSocket, to close it again.
  app.addHook('onRequest', async (request) => {
    if (!isSocket(request) || request.routeOptions.config?.socket === true) return;
    throw new EngineError('E_NOT_FOUND', {
      where: `WebSocket ${request.url.split('?')[0]}`,
      found: 'no WebSocket at this address',
      todo: 'docs/api.md lists all addresses',
    });
  });
}

export const isSocket = ({ headers }: Pick<FastifyRequest, 'headers'>): boolean =>
  headers.upgrade?.toLowerCase() === 'websocket';

/** The token among the offered subprotocols; percent-encoded, since a token may hold signs that a subprotocol cannot. */
export function tokenOffered({ headers }: Pick<FastifyRequest, 'headers'>): string | undefined {
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((one) => one.trim());
  const plain = offered.find((one) => one.startsWith(TOKEN_PROTOCOL));
  if (plain === undefined) return undefined;
  try {
    return decodeURIComponent(plain.slice(TOKEN_PROTOCOL.length));
  } catch {
    return plain.slice(TOKEN_PROTOCOL.length);
  }
}

/** An engine with six outputs has about 100 open; a new encoder generation briefly doubles part of them. */
const RESERVED_HANDLES = 256;
const MAX_CONNECTIONS = 1024;
/** An operator's page, a camera and a metrics scraper. */
const MIN_CONNECTIONS = 16;
/** Default when the system does not report a limit. */
const USUAL_HANDLES = 1024;

const LOG_MS = 30_000;

export interface ConnectionLimits {
  readonly max: number;
  /** From the connection, or the previous answer, to the last header. */
  readonly headersMs: number;
  /** Maximum time of a request with the token: a picture of 20 MB over 2 Mbit/s. */
  readonly requestMs: number;
  /** Maximum time of a stranger's body. */
  readonly strangersBodyMs: number;
  /** Time an unread body may continue after the answer, so that the sender can read the answer. */
  readonly unreadBodyMs: number;
  /** Between two requests. */
  readonly keepAliveMs: number;
  /** Interval at which the server checks the time limits of headers and requests. */
  readonly checkMs: number;
}

export const usualLimits = (): ConnectionLimits => ({
  max: maxConnections(),
  headersMs: 10_000,
  requestMs: 120_000,
  strangersBodyMs: 10_000,
  unreadBodyMs: 2000,
  keepAliveMs: 20_000,
  checkMs: 2000,
});

/** @param limits the text of /proc/self/limits */
export function maxConnections(limits: string = readLimits()): number {
  const open = /^Max open files +(\d+|unlimited)/m.exec(limits)?.[1];
  const handles = open === undefined ? USUAL_HANDLES : open === 'unlimited' ? Infinity : Number(open);
  return Math.max(MIN_CONNECTIONS, Math.min(MAX_CONNECTIONS, Math.floor((handles - RESERVED_HANDLES) / 2)));
}

function readLimits(): string {
  try {
    return readFileSync('/proc/self/limits', 'latin1');
  } catch {
    return '';
  }
}

/** The connections of one HTTP server; chooses which to close at the limit. */
export class Connections {
  /** Without an answered request yet, in order of arrival. */
  private readonly unanswered = new Set<Socket>();
  /** In order of the last answer. */
  private readonly answered = new Set<Socket>();
  private readonly trusted = new Set<Socket>();
  private readonly sayNow: RateLimited;
  private closed = 0;

  constructor(
    private readonly limits: ConnectionLimits,
    private readonly log: Log,
  ) {
    this.sayNow = new RateLimited(LOG_MS);
  }

  get size(): number {
    return this.unanswered.size + this.answered.size + this.trusted.size;
  }

  /** Fastify's `serverFactory`; fastify makes one server per address of a host name. */
  server(listener: RequestListener): Server {
    const { headersMs, requestMs, keepAliveMs, checkMs } = this.limits;
    const server = createServer(
      {
        headersTimeout: headersMs,
        requestTimeout: requestMs,
        keepAliveTimeout: keepAliveMs,
        connectionsCheckingInterval: checkMs,
      },
      listener,
    );
    return server.on('connection', (socket: Socket) => this.add(socket));
  }

  /** Limits the bodies of strangers, and learns which connections hold the token. Call it after the access guard. */
  follow(app: FastifyInstance): void {
    app.addHook('onRequest', async (request) => {
      if (request.holdsToken) this.move(request, this.trusted);
      else endUnlessComplete(request, this.limits.strangersBodyMs);
    });
    app.addHook('onResponse', async (request) => {
      if (!request.holdsToken) this.move(request, this.answered);
      endUnlessComplete(request, this.limits.unreadBodyMs);
    });
  }

  private add(socket: Socket): void {
    if (this.size >= this.limits.max) {
      const leaving = first(this.unanswered) ?? first(this.answered);
      this.say();
      if (leaving === undefined) return void socket.destroy();
      this.remove(leaving);
      leaving.destroy();
    }
    this.unanswered.add(socket);
    socket.once('close', () => this.remove(socket));
  }

  private remove(socket: Socket): void {
    for (const kind of [this.unanswered, this.answered, this.trusted]) kind.delete(socket);
  }

  private move(request: FastifyRequest, to: Set<Socket>): void {
    const { socket } = request.raw;
    if (socket.destroyed) return;
    if (this.trusted.has(socket) && to !== this.trusted) return;
    this.remove(socket);
    to.add(socket);
  }

  private say(): void {
    this.closed += 1;
    if (!this.sayNow.due) return;
    this.log.warn(
      { open: this.size, max: this.limits.max, closed: this.closed },
      'too many HTTP connections: each new one closes the stranger’s that was idle longest; the show goes on',
    );
    this.closed = 0;
  }
}

const first = (sockets: ReadonlySet<Socket>): Socket | undefined => sockets.values().next().value;

/** Closes the connection when the request's body is incomplete after the time limit. */
function endUnlessComplete({ raw }: FastifyRequest, withinMs: number): void {
  const { headers } = raw;
  if (raw.complete || (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined)) return;
  const timer = setTimeout(() => {
    if (!raw.complete) raw.socket.destroy();
  }, withinMs);
  timer.unref();
  raw.once('close', () => clearTimeout(timer));
}
