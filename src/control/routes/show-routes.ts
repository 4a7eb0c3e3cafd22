import { z } from 'zod';
import {
  agendaSnapshot,
  jumpBody,
  lineBody,
  linePatch,
  linePut,
  scriptBody,
  scriptEdit,
  scriptSettings,
  scriptSnapshot,
  segmentBody,
  segmentPatch,
  segmentPut,
  skipBody,
} from '../../config/api/script-handle.js';
import { alarmChoice, deskMachine, MAX_CLIP_SECONDS, sayResult } from '../../config/api/desk-handle.js';
import { showReport } from '../../config/api/report-handle.js';
import { outputSnapshot, type RoomHandle, sayBody } from '../../config/api/room-handle.js';
import { output } from '../../config/sections/output.js';
import { durationOf } from '../../core/time.js';
import { EngineError } from '../../core/errors.js';
import { actorOf } from '../access.js';
import { about, checkedByRoom, content, type ControlApp, empty } from '../api.js';
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

/** A script of 500 segments in many wordings. */
const bodyLimit = 8 * 1024 * 1024;

const SEGMENT = '/api/script/segments/:segment';
const LINE = `${SEGMENT}/lines/:line`;
const known = z.object({ segment: z.string() });
const knownLine = z.object({ segment: z.string(), line: z.string() });
/** Of a segment or line that may be new. */
const id = segmentBody.shape.id.unwrap();
const REFUSED = [400, 404, 422];

/** The running script, its edits and moving through it; the agenda; lines of the operator. */
export function showRoutes(app: ControlApp, room: Pick<RoomHandle, 'agenda' | 'script' | 'say'>): void {
  const { agenda, script } = room;
  app.post(
    '/api/say',
    {
      schema: {
        ...about('show', 'Speak a line; 422 when it is refused', '插播一句话', [400]),
        body: sayBody,
        response: { 202: sayResult, 422: sayResult },
      },
    },
    async ({ body: { text, ...options } }, reply) => {
      const result = await room.say(text, options);
      return reply.code(result.result === 'refused' ? 422 : 202).send(result);
    },
  );
  app.get(
    '/api/agenda',
    {
      schema: {
        ...about('show', 'Lines on air and on their way', '正在播和排队中的口播'),
        response: { 200: agendaSnapshot },
      },
    },
    () => agenda.snapshot(),
  );
  app.get(
    '/api/script',
    { schema: { ...about('show', 'The running script', '当前脚本'), response: { 200: scriptSnapshot } } },
    () => script.snapshot(),
  );
  app.put(
    '/api/script',
    {
      bodyLimit,
      schema: {
        ...about('show', 'Replace all segments', '替换全部段落', REFUSED),
        body: scriptBody,
        response: { 200: scriptSnapshot },
      },
    },
    ({ body }) => script.replace(body.segments),
  );
  app.patch(
    '/api/script',
    {
      schema: {
        ...about('show', 'Change loop, gap and fillers', '修改循环、间隔和补白', REFUSED),
        body: scriptSettings,
        response: { 200: scriptSnapshot },
      },
    },
    ({ body }) => script.change(body),
  );
  app.post(
    '/api/script/segments',
    {
      bodyLimit,
      schema: {
        ...about('show', 'Add a segment', '新增段落', REFUSED),
        body: segmentBody,
        response: { 201: scriptEdit },
      },
    },
    async ({ body: { after, ...segment } }, reply) => reply.code(201).send(await script.addSegment(segment, after)),
  );
  app.put(
    SEGMENT,
    {
      bodyLimit,
      schema: {
        ...about('show', 'Replace or add a segment', '替换或新增段落', REFUSED),
        params: z.object({ segment: id }),
        body: segmentPut,
        response: { 200: scriptEdit },
      },
    },
    ({ params, body }) => script.putSegment(params.segment, body),
  );
  app.patch(
    SEGMENT,
    {
      schema: {
        ...about('show', 'Change the product of a segment, or move it', '修改段落商品或移动段落', REFUSED),
        params: known,
        body: segmentPatch,
        response: { 200: scriptEdit },
      },
    },
    ({ params, body }) => script.patchSegment(params.segment, body),
  );
  app.post(
    `${SEGMENT}/lines`,
    {
      schema: {
        ...about('show', 'Add a line', '新增台词', REFUSED),
        params: known,
        body: lineBody,
        response: { 201: scriptEdit },
      },
    },
    async ({ params, body: { after, ...line } }, reply) =>
      reply.code(201).send(await script.addLine(params.segment, line, after)),
  );
  app.put(
    LINE,
    {
      schema: {
        ...about('show', 'Replace or add a line', '替换或新增台词', REFUSED),
        params: z.object({ segment: z.string(), line: id }),
        body: linePut,
        response: { 200: scriptEdit },
      },
    },
    ({ params, body }) => script.putLine(params.segment, params.line, body),
  );
  app.patch(
    LINE,
    {
      schema: {
        ...about('show', 'Change or move a line', '修改或移动台词', REFUSED),
        params: knownLine,
        body: linePatch,
        response: { 200: scriptEdit },
      },
    },
    ({ params, body }) => script.patchLine(params.segment, params.line, body),
  );
  app.post(
    '/api/script/jump',
    {
      schema: {
        ...about('show', 'Go to a line', '跳到某句', [400, 404]),
        body: jumpBody,
        response: { 200: scriptSnapshot },
      },
    },
    ({ body }) => script.jump(body),
  );
  app.post(
    '/api/script/skip',
    {
      schema: {
        ...about('show', 'End the line on air', '跳过当前台词', [400]),
        body: skipBody,
        response: { 200: z.object({ skipped: z.string().nullable() }) },
      },
    },
    ({ body }) => script.skip(body),
  );
  ignoreBodies(app, (bare) => {
    bare.post(
      '/api/script/pause',
      { schema: { ...about('show', 'Hold the script', '暂停脚本'), response: { 200: scriptSnapshot } } },
      () => script.pause(),
    );
    bare.post(
      '/api/script/resume',
      { schema: { ...about('show', 'Go on with the script', '继续脚本'), response: { 200: scriptSnapshot } } },
      () => script.resume(),
    );
    bare.delete(
      SEGMENT,
      {
        schema: {
          ...about('show', 'Remove a segment', '删除段落', [400, 404]),
          params: known,
          response: { 204: empty },
        },
      },
      async ({ params }, reply) => {
        await script.deleteSegment(params.segment);
        return reply.code(204).send();
      },
    );
    bare.delete(
      LINE,
      {
        schema: {
          ...about('show', 'Remove a line', '删除台词', [400, 404]),
          params: knownLine,
          response: { 204: empty },
        },
      },
      async ({ params }, reply) => {
        await script.deleteLine(params.segment, params.line);
        return reply.code(204).send();
      },
    );
    bare.delete(
      '/api/agenda/:id',
      {
        schema: {
          ...about('show', 'Drop a line that has not begun', '取消尚未开始的口播', [404]),
          params: z.object({ id: z.string() }),
          response: { 204: empty },
        },
      },
      async ({ params }, reply) => {
        await agenda.cancel(params.id);
        return reply.code(204).send();
      },
    );
  });
}
