import type { FastifyInstance, FastifyReply } from 'fastify';
import { EngineError } from '../../core/errors.js';
import type { RoomHandle } from '../../core/room-handle.js';

/**
 * `GET /api/outputs?events=50`: the outputs and their newest state changes. `GET /hls/<id>/index.m3u8` and its
 * segments: the public broadcast, open to pages of any origin, without a token.
 */
export function outputRoutes(app: FastifyInstance, room: RoomHandle): void {
  app.get<{ Querystring: { events?: string } }>('/api/outputs', (request) => {
    const limit = Number(request.query.events ?? 50);
    const events = room.outputEvents(Number.isInteger(limit) ? Math.min(200, Math.max(1, limit)) : 50);
    return { outputs: room.snapshot().outputs, events };
  });
  const open = (reply: FastifyReply): FastifyReply =>
    reply
      .header('access-control-allow-origin', '*')
      .header('access-control-allow-headers', 'range')
      .header('x-content-type-options', 'nosniff');
  app.options('/hls/:id/:file', { config: { public: true } }, (_request, reply) => open(reply).code(204).send());
  app.get<{ Params: { id: string; file: string } }>(
    '/hls/:id/:file',
    { config: { public: true } },
    (request, reply) => {
      const { id, file } = request.params;
      const found = room.outputFile(id, file);
      open(reply);
      if (found === undefined) {
        throw new EngineError('E_NOT_FOUND', {
          where: `/hls/${id}/${file}`,
          expected: 'a playlist or segment of an HLS output',
          found: 'a file that does not exist at present',
          todo: 'a room that has just started needs two segments of time',
        });
      }
      const keep = found.maxAgeS === 0 ? 'no-cache' : `public, max-age=${found.maxAgeS}`;
      return reply.header('content-type', found.contentType).header('cache-control', keep).send(found.body);
    },
  );
}
