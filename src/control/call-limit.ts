/**
 * How long a request that changes the show may take.
 *
 * Problem: on a busy machine an edit waits behind others and for its judges. A client that has given up does not know whether
 * the edit came, and sends it again, or believes that it failed and sees it on air a minute later.
 * Rule: each such request is answered, or refused, within ten seconds. What has changed nothing by then is given up and never
 * done (E_TIMEOUT, `details.applied` false); what has begun to take effect does so, and the answer says so (true). A client
 * that wants to wait asks for it: `Prefer: wait=60` (RFC 7240), up to three minutes; a new presenter, who is drawn for some seconds of
 * CPU, is worth it. What takes long by its nature has that time without asking: a clip is scanned whole, a page is fetched, a
 * recording is heard.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { COMMAND_LIMIT_MS, withinCall } from '../core/serial-queue.js';

const USUAL_MS = 9000;
const LONG: ReadonlySet<string> = new Set(['POST /api/intake', 'POST /api/takeover']);
const READS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Call it before any route is added. */
export function limitCalls(app: FastifyInstance): void {
  app.addHook('preHandler', (request, _reply, done) => {
    if (READS.has(request.method)) done();
    else withinCall(limitMs(request), done);
  });
}

/** The milliseconds that a request has. */
export function limitMs(
  request: Pick<FastifyRequest, 'headers' | 'method' | 'body'> & { routeOptions: { url?: string } },
): number {
  const wait = /(?:^|[,;\s])wait=(\d{1,4})(?:$|[,;\s])/.exec(String(request.headers['prefer'] ?? ''))?.[1];
  if (wait !== undefined) return Math.min(COMMAND_LIMIT_MS, Math.max(1000, Number(wait) * 1000));
  const route = `${request.method} ${request.routeOptions.url}`;
  const body = request.body as { type?: unknown; items?: unknown } | null;
  const isClip =
    (route === 'PUT /api/layers/:id' && body?.type === 'media') ||
    (route === 'PATCH /api/layers/:id' && body?.items !== undefined);
  return LONG.has(route) || isClip ? COMMAND_LIMIT_MS : USUAL_MS;
}
