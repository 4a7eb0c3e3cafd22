import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { EngineError } from '../core/errors.js';
import { isLoopbackHost } from '../core/net/public-address.js';
import { isSocket, tokenOffered } from './connections.js';

/** Random tokens of this length cannot be guessed over a network. */
const MIN_TOKEN_CHARACTERS = 16;

/** A URL-safe token of 144 random bits. */
export const newToken = (): string => randomBytes(18).toString('base64url');

/**
 * The operator's own token; undefined when the variable is unset or empty.
 *
 * @throws EngineError E_TOKEN_WEAK; the message reveals only the token's length
 */
export function tokenFromEnvironment(env: NodeJS.ProcessEnv): string | undefined {
  const token = env['ENGINE_TOKEN'];
  if (token === undefined || token === '') return undefined;
  const characters = [...token].length;
  const sendable = /^[\x21-\x7e]+$/.test(token);
  if (sendable && characters >= MIN_TOKEN_CHARACTERS) return token;
  throw new EngineError('E_TOKEN_WEAK', {
    where: 'ENGINE_TOKEN',
    expected: `at least ${MIN_TOKEN_CHARACTERS} characters of letters, digits and punctuation, without spaces`,
    found: sendable ? `${characters} characters` : 'a space, or a character that an HTTP header cannot carry',
    todo: 'set a longer one (openssl rand -base64 24 prints one), or unset it and the engine makes one',
  });
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/**
 * Checks `Authorization: Bearer TOKEN` (RFC 6750), or the subprotocol `showroom.token.TOKEN` of a WebSocket. Digests are compared in constant time, so that the answer's delay
 * reveals neither length nor prefix.
 */
export function bearerOf(request: FastifyRequest, token: string): 'none' | 'wrong' | 'right' {
  const header = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const given = header ?? (isSocket(request) ? tokenOffered(request) : undefined);
  if (given === undefined) return 'none';
  return timingSafeEqual(digest(given), digest(token)) ? 'right' : 'wrong';
}

/**
 * Accepts only loopback names on a loopback address: a web page that rebinds its own name to 127.0.0.1 could otherwise
 * act as the operator.
 */
export function requireLoopbackHost(request: FastifyRequest): void {
  const host = request.headers.host ?? '';
  if (isLoopbackHost(host)) return;
  throw new EngineError('E_BAD_REQUEST', {
    where: 'Host header',
    expected: 'a loopback name, since the engine listens on loopback',
    found: host.slice(0, 80),
  });
}
