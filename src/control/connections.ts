/**
 * How many connections the HTTP server holds, and how long a slow one may take.
 *
 * Problem: every connection takes one of the process's file handles. Strangers who open thousands and say nothing, or send
 * a body a byte at a time, would leave none for the ledger, for encoders and for the operator.
 * Rule: connections get at most half of the handles that are left when RESERVED_HANDLES are set aside for the engine.
 * When all are taken, the next one takes the place of a stranger's that has not had an answer yet, the oldest first, then of the
 * stranger's that is quiet longest; a connection that brought the token keeps its place. Headers, bodies and
 * pauses between requests have a time limit, and a stranger's body a short one.
 */
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Log } from '../core/log.js';
import { RateLimited } from '../core/rate-limited.js';

/** An engine with six outputs has about 100 open; a new generation of encoders doubles a part of them for a moment. */
const RESERVED_HANDLES = 256;
const MAX_CONNECTIONS = 1024;
/** An operator's page, a camera and a metrics scraper. */
const MIN_CONNECTIONS = 16;
/** Where the system does not say. */
const USUAL_HANDLES = 1024;

const LOG_MS = 30_000;

export interface ConnectionLimits {
  readonly max: number;
  /** From the connection, or the answer before, to the last header. */
  readonly headersMs: number;
  /** For a whole request of somebody with the token: a picture of 20 MB over 2 Mbit/s. */
  readonly requestMs: number;
  /** For the body of a stranger's request. */
  readonly strangersBodyMs: number;
  /** How long a body that nobody wants may go on after the answer, so that the sender can read it. */
  readonly unreadBodyMs: number;
  /** Between two requests. */
  readonly keepAliveMs: number;
  /** How often the server looks at the time limits of headers and requests. */
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

/** The connections of one HTTP server, and who has to leave when there are too many. */
export class Connections {
  /** In the order of their arrival: no request of theirs was answered yet. */
  private readonly unanswered = new Set<Socket>();
  /** In the order of their last answer. */
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

  /** fastify's `serverFactory`: it makes one for each address that a host name stands for. */
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

  /** Limits the bodies of strangers, and learns who is none. Has to be called after the access guard. */
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
      'too many HTTP connections: for each new one, the stranger’s that has been silent longest is closed; the show goes on',
    );
    this.closed = 0;
  }
}

const first = (sockets: ReadonlySet<Socket>): Socket | undefined => sockets.values().next().value;

/** Ends the connection when the request's body is not there in time. */
function endUnlessComplete({ raw }: FastifyRequest, withinMs: number): void {
  const { headers } = raw;
  if (raw.complete || (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined)) return;
  const timer = setTimeout(() => {
    if (!raw.complete) raw.socket.destroy();
  }, withinMs);
  timer.unref();
  raw.once('close', () => clearTimeout(timer));
}
