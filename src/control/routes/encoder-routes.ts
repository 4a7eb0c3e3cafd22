import type { FastifyInstance } from 'fastify';
import type { RoomHandle } from '../../core/room-handle.js';

/** `PATCH /api/encoder {videoKbps?, width?, …}`: the named settings change with the encoder's next generation. */
export function encoderRoutes(app: FastifyInstance, room: RoomHandle): void {
  app.patch('/api/encoder', (request) => room.changeEncoder(request.body));
}
