import type { FastifyRequest } from 'fastify';
import { EngineError } from '../core/errors.js';
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
