/**
 * The engine of a room, through the studio.
 *
 * The browser never sees an engine's address or token. Only routes of the table are handed on, with the right that they
 * need; cookies and other headers stay here.
 */
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { z } from 'zod';
import { EngineError } from '../../core/errors.js';
import type { StudioApp } from '../app.js';
import { audit } from '../audit.js';
import { requireRight, roomOf } from '../guard.js';
import { engineRight } from '../engine-rights.js';
import { refuseAddresses } from '../rooms/refuse-addresses.js';
import { roomParams } from '../schemas.js';
import type { Studio } from '../studio.js';

/** As the engine limits its own bodies. */
const BODY_BYTES = 28 * 1024 * 1024;
const ON = ['content-type', 'content-length', 'accept', 'accept-language', 'if-match', 'prefer', 'range'];
const BACK = [
  'content-type',
  'content-length',
  'cache-control',
  'etag',
  'accept-post',
  'accept-patch',
  'link',
  'retry-after',
  'content-range',
  'accept-ranges',
  'content-disposition',
];
const TIMEOUT_MS = 200_000;
/** A body of a change that is kept in the audit. */
const MAX_AUDITED = 4000;
const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);
/** A picture every few seconds is no change. */
const UNAUDITED = /^\/(whep|api\/ask)/;

export function engineRoutes(app: StudioApp, studio: Studio): void {
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    // Bodies pass through as they come.
    scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
    scope.route({
      method: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
      url: '/api/rooms/:id/engine/*',
      bodyLimit: BODY_BYTES,
      config: { right: 'viewer', ownRights: true },
      schema: { hide: true, params: roomParams.extend({ '*': z.string() }) },
      handler: async (request, reply) => {
        const row = roomOf(request);
        const { '*': rest } = request.params as { '*': string };
        const path = `/${rest}`;
        const right = isPlain(path) ? engineRight(request.method, path) : undefined;
        if (right === undefined)
          throw new EngineError('E_NOT_FOUND', {
            where: `${request.method} ${path.slice(0, 120)}`,
            expected: 'a route of the engine that the studio hands on',
            found: 'no such route',
          });
        requireRight(request, right);
        const { url, token } = studio.runs.endpoint(row);
        studio.runs.seen(row.id);
        const query = request.url.includes('?') ? request.url.slice(request.url.indexOf('?')) : '';
        const headers: Record<string, string> = {
          authorization: `Bearer ${token}`,
          'x-showroom-actor': encodeURIComponent(request.person?.name ?? ''),
        };
        for (const name of ON) {
          const value = request.headers[name];
          if (typeof value === 'string') headers[name] = value;
        }
        if (headers['content-length'] === undefined && request.headers['transfer-encoding'] !== undefined)
          headers['transfer-encoding'] = 'chunked';
        const checked = await checkedBody(request.method, path, request.raw);
        if (checked !== undefined) {
          delete headers['transfer-encoding'];
          headers['content-length'] = String(checked.length);
        }
        const kept = SAFE.has(request.method) || UNAUDITED.test(path) ? undefined : new KeptBody();
        const answer = await new Promise<IncomingMessage>((resolve, reject) => {
          const sent = httpRequest(
            url + encodeURI(path) + query,
            { method: request.method, headers, timeout: TIMEOUT_MS },
            resolve,
          );
          sent.on('error', reject);
          sent.on('timeout', () => sent.destroy(new Error('no answer')));
          request.raw.on('aborted', () => sent.destroy());
          if (checked !== undefined) {
            kept?.add(checked);
            sent.end(checked);
            return;
          }
          request.raw.on('data', (chunk: Buffer) => kept?.add(chunk));
          request.raw.pipe(sent);
        }).catch((cause: unknown) => {
          throw new EngineError('E_ROOM_OFF', {
            where: `room ${row.id}`,
            expected: 'an engine that answers',
            found: 'no answer',
            todo: 'it is started again by itself; try again in a moment',
            cause,
          });
        });
        const status = answer.statusCode ?? 502;
        if (kept !== undefined && status < 400)
          audit(studio, request, { action: `on-air ${request.method}`, what: path, after: kept.value });
        const gone = request.method === 'DELETE' ? /^\/api\/outputs\/([^/]+)$/.exec(path)?.[1] : undefined;
        // A destination that left the show does not come back with a restart.
        if (gone !== undefined && status < 400 && studio.destinations.ofRoom(row.id).some(({ id }) => id === gone))
          studio.destinations.setLive(row.organisation, row.id, gone, false);
        for (const name of BACK) {
          const value = answer.headers[name];
          if (value !== undefined) reply.header(name, value);
        }
        const { location } = answer.headers;
        if (location?.startsWith('/') === true) reply.header('location', `/api/rooms/${row.id}/engine${location}`);
        // A picture or page of the engine runs no script of a stranger here.
        reply
          .header('x-content-type-options', 'nosniff')
          .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox");
        return reply.code(status).send(answer);
      },
    });
  });
}

/** A body that is read here before the engine gets it; undefined for all others, which pass through as they come. */
async function checkedBody(method: string, path: string, raw: IncomingMessage): Promise<Buffer | undefined> {
  const check = SAFE.has(method) ? undefined : CHECKS.find(([pattern]) => pattern.test(path))?.[1];
  if (check === undefined) return undefined;
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of raw as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > MAX_CHECKED_BYTES)
      throw new EngineError('E_ASSET_TOO_LARGE', {
        where: path.slice(0, 120),
        expected: `a body of at most ${MAX_CHECKED_BYTES / 1024 / 1024} MB`,
        found: 'a larger one',
      });
    parts.push(part);
  }
  const body = Buffer.concat(parts);
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    // The engine refuses it.
  }
  check(value);
  return body;
}

/** As a room file of the studio: outputs write no files elsewhere, and addresses lead out of this machine. */
const CHECKS: readonly (readonly [path: RegExp, check: (body: unknown) => void])[] = [
  [
    /^\/api\/outputs\/[^/]+$/,
    (body) => {
      const { kind } = (body ?? {}) as { kind?: unknown };
      if (kind === undefined || PUSHED.has(kind)) return;
      throw new EngineError('E_ROOM_REFUSED', {
        where: 'kind',
        expected: [...PUSHED].join(', '),
        found: String(kind).slice(0, 40),
        todo: 'add a recording as a destination of the studio',
      });
    },
  ],
  [/^\/api\/(replies|llm|presenter)(\/|$)/, (body) => refuseAddresses(body, '')],
];
const PUSHED: ReadonlySet<unknown> = new Set(['rtmp', 'srt', 'whip', 'hls']);
const MAX_CHECKED_BYTES = 8 * 1024 * 1024;

/** The path is matched as the engine will read it: no dots, no second spelling, no doubled slashes. */
const isPlain = (path: string): boolean =>
  !/[\\?#\s]|\/\/|%(?![0-9a-f]{2})/i.test(path) && !path.split('/').some((part) => part === '.' || part === '..');

class KeptBody {
  private text = '';

  add(chunk: Buffer): void {
    if (this.text.length < MAX_AUDITED) this.text += chunk.toString('utf8').slice(0, MAX_AUDITED - this.text.length);
  }

  /** JSON as a value; a picture or a sound is not kept. */
  get value(): unknown {
    if (this.text === '') return undefined;
    try {
      return withoutSecrets(JSON.parse(this.text));
    } catch {
      return undefined;
    }
  }
}

const SECRET = /^(url|backupUrl|baseUrl|token|secret|cookie|password|passphrase|.*key)$/i;

/** Keys of outputs and services never reach the audit. */
function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      SECRET.test(name) && typeof inner === 'string' ? 'changed' : withoutSecrets(inner),
    ]),
  );
}
