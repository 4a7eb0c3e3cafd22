import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { MAX_VOICE_BYTES } from '../../audio/decode-voice.js';
import { avatarState } from '../../config/api/avatar-handle.js';
import { MAX_SAY_CHARACTERS, sayBody, type RoomHandle } from '../../config/api/room-handle.js';
import { sayResult } from '../../config/api/desk-handle.js';
import { TAKEOVER_MODES, takeoverAudio, takeoverSnapshot } from '../../config/api/takeover-handle.js';
import { EngineError } from '../../core/errors.js';
import type { Log } from '../../core/log.js';
import { about, content, empty, rawBody, scoped, type ControlApp } from '../api.js';
import { ignoreBodies } from '../bodies.js';
import { WrongTokens } from '../access.js';

const SDP = 'application/sdp';
/** Types that clients send; ffmpeg goes by the bytes. */
const VOICE_TYPES = /^(audio\/[\w.+-]+|application\/(ogg|octet-stream))(;|$)/;
const named = z.object({ id: z.string() });
const offer = {
  consumes: [SDP],
  body: rawBody('Session description'),
  response: { 201: content(SDP) },
};

/** A person takes over the show: by typed lines, a recording, or a microphone by WHIP. */
export function takeoverRoutes(app: ControlApp, { takeover }: Pick<RoomHandle, 'takeover'>): void {
  app.get(
    '/api/takeover',
    {
      schema: {
        ...about('operate', 'Whether a person has taken over', '人工接管状态'),
        response: { 200: takeoverSnapshot },
      },
    },
    () => takeover.state(),
  );
  app.post(
    '/api/takeover',
    {
      schema: {
        ...about('operate', 'Take over the show', '人工接管', [400, 409]),
        body: z.strictObject({ mode: z.enum(TAKEOVER_MODES) }),
        response: { 200: takeoverSnapshot },
      },
    },
    ({ body }) => takeover.begin(body.mode),
  );
  app.post(
    '/api/takeover/say',
    {
      schema: {
        ...about('operate', 'Speak a typed line or a quick phrase at once', '立即播报文字或快捷话术', [400, 404, 409]),
        body: z.union([
          sayBody.pick({ text: true, language: true }),
          z.strictObject({ phrase: z.string().min(1).max(64) }),
        ]),
        response: { 202: sayResult, 422: sayResult },
      },
    },
    async ({ body }, reply) => {
      const result = await takeover.say(body);
      return reply.code(result.result === 'refused' ? 422 : 202).send(result);
    },
  );
  ignoreBodies(app, (bare) => {
    bare.delete(
      '/api/takeover',
      { schema: { ...about('operate', 'Give the show back', '结束接管'), response: { 200: takeoverSnapshot } } },
      () => takeover.end(),
    );
    bare.delete(
      '/whip/takeover/:id',
      {
        schema: {
          ...about('operate', 'Disconnect the microphone', '断开麦克风', [404]),
          params: named,
          response: { 200: empty },
        },
      },
      async ({ params }, reply) => {
        await takeover.hangUp(params.id);
        return reply.code(200).send();
      },
    );
  });
  scoped(app, (sound) => {
    sound.addContentTypeParser(VOICE_TYPES, { parseAs: 'buffer', bodyLimit: MAX_VOICE_BYTES }, (_request, body, done) =>
      done(null, body),
    );
    sound.post(
      '/api/takeover/audio',
      {
        schema: {
          ...about(
            'operate',
            'Play a recording once its words are judged',
            '播放录音（先识别并审核）',
            [400, 409, 413, 422, 502],
          ),
          consumes: ['audio/*'],
          body: rawBody('A WAV, MP3, Ogg or FLAC file, at most 30 MB and 10 minutes'),
          querystring: z.object({ text: z.string().min(1).max(MAX_SAY_CHARACTERS).optional() }),
          response: { 202: takeoverAudio },
        },
      },
      async (request, reply) => {
        if (!Buffer.isBuffer(request.body) || request.body.length === 0)
          throw new EngineError('E_BAD_REQUEST', {
            where: 'POST /api/takeover/audio',
            expected: 'a recording as the body, with a type such as audio/wav or audio/mpeg',
            found: request.headers['content-type'] ?? 'no body',
          });
        return reply.code(202).send(await takeover.audio(request.body, request.query.text));
      },
    );
  });
  app.post(
    '/whip/takeover',
    { schema: { ...about('operate', 'Connect a microphone by WHIP', '通过 WHIP 接入麦克风', [400, 409]), ...offer } },
    async (request, reply) => {
      const sdp = sdpOf(request, request.headers['content-type']?.startsWith(SDP) === true);
      const { id, answer } = await takeover.offer(sdp);
      return reply.code(201).header('location', `/whip/takeover/${id}`).header('content-type', SDP).send(answer);
    },
  );
}

/**
 * A presenter whose pictures come from another engine, by WHIP.
 *
 * Problem: a GPU box should not hold the room's token, and some engines (LiveTalking's `rtcpush`) can send no header.
 * Rule: the room's token, or the stream key as the bearer token or as `?key=`. Wrong keys are limited per address.
 */
export function avatarRoutes(app: ControlApp, { avatar }: Pick<RoomHandle, 'avatar'>, log: Log): void {
  const wrongKeys = new WrongTokens(log);
  const requireKey = (request: FastifyRequest, key: string | undefined): void => {
    const bearer = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    const given = bearer ?? key;
    if (request.holdsToken || (given !== undefined && avatar.isKey(given))) return;
    const retryAfterS = given === undefined ? 0 : wrongKeys.note(request.ip);
    throw new EngineError(retryAfterS > 0 ? 'E_TOO_MANY_REQUESTS' : 'E_UNAUTHORIZED', {
      where: `${request.method} /whip/avatar`,
      expected: 'the room’s token or its stream key (presenter.external.streamKey)',
      found: given === undefined ? 'neither' : 'a wrong one',
      todo: 'send Authorization: Bearer KEY, or ?key=KEY where the engine sends no header',
    });
  };
  app.get(
    '/api/presenter/source',
    {
      schema: { ...about('operate', 'State of an external avatar', '外部数字人状态'), response: { 200: avatarState } },
    },
    () => avatar.state(),
  );
  scoped(app, (scope) => {
    // LiveTalking posts the offer without a type of its own.
    scope.addContentTypeParser('text/plain', { parseAs: 'string' }, (_request, body, done) => done(null, body));
    scope.post(
      '/whip/avatar',
      {
        config: { public: true },
        schema: {
          ...about('operate', 'Send an avatar by WHIP', '通过 WHIP 推送数字人画面', [400, 401, 409, 429]),
          ...offer,
          querystring: z.object({
            key: z.string().optional().catch(undefined).describe('Stream key, for engines that send no header'),
          }),
        },
      },
      async (request, reply) => {
        requireKey(request as FastifyRequest, request.query.key);
        const { id, answer } = await avatar.offer(sdpOf(request, true));
        return reply.code(201).header('location', `/whip/avatar/${id}`).header('content-type', SDP).send(answer);
      },
    );
  });
  ignoreBodies(app, (bare) =>
    bare.delete(
      '/whip/avatar/:id',
      {
        config: { public: true },
        schema: {
          ...about('operate', 'Disconnect the avatar', '断开数字人画面', [404]),
          params: named,
          response: { 200: empty },
        },
      },
      async ({ params }, reply) => {
        // The id of a session is a secret of 96 random bits that only its sender knows.
        await avatar.hangUp(params.id);
        return reply.code(200).send();
      },
    ),
  );
}

/** The offer of a WHIP or WHEP client. */
export function sdpOf(
  { body, method, headers, routeOptions }: Pick<FastifyRequest, 'body' | 'method' | 'headers' | 'routeOptions'>,
  hasType: boolean,
): string {
  if (hasType && typeof body === 'string') return body;
  throw new EngineError('E_SDP_INVALID', {
    where: `${method} ${routeOptions.url}`,
    expected: `a body of type ${SDP}`,
    found: headers['content-type'] ?? 'no body',
  });
}
