import type { FastifyReply, FastifyRequest } from 'fastify';
import { EngineError, type ErrorCode } from '../../core/errors.js';

const CODES: Readonly<Record<number, ErrorCode>> = {
  401: 'E_UNAUTHORIZED',
  403: 'E_FORBIDDEN',
  404: 'E_NOT_FOUND',
  429: 'E_TOO_MANY_REQUESTS',
};

/** An answer of the account library, with its cookies and with errors in our own form. */
export async function sendAuth(
  request: FastifyRequest,
  reply: FastifyReply,
  answer: Response,
  status = answer.status,
): Promise<FastifyReply> {
  for (const cookie of answer.headers.getSetCookie()) reply.header('set-cookie', secured(cookie, request));
  const retry = answer.headers.get('x-retry-after');
  if (retry !== null) reply.header('retry-after', retry);
  const text = await answer.text();
  const value = (text === '' ? null : JSON.parse(text)) as { code?: string; message?: string } | null;
  if (answer.ok) return reply.code(status).send(withoutToken(value));
  throw new EngineError(CODES[answer.status] ?? 'E_BAD_REQUEST', {
    where: request.url.split('?')[0]!,
    expected: 'the right e-mail, password or code',
    found: value?.message ?? `status ${answer.status}`,
    details: { reason: value?.code ?? '' },
  });
}

/** Browsers keep such a cookie from plain HTTP. */
function secured(cookie: string, request: FastifyRequest): string {
  return request.protocol === 'https' && !/;\s*secure/i.test(cookie) ? `${cookie}; Secure` : cookie;
}

/** The session lives in the cookie, which no script reads. */
function withoutToken(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const { token: _token, ...rest } = value as Record<string, unknown>;
  return rest;
}
