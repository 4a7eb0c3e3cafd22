import { EngineError } from '../../core/errors.js';
import type { RoomHandle } from '../../config/api/room-handle.js';
import { about, type ControlApp } from '../api.js';
import { LiveFeed } from '../live/live-feed.js';
import type { WebSocket } from '@fastify/websocket';
import { z } from 'zod';

/** Methods that change nothing. */
const READS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** `GET /api/live` as a WebSocket: all that changes in the room, with sequence numbers. */
export function liveRoutes(app: ControlApp, room: RoomHandle): void {
  const feed = new LiveFeed({ room });
  app.addHook('onClose', () => feed.close());
  // Whoever presses a key sees what came of it at once, on every page.
  app.addHook('onResponse', async ({ method }) => {
    if (!READS.has(method)) feed.poke();
  });
  app.route({
    method: 'GET',
    url: '/api/live',
    config: { socket: true },
    schema: about('room', 'WebSocket: all that changes, numbered', 'WebSocket：带序号的全部变化', [400]),
    handler: async () => {
      throw new EngineError('E_BAD_REQUEST', {
        where: 'GET /api/live',
        expected: 'a WebSocket',
        found: 'a plain request',
        todo: 'docs/api.md describes the messages',
      });
    },
    wsHandler: (socket) => serveLive(socket, feed),
  });
}

/** A page that reads more slowly than messages come is cut off; it comes back and gets the newest state. */
const MAX_BUFFERED_BYTES = 2 * 1024 * 1024;
const PING_MS = 10_000;
/** A page says first what it wants; one that says nothing within this time gets everything. */
const FIRST_MS = 1000;

const watch = z.looseObject({
  type: z.literal('watch'),
  resume: z.object({ epoch: z.string().max(64), seq: z.int().min(0) }).optional(),
});

/**
 * The WebSocket side of `/api/live`. In, first: `{type: "watch", resume?: {epoch, seq}}`. Out: `{type: "hello", epoch, seq,
 * resumed}`, then messages `{seq, at, type, data}`, and `{type: "ping"}` every ten seconds.
 */
function serveLive(socket: WebSocket, feed: LiveFeed): void {
  let stop: (() => void) | undefined;
  const send = (message: object): void => {
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > MAX_BUFFERED_BYTES) return socket.terminate();
    socket.send(JSON.stringify(message));
  };
  const begin = (resume?: { epoch: string; seq: number }): void => {
    clearTimeout(first);
    stop ??= feed.watch(send, resume, (seq, resumed) => send({ type: 'hello', epoch: feed.epoch, seq, resumed }));
  };
  const first = setTimeout(begin, FIRST_MS);
  const ping = setInterval(() => send({ type: 'ping' }), PING_MS);
  socket.on('message', (data, isBinary) => {
    const wanted = isBinary ? undefined : watch.safeParse(parsed(String(data)));
    if (wanted?.success === true) begin(wanted.data.resume);
  });
  socket.on('error', () => socket.terminate());
  socket.once('close', () => {
    clearTimeout(first);
    clearInterval(ping);
    stop?.();
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
