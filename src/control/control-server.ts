import { fastify, type FastifyInstance } from 'fastify';
import type { Closeable } from '../core/closeable.js';
import { EngineError } from '../core/errors.js';
import type { Log } from '../core/log.js';
import type { RoomHandle } from '../core/room-handle.js';
import { guardAccess } from './access.js';
import { allowNoBody } from './bodies.js';
import { limitCalls } from './call-limit.js';
import { Connections, usualLimits, type ConnectionLimits } from './connections.js';
import { replyWithError } from './error-reply.js';
import { listen } from './listen.js';
import { audioRoutes } from './routes/audio-routes.js';
import { editRoutes } from './routes/edit-routes.js';
import { agendaRoutes } from './routes/agenda-routes.js';
import { deskRoutes } from './routes/desk-routes.js';
import { liveRoutes } from './routes/live-routes.js';
import { encoderRoutes } from './routes/encoder-routes.js';
import { cameraRoutes } from './routes/camera-routes.js';
import { eventSourceRoutes } from './routes/event-source-routes.js';
import { eventRoutes } from './routes/event-routes.js';
import { fontRoutes } from './routes/font-routes.js';
import { intakeRoutes } from './routes/intake-routes.js';
import { modelRoutes } from './routes/model-routes.js';
import { pageRoutes } from './routes/page-routes.js';
import { layerRoutes } from './routes/layer-routes.js';
import { openapiRoutes } from './routes/openapi-routes.js';
import { operateRoutes } from './routes/operate-routes.js';
import { outputRoutes } from './routes/output-routes.js';
import { productRoutes } from './routes/product-routes.js';
import { publicRoutes } from './routes/public-routes.js';
import { reportRoutes } from './routes/report-routes.js';
import { roomRoutes } from './routes/room-routes.js';
import { replyRoutes } from './routes/reply-routes.js';
import { sayRoutes } from './routes/say-routes.js';
import { scriptRoutes } from './routes/script-routes.js';
import { avatarRoutes } from './routes/avatar-routes.js';
import { takeoverRoutes } from './routes/takeover-routes.js';
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

/** A route as registered. */
export interface ControlRoute {
  readonly method: string;
  readonly url: string;
  /** Served without the token. */
  readonly public: boolean;
}

/** The HTTP side of a room: API, WHEP, metrics and the operator's page. */
export class ControlServer implements Closeable {
  private constructor(
    private readonly app: FastifyInstance,
    /** `http://host:port`, without a trailing slash. */
    readonly url: string,
    readonly port: number,
    /** All routes, one entry per method. */
    readonly routes: readonly ControlRoute[],
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
    const routes: ControlRoute[] = [];
    app.addHook('onRoute', ({ method, url, config }) => {
      for (const one of [method].flat()) routes.push({ method: one, url, public: config?.public === true });
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
    publicRoutes(app, room);
    pageRoutes(app);
    fontRoutes(app);
    cameraRoutes(app, room);
    roomRoutes(app, room);
    reportRoutes(app, room);
    sayRoutes(app, room);
    scriptRoutes(app, room);
    agendaRoutes(app, room);
    eventRoutes(app, room);
    layerRoutes(app, room);
    replyRoutes(app, room);
    productRoutes(app, room);
    audioRoutes(app, room);
    editRoutes(app, room);
    encoderRoutes(app, room);
    operateRoutes(app, room);
    outputRoutes(app, room);
    deskRoutes(app, room);
    liveRoutes(app, room);
    whepRoutes(app, room);
    takeoverRoutes(app, room);
    avatarRoutes(app, room, log);
    eventSourceRoutes(app, room);
    intakeRoutes(app, room);
    modelRoutes(app);
    openapiRoutes(app, routes);
    const bound = await listen(app, host, port);
    return new ControlServer(app, bound.url, bound.port, routes);
  }

  async close(): Promise<void> {
    await this.app.close();
  }
}
