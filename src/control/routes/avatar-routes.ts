import type { FastifyInstance, FastifyRequest } from 'fastify';
import { EngineError } from '../../core/errors.js';
import type { RoomHandle } from '../../core/room-handle.js';
import { ignoreBodies } from '../bodies.js';
import { WrongTokens } from '../wrong-tokens.js';
import type { Log } from '../../core/log.js';

const SDP = 'application/sdp';

/**
 * An external avatar by WHIP: `POST /whip/avatar`, `DELETE /whip/avatar/:id`, and its state at `GET /api/presenter/source`.
 *
 * Problem: a GPU box should not hold the room's token, and some engines (LiveTalking's `rtcpush`) can send no header.
 * Rule: the room's token, or the stream key as the bearer token or as `?key=`. Wrong keys are limited per address.
 */
export function avatarRoutes(app: FastifyInstance, { avatar }: Pick<RoomHandle, 'avatar'>, log: Log): void {
  const wrongKeys = new WrongTokens(log);
  const requireKey = (request: FastifyRequest): void => {
    const bearer = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    const { key } = request.query as { key?: unknown };
    const given = bearer ?? (typeof key === 'string' ? key : undefined);
    if (request.holdsToken || (given !== undefined && avatar.isKey(given))) return;
    const retryAfterS = given === undefined ? 0 : wrongKeys.note(request.ip);
    throw new EngineError(retryAfterS > 0 ? 'E_TOO_MANY_REQUESTS' : 'E_UNAUTHORIZED', {
      where: `${request.method} /whip/avatar`,
      expected: 'the room’s token or its stream key (presenter.external.streamKey)',
      found: given === undefined ? 'neither' : 'a wrong one',
      todo: 'send Authorization: Bearer KEY, or ?key=KEY where the engine sends no header',
    });
  };
  app.get('/api/presenter/source', () => avatar.state());
  void app.register(async (sdp) => {
    // LiveTalking posts the offer without a type of its own.
    sdp.addContentTypeParser('text/plain', { parseAs: 'string' }, (_request, body, done) => done(null, body));
    sdp.post('/whip/avatar', { config: { public: true } }, async (request, reply) => {
      requireKey(request);
      if (typeof request.body !== 'string') {
        throw new EngineError('E_SDP_INVALID', {
          where: 'POST /whip/avatar',
          expected: `a body of type ${SDP}`,
          found: request.headers['content-type'] ?? 'none',
        });
      }
      const { id, answer } = await avatar.offer(request.body);
      return reply.code(201).header('location', `/whip/avatar/${id}`).header('content-type', SDP).send(answer);
    });
  });
  void app.register(async (bare) => {
    ignoreBodies(bare);
    bare.delete<{ Params: { id: string } }>(
      '/whip/avatar/:id',
      { config: { public: true } },
      async (request, reply) => {
        // The id of a session is a secret of 96 random bits that only its sender knows.
        await avatar.hangUp(request.params.id);
        return reply.code(200).send();
      },
    );
  });
}
