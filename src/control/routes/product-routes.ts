import type { FastifyInstance } from 'fastify';
import type { RoomHandle } from '../../core/room-handle.js';
import { ignoreBodies } from '../bodies.js';

/** A picture of 20 MB as base64 in a data: URL. */
const PRODUCT_BODY_BYTES = 28 * 1024 * 1024;

type Named = { Params: { id: string } };

/**
 * `GET/POST /api/products`, `GET/PUT/PATCH/DELETE /api/products/:id`, `POST /api/products/:id/{pin,unpin,sold-out,
 * on-sale}`: the products on air. Everything is judged before it is taken.
 */
export function productRoutes(app: FastifyInstance, room: RoomHandle): void {
  const { products } = room;
  const bodyLimit = PRODUCT_BODY_BYTES;
  app.get('/api/products', () => products.list());
  app.post('/api/products', { bodyLimit }, async (request, reply) =>
    reply.code(201).send(await products.add(request.body)),
  );
  app.get<Named>('/api/products/:id', (request) => products.get(request.params.id));
  app.put<Named>('/api/products/:id', { bodyLimit }, (request) => products.put(request.params.id, request.body));
  app.patch<Named>('/api/products/:id', { bodyLimit }, (request) => products.patch(request.params.id, request.body));
  void app.register(async (bare) => {
    ignoreBodies(bare);
    bare.delete<Named>('/api/products/:id', async (request, reply) => {
      await products.remove(request.params.id);
      return reply.code(204).send();
    });
    bare.post<Named>('/api/products/:id/pin', (request) => products.pin(request.params.id));
    bare.post<Named>('/api/products/:id/unpin', (request) => {
      products.get(request.params.id); // unknown: 404
      return products.list().pinned === request.params.id ? products.pin(null) : products.list();
    });
    bare.post<Named>('/api/products/:id/sold-out', (request) =>
      products.patch(request.params.id, { stock: 'sold-out' }),
    );
    bare.post<Named>('/api/products/:id/on-sale', (request) => products.patch(request.params.id, { stock: 'on-sale' }));
  });
}
