import type { FastifyInstance, FastifyReply } from 'fastify';
import { EngineError } from '../../core/errors.js';
import type { RoomHandle } from '../../core/room-handle.js';
import { networkOf } from '../wrong-tokens.js';

const SDP = 'application/sdp';
const FRAGMENT = 'application/trickle-ice-sdpfrag';

/**
 * WebRTC-HTTP Egress Protocol (draft-ietf-wish-whep): POST an SDP offer, get 201 with the answer and the session's
 * `Location`; PATCH candidates to it, DELETE it. Open to pages of any origin, since it serves the public broadcast.
 * The number of viewers is limited, with places reserved for clients with the token.
 */
export function whepRoutes(app: FastifyInstance, room: RoomHandle): void {
  app.addContentTypeParser([SDP, FRAGMENT], { parseAs: 'string', bodyLimit: 256 * 1024 }, (_request, body, done) =>
    done(null, body),
  );
  const open = (reply: FastifyReply): FastifyReply =>
    reply
      .header('access-control-allow-origin', '*')
      .header('access-control-allow-methods', 'POST, PATCH, DELETE, OPTIONS')
      .header('access-control-allow-headers', 'authorization, content-type, if-match')
      .header('access-control-expose-headers', 'location, etag, link');

  const broadcast = { config: { public: true, anyOrigin: true } };
  app.options('/whep', broadcast, (_request, reply) => open(reply).header('accept-post', SDP).code(204).send());
  app.options('/whep/:id', broadcast, (_request, reply) =>
    open(reply).header('accept-patch', FRAGMENT).code(204).send(),
  );
  app.post('/whep', broadcast, async (request, reply) => {
    open(reply);
    if (!request.headers['content-type']?.startsWith(SDP) || typeof request.body !== 'string') {
      throw new EngineError('E_SDP_INVALID', {
        where: 'POST /whep',
        expected: `a body of type ${SDP}`,
        found: request.headers['content-type'] ?? 'none',
      });
    }
    const { id, answer } = await room.whepOffer(request.body, {
      holdsToken: request.holdsToken,
      address: networkOf(request.ip),
    });
    return reply
      .code(201)
      .header('location', `/whep/${id}`)
      .header('etag', `"${id}"`)
      .header('content-type', SDP)
      .send(answer);
  });
  app.patch<{ Params: { id: string } }>('/whep/:id', broadcast, async (request, reply) => {
    open(reply);
    await room.whepCandidate(request.params.id, String(request.body ?? ''));
    return reply.code(204).send();
  });
  app.delete<{ Params: { id: string } }>('/whep/:id', broadcast, async (request, reply) => {
    open(reply);
    await room.whepDelete(request.params.id);
    return reply.code(200).send();
  });
}
