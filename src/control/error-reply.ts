import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { EngineError, isEngineError } from '../core/errors.js';
import type { Log } from '../core/log.js';

/** Characters of an error's stack that go to the log. */
const LONGEST_CAUSE = 1500;

/** What a failed request answers: `{ error: { code, message, where, expected, found, todo, details } }`. */
export function replyWithError(error: unknown, request: FastifyRequest, reply: FastifyReply, log: Log): void {
  const known = isEngineError(error) ? error : fromFastify(error as FastifyError, request);
  if (known.httpStatus >= 500) {
    // What went wrong inside is no business of whoever asked, but the log is where it has to be found.
    const inside = known.code === 'E_INTERNAL' ? { error: tellInside(known.cause ?? known) } : {};
    log.error({ code: known.code, path: request.url.split('?')[0], ...inside }, known.message);
  }
  const { code, message, where, expected, found, todo, details } = known;
  void reply.code(known.httpStatus).send({ error: { code, message, where, expected, found, todo, details } });
}

const tellInside = (cause: unknown): string =>
  (cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)).slice(0, LONGEST_CAUSE);

function fromFastify(error: FastifyError, request: FastifyRequest): EngineError {
  const where = `${request.method} ${request.url.split('?')[0]}`;
  const status = error.statusCode ?? 500;
  if (status === 413)
    return new EngineError('E_ASSET_TOO_LARGE', {
      where,
      expected: 'a smaller body',
      found: 'one over the limit',
      cause: error,
    });
  if (status >= 400 && status < 500)
    return new EngineError('E_BAD_REQUEST', { where, found: error.message, cause: error });
  return new EngineError('E_INTERNAL', { where, found: 'an internal error; the log has it', cause: error });
}
