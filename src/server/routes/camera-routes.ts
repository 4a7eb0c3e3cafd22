import { stillOf } from '../engine-call.js';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { zipFolder } from '../../control/routes/page-routes.js';
import { EngineError } from '../../core/errors.js';
import { cameraPath, templatePath } from '../../core/files/paths.js';
import type { StudioApp } from '../app.js';
import { audit } from '../audit.js';
import { roomOf } from '../guard.js';
import { roomParams } from '../schemas.js';
import type { Studio } from '../studio.js';

/** The browser camera without a running room, and the picture beside the first run's form. */
export function cameraRoutes(app: StudioApp, studio: Studio): void {
  app.get(
    '/api/camera/extension.zip',
    { config: { right: 'viewer' }, schema: { response: { 200: z.unknown() } } },
    async (_request, reply) =>
      reply
        .type('application/zip')
        .header('content-disposition', 'attachment; filename="showroom-camera.zip"')
        .send(await zipFolder(cameraPath('extension'))),
  );
  app.get(
    '/api/camera/showroom-camera.user.js',
    { config: { right: 'viewer' }, schema: { response: { 200: z.unknown() } } },
    async (_request, reply) =>
      reply
        .type('text/javascript; charset=utf-8')
        .header('x-content-type-options', 'nosniff')
        .send(await readFile(cameraPath('showroom-camera.user.js'))),
  );
  app.post(
    '/api/rooms/:id/camera',
    {
      config: { right: 'operator' },
      schema: {
        summary: 'What the camera extension of a browser on this machine is paired with; the token is the room’s own',
        params: roomParams,
        response: { 200: z.object({ address: z.string(), token: z.string() }) },
      },
    },
    (request) => {
      const row = roomOf(request);
      const { url, token } = studio.runs.endpoint(row);
      audit(studio, request, { action: 'room.camera', what: row.title });
      return { address: url, token };
    },
  );
  app.get(
    '/api/setup/:code/still',
    {
      config: { right: 'public' },
      schema: { params: z.object({ code: z.string().min(10).max(100) }), response: { 200: z.unknown() } },
    },
    async (request, reply) => {
      studio.attempts.require('setup', request.ip);
      const isValid = !studio.accounts.isSetUp && studio.links.find('setup', request.params.code) !== undefined;
      if (!isValid) studio.attempts.failed('setup', request.ip);
      const endpoint = isValid && studio.demo !== null ? studio.host.endpoint(studio.demo) : undefined;
      if (!isValid)
        throw new EngineError('E_NOT_FOUND', { where: 'the set-up link', found: 'one that is used or too old' });
      reply.header('cache-control', 'no-store');
      if (endpoint === undefined)
        return reply.type('image/webp').send(createReadStream(templatePath('sets', 'kitchen', 'portrait.webp')));
      const still = await stillOf(endpoint);
      if (still === undefined) throw new EngineError('E_ROOM_OFF', { where: 'the demo room', found: 'no answer' });
      return reply.type('image/jpeg').send(still);
    },
  );
}
