import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { RoomHandle } from '../../core/room-handle.js';
import { viewerEvent } from '../../viewers/events/viewer-event.js';
import { parseBody } from '../parse-body.js';
import { serveEvents } from '../event-socket.js';

const MAX_EVENTS = 500;
const BODY_LIMIT = 512 * 1024;
const MAX_ANSWER_CHARACTERS = 1000;

const many = z.array(viewerEvent).min(1).max(MAX_EVENTS);
export const eventsQuery = z.strictObject({ limit: z.coerce.number().int().min(1).max(500).default(100) });
export const askBody = z.strictObject({ text: z.string().trim().min(1).max(500) });
export const answerBody = z.strictObject({ text: z.string().trim().min(1).max(MAX_ANSWER_CHARACTERS) });

/**
 * `POST /api/events`: takes one viewer event or a list. `GET /api/events`: the outcomes of the newest; as a WebSocket it
 * takes events and reports each change. `GET /api/questions`: questions without an answer; `POST
 * /api/questions/:id/answer` speaks the operator's. `POST /api/ask`: what the host would answer to a comment; nothing is said.
 */
export function eventRoutes(app: FastifyInstance, room: RoomHandle): void {
  app.post('/api/events', { bodyLimit: BODY_LIMIT }, async (request, reply) => {
    const where = 'POST /api/events';
    const events = Array.isArray(request.body)
      ? parseBody(many, request.body, where)
      : [parseBody(viewerEvent, request.body, where)];
    return reply.code(202).send(room.events.take(events));
  });
  app.route({
    method: 'GET',
    url: '/api/events',
    config: { socket: true },
    handler: async (request) => {
      const { limit } = parseBody(eventsQuery, request.query, 'GET /api/events');
      return { events: room.events.recent(limit), counts: room.events.counts() };
    },
    wsHandler: (socket) => serveEvents(socket, room.events),
  });
  app.post('/api/ask', async (request) => room.events.ask(parseBody(askBody, request.body, 'POST /api/ask').text));
  app.get('/api/questions', async () => ({ questions: room.events.questions() }));
  app.post<{ Params: { id: string } }>('/api/questions/:id/answer', async (request, reply) => {
    const { text } = parseBody(answerBody, request.body, 'POST /api/questions/:id/answer');
    const result = await room.events.answer(request.params.id, text);
    return reply.code(result.result === 'refused' ? 422 : 202).send(result);
  });
}
