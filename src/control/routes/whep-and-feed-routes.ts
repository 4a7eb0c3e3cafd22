import type { WebSocket } from '@fastify/websocket';
import { z } from 'zod';
import type { RoomHandle } from '../../config/api/room-handle.js';
import { EngineError } from '../../core/errors.js';
import { networkOf } from '../access.js';
import { about, content, type ControlApp, empty, rawBody } from '../api.js';
import { LiveFeed } from '../live/live-feed.js';
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

/** Methods that change nothing. */
const READS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** `GET /api/live` as a WebSocket: all that changes in the room, with sequence numbers. */
export function liveRoutes(app: ControlApp, room: RoomHandle): void {
  const feed = new LiveFeed({ room });
  app.addHook('onClose', () => feed.close());
  // Whoever presses a key sees what came of it at once, on every page.
  app.addHook('onResponse', async ({ method }) => {
    if (!READS.has(method)) feed.poke();
  });
  app.route({
    method: 'GET',
    url: '/api/live',
    config: { socket: true },
    schema: about('room', 'WebSocket: all that changes, numbered', 'WebSocket：带序号的全部变化', [400]),
    handler: async () => {
      throw new EngineError('E_BAD_REQUEST', {
        where: 'GET /api/live',
        expected: 'a WebSocket',
        found: 'a plain request',
        todo: 'docs/api.md describes the messages',
      });
    },
    wsHandler: (socket) => serveLive(socket, feed),
  });
}

/** A page that reads more slowly than messages come is cut off; it comes back and gets the newest state. */
const MAX_BUFFERED_BYTES = 2 * 1024 * 1024;
const PING_MS = 10_000;
/** A page says first what it wants; one that says nothing within this time gets everything. */
const FIRST_MS = 1000;

const watch = z.looseObject({
  type: z.literal('watch'),
  resume: z.object({ epoch: z.string().max(64), seq: z.int().min(0) }).optional(),
});

/**
 * The WebSocket side of `/api/live`. In, first: `{type: "watch", resume?: {epoch, seq}}`. Out: `{type: "hello", epoch, seq,
 * resumed}`, then messages `{seq, at, type, data}`, and `{type: "ping"}` every ten seconds.
 */
function serveLive(socket: WebSocket, feed: LiveFeed): void {
  let stop: (() => void) | undefined;
  const send = (message: object): void => {
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > MAX_BUFFERED_BYTES) return socket.terminate();
    socket.send(JSON.stringify(message));
  };
  const begin = (resume?: { epoch: string; seq: number }): void => {
    clearTimeout(first);
    stop ??= feed.watch(send, resume, (seq, resumed) => send({ type: 'hello', epoch: feed.epoch, seq, resumed }));
  };
  const first = setTimeout(begin, FIRST_MS);
  const ping = setInterval(() => send({ type: 'ping' }), PING_MS);
  socket.on('message', (data, isBinary) => {
    const wanted = isBinary ? undefined : watch.safeParse(parsed(String(data)));
    if (wanted?.success === true) begin(wanted.data.resume);
  });
  socket.on('error', () => socket.terminate());
  socket.once('close', () => {
    clearTimeout(first);
    clearInterval(ping);
    stop?.();
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
