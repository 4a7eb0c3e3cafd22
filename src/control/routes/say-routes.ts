import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { RoomHandle } from '../../core/room-handle.js';
import { parseBody } from '../parse-body.js';

export const MAX_SAY_CHARACTERS = 1000;

export const sayBody = z.strictObject({
  text: z.string().min(1).max(MAX_SAY_CHARACTERS),
  language: z.string().min(2).max(35).optional(),
  caption: z.boolean().optional(),
  next: z.boolean().optional(),
  reply: z.boolean().optional(),
  interrupt: z.boolean().optional(),
  role: z.enum(['host', 'assistant']).optional(),
});

/**
 * `POST /api/say {text, language?, caption?, next?, reply?, interrupt?, role?}`: speaks a line; 202 with the verdict, 422 when refused.
 */
export function sayRoutes(app: FastifyInstance, room: RoomHandle): void {
  app.post('/api/say', async (request, reply) => {
    const { text, ...options } = parseBody(sayBody, request.body, 'POST /api/say');
    const result = await room.say(text, options);
    return reply.code(result.result === 'refused' ? 422 : 202).send(result);
  });
}
