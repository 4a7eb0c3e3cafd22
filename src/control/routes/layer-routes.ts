import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { EditOptions } from '../../core/handles/layers-handle.js';
import type { RoomHandle } from '../../core/room-handle.js';
import { ignoreBodies } from '../bodies.js';
import { parseBody } from '../parse-body.js';

/** A picture of 20 MB as base64 in a data: URL. */
const LAYER_BODY_BYTES = 28 * 1024 * 1024;

export const orderBody = z.strictObject({
  ids: z.array(z.string().max(64)).min(1).max(500).describe('From bottom to top'),
});
export const gestureQuery = z.object({
  gesture: z
    .string()
    .min(1)
    .max(64)
    .optional()
    .describe('Edits with the same value that follow each other are one step of undo, such as all those of one drag'),
});

type Named = { Params: { id: string } };

export const gestureOf = ({ query, method, url }: FastifyRequest): EditOptions =>
  parseBody(gestureQuery, query, `${method} ${url.split('?')[0]!}`);

/**
 * `GET /api/layers`: layers and their places. `PUT /api/layers/:id` adds or replaces a layer, `PATCH` changes fields,
 * `DELETE` removes it, `PUT /api/layers/order {ids}` stacks them. Pictures are data: URLs or paths.
 */
export function layerRoutes(app: FastifyInstance, { layers }: Pick<RoomHandle, 'layers'>): void {
  const bodyLimit = LAYER_BODY_BYTES;
  app.get('/api/layers', () => layers.list());
  app.put('/api/layers/order', (request) =>
    layers.order(parseBody(orderBody, request.body, 'PUT /api/layers/order').ids),
  );
  app.put<Named>('/api/layers/:id', { bodyLimit }, (request) =>
    layers.put(request.params.id, request.body, gestureOf(request)),
  );
  app.patch<Named>('/api/layers/:id', { bodyLimit }, (request) =>
    layers.patch(request.params.id, request.body, gestureOf(request)),
  );
  void app.register(async (bare) => {
    ignoreBodies(bare);
    bare.delete<Named>('/api/layers/:id', async (request, reply) => {
      await layers.remove(request.params.id);
      return reply.code(204).send();
    });
  });
}
