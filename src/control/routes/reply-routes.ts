import type { FastifyInstance } from 'fastify';
import type { RoomHandle } from '../../core/room-handle.js';
import { gestureOf } from './layer-routes.js';

/**
 * `GET/PATCH /api/replies`: how viewers are greeted and answered. `GET/PATCH /api/llm`: the language model and the cost of
 * the day; `POST /api/llm/test` asks it one question.
 */
export function replyRoutes(app: FastifyInstance, { replies, llm }: Pick<RoomHandle, 'replies' | 'llm'>): void {
  app.get('/api/replies', () => replies.state());
  app.patch('/api/replies', (request) => replies.patch(request.body, gestureOf(request)));
  app.get('/api/llm', () => llm.state());
  app.patch('/api/llm', (request) => llm.patch(request.body));
  app.post('/api/llm/test', () => llm.test());
}
