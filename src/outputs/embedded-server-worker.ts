/**
 * The thread of the embedded server. node-media-server is built for a process of its own: it logs to the
 * console, exits the process when a port is taken, and trusts what clients send. Here it listens through
 * servers that we open (so that errors and port 0 work), says nothing, speaks to players only by GET, loses a
 * connection rather than the thread when a client sends nonsense, and drops players that do not read.
 */
import { createRequire } from 'node:module';
import type { IncomingMessage, RequestListener, Server as HttpServer, ServerResponse } from 'node:http';
import type { AddressInfo, Server, Socket } from 'node:net';
import { parentPort } from 'node:worker_threads';
import { BufferCollector, collectGarbage, YOUNG_COLLECTION_MS } from '../core/collect-garbage.js';

export interface EmbeddedServerStart {
  readonly host: string;
  readonly rtmpPort: number;
  readonly flvPort: number;
  readonly secret: string;
}

export type EmbeddedServerReply =
  | { readonly type: 'ready'; readonly rtmpPort: number; readonly flvPort: number }
  | {
      readonly type: 'failed';
      readonly which: 'rtmp' | 'flv';
      readonly port: number;
      readonly code: string;
      readonly message: string;
    }
  | { readonly type: 'dropped'; readonly reason: string };

interface PublishSession {
  broadcast?: { publishGraceMs: number };
}
interface MediaServer {
  readonly rtmpServer: { readonly tcpServer: Server; stop(): void };
  readonly httpServer: { readonly httpServer: HttpServer; stop(): void };
  on(event: string, listener: (session: PublishSession) => void): void;
}

/** A player this far behind does not read. */
const PLAYER_BOUND_BYTES = 8 << 20;
const SWEEP_MS = 1000;
/** A full collection takes 8 ms here; what players wait for counts as well, so not too few. */
const HELD_BYTES = 6 << 20;

const port = parentPort!;
const tell = (reply: EmbeddedServerReply): void => port.postMessage(reply);
const sockets = new Set<Socket>();

const require = createRequire(import.meta.url);
const logger = require('node-media-server/src/core/logger.js') as { log(message: string, level?: string): void };
logger.log = () => undefined;
const NodeMediaServer = require('node-media-server') as new (config: object) => MediaServer;

const start = await new Promise<EmbeddedServerStart>((resolve) => port.once('message', resolve));
const server = new NodeMediaServer({
  bind: start.host,
  // Any number makes it create the listeners; the real ports are given to `listen` below.
  rtmp: { port: 1 },
  http: { port: 1 },
  webadmin: { enable: false },
  record: { auto: false },
  auth: { play: false, publish: true, secret: start.secret },
});

// A publisher that comes back brings its own continuous timeline; the server's own correction would shift
// picture and sound by different amounts.
server.on('postPublish', (session) => {
  if (session.broadcast !== undefined) session.broadcast.publishGraceMs = 0;
});

/** Runs each of the socket's data listeners so that what they throw ends the connection only. */
function guard(socket: Socket): void {
  sockets.add(socket);
  socket.on('close', () => sockets.delete(socket));
  socket.on('error', () => socket.destroy());
  for (const listener of socket.listeners('data')) {
    socket.off('data', listener as (data: Buffer) => void);
    socket.on('data', (data: Buffer) => {
      try {
        (listener as (data: Buffer) => void).call(socket, data);
      } catch (e) {
        tell({ type: 'dropped', reason: e instanceof Error ? e.message : String(e) });
        socket.destroy();
      }
    });
  }
}

const rtmp = server.rtmpServer.tcpServer;
rtmp.on('connection', guard);

const http = server.httpServer.httpServer;
const app = http.listeners('request')[0] as RequestListener;
http.removeAllListeners('request');
http.removeAllListeners('upgrade');
http.removeAllListeners('error');
http.on('connection', (socket: Socket) => {
  sockets.add(socket);
  socket.on('close', () => sockets.delete(socket));
});
http.on('request', (request: IncomingMessage, response: ServerResponse) => {
  const { method = '', url = '' } = request;
  if (method === 'OPTIONS' || (method === 'GET' && /^\/[\w-]+\/[\w-]+\.flv(\?|$)/.test(url))) {
    app(request, response as ServerResponse & { req: IncomingMessage });
  } else {
    response.writeHead(method === 'GET' ? 404 : 405, { allow: 'GET' }).end();
  }
});

process.on('uncaughtException', (e) => tell({ type: 'dropped', reason: e.message }));

const sweep = setInterval(() => {
  for (const socket of sockets) {
    if (socket.writableLength > PLAYER_BOUND_BYTES) {
      tell({ type: 'dropped', reason: 'a player that did not read' });
      socket.destroy();
    }
  }
}, SWEEP_MS);

function listen(which: 'rtmp' | 'flv', on: Server, wanted: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const failed = (e: NodeJS.ErrnoException): void => {
      tell({ type: 'failed', which, port: wanted, code: e.code ?? 'unknown', message: e.message });
      resolve(undefined);
    };
    on.once('error', failed);
    on.listen(wanted, start.host, () => {
      on.off('error', failed);
      resolve((on.address() as AddressInfo).port);
    });
  });
}

// Each packet is copied several times on its way; few of the copies outlive the GOP that is kept for new players.
const garbage = new BufferCollector(HELD_BYTES);
const collecting = setInterval(() => garbage.collect(), YOUNG_COLLECTION_MS);

port.on('message', () => {
  clearInterval(sweep);
  clearInterval(collecting);
  for (const socket of sockets) socket.destroy();
  rtmp.close();
  http.close();
  process.exit(0);
});

const rtmpPort = await listen('rtmp', rtmp, start.rtmpPort);
const flvPort = rtmpPort === undefined ? undefined : await listen('flv', http, start.flvPort);
collectGarbage();
if (rtmpPort !== undefined && flvPort !== undefined) tell({ type: 'ready', rtmpPort, flvPort });
