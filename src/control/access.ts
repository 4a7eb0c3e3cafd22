/**
 * Decides which request may reach the API.
 *
 * Problem: a rule on the URL's text can be bypassed by another spelling of the same address (`/%61pi/room`, an
 * absolute-form target), and a new route is open until somebody remembers to close it.
 * Rule: the matched route decides. It needs the token unless its definition says `config: { public: true }`; an
 * address without a route needs the token too. A request that changes something must come from the engine's own pages,
 * a program or a browser extension, never from another site's page, with or without token; only routes with `config: {
 * anyOrigin: true }` accept other sites' pages. Wrong tokens are limited per address.
 */
import { isIPv6 } from 'node:net';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { EngineError } from '../core/errors.js';
import type { Log } from '../core/log.js';
import { RateLimited } from '../core/sleep.js';
import { bearerOf, requireLoopbackHost } from './auth.js';
import { isSocket } from './connections.js';

const MAX_NAME = 80;

/** Who acts, as a program with the token names the person; empty when it names nobody. */
export function actorOf({ headers }: Pick<FastifyRequest, 'headers'>): string {
  const given = headers['x-showroom-actor'];
  if (typeof given !== 'string') return '';
  try {
    return [...decodeURIComponent(given)].slice(0, MAX_NAME).join('').trim();
  } catch {
    return '';
  }
}

/** Wrong tokens an address may send at once: a page left open over an engine restart sends one a second. */
const BURST = 20;
/** Time after which an address may send one more. */
const REFILL_MS = 3000;
/** Maximum addresses in memory; beyond it the one silent longest is dropped. */
const MAX_ADDRESSES = 1024;
const LOG_MS = 60_000;

interface Bucket {
  left: number;
  atMs: number;
}

/** Counts wrong tokens per address. Requests with the right token are never counted. */
export class WrongTokens {
  private readonly buckets = new Map<string, Bucket>();
  private readonly sayNow: RateLimited;
  private refused = 0;

  constructor(
    private readonly log: Log,
    private readonly nowMs: () => number = performance.now.bind(performance),
  ) {
    this.sayNow = new RateLimited(LOG_MS, nowMs);
  }

  /** Addresses in memory. */
  get size(): number {
    return this.buckets.size;
  }

  /** Counts a wrong token; returns the seconds the address has to wait, 0 when it need not. */
  note(address: string): number {
    const nowMs = this.nowMs();
    const key = networkOf(address);
    const bucket = this.buckets.get(key) ?? { left: BURST, atMs: nowMs };
    bucket.left = Math.min(BURST, bucket.left + (nowMs - bucket.atMs) / REFILL_MS);
    bucket.atMs = nowMs;
    // Reinserted last, so that the first entry is the address silent longest.
    this.buckets.delete(key);
    this.buckets.set(key, bucket);
    if (this.buckets.size > MAX_ADDRESSES) this.buckets.delete(this.buckets.keys().next().value!);
    if (bucket.left >= 1) {
      bucket.left -= 1;
      return 0;
    }
    this.refused += 1;
    if (this.sayNow.due) {
      this.log.warn(
        { address, refused: this.refused },
        'many wrong tokens from one address (a guess, or the token of an earlier run); it gets 429 until it slows down',
      );
      this.refused = 0;
    }
    return Math.ceil(((1 - bucket.left) * REFILL_MS) / 1000);
  }
}

/** A subscriber of IPv6 has at least a /64, so its addresses count as one. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('%')[0]!.split('::');
  const groups = head === '' ? [] : head.split(':');
  const rest = tail === undefined || tail === '' ? [] : tail.split(':');
  const full =
    tail === undefined ? groups : [...groups, ...Array<string>(8 - groups.length - rest.length).fill('0'), ...rest];
  return `${full
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}

/** Methods that change nothing. */
const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);
/** Pages cannot send these origins: the browser writes the header. An extension still needs the token. */
const EXTENSION = /^(chrome|moz|safari-web)-extension:\/\//i;

/**
 * Refuses a changing request that a browser sends for another site's page. Browsers report the origin in
 * `Sec-Fetch-Site` (Fetch Metadata, over https and to this machine) and `Origin`; programs such as curl send neither.
 *
 * @throws EngineError E_FOREIGN_ORIGIN
 */
export function requireOwnOrigin(request: FastifyRequest): void {
  // A WebSocket begins as a GET, but changes things and is not held back by the browser.
  if (SAFE_METHODS.has(request.method) && !isSocket(request)) return;
  const site = request.headers['sec-fetch-site'];
  const { origin } = request.headers;
  if (origin !== undefined && EXTENSION.test(origin)) return;
  const own =
    site === undefined ? origin === undefined || isOwn(origin, request) : /^(same-origin|none)$/.test(`${site}`);
  if (own) return;
  throw new EngineError('E_FOREIGN_ORIGIN', {
    where: `${request.method} ${request.url.split('?')[0]}`,
    expected: 'a request from the engine’s own page, or from a program',
    found: `a request from ${(origin ?? 'another site').slice(0, 80)}`,
    todo: "send it from the engine's own page, or from a program instead of a web page",
  });
}

/**
 * `request.host` is the host a trusted proxy was asked for; the Host header is the one the proxy asked us for.
 */
function isOwn(origin: string, request: FastifyRequest): boolean {
  const host = URL.canParse(origin) ? new URL(origin).host : '';
  return host !== '' && [request.host, request.headers.host].some((one) => one?.toLowerCase() === host);
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Served without the token. */
    public?: boolean;
    /** Accepts changes from pages of other sites, since it serves the public broadcast. */
    anyOrigin?: boolean;
    /** Its body holds objects of a stranger's page, whose reader drops keys that reach a prototype. */
    holdsPage?: boolean;
  }
  interface FastifyRequest {
    /** The request carried the right token, whether or not its route needs one. */
    holdsToken: boolean;
  }
}

interface AccessOptions {
  readonly token: string;
  /** The server listens on a loopback address only. */
  readonly loopback: boolean;
  readonly log: Log;
}

/** Call it before any route is added. */
export function guardAccess(app: FastifyInstance, { token, loopback, log }: AccessOptions): void {
  const wrongTokens = new WrongTokens(log);
  app.decorateRequest('holdsToken', false);
  app.addHook('onRequest', async (request, reply) => {
    if (loopback) requireLoopbackHost(request);
    const { config } = request.routeOptions;
    if (config?.anyOrigin !== true) requireOwnOrigin(request);
    const bearer = bearerOf(request, token);
    request.holdsToken = bearer === 'right';
    if (request.holdsToken || (config?.public === true && !request.is404)) return;
    if (bearer === 'wrong') {
      const retryAfterS = wrongTokens.note(request.ip);
      if (retryAfterS > 0) {
        // Closes the connection, so that guessing cannot continue on it.
        reply.header('retry-after', retryAfterS).header('connection', 'close');
        throw tooManyGuesses(request, retryAfterS);
      }
    }
    throw unauthorized(request, bearer);
  });
}

const whereOf = (request: FastifyRequest): string => `${request.method} ${request.url.split('?')[0]}`;

const unauthorized = (request: FastifyRequest, bearer: 'none' | 'wrong' | 'right'): EngineError =>
  new EngineError('E_UNAUTHORIZED', {
    where: whereOf(request),
    expected: 'Authorization: Bearer TOKEN',
    found: bearer === 'none' ? 'no token' : 'a wrong token',
    todo: 'the engine prints the token once at start; ENGINE_TOKEN sets it',
  });

const tooManyGuesses = (request: FastifyRequest, retryAfterS: number): EngineError =>
  new EngineError('E_TOO_MANY_REQUESTS', {
    where: whereOf(request),
    expected: 'the right token',
    found: 'too many wrong tokens from this address',
    todo: `try again in ${retryAfterS} s; the right token is accepted at once`,
  });
