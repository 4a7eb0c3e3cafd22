import type { FastifyInstance, FastifyRequest } from 'fastify';

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
    else void json(request, body, done);
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

const hasNone = ({ headers }: FastifyRequest): boolean =>
  headers['transfer-encoding'] === undefined && (headers['content-length'] ?? '0') === '0';
