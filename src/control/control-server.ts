import { fastify, type FastifyInstance } from 'fastify';
import type { Closeable } from '../core/closeable.js';
import { EngineError } from '../core/errors.js';
import type { Log } from '../core/log.js';
import type { RoomHandle } from '../config/api/room-handle.js';
import { checkRequests } from './api.js';
import { guardAccess } from './access.js';
import { allowNoBody } from './bodies.js';
import { limitCalls } from './call-limit.js';
import { Connections, usualLimits, type ConnectionLimits } from './connections.js';
import { replyWithError } from './error-reply.js';
import { listen } from './listen.js';
import type { DescribedRoute } from './openapi.js';
import { cameraRoutes } from './routes/camera-routes.js';
import { deskRoutes } from './routes/desk-routes.js';
import { editRoutes } from './routes/edit-routes.js';
import { liveRoutes } from './routes/live-routes.js';
import { modelRoutes } from './routes/model-routes.js';
import { fontRoutes, pageRoutes, referenceRoutes } from './routes/page-routes.js';
import { roomRoutes } from './routes/room-routes.js';
import { showRoutes } from './routes/show-routes.js';
import { avatarRoutes, takeoverRoutes } from './routes/takeover-routes.js';
import { viewerRoutes } from './routes/viewer-routes.js';
import { whepRoutes } from './routes/whep-routes.js';
import { acceptSockets } from './web-socket.js';

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
