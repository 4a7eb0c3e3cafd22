import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { EngineError } from '../core/errors.js';

/** A token of 144 random bits that survives in URLs. */
export const newToken = (): string => randomBytes(18).toString('base64url');

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/**
 * Throws E_UNAUTHORIZED unless the request carries `Authorization: Bearer TOKEN` (RFC 6750). Compared
 * as digests in constant time, so that neither length nor prefix can be felt out.
 */
export function requireBearer(request: FastifyRequest, token: string): void {
  const given = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (given !== undefined && timingSafeEqual(digest(given), digest(token))) return;
  throw new EngineError('E_UNAUTHORIZED', {
    where: `${request.method} ${request.url.split('?')[0]}`,
    expected: 'Authorization: Bearer TOKEN',
    found: given === undefined ? 'no token' : 'another token',
    todo: 'the token is printed once at start, or set by ENGINE_TOKEN',
  });
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;

/**
 * On a loopback address only loopback names may be asked for: a web page that rebinds its own name to
 * 127.0.0.1 would otherwise speak to the engine as if it were the operator.
 */
export function requireLoopbackHost(request: FastifyRequest): void {
  const host = request.headers.host ?? '';
  if (LOOPBACK.test(host)) return;
  throw new EngineError('E_BAD_REQUEST', {
    where: 'Host header',
    expected: 'a loopback name, as the engine listens on loopback',
    found: host.slice(0, 80),
  });
}
