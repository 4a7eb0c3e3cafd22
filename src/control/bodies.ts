import type { FastifyInstance, FastifyRequest } from 'fastify';
import { EngineError } from '../core/errors.js';

/** A layer's value has about six; whatever walks a body by recursion is safe from it. */
const MAX_DEPTH = 64;

/**
 * What counts as a body.
 *
 * Problem: many clients send a content type with every request, a body or not, and `curl -X POST -d ''` sends one
 * of forms; a parser that is asked about nothing refuses it, and with it the operator's button.
 * Rule: nothing is no body, whatever type it is said to have. Where there is a body its type counts as ever.
 */
export function allowNoBody(app: FastifyInstance): void {
  app.addHook('onRequest', async (request) => {
    if (hasNone(request)) delete request.headers['content-type'];
  });
  // In pieces, nobody knows that there is nothing before the end.
  const json = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body: string, done) => {
    if (body.trim() === '') done(null, undefined);
    else {
      void json(request, body, (error, value: unknown) => {
        if (error !== null || depthWithin(value, MAX_DEPTH)) return done(error, value);
        done(
          new EngineError('E_BAD_REQUEST', {
            where: `${request.method} ${request.url.split('?')[0]}`,
            expected: `JSON of at most ${MAX_DEPTH} levels`,
            found: 'one nested deeper',
          }),
        );
      });
    }
  });
}

/** For routes that want no body at all: whatever comes is left unread, and cannot be in the way. */
export function ignoreBodies(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addHook('onRequest', async (request) => {
    delete request.headers['content-type'];
  });
  scope.addContentTypeParser('*', (_request, _payload, done) => done(null, undefined));
}

/** Whether no object or list stands more than `max` levels deep. Without recursion, since the value may be hostile. */
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
