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
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { EngineError } from '../core/errors.js';
import type { Log } from '../core/log.js';
import { bearerOf, requireLoopbackHost } from './auth.js';
import { WrongTokens } from './wrong-tokens.js';
import { isSocket } from './web-socket.js';

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

export interface AccessOptions {
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
