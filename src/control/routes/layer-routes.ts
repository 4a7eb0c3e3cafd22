import type { FastifyInstance } from 'fastify';
import type { RoomHandle } from '../../core/room-handle.js';
import { ignoreBodies } from '../bodies.js';

/** A picture of 20 MB as base64 in a data: URL. */
const LAYER_BODY_BYTES = 28 * 1024 * 1024;

/** `PUT /api/layers/:id` adds or replaces a layer, `DELETE` removes it. Pictures are data: URLs or paths. */
export function layerRoutes(app: FastifyInstance, room: RoomHandle): void {
  app.put<{ Params: { id: string } }>('/api/layers/:id', { bodyLimit: LAYER_BODY_BYTES }, (request) =>
    room.putLayer(request.params.id, request.body),
  );
  void app.register(async (bare) => {
    ignoreBodies(bare);
    bare.delete<{ Params: { id: string } }>('/api/layers/:id', async (request, reply) => {
      await room.removeLayer(request.params.id);
      return reply.code(204).send();
    });
  });
}
