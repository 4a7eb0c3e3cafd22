import type { FastifyReply } from 'fastify';

const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; font-src 'self'; media-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The headers of the engine's own pages: no inline script, nothing from elsewhere. */
export const pageReply = (reply: FastifyReply, type: string, csp = CSP): FastifyReply =>
  reply
    .header('content-type', type)
    .header('content-security-policy', csp)
    .header('x-content-type-options', 'nosniff')
    .header('referrer-policy', 'no-referrer')
    .header('cache-control', 'no-cache');
