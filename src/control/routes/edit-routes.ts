import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { RoomHandle } from '../../core/room-handle.js';
import { parseBody } from '../parse-body.js';

export const saveBody = z
  .strictObject({ force: z.boolean().describe('Write even if the file was changed on disk in the meantime') })
  .partial();

/**
 * `GET /api/edits`: edits that can be taken back, newest first. `POST /api/undo` takes the newest back. `POST
 * /api/room/save {force?}` writes the live state to the room file.
 */
export function editRoutes(app: FastifyInstance, room: RoomHandle): void {
  app.get('/api/edits', () => ({ edits: room.history.steps() }));
  app.post('/api/undo', async () => ({ undone: await room.history.undo(), edits: room.history.steps() }));
  app.post('/api/room/save', (request) => room.history.save(parseBody(saveBody, request.body, 'POST /api/room/save')));
}
