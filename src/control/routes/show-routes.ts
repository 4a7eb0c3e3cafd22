import { z } from 'zod';
import { agendaSnapshot } from '../../config/api/agenda-handle.js';
import { sayBody, type RoomHandle } from '../../config/api/room-handle.js';
import { sayResult } from '../../config/api/desk-handle.js';
import {
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
import { about, empty, type ControlApp } from '../api.js';
import { ignoreBodies } from '../bodies.js';

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
