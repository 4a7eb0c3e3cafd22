import { z } from 'zod';
import type { StudioApp } from '../app.js';
import { audit } from '../audit.js';
import { headersOf, member, roomOf } from '../guard.js';
import { EngineError } from '../../core/errors.js';
import { roomParams } from '../schemas.js';
import type { Studio } from '../studio.js';

/** The live WebSocket of a page, alarms and Web Push. */
export function liveRoutes(app: StudioApp, studio: Studio): void {
  app.route({
    method: 'GET',
    url: '/api/live',
    config: { right: 'viewer', socket: true },
    schema: {
      summary: 'WebSocket: what happens, numbered',
      response: { 200: z.object({ epoch: z.string(), seq: z.int() }) },
    },
    handler: async () => ({ epoch: studio.journal.epoch, seq: studio.journal.seq }),
    wsHandler: (socket, request) => {
      const { person } = request;
      if (person === null) return socket.close(4401, 'signed out');
      const headers = headersOf(request);
      studio.live.serve(socket, person, async () => {
        if (studio.noAuth) return true;
        const now = await studio.accounts.identify(headers);
        return now?.organisation === person.organisation && now?.role === person.role;
      });
    },
  });
  app.post(
    '/api/rooms/:id/alarms/:alarm/acknowledge',
    {
      config: { right: 'moderator' },
      schema: { params: roomParams.extend({ alarm: z.string().max(200) }), response: { 204: z.null() } },
    },
    async (request, reply) => {
      const { id, name } = member(request);
      if (!studio.live.acknowledge(roomOf(request), request.params.alarm, { id, name }))
        throw new EngineError('E_NOT_FOUND', { where: 'alarm', expected: 'an alarm that lasts', found: 'none' });
      audit(studio, request, { action: 'alarm.acknowledge', what: request.params.alarm });
      return reply.code(204).send(null);
    },
  );
  app.get(
    '/api/push/key',
    { config: { right: 'viewer' }, schema: { response: { 200: z.object({ key: z.string() }) } } },
    async () => ({ key: await studio.push.publicKey() }),
  );
  const endpoint = z.string().max(1000);
  app.post(
    '/api/push',
    {
      config: { right: 'viewer' },
      schema: {
        body: z.strictObject({
          subscription: z.object({
            endpoint,
            keys: z.object({ p256dh: z.string().max(200), auth: z.string().max(100) }),
          }),
        }),
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const { id, organisation } = member(request);
      studio.push.subscribe(id, organisation, request.body.subscription);
      return reply.code(204).send(null);
    },
  );
  app.delete(
    '/api/push',
    { config: { right: 'viewer' }, schema: { body: z.strictObject({ endpoint }), response: { 204: z.null() } } },
    async (request, reply) => {
      studio.push.unsubscribe(member(request).id, request.body.endpoint);
      return reply.code(204).send(null);
    },
  );
}
