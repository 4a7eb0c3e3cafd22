import { z } from 'zod';
import type { RoomHandle } from '../../config/api/room-handle.js';
import { about, content, empty, rawBody, type ControlApp } from '../api.js';
import { networkOf } from '../access.js';
import { sdpOf } from './takeover-routes.js';

const SDP = 'application/sdp';
const FRAGMENT = 'application/trickle-ice-sdpfrag';
const open = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'POST, PATCH, DELETE, OPTIONS',
  'access-control-allow-headers': 'authorization, content-type, if-match',
  'access-control-expose-headers': 'location, etag, link',
};
const named = z.object({ id: z.string() });

/**
 * WebRTC-HTTP Egress Protocol (draft-ietf-wish-whep): POST an SDP offer, get 201 with the answer and the session's
 * `Location`; PATCH candidates to it, DELETE it. Open to pages of any origin, since it serves the public broadcast.
 * The number of viewers is limited, with places reserved for clients with the token.
 */
export function whepRoutes(app: ControlApp, room: RoomHandle): void {
  app.addContentTypeParser([SDP, FRAGMENT], { parseAs: 'string', bodyLimit: 256 * 1024 }, (_request, body, done) =>
    done(null, body),
  );
  const config = { public: true, anyOrigin: true };
  const preflight = { config, schema: { hide: true } };
  app.options('/whep', preflight, (_request, reply) => reply.headers(open).header('accept-post', SDP).code(204).send());
  app.options('/whep/:id', preflight, (_request, reply) =>
    reply.headers(open).header('accept-patch', FRAGMENT).code(204).send(),
  );
  app.post(
    '/whep',
    {
      config,
      schema: {
        ...about('broadcast', 'Watch by WebRTC (WHEP): an SDP offer', '以 WebRTC(WHEP)观看', [400, 503]),
        consumes: [SDP],
        body: rawBody('Session description'),
        response: { 201: content(SDP) },
      },
    },
    async (request, reply) => {
      reply.headers(open);
      const sdp = sdpOf(request, request.headers['content-type']?.startsWith(SDP) === true);
      const { id, answer } = await room.whepOffer(sdp, {
        holdsToken: request.holdsToken,
        address: networkOf(request.ip),
      });
      return reply
        .code(201)
        .header('location', `/whep/${id}`)
        .header('etag', `"${id}"`)
        .header('content-type', SDP)
        .send(answer);
    },
  );
  app.patch(
    '/whep/:id',
    {
      config,
      schema: {
        ...about('broadcast', 'Trickle ICE candidates', '补充 ICE 候选', [400, 404]),
        consumes: [FRAGMENT],
        params: named,
        body: rawBody('Candidates'),
        response: { 204: empty },
      },
    },
    async ({ params, body }, reply) => {
      reply.headers(open);
      await room.whepCandidate(params.id, typeof body === 'string' ? body : '');
      return reply.code(204).send();
    },
  );
  app.delete(
    '/whep/:id',
    {
      config,
      schema: {
        ...about('broadcast', 'End a WHEP session', '结束 WHEP 会话'),
        params: named,
        response: { 200: empty },
      },
    },
    async ({ params }, reply) => {
      reply.headers(open);
      await room.whepDelete(params.id);
      return reply.code(200).send();
    },
  );
}
