import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { RoomHandle } from '../../core/room-handle.js';
import { actorOf } from '../actor.js';
import { ignoreBodies } from '../bodies.js';
import { parseBody } from '../parse-body.js';

export const resumeBody = z.strictObject({ mute: z.boolean(), blank: z.boolean(), risk: z.boolean() }).partial();

/** The operator commands. They act on everything that has not left the machine yet, look-ahead included. */
export function operateRoutes(app: FastifyInstance, room: RoomHandle): void {
  const commands = () => {
    const { state, muted, blanked, slate } = room.snapshot();
    return { state, muted, blanked, slate };
  };
  // A command in a hurry must not fail for its content type.
  void app.register(async (bare) => {
    ignoreBodies(bare);
    bare.post('/api/mute', (request) => {
      room.mute(actorOf(request));
      return commands();
    });
    bare.post('/api/blank', (request) => {
      room.blank(actorOf(request));
      return commands();
    });
    bare.post('/api/dump', () => room.dump());
  });
  app.post('/api/resume', (request) => {
    room.resume(parseBody(resumeBody, request.body, 'POST /api/resume'));
    return commands();
  });
}
