import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { EngineError, isEngineError, toEngineError } from '../core/errors.js';
import type { Log } from '../core/log.js';
import { type ControlApp, scoped } from './api.js';

/** Maximum characters of an error's stack in the log. */
const LONGEST_CAUSE = 1500;

/** The body of a failed request: `{ error: { code, message, where, expected, found, todo, details } }`. */
export function replyWithError(error: unknown, request: FastifyRequest, reply: FastifyReply, log: Log): void {
  const known = isEngineError(error) ? error : fromFastify(error as FastifyError, request);
  if (known.httpStatus >= 500) {
    // Internal details are kept from the client, but the log must have them.
    const inside =
      known.code === 'E_INTERNAL' || known.code === 'E_REPLACED' ? { error: tellInside(known.cause ?? known) } : {};
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
  const known = toEngineError(error, where);
  if (known.code !== 'E_INTERNAL') return known;
  return new EngineError('E_INTERNAL', { where, found: "an internal error; see the engine's log", cause: error });
}

/** A layer's value has about six levels; the limit protects code that walks a body recursively. */
const MAX_DEPTH = 64;

/**
 * Accepts requests without a body.
 *
 * Problem: many clients send a content type with every request, with or without a body, and `curl -X POST -d ''` sends
 * the form type; the parser refuses the empty body, and with it the operator's command.
 * Rule: an empty body counts as no body, whatever its type. A body of at least one byte is parsed by its type.
 */
export function allowNoBody(app: FastifyInstance): void {
  app.addHook('onRequest', async (request) => {
    if (hasNone(request)) delete request.headers['content-type'];
  });
  // A chunked body is known to be empty only at its end.
  const json = app.getDefaultJsonParser('error', 'error');
  const page = app.getDefaultJsonParser('ignore', 'ignore');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body: string, done) => {
    if (body.trim() === '') done(null, undefined);
    else {
      const parse = request.routeOptions.config.holdsPage === true ? page : json;
      void parse(request, body, (error, value: unknown) => {
        if (error !== null || depthWithin(value, MAX_DEPTH)) return done(error, value);
        done(
          new EngineError('E_BAD_REQUEST', {
            where: `${request.method} ${request.url.split('?')[0]}`,
            expected: `JSON of at most ${MAX_DEPTH} levels`,
            found: 'deeper nesting',
          }),
        );
      });
    }
  });
}

/** For routes without a body: any body is left unread and cannot cause an error. */
export function ignoreBodies(app: ControlApp, add: (bare: ControlApp) => void): void {
  scoped(app, (bare) => {
    bare.removeAllContentTypeParsers();
    bare.addHook('onRequest', async (request) => {
      delete request.headers['content-type'];
    });
    bare.addContentTypeParser('*', (_request, _payload, done) => done(null, undefined));
    add(bare);
  });
}

/** Whether the value nests at most `max` levels. Iterative, since the value may be hostile. */
export function depthWithin(value: unknown, max: number): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    const next: unknown[] = [];
    for (const one of level) {
      if (typeof one !== 'object' || one === null) continue;
      if (depth === max) return false;
      for (const inner of Object.values(one)) next.push(inner);
    }
    level = next;
  }
  return true;
}

const hasNone = ({ headers }: FastifyRequest): boolean =>
  headers['transfer-encoding'] === undefined && (headers['content-length'] ?? '0') === '0';
