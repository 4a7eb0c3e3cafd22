/**
 * Who may ask what of the API.
 *
 * Problem: a rule that reads the URL's text can be passed by another spelling of the same address (`/%61pi/room`, an
 * absolute-form target), and a new route is open until somebody remembers to close it.
 * Rule: the matched route decides, and it wants the token unless its own definition says `config: { public: true }`; an
 * address that matches no route wants the token too. A request that changes something comes from one of the engine's own
 * pages, from a program, or from a browser extension, never from another site's page, token or not; only routes with
 * `config: { anyOrigin: true }` are made for other sites' pages. Wrong tokens are limited per address.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { EngineError } from '../core/errors.js';
import type { Log } from '../core/log.js';
import { bearerOf, requireLoopbackHost } from './auth.js';
import { requireOwnOrigin } from './own-origin.js';
import { WrongTokens } from './wrong-tokens.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Answers without the token. */
    public?: boolean;
    /** Pages of other sites may change something here: what it serves is the public broadcast. */
    anyOrigin?: boolean;
  }
  interface FastifyRequest {
    /** The request came with the right token, whether its route wants one or not. */
    holdsToken: boolean;
  }
}

export interface AccessOptions {
  readonly token: string;
  /** The server listens on a loopback address only. */
  readonly loopback: boolean;
  readonly log: Log;
}

/** Has to be called before any route is added. */
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
        // Without it a guesser would go on over the same connection.
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
    found: bearer === 'none' ? 'no token' : 'another token',
    todo: 'the token is printed once at start, or set by ENGINE_TOKEN',
  });

const tooManyGuesses = (request: FastifyRequest, retryAfterS: number): EngineError =>
  new EngineError('E_TOO_MANY_REQUESTS', {
    where: whereOf(request),
    expected: 'the right token',
    found: 'many wrong ones from this address',
    todo: `try again in ${retryAfterS} s; the right token is taken at once`,
  });
