import { fastify, type FastifyInstance, type FastifyRequest } from 'fastify';
import type { RoomHandle } from '../config/api/room-handle.js';
import type { Closeable } from '../core/closeable.js';
import { EngineError } from '../core/errors.js';
import type { Log } from '../core/log.js';
import { COMMAND_LIMIT_MS, withinCall } from '../core/serial-queue.js';
import { guardAccess } from './access.js';
import { checkRequests } from './api.js';
import { allowNoBody, replyWithError } from './bodies.js';
import { acceptSockets, type ConnectionLimits, Connections, usualLimits } from './connections.js';
import { listen } from './listen.js';
import type { DescribedRoute } from './openapi.js';
import { cameraRoutes, fontRoutes, pageRoutes, referenceRoutes } from './routes/page-routes.js';
import { deskRoutes, showRoutes } from './routes/show-routes.js';
import { editRoutes } from './routes/edit-routes.js';
import { liveRoutes, whepRoutes } from './routes/whep-and-feed-routes.js';
import { modelRoutes } from './routes/model-routes.js';
import { roomRoutes } from './routes/air-routes.js';
import { avatarRoutes, takeoverRoutes } from './routes/takeover-routes.js';
import { viewerRoutes } from './routes/viewer-routes.js';

/**
 * How long a request that changes the show may take.
 *
 * Problem: on a busy machine an edit waits behind others and for its judges. A client that has given up does not know whether
 * the edit came, and sends it again, or believes that it failed and sees it on air a minute later.
 * Rule: each such request is answered, or refused, within ten seconds. A request that has changed nothing by then is
 * dropped (E_TIMEOUT, `details.applied` false); one that has begun to take effect is finished, and the answer says so (true). A client
 * that wants to wait asks for it: `Prefer: wait=60` (RFC 7240), up to three minutes; a new presenter, who is drawn for some seconds of
 * CPU, is worth it. What takes long by its nature has that time without asking: a clip is scanned whole, a page is fetched, a
 * recording is heard.
 */

const USUAL_MS = 9000;
const LONG: ReadonlySet<string> = new Set(['POST /api/intake', 'POST /api/takeover']);
const READS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Call it before any route is added. */
function limitCalls(app: FastifyInstance): void {
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

export interface ControlOptions {
  readonly room: RoomHandle;
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  readonly token: string;
  readonly log: Log;
  /** Replaces the defaults. */
  readonly limits?: Partial<ConnectionLimits>;
  /** Addresses and networks of reverse proxies. */
  readonly trustedProxies?: readonly string[];
}

/** The HTTP side of a room: API, WHEP, metrics and the operator's page. */
export class ControlServer implements Closeable {
  private constructor(
    private readonly app: FastifyInstance,
    /** `http://host:port`, without a trailing slash. */
    readonly url: string,
    readonly port: number,
    /** All routes, one entry per method. */
    readonly routes: readonly DescribedRoute[],
  ) {}

  /** Throws E_PORT_IN_USE. */
  static async start({
    room,
    host,
    port,
    token,
    log,
    limits,
    trustedProxies = [],
  }: ControlOptions): Promise<ControlServer> {
    const connections = new Connections({ ...usualLimits(), ...limits }, log);
    const app = fastify({
      logger: false,
      bodyLimit: 64 * 1024,
      forceCloseConnections: true,
      // Anybody may send X-Forwarded-*: it counts from the proxies that the room names.
      trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
      serverFactory: (listener) => connections.server(listener),
    });
    const routes: DescribedRoute[] = [];
    app.addHook('onRoute', ({ method, url, config, schema }) => {
      for (const one of [method].flat()) routes.push({ method: one, url, public: config?.public === true, schema });
    });
    const loopback = /^(127\.|localhost$|::1$)/.test(host);
    app.setErrorHandler((error, request, reply) => replyWithError(error, request, reply, log));
    app.setNotFoundHandler((request) => {
      throw new EngineError('E_NOT_FOUND', {
        where: `${request.method} ${request.url.split('?')[0]}`,
        found: 'no such address',
        todo: 'docs/api.md lists all addresses',
      });
    });
    guardAccess(app, { token, loopback, log });
    // Answers of the API are of the moment, and for the holder of the token alone.
    app.addHook('onSend', async (request, reply) => {
      if (request.url.startsWith('/api/') && !reply.hasHeader('cache-control'))
        reply.header('cache-control', 'no-store');
    });
    connections.follow(app);
    allowNoBody(app);
    limitCalls(app);
    await acceptSockets(app);
    const api = checkRequests(app);
    roomRoutes(api, room);
    pageRoutes(api);
    fontRoutes(api);
    cameraRoutes(api, room);
    showRoutes(api, room);
    editRoutes(api, room);
    viewerRoutes(api, room);
    deskRoutes(api, room);
    liveRoutes(api, room);
    whepRoutes(api, room);
    takeoverRoutes(api, room);
    avatarRoutes(api, room, log);
    modelRoutes(api);
    referenceRoutes(api, routes);
    const bound = await listen(app, host, port);
    return new ControlServer(app, bound.url, bound.port, routes);
  }

  async close(): Promise<void> {
    await this.app.close();
  }
}
