import type { WebSocket } from '@fastify/websocket';
import { z } from 'zod';
import { deskRule, hiddenViewer, sayResult } from '../../config/api/desk-handle.js';
import {
  eventCounts,
  type EventRecord,
  eventRecord,
  type EventsHandle,
  eventSourceHealth,
  openQuestion,
  pageComment,
  previewedAnswer,
  viewerEvent,
  type ViewerEvent,
} from '../../config/api/events-handle.js';
import { editOptions } from '../../config/api/layers-handle.js';
import { capturedProduct, pageCapture } from '../../config/api/products-handle.js';
import { llmState, llmTest } from '../../config/api/replies-handle.js';
import type { RoomHandle } from '../../config/api/room-handle.js';
import { replies as repliesSection } from '../../config/sections/replies.js';
import { llm as llmSection } from '../../config/sections/services/llm.js';
import { isEngineError } from '../../core/errors.js';
import { about, checkedByRoom, type ControlApp, parsed } from '../api.js';
import { depthWithin, ignoreBodies } from '../bodies.js';

const MAX_EVENTS = 500;
const MAX_DEPTH = 8;
/** A client that reads more slowly than events come is cut off instead of filling the memory. */
const MAX_BUFFERED_BYTES = 1024 * 1024;
const PING_MS = 30_000;

const many = z.array(viewerEvent).min(1).max(MAX_EVENTS);

/**
 * The WebSocket side of `/api/events`. In: an event, or a list of events. Out: `{type: "taken", …}` for each message,
 * `{type: "event", event}` for every new and changed event of the room, `{type: "error", error}` for a message that is
 * no event.
 */
function serveEvents(socket: WebSocket, events: EventsHandle): void {
  const send = (message: object): void => {
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > MAX_BUFFERED_BYTES) return socket.terminate();
    socket.send(JSON.stringify(message));
  };
  const stop = events.listen((event: EventRecord) => send({ type: 'event', event }));
  let isAlive = true;
  const ping = setInterval(() => {
    if (!isAlive) return socket.terminate();
    isAlive = false;
    socket.ping();
  }, PING_MS);
  ping.unref();
  socket.on('pong', () => (isAlive = true));
  socket.on('message', (data, isBinary) =>
    send(isBinary ? noEvent('text', 'binary data') : taken(String(data), events)),
  );
  socket.on('error', () => socket.terminate());
  socket.once('close', () => {
    clearInterval(ping);
    stop();
  });
}

function taken(text: string, events: EventsHandle): object {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return noEvent('JSON', 'text that is not JSON');
  }
  if (!depthWithin(value, MAX_DEPTH)) return noEvent(`JSON of at most ${MAX_DEPTH} levels`, 'deeper nesting');
  try {
    const where = 'WS /api/events';
    const list = Array.isArray(value) ? parsed(many, value, where) : [parsed(viewerEvent, value, where)];
    return { type: 'taken', ...events.take(list) };
  } catch (error) {
    if (!isEngineError(error)) throw error;
    const { code, where, expected, found } = error;
    return { type: 'error', error: { code, where, expected, found } };
  }
}

const noEvent = (expected: string, found: string): object => ({
  type: 'error',
  error: { code: 'E_BAD_REQUEST', where: 'WS /api/events', expected, found },
});

const MAX_PAGE_COMMENTS = 100;
const EVENTS_BYTES = 512 * 1024;
const INTAKE_BYTES = 4 * 1024 * 1024;
const answerBody = z.strictObject({ text: z.string().trim().min(1).max(1000) });
const seqParams = z.object({ seq: z.coerce.number().int().min(1) });
const hiddenList = z.object({ hidden: z.array(hiddenViewer) });
const ruleList = z.object({ rules: z.array(deskRule) });
const mergePatch = z.looseObject({}).describe('JSON Merge Patch (RFC 7396)');

/** Viewers: their events, the answers to them, and how they are answered. */
export function viewerRoutes(app: ControlApp, room: RoomHandle): void {
  eventRoutes(app, room);
  answerRoutes(app, room);
  settingRoutes(app, room);
  intakeRoutes(app, room);
}

function eventRoutes(app: ControlApp, { events, sources }: Pick<RoomHandle, 'events' | 'sources'>): void {
  app.post(
    '/api/events',
    {
      // One event or a list: each form has its own fault to report.
      ...checkedByRoom,
      bodyLimit: EVENTS_BYTES,
      schema: {
        ...about('viewers', 'Take viewer events', '接收观众事件', [400, 413]),
        body: z.union([viewerEvent, many]),
        response: { 202: eventCounts },
      },
    },
    async ({ body }, reply) => {
      const where = 'POST /api/events';
      const list: readonly ViewerEvent[] = Array.isArray(body)
        ? parsed(many, body, where)
        : [parsed(viewerEvent, body, where)];
      return reply.code(202).send(events.take(list));
    },
  );
  app.route({
    method: 'GET',
    url: '/api/events',
    config: { socket: true },
    schema: {
      ...about(
        'viewers',
        'Newest viewer events; as a WebSocket events both ways',
        '最新观众事件；WebSocket 双向收发',
        [400],
      ),
      querystring: z.strictObject({ limit: z.coerce.number().int().min(1).max(500).default(100) }),
      response: { 200: z.object({ events: z.array(eventRecord), counts: eventCounts }) },
    },
    handler: async ({ query }) => ({ events: events.recent(query.limit), counts: events.counts() }),
    wsHandler: (socket) => serveEvents(socket, events),
  });
  app.get(
    '/api/events/sources',
    {
      schema: {
        ...about('viewers', 'Connections to the platforms’ comments', '各平台评论来源的连接状态'),
        response: { 200: z.object({ sources: z.array(eventSourceHealth) }) },
      },
    },
    () => ({ sources: sources.health() }),
  );
  app.post(
    '/api/events/page',
    {
      bodyLimit: EVENTS_BYTES,
      schema: {
        ...about(
          'viewers',
          'Comments that the extension reads on a live page',
          '浏览器扩展从直播页读取的评论',
          [400, 413],
        ),
        body: z.strictObject({
          site: z
            .string()
            .regex(/^[a-z0-9][a-z0-9.-]{0,252}(?::\d{1,5})?$/, 'expected a host name, with its port where it has one')
            .describe('Host of the live page'),
          events: z.array(pageComment).max(MAX_PAGE_COMMENTS).describe('New comments; an empty list is a sign of life'),
        }),
        response: { 200: eventCounts },
      },
    },
    ({ body }) => sources.takePage(body.site, body.events),
  );
}

/** What the host says to viewers: asked for, or typed by the operator. */
function answerRoutes(app: ControlApp, { events, desk }: Pick<RoomHandle, 'events' | 'desk'>): void {
  const said = { 202: sayResult, 422: sayResult };
  app.post(
    '/api/ask',
    {
      schema: {
        ...about(
          'viewers',
          'What the host would answer to a comment, and why; nothing is said',
          '试问主播：会怎样回答、依据是什么；不会播出',
          [400],
        ),
        body: z.strictObject({ text: z.string().trim().min(1).max(500) }),
        response: { 200: previewedAnswer },
      },
    },
    ({ body }) => events.ask(body.text),
  );
  app.get(
    '/api/questions',
    {
      schema: {
        ...about('viewers', 'Questions without an answer', '未回答的问题'),
        response: { 200: z.object({ questions: z.array(openQuestion) }) },
      },
    },
    () => ({ questions: events.questions() }),
  );
  app.post(
    '/api/questions/:id/answer',
    {
      schema: {
        ...about('viewers', 'Speak an answer of the operator', '人工回答', [400, 404]),
        params: z.object({ id: z.string() }),
        body: answerBody,
        response: said,
      },
    },
    async ({ params, body }, reply) => {
      const result = await events.answer(params.id, body.text);
      return reply.code(result.result === 'refused' ? 422 : 202).send(result);
    },
  );
  app.post(
    '/api/comments/:seq/answer',
    {
      schema: {
        ...about('viewers', 'Speak an answer to a comment', '回答评论', [400, 404]),
        params: seqParams,
        body: answerBody,
        response: said,
      },
    },
    async ({ params, body }, reply) => {
      const result = await desk.answerComment(params.seq, body.text);
      return reply.code(result.result === 'refused' ? 422 : 202).send(result);
    },
  );
  ignoreBodies(app, (bare) =>
    bare.post(
      '/api/comments/:seq/show',
      {
        schema: {
          ...about('viewers', 'Show what a comment asks on the picture', '评论中的问题上屏', [404]),
          params: seqParams,
          response: said,
        },
      },
      async ({ params }, reply) => {
        const result = await desk.showComment(params.seq);
        return reply.code(result.result === 'refused' ? 422 : 202).send(result);
      },
    ),
  );
}

/** Reply rules, hidden viewers, the sections `replies` and `llm`. */
function settingRoutes(app: ControlApp, { desk, replies, llm }: Pick<RoomHandle, 'desk' | 'replies' | 'llm'>): void {
  app.get(
    '/api/rules',
    { schema: { ...about('viewers', 'Reply rules', '回复规则'), response: { 200: ruleList } } },
    () => ({ rules: desk.rules() }),
  );
  app.put(
    '/api/rules/:id',
    {
      schema: {
        ...about('viewers', 'Switch a reply rule on or off', '启用或停用回复规则', [400, 404]),
        params: z.object({ id: z.string() }),
        body: z.strictObject({ on: z.boolean() }),
        response: { 200: ruleList },
      },
    },
    ({ params, body }) => {
      desk.setRule(params.id, body.on);
      return { rules: desk.rules() };
    },
  );
  app.get(
    '/api/viewers/hidden',
    { schema: { ...about('viewers', 'Hidden viewers', '已屏蔽观众'), response: { 200: hiddenList } } },
    () => ({ hidden: desk.hidden() }),
  );
  app.post(
    '/api/viewers/hidden',
    {
      schema: {
        ...about('viewers', 'Hide a viewer', '屏蔽观众', [400]),
        body: hiddenViewer,
        response: { 200: hiddenList },
      },
    },
    ({ body }) => {
      desk.hide(body);
      return { hidden: desk.hidden() };
    },
  );
  app.delete(
    '/api/viewers/hidden',
    {
      schema: {
        ...about('viewers', 'Show a viewer again', '取消屏蔽', [400]),
        body: hiddenViewer,
        response: { 200: hiddenList },
      },
    },
    ({ body }) => {
      desk.unhide(body);
      return { hidden: desk.hidden() };
    },
  );
  app.get(
    '/api/replies',
    {
      schema: {
        ...about('viewers', 'How viewers are greeted and answered', '欢迎与回复设置'),
        response: { 200: repliesSection },
      },
    },
    () => replies.state(),
  );
  app.patch(
    '/api/replies',
    {
      ...checkedByRoom,
      schema: {
        ...about(
          'viewers',
          'Change how viewers are answered (JSON Merge Patch); judged first, in force at once',
          '修改回复设置(JSON Merge Patch);先审核,立即生效',
          [400, 404, 422],
        ),
        querystring: editOptions,
        body: mergePatch,
        response: { 200: repliesSection },
      },
    },
    ({ body, query }) => replies.patch(body, query),
  );
  app.get(
    '/api/llm',
    {
      schema: {
        ...about('viewers', 'The language model, and its use today', '大模型及今日用量'),
        response: { 200: llmState },
      },
    },
    () => llm.state(),
  );
  app.patch(
    '/api/llm',
    {
      ...checkedByRoom,
      schema: {
        ...about(
          'viewers',
          'Change the language model (JSON Merge Patch); null removes it',
          '修改大模型设置(JSON Merge Patch);null 为移除',
          [400],
        ),
        body: llmSection.partial().loose().nullable(),
        response: { 200: llmState },
      },
    },
    ({ body }) => llm.patch(body),
  );
  app.post(
    '/api/llm/test',
    {
      schema: {
        ...about('viewers', 'Ask the language model one short question', '测试大模型'),
        response: { 200: llmTest },
      },
    },
    () => llm.test(),
  );
}

export const captureBody = pageCapture.extend({
  save: z.boolean().optional().describe('Also write it, with its pictures, beside the ledger'),
  add: z.boolean().optional().describe('Also add it to the products of the room on air'),
});

/** Nothing of a product page is fetched but its pictures. */
function intakeRoutes(app: ControlApp, { intake, products }: Pick<RoomHandle, 'intake' | 'products'>): void {
  app.post(
    '/api/intake',
    {
      bodyLimit: INTAKE_BYTES,
      config: { holdsPage: true },
      schema: {
        ...about('products', 'A product page becomes a product', '商品页转为商品', [400, 413, 422]),
        body: captureBody,
        response: { 200: capturedProduct.extend({ added: z.boolean() }) },
      },
    },
    async ({ body: { save = false, add = false, ...page } }) => {
      const taken = await intake.take(page, { save: save || add });
      if (!add) return { ...taken, added: false };
      const { id } = taken.product as { id: string };
      await products.put(id, taken.product);
      return { ...taken, added: true };
    },
  );
}
