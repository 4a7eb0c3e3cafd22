import type { FastifyInstance } from 'fastify';
import { EngineError } from '../../core/errors.js';
import type { RoomHandle } from '../../core/room-handle.js';
import { LiveFeed } from '../live/live-feed.js';
import { serveLive } from '../live/live-socket.js';

/** Methods that change nothing. */
const READS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** `GET /api/live` as a WebSocket: all that changes in the room, with sequence numbers. */
export function liveRoutes(app: FastifyInstance, room: RoomHandle): void {
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
