import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { EngineError, isEngineError } from '../core/errors.js';
import type { Log } from '../core/log.js';

/** Maximum characters of an error's stack in the log. */
const LONGEST_CAUSE = 1500;

/** The body of a failed request: `{ error: { code, message, where, expected, found, todo, details } }`. */
export function replyWithError(error: unknown, request: FastifyRequest, reply: FastifyReply, log: Log): void {
  const known = isEngineError(error) ? error : fromFastify(error as FastifyError, request);
  if (known.httpStatus >= 500) {
    // Internal details are kept from the client, but the log must have them.
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
      found: 'a body over the limit',
      cause: error,
    });
  if (status >= 400 && status < 500)
    return new EngineError('E_BAD_REQUEST', { where, found: error.message, cause: error });
  return new EngineError('E_INTERNAL', { where, found: "an internal error; see the engine's log", cause: error });
}
