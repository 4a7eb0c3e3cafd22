import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { MAX_VOICE_BYTES } from '../../audio/decode-voice.js';
import { EngineError } from '../../core/errors.js';
import { TAKEOVER_MODES } from '../../core/handles/takeover-handle.js';
import type { RoomHandle } from '../../core/room-handle.js';
import { ignoreBodies } from '../bodies.js';
import { parseBody } from '../parse-body.js';
import { MAX_SAY_CHARACTERS } from './say-routes.js';

const SDP = 'application/sdp';
/** Types that clients send; ffmpeg goes by the bytes. */
const VOICE_TYPES = /^(audio\/[\w.+-]+|application\/(ogg|octet-stream))(;|$)/;

export const takeoverBody = z.strictObject({ mode: z.enum(TAKEOVER_MODES) });
export const takeoverSayBody = z.union([
  z.strictObject({
    text: z.string().min(1).max(MAX_SAY_CHARACTERS),
    language: z.string().min(2).max(35).optional(),
  }),
  z.strictObject({ phrase: z.string().min(1).max(64) }),
]);
export const takeoverAudioQuery = z.object({ text: z.string().min(1).max(MAX_SAY_CHARACTERS).optional() });

/**
 * A person takes over the show: `POST /api/takeover {mode}`, `DELETE` gives it back; `POST /api/takeover/say`,
 * `POST /api/takeover/audio` with a recording as its body, and a microphone by WHIP at `POST /whip/takeover`.
 */
export function takeoverRoutes(app: FastifyInstance, { takeover }: Pick<RoomHandle, 'takeover'>): void {
  app.get('/api/takeover', () => takeover.state());
  app.post('/api/takeover', (request) =>
    takeover.begin(parseBody(takeoverBody, request.body, 'POST /api/takeover').mode),
  );
  app.post('/api/takeover/say', async (request, reply) => {
    const result = await takeover.say(parseBody(takeoverSayBody, request.body, 'POST /api/takeover/say'));
    return reply.code(result.result === 'refused' ? 422 : 202).send(result);
  });
  void app.register(async (bare) => {
    ignoreBodies(bare);
    bare.delete('/api/takeover', () => takeover.end());
    bare.delete<{ Params: { id: string } }>('/whip/takeover/:id', async (request, reply) => {
      await takeover.hangUp(request.params.id);
      return reply.code(200).send();
    });
  });
  void app.register(async (sound) => {
    sound.addContentTypeParser(VOICE_TYPES, { parseAs: 'buffer', bodyLimit: MAX_VOICE_BYTES }, (_request, body, done) =>
      done(null, body),
    );
    sound.post('/api/takeover/audio', async (request, reply) => {
      const where = 'POST /api/takeover/audio';
      const { text } = parseBody(takeoverAudioQuery, request.query, where);
      if (!Buffer.isBuffer(request.body) || request.body.length === 0)
        throw new EngineError('E_BAD_REQUEST', {
          where,
          expected: 'a recording as the body, with a type such as audio/wav or audio/mpeg',
          found: request.headers['content-type'] ?? 'no body',
        });
      return reply.code(202).send(await takeover.audio(request.body, text));
    });
  });
  app.post('/whip/takeover', async (request, reply) => {
    if (!request.headers['content-type']?.startsWith(SDP) || typeof request.body !== 'string') {
      throw new EngineError('E_SDP_INVALID', {
        where: 'POST /whip/takeover',
        expected: `a body of type ${SDP}`,
        found: request.headers['content-type'] ?? 'none',
      });
    }
    const { id, answer } = await takeover.offer(request.body);
    return reply.code(201).header('location', `/whip/takeover/${id}`).header('content-type', SDP).send(answer);
  });
}
