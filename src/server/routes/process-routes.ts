import { z } from 'zod';
import type { StudioApp } from '../app.js';
import { audit } from '../audit.js';
import { member, roomOf } from '../guard.js';
import { process, roomParams, saved } from '../schemas.js';
import type { Studio } from '../studio.js';
import { processView } from '../views.js';

/** Preview, on air, off air, stop; the logs; saving the live state. */
export function processRoutes(app: StudioApp, studio: Studio): void {
  const { runs, rooms } = studio;
  const answer = { params: roomParams, response: { 200: process } };

  app.post(
    '/api/rooms/:id/preview',
    { config: { right: 'editor' }, schema: { summary: 'Starts the engine for this machine’s pages only', ...answer } },
    async (request) => {
      const row = roomOf(request);
      await runs.preview(row, member(request));
      return processView(studio, rooms.row(row.id)!);
    },
  );
  app.post(
    '/api/rooms/:id/start',
    {
      config: { right: 'operator' },
      schema: {
        summary: 'Goes on air; a preview goes on as the show',
        ...answer,
        body: z.strictObject({ destinations: z.array(z.string().max(64)).max(30).nullable().default(null) }),
      },
    },
    async (request) => {
      const row = roomOf(request);
      const { destinations } = request.body;
      await runs.start(row, destinations, member(request));
      audit(studio, request, { action: 'room.start', what: row.title, after: { destinations } });
      return processView(studio, rooms.row(row.id)!);
    },
  );
  app.post(
    '/api/rooms/:id/off-air',
    { config: { right: 'operator' }, schema: { summary: 'Ends the outputs; the preview goes on', ...answer } },
    async (request) => {
      const row = roomOf(request);
      await runs.offAir(row, member(request));
      audit(studio, request, { action: 'room.off-air', what: row.title });
      return processView(studio, rooms.row(row.id)!);
    },
  );
  app.post(
    '/api/rooms/:id/stop',
    {
      config: { right: 'operator' },
      schema: {
        ...answer,
        body: z.strictObject({ drain: z.boolean().default(false).describe('The line on air is spoken to its end') }),
      },
    },
    async (request) => {
      const row = roomOf(request);
      await runs.stop(row, request.body.drain, member(request));
      audit(studio, request, { action: 'room.stop', what: row.title, after: { drain: request.body.drain } });
      return processView(studio, rooms.row(row.id)!);
    },
  );
  app.post('/api/rooms/:id/restart', { config: { right: 'operator' }, schema: answer }, async (request) => {
    const row = roomOf(request);
    await runs.restart(row);
    audit(studio, request, { action: 'room.restart', what: row.title });
    return processView(studio, rooms.row(row.id)!);
  });
  app.get(
    '/api/rooms/:id/logs',
    {
      config: { right: 'operator' },
      schema: {
        params: roomParams,
        querystring: z.strictObject({ lines: z.coerce.number().int().min(1).max(2000).default(200) }),
        response: { 200: z.object({ lines: z.array(z.string()) }) },
      },
    },
    async (request) => ({ lines: await studio.host.logs(roomOf(request).id, request.query.lines) }),
  );
  app.post(
    '/api/rooms/:id/save',
    {
      config: { right: 'editor' },
      schema: {
        summary: 'The live state of a running room becomes its file',
        params: roomParams,
        response: { 200: saved },
      },
    },
    async (request) => {
      const row = roomOf(request);
      const { id, name } = member(request);
      const done = await runs.save(row, { id, name });
      if (done !== undefined) {
        const { version, etag, changed } = done;
        return { version, etag, changed, needsRestart: [] };
      }
      const file = await rooms.read(row);
      return { version: file.version, etag: file.etag, changed: [], needsRestart: [] };
    },
  );
}
