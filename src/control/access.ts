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
import { requireOwnOrigin } from './own-origin.js';
import { WrongTokens } from './wrong-tokens.js';

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
