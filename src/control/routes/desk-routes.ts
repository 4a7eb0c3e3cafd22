import { z } from 'zod';
import { alarmChoice, deskMachine, MAX_CLIP_SECONDS } from '../../config/api/desk-handle.js';
import { showReport } from '../../config/api/report-handle.js';
import { outputSnapshot, type RoomHandle } from '../../config/api/room-handle.js';
import { durationOf } from '../../core/duration.js';
import { EngineError } from '../../core/errors.js';
import { output } from '../../config/sections/output.js';
import { actorOf } from '../actor.js';
import { about, checkedByRoom, content, empty, type ControlApp } from '../api.js';
import { ignoreBodies } from '../bodies.js';

const DAY = '24h';
const MAX_MS = 400 * 86_400_000;
const named = z.object({ id: z.string() });
const outputList = z.object({ outputs: z.array(outputSnapshot) });

/** What a person at the desk sees and does beside script, products and sound. */
export function deskRoutes(app: ControlApp, room: Pick<RoomHandle, 'desk' | 'report' | 'snapshot'>): void {
  const { desk, report } = room;
  const outputs = () => ({ outputs: room.snapshot().outputs });
  app.post(
    '/api/alarms/acknowledge',
    {
      schema: {
        ...about('operate', 'Mark alarms as seen', '确认告警', [400]),
        body: alarmChoice,
        response: { 200: z.object({ acknowledged: z.int() }) },
      },
    },
    (request) => ({ acknowledged: desk.acknowledge(request.body, actorOf(request)) }),
  );
  app.put(
    '/api/outputs/:id',
    {
      ...checkedByRoom,
      schema: {
        ...about('room', 'Add or replace an output on air', '直播中新增或替换输出', [400, 409]),
        params: named,
        body: output,
        response: { 200: outputList },
      },
    },
    async ({ params, body }) => {
      await desk.putOutput(params.id, body);
      return outputs();
    },
  );
  app.get(
    '/api/clip',
    {
      schema: {
        ...about('room', 'The last seconds as MP4', '最近片段（MP4）', [400, 404]),
        querystring: z.strictObject({ seconds: z.coerce.number().int().min(1).max(MAX_CLIP_SECONDS).default(30) }),
        response: { 200: content('video/mp4') },
      },
    },
    async ({ query }, reply) => reply.header('content-type', 'video/mp4').send(await desk.clip(query.seconds)),
  );
  app.get(
    '/api/evidence/:file',
    {
      schema: {
        ...about('room', 'A withheld picture or sound', '拦截证据', [404]),
        params: z.object({ file: z.string() }),
        response: { 200: content('application/octet-stream') },
      },
    },
    async ({ params }, reply) => {
      const { contentType, body } = await desk.evidence(params.file);
      return reply.header('content-type', contentType).header('x-content-type-options', 'nosniff').send(body);
    },
  );
  app.get(
    '/api/machine',
    {
      schema: { ...about('room', 'Processor, memory and disk', '处理器、内存与磁盘'), response: { 200: deskMachine } },
    },
    () => desk.machine(),
  );
  app.get(
    '/api/report',
    {
      schema: {
        ...about('viewers', 'Figures of the last shows', '直播报告', [400]),
        querystring: z.object({
          since: z.string().default(DAY).describe('30m, 24h or 7d'),
          format: z.enum(['json', 'html']).default('json').describe('html: a page that loads nothing'),
          lang: z.enum(['en', 'zh']).default('en'),
        }),
        response: {
          200: {
            content: { 'application/json': { schema: showReport }, 'text/html': { schema: z.string() } },
          },
        },
      },
    },
    async ({ query: { since, format, lang } }, reply) => {
      const sinceMs = durationOf(since);
      if (sinceMs === undefined || sinceMs <= 0 || sinceMs > MAX_MS)
        throw new EngineError('E_BAD_REQUEST', {
          where: 'GET /api/report: since',
          expected: '30m, 24h or 7d',
          found: JSON.stringify(since).slice(0, 60),
        });
      reply.header('cache-control', 'no-store');
      if (format === 'json') return reply.send(await report.report(sinceMs));
      return reply
        .header('content-type', 'text/html; charset=utf-8')
        .header('x-content-type-options', 'nosniff')
        .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox")
        .send(await report.page(sinceMs, lang));
    },
  );
  ignoreBodies(app, (bare) => {
    bare.delete(
      '/api/outputs/:id',
      {
        schema: { ...about('room', 'End an output', '移除输出', [404, 409]), params: named, response: { 204: empty } },
      },
      async ({ params }, reply) => {
        await desk.removeOutput(params.id);
        return reply.code(204).send();
      },
    );
    bare.post(
      '/api/outputs/:id/reconnect',
      {
        schema: {
          ...about('room', 'Reconnect an output', '重连输出', [404]),
          params: named,
          response: { 200: outputList },
        },
      },
      ({ params }) => {
        desk.reconnectOutput(params.id);
        return outputs();
      },
    );
    bare.post(
      '/api/recording',
      { schema: { ...about('room', 'Begin a recording', '开始录制'), response: { 200: outputList } } },
      async () => {
        await desk.record(true);
        return outputs();
      },
    );
    bare.delete(
      '/api/recording',
      { schema: { ...about('room', 'End the recording', '停止录制'), response: { 204: empty } } },
      async (_request, reply) => {
        await desk.record(false);
        return reply.code(204).send();
      },
    );
  });
}
