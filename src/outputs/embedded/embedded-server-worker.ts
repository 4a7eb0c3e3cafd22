/**
 * The thread of the embedded server. node-media-server is built for its own process: it logs to the console, exits the
 * process when a port is taken, and trusts its clients. Here it listens through servers the engine opens (so errors and
 * port 0 work), stays silent, and sees only the traffic that `rtmp-guard.ts` and `connection-book.ts` allow. A client
 * that sends garbage loses only its own connection.
 */
import { createRequire } from 'node:module';
import type { RequestListener, Server as HttpServer } from 'node:http';
import type { AddressInfo, Server, Socket } from 'node:net';
import { parentPort } from 'node:worker_threads';
import { BufferCollector, collectGarbage, YOUNG_COLLECTION_MS } from '../../core/collect-garbage.js';
import {
  AvatarPublisher,
  ConnectionBook,
  DroppedReasons,
  flvListener,
  holdToRules,
  type RtmpSession,
  SWEEP_MS,
} from './rtmp-guard.js';

export interface EmbeddedServerStart {
  readonly host: string;
  readonly rtmpPort: number;
  readonly flvPort: number;
  readonly secret: string;
  /** Key of the avatar's publisher; undefined where none may publish. */
  readonly avatarKey: string | undefined;
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
  /** Another engine began to send the avatar, or ended. */
  | { readonly type: 'avatar'; readonly publishing: boolean }
  /** A whole FLV tag of the avatar's video or sound. */
  | { readonly type: 'avatar-tag'; readonly tag: Uint8Array }
  | { readonly type: 'dropped'; readonly reason: string; readonly connections: number };

interface PublishSession {
  broadcast?: { publishGraceMs: number };
}
interface MediaServer {
  readonly rtmpServer: { readonly tcpServer: Server; stop(): void };
  readonly httpServer: { readonly httpServer: HttpServer; stop(): void };
  on(event: string, listener: (session: PublishSession) => void): void;
}

/** A full collection takes 8 ms here. Player connections count too, so the threshold is not small. */
const HELD_BYTES = 6 << 20;

const port = parentPort!;
const send = (reply: EmbeddedServerReply): void => port.postMessage(reply);
const dropped = new DroppedReasons((reason, connections) => send({ type: 'dropped', reason, connections }));
const book = new ConnectionBook((reason) => dropped.add(reason));

const require = createRequire(import.meta.url);
const logger = require('node-media-server/src/core/logger.js') as { log(message: string, level?: string): void };
logger.log = () => undefined;
const NodeMediaServer = require('node-media-server') as new (config: object) => MediaServer;

const start = await new Promise<EmbeddedServerStart>((resolve) => port.once('message', resolve));
const avatar = new AvatarPublisher(
  start.avatarKey,
  (publishing) => send({ type: 'avatar', publishing }),
  (tag) => send({ type: 'avatar-tag', tag }),
);
const server = new NodeMediaServer({
  bind: start.host,
  // Any number makes the library create its listeners; the real ports are given to `listen` below.
  rtmp: { port: 1 },
  http: { port: 1 },
  webadmin: { enable: false },
  record: { auto: false },
  auth: { play: false, publish: true, secret: start.secret },
});

// A returning publisher brings its own continuous timeline; the server's correction would shift picture and sound by
// different amounts.
server.on('postPublish', (session) => {
  if (session.broadcast !== undefined) session.broadcast.publishGraceMs = 0;
});

const { sessions } = require('node-media-server/src/core/context.js') as { sessions: Map<number, RtmpSession> };

/** Wraps the library's handlers of a connection with the guard and a catch. */
function guard(socket: Socket): void {
  // The library adds its session last.
  const session = [...sessions.values()].findLast((one) => one.socket === socket);
  if (session === undefined) throw new Error('node-media-server created no session; refusing the connection');
  holdToRules(session, book, avatar);
  for (const listener of socket.listeners('data')) {
    socket.off('data', listener as (data: Buffer) => void);
    socket.on('data', (data: Buffer) => {
      attempt(socket, () => (listener as (data: Buffer) => void).call(socket, data));
      // The library only ends its own half and would keep listening.
      if (socket.writableEnded) socket.destroy();
    });
  }
}

function attempt(socket: Socket, work: () => void): void {
  try {
    work();
  } catch (e) {
    dropped.add(e instanceof Error ? e.message : String(e));
    socket.destroy();
  }
}

const rtmp = server.rtmpServer.tcpServer;
const serve = rtmp.listeners('connection')[0] as (socket: Socket) => void;
rtmp.removeAllListeners('connection');
rtmp.on('connection', (socket) => {
  book.open(socket);
  attempt(socket, () => {
    serve(socket);
    guard(socket);
  });
});

const http = flvListener(server.httpServer.httpServer.listeners('request')[0] as RequestListener, book);

process.on('uncaughtException', (e) => dropped.add(e.message));

const sweep = setInterval(() => {
  book.sweep();
  dropped.flush();
}, SWEEP_MS);

function listen(which: 'rtmp' | 'flv', on: Server, wanted: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const failed = (e: NodeJS.ErrnoException): void => {
      send({ type: 'failed', which, port: wanted, code: e.code ?? 'unknown', message: e.message });
      resolve(undefined);
    };
    on.once('error', failed);
    on.listen(wanted, start.host, () => {
      on.off('error', failed);
      resolve((on.address() as AddressInfo).port);
    });
  });
}

// Each packet is copied several times; few copies outlive the GOP that is kept for new players.
const garbage = new BufferCollector(HELD_BYTES);
const collecting = setInterval(() => garbage.collect(), YOUNG_COLLECTION_MS);

port.on('message', () => {
  clearInterval(sweep);
  clearInterval(collecting);
  book.closeAll();
  rtmp.close();
  http.close();
  process.exit(0);
});

const rtmpPort = await listen('rtmp', rtmp, start.rtmpPort);
const flvPort = rtmpPort === undefined ? undefined : await listen('flv', http, start.flvPort);
collectGarbage();
if (rtmpPort !== undefined && flvPort !== undefined) send({ type: 'ready', rtmpPort, flvPort });
