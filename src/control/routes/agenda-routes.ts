import type { FastifyInstance } from 'fastify';
import type { RoomHandle } from '../../core/room-handle.js';
import { ignoreBodies } from '../bodies.js';

/** `GET /api/agenda`: the line on air and the waiting lines. `DELETE /api/agenda/:id` drops a line that has not begun. */
export function agendaRoutes(app: FastifyInstance, { agenda }: Pick<RoomHandle, 'agenda'>): void {
  app.get('/api/agenda', () => agenda.snapshot());
  void app.register(async (bare) => {
    ignoreBodies(bare);
    bare.delete<{ Params: { id: string } }>('/api/agenda/:id', async (request, reply) => {
      await agenda.cancel(request.params.id);
      return reply.code(204).send();
    });
  });
}
