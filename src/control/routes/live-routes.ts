import { EngineError } from '../../core/errors.js';
import type { RoomHandle } from '../../config/api/room-handle.js';
import { about, type ControlApp } from '../api.js';
import { LiveFeed } from '../live/live-feed.js';
import { serveLive } from '../live/live-socket.js';

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
