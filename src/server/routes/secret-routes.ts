import { z } from 'zod';
import type { StudioApp } from '../app.js';
import { audit } from '../audit.js';
import type { FastifyRequest } from 'fastify';
import type { By } from '../../store/studio/rooms-table.js';
import { member, roomOf } from '../guard.js';
import { SECRET_NAME } from '../rooms/room-secrets.js';
import { roomParams } from '../schemas.js';
import type { Studio } from '../studio.js';

const params = roomParams.extend({ name: z.string().regex(SECRET_NAME, 'expected a name such as ROOM_LLM_KEY') });
const takesEffect = z.enum(['now', 'next-start']);

const byOf = (request: FastifyRequest): By => {
  const { id, name } = member(request);
  return { id, name };
};

/** Keys of a room's services: written, never read back. */
export function secretRoutes(app: StudioApp, studio: Studio): void {
  const { secrets, runs, rooms } = studio;

  /** A preview starts again with the new key; a show is not interrupted. */
  const apply = async (id: string, by: By): Promise<z.infer<typeof takesEffect>> => {
    const row = rooms.row(id)!;
    const { state } = runs.view(row);
    if (state === 'on-air') return 'next-start';
    if (state === 'preview') {
      // What somebody has just changed by hand is not in the file yet.
      await runs.save(row, by);
      await runs.restart(row);
    }
    return 'now';
  };

  app.get(
    '/api/rooms/:id/secrets',
    {
      config: { right: 'editor' },
      schema: {
        summary: 'Names of the keys that this room has',
        params: roomParams,
        response: {
          200: z.object({ secrets: z.array(z.object({ name: z.string(), end: z.string().nullable() })) }),
        },
      },
    },
    (request) => ({ secrets: secrets.list(roomOf(request).id) }),
  );
  app.put(
    '/api/rooms/:id/secrets/:name',
    {
      config: { right: 'editor' },
      schema: {
        summary: 'Keeps a key, sealed; the room file names it as ${NAME}',
        params,
        body: z.strictObject({ value: z.string().trim().min(1).max(4000) }),
        response: { 200: z.object({ takesEffect }) },
      },
    },
    async (request) => {
      const { id } = roomOf(request);
      const { name } = request.params;
      secrets.put(id, name, request.body.value);
      audit(studio, request, { action: 'secret.put', what: name });
      return { takesEffect: await apply(id, byOf(request)) };
    },
  );
  app.delete(
    '/api/rooms/:id/secrets/:name',
    {
      config: { right: 'editor' },
      schema: { params, response: { 200: z.object({ takesEffect }) } },
    },
    async (request) => {
      const { id } = roomOf(request);
      const { name } = request.params;
      secrets.remove(id, name);
      audit(studio, request, { action: 'secret.remove', what: name });
      return { takesEffect: await apply(id, byOf(request)) };
    },
  );
}
