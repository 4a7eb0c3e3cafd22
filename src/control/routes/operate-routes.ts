import type { FastifyInstance } from 'fastify';
import type { RoomHandle } from '../../core/room-handle.js';
import { ignoreBodies } from '../bodies.js';

/** The operator's buttons. They act on what has not left the machine yet, look-ahead included. */
export function operateRoutes(app: FastifyInstance, room: RoomHandle): void {
  const orders = () => {
    const { muted, blanked } = room.snapshot();
    return { muted, blanked };
  };
  // Who presses one of these in a hurry is not asked for the right content type.
  void app.register(async (bare) => {
    ignoreBodies(bare);
    bare.post('/api/mute', () => {
      room.mute();
      return orders();
    });
    bare.post('/api/blank', () => {
      room.blank();
      return orders();
    });
    bare.post('/api/dump', () => room.dump());
  });
  app.post('/api/resume', () => {
    room.resume();
    return orders();
  });
}
