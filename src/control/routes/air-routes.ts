import { z } from 'zod';
import {
  dumpResult,
  encoderSnapshot,
  outputEvent,
  outputSnapshot,
  resumeOptions,
  roomSnapshot,
  verdictRecord,
  type RoomHandle,
  type RoomSnapshot,
} from '../../config/api/room-handle.js';
import { encoderPatch } from '../../config/sections/encoder.js';
import { EngineError } from '../../core/errors.js';
import { REPLACE_CAUSES } from '../../core/verdict.js';
import { actorOf } from '../access.js';
import { about, checkedByRoom, content, type ControlApp } from '../api.js';
import { ignoreBodies } from '../bodies.js';
import type { roomMetrics } from '../metrics.js';

const healthAnswer = z.object({
  ok: z.boolean(),
  status: z.string().describe('`ok`, `degraded`, or the state of a room that is not on air'),
  state: roomSnapshot.shape.state,
  slate: roomSnapshot.shape.slate.exactOptional(),
  frame: z.int(),
  lateTicks: z.int(),
  degraded: z.array(z.enum(['slate', 'ledger', 'outputs', 'machine'])).exactOptional(),
});

/**
 * State, figures and health of the room. `/healthz` and `/metrics` are public and hold no secret: only clients with the token
 * get the causes, such as the reasons of the slate.
 */
export function roomRoutes(app: ControlApp, room: RoomHandle): void {
  app.get(
    '/healthz',
    {
      config: { public: true },
      schema: {
        ...about('room', 'Whether the room is on air; for supervisors', '是否在播,供进程守护使用'),
        response: { 200: healthAnswer, 503: healthAnswer },
      },
    },
    async (request, reply) => {
      const snapshot = room.snapshot();
      const { state, slate, frame, lateTicks } = snapshot;
      const ok = state === 'on-air' || state === 'blanked';
      const degraded = degradedBy(snapshot);
      const status = !ok ? state : degraded.length > 0 ? 'degraded' : 'ok';
      return reply.code(ok ? 200 : 503).send({
        ok,
        status,
        state,
        ...(request.holdsToken ? { slate } : {}),
        frame,
        lateTicks: lateTicks.total,
        ...(degraded.length > 0 ? { degraded } : {}),
      });
    },
  );
  // The metrics library takes 4 MB: it is loaded on the first scrape.
  let metrics: ReturnType<typeof roomMetrics> | undefined;
  app.get(
    '/metrics',
    {
      config: { public: true },
      schema: { ...about('room', 'Prometheus metrics', 'Prometheus 指标'), response: { 200: content('text/plain') } },
    },
    async (request, reply) => {
      metrics ??= (await import('../metrics.js')).roomMetrics(room);
      return reply.header('content-type', metrics.contentType).send(await metrics.text(request.holdsToken));
    },
  );
  app.get(
    '/api/room',
    { schema: { ...about('room', 'State and figures', '状态与指标'), response: { 200: roomSnapshot } } },
    () => room.snapshot(),
  );
  app.get(
    '/api/verdicts',
    {
      schema: {
        ...about('room', 'Newest decisions, newest first', '最新的审核决定', [400]),
        querystring: z.object({ limit: z.coerce.number().int().min(1).max(500).default(50) }),
        response: { 200: z.object({ verdicts: z.array(verdictRecord) }) },
      },
    },
    ({ query }) => ({ verdicts: room.verdicts(query.limit) }),
  );
  app.get(
    '/api/still',
    {
      schema: {
        ...about('room', 'The picture that left last', '最近播出的画面', [504]),
        response: { 200: content('image/jpeg') },
      },
    },
    async (_request, reply) =>
      reply
        .header('content-type', 'image/jpeg')
        .header('cache-control', 'no-store')
        .send(await room.stillJpeg()),
  );
  app.patch(
    '/api/encoder',
    {
      ...checkedByRoom,
      schema: {
        ...about('room', 'Change encoder settings', '修改编码参数', [400, 502]),
        body: encoderPatch,
        response: { 200: encoderSnapshot },
      },
    },
    ({ body }) => room.changeEncoder(body),
  );
  app.get(
    '/api/outputs',
    {
      schema: {
        ...about('room', 'Outputs and the newest changes of their states', '推流输出及其状态变化', [400]),
        querystring: z.object({ events: z.coerce.number().int().min(1).max(200).default(50) }),
        response: { 200: z.object({ outputs: z.array(outputSnapshot), events: z.array(outputEvent) }) },
      },
    },
    ({ query }) => ({ outputs: room.snapshot().outputs, events: room.outputEvents(query.events) }),
  );
  playlistRoutes(app, room);
  commandRoutes(app, room);
}

/** `GET /hls/<id>/index.m3u8` and its segments: the public broadcast, open to pages of any origin, without a token. */
function playlistRoutes(app: ControlApp, room: Pick<RoomHandle, 'outputFile'>): void {
  const open = {
    'access-control-allow-origin': '*',
    'access-control-allow-headers': 'range',
    'x-content-type-options': 'nosniff',
  };
  app.options('/hls/:id/:file', { config: { public: true }, schema: { hide: true } }, (_request, reply) =>
    reply.headers(open).code(204).send(),
  );
  app.get(
    '/hls/:id/:file',
    {
      config: { public: true },
      schema: {
        ...about('broadcast', 'Playlist and segments of an HLS output', 'HLS 播放列表与分片', [404]),
        params: z.object({ id: z.string(), file: z.string() }),
        response: { 200: content('application/octet-stream') },
      },
    },
    ({ params: { id, file } }, reply) => {
      const found = room.outputFile(id, file);
      reply.headers(open);
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

const commandState = z.object({
  state: roomSnapshot.shape.state,
  muted: z.boolean(),
  blanked: z.boolean(),
  slate: z.array(z.enum(REPLACE_CAUSES)),
});

/** The operator commands. They act on everything that has not left the machine yet, look-ahead included. */
function commandRoutes(app: ControlApp, room: RoomHandle): void {
  const commands = () => {
    const { state, muted, blanked, slate } = room.snapshot();
    return { state, muted, blanked, slate };
  };
  // A command in a hurry must not fail for its content type.
  ignoreBodies(app, (bare) => {
    bare.post(
      '/api/mute',
      { schema: { ...about('operate', 'Silence the sound', '静音'), response: { 200: commandState } } },
      (request) => {
        room.mute(actorOf(request));
        return commands();
      },
    );
    bare.post(
      '/api/blank',
      { schema: { ...about('operate', 'Show the slate', '遮屏'), response: { 200: commandState } } },
      (request) => {
        room.blank(actorOf(request));
        return commands();
      },
    );
    bare.post(
      '/api/dump',
      {
        schema: {
          ...about('operate', 'Drop what has not left', '丢弃尚未播出的内容', [504]),
          response: { 200: dumpResult },
        },
      },
      () => room.dump(),
    );
  });
  app.post(
    '/api/resume',
    {
      schema: {
        ...about('operate', 'Undo mute, blank or the slate for the risk', '恢复播出', [400]),
        body: resumeOptions,
        response: { 200: commandState },
      },
    },
    ({ body }) => {
      room.resume(body);
      return commands();
    },
  );
}

/**
 * Why a room on air is degraded, without the violated rules, since anybody may ask. A restart would not help, so the
 * status stays 200. A held risk is a slate.
 */
function degradedBy({ slate, ledger, outputs, alarms }: RoomSnapshot) {
  const down = outputs.some(({ required, state }) => required === true && state !== 'live' && state !== 'degraded');
  return [
    ...(slate.length > 0 ? (['slate'] as const) : []),
    ...(ledger.failing ? (['ledger'] as const) : []),
    ...(down ? (['outputs'] as const) : []),
    ...(alarms.some(({ kind }) => kind === 'machine-slow') ? (['machine'] as const) : []),
  ];
}
