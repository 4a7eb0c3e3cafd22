import type { FastifyInstance } from 'fastify';
import type { RoomHandle } from '../../core/room-handle.js';

/** `GET /api/room`: state and metrics. `GET /api/verdicts?limit=50`: the newest decisions. `GET /api/still`: a JPEG. */
export function roomRoutes(app: FastifyInstance, room: RoomHandle): void {
  app.get('/api/room', () => room.snapshot());
  app.get<{ Querystring: { limit?: string } }>('/api/verdicts', (request) => {
    const limit = Number(request.query.limit ?? 50);
    return { verdicts: room.verdicts(Number.isInteger(limit) ? Math.min(500, Math.max(1, limit)) : 50) };
  });
  app.get('/api/still', async (_request, reply) => {
    const jpeg = await room.stillJpeg();
    return reply.header('content-type', 'image/jpeg').header('cache-control', 'no-store').send(jpeg);
  });
}
