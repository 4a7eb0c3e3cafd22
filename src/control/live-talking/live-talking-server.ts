/**
 * LiveTalking's HTTP interface on a port of its own, so that programs written for it can drive a room.
 *
 * Problem: those programs send no token and read `{code, msg}` with status 200, and cannot add a header or a query to
 * each address.
 * Rule: the token is asked for as everywhere. It may come as a Bearer token, as `?token=`, or at the start of the path
 * (`/token/TOKEN/human`), so that the program's base address carries it. What the room refuses is `code: -1` with
 * the reason.
 */
import { fastify, type FastifyInstance, type FastifyReply } from 'fastify';
import type { Closeable } from '../../core/closeable.js';
import { EngineError, isEngineError, toEngineError } from '../../core/errors.js';
import type { Log } from '../../core/log.js';
import type { RoomHandle } from '../../core/room-handle.js';
import { guardAccess } from '../access.js';
import { depthWithin } from '../bodies.js';
import { Connections, usualLimits } from '../connections.js';
import { listen } from '../listen.js';
import { liveTalkingRoutes } from './live-talking-routes.js';

export interface LiveTalkingOptions {
  readonly room: RoomHandle;
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  readonly token: string;
  readonly log: Log;
}

const MAX_BODY_BYTES = 256 * 1024;
const MAX_DEPTH = 16;

export class LiveTalkingServer implements Closeable {
  private constructor(
    private readonly app: FastifyInstance,
    /** `http://host:port`. */
    readonly url: string,
    readonly routes: readonly { readonly method: string; readonly url: string }[],
  ) {}

  /** Throws E_PORT_IN_USE. */
  static async start({ room, host, port, token, log }: LiveTalkingOptions): Promise<LiveTalkingServer> {
    const connections = new Connections(usualLimits(), log);
    const app = fastify({
      logger: false,
      bodyLimit: MAX_BODY_BYTES,
      forceCloseConnections: true,
      serverFactory: (listener) => connections.server(listener),
      rewriteUrl: (request) => takeToken(request.url ?? '/', request.headers),
    });
    const routes: { method: string; url: string }[] = [];
    app.addHook('onRoute', ({ method, url }) => {
      for (const one of [method].flat()) routes.push({ method: one, url });
    });
    app.setErrorHandler((error, _request, reply) => replyWithCode(error, reply, log));
    app.setNotFoundHandler((request) => {
      throw new EngineError('E_NOT_FOUND', {
        where: `${request.method} ${request.url.split('?')[0]}`,
        found: 'an address of LiveTalking that this engine lacks',
      });
    });
    guardAccess(app, { token, loopback: /^(127\.|localhost$|::1$)/.test(host), log });
    connections.follow(app);
    takeAnyJson(app);
    liveTalkingRoutes(app, room);
    const { url } = await listen(app, host, port);
    return new LiveTalkingServer(app, url, routes);
  }

  async close(): Promise<void> {
    await this.app.close();
  }
}

/** Moves the token from the address into the header; returns the address without it. */
function takeToken(url: string, headers: Record<string, unknown>): string {
  const inPath = /^\/token\/([^/?#]{1,200})(\/.*)?$/s.exec(url);
  const inQuery = /[?&]token=([^&#]{1,200})/.exec(url);
  const given = inPath?.[1] ?? inQuery?.[1];
  if (given === undefined) return url;
  if (headers['authorization'] === undefined) headers['authorization'] = `Bearer ${decoded(given)}`;
  return inPath === null ? url.replace(inQuery![0], inQuery![0].startsWith('?') ? '?' : '') : (inPath[2] ?? '/');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Its clients send JSON with any content type, or with none. */
function takeAnyJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (request, body: string, done) => {
    // A form with a sound file is refused by its route, without being read as JSON.
    if (/^multipart\//i.test(request.headers['content-type'] ?? '')) return done(null, undefined);
    if (body.trim() === '') return done(null, {});
    try {
      const value: unknown = JSON.parse(body);
      if (depthWithin(value, MAX_DEPTH)) return done(null, value);
    } catch {
      // Told below.
    }
    done(
      new EngineError('E_BAD_REQUEST', {
        where: request.url.split('?')[0]!,
        expected: 'JSON',
        found: 'something else',
      }),
    );
  });
}

/** Refusals of the room have status 200, as LiveTalking answers; access, size and unknown addresses keep theirs. */
function replyWithCode(error: unknown, reply: FastifyReply, log: Log): void {
  const size = (error as { statusCode?: number }).statusCode;
  const known = isEngineError(error) ? error : toEngineError(error, 'LiveTalking API');
  const own = size === undefined ? known.httpStatus : size;
  const status = [401, 403, 404, 413, 429].includes(own) ? own : 200;
  if (known.code === 'E_INTERNAL' && size === undefined)
    log.error({ error: String(known.cause ?? known) }, 'a request of the LiveTalking API failed');
  const msg = known.code === 'E_INTERNAL' ? 'the engine could not do it; see its log' : known.message;
  void reply.code(status).send({ code: -1, msg });
}
