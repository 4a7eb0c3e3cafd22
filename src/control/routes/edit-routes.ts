import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { RoomHandle } from '../../core/room-handle.js';
import { parseBody } from '../parse-body.js';

export const saveBody = z
  .strictObject({ force: z.boolean().describe('Write even if the file was changed on disk in the meantime') })
  .partial();

/**
 * `GET /api/edits`: edits that can be taken back, newest first, and made again. `POST /api/undo` takes the newest back,
 * `POST /api/redo` makes it again. `POST /api/room/save {force?}` writes the live state to the room file.
 */
export function editRoutes(app: FastifyInstance, room: RoomHandle): void {
  const { history } = room;
  const lists = () => ({ edits: history.steps(), redo: history.undone() });
  app.get('/api/edits', lists);
  app.post('/api/undo', async () => {
    const undone = await history.undo();
    return { undone, ...lists() };
  });
  app.post('/api/redo', async () => {
    const redone = await history.redo();
    return { redone, ...lists() };
  });
  app.post('/api/room/save', (request) => room.history.save(parseBody(saveBody, request.body, 'POST /api/room/save')));
}
