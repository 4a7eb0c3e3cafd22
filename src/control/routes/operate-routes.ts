import type { FastifyInstance } from 'fastify';
import type { RoomHandle } from '../../core/room-handle.js';

/** The operator's buttons. They act on what has not left the machine yet, look-ahead included. */
export function operateRoutes(app: FastifyInstance, room: RoomHandle): void {
  const buttons = { mute: () => room.mute(), blank: () => room.blank(), resume: () => room.resume() };
  for (const [name, press] of Object.entries(buttons)) {
    app.post(`/api/${name}`, () => {
      press();
      const { muted, blanked } = room.snapshot();
      return { muted, blanked };
    });
  }
  app.post('/api/dump', () => room.dump());
}
