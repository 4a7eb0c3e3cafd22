import { z } from 'zod';
import { viewerEvent } from '../../viewers/events/viewer-event.js';
import { llm } from '../../config/sections/services/llm.js';
import { answerBody, askBody, eventsQuery } from '../routes/event-routes.js';
import { pageBatchBody } from '../routes/event-source-routes.js';
import { gestureQuery } from '../routes/layer-routes.js';
import { replies } from '../../config/sections/replies.js';
import { captureBody } from '../routes/intake-routes.js';
import type { RouteDocs } from './route-doc.js';

const loose = z.looseObject({});
const llmAnswer = z.looseObject({
  llm: llm.nullable().describe('As in the room file; the key is the name of a variable'),
  today: z.looseObject({
    day: z.string(),
    requests: z.int(),
    inputTokens: z.int(),
    outputTokens: z.int(),
    usd: z.number().nullable().describe('By the prices of the room file; null without them'),
  }),
  off: z.string().nullable().describe('Why viewers get no answers of the model now'),
});
const taken = z.object({ taken: z.int(), repeated: z.int(), dropped: z.int() });

/** Routes about viewers, product pages and the report. */
export const VIEWER_DOCS: RouteDocs = {
  'POST /api/events': {
    tag: 'viewers',
    summary: { en: 'Take viewer events', zh: '接收观众事件' },
    body: z.union([viewerEvent, z.array(viewerEvent).min(1).max(500)]),
    answer: taken,
    status: 202,
    errors: [400, 413],
  },
  'GET /api/events': {
    tag: 'viewers',
    summary: { en: 'Newest viewer events; as a WebSocket events both ways', zh: '最新观众事件；WebSocket 双向收发' },
    query: eventsQuery,
    answer: z.object({ events: z.array(loose), counts: taken }),
    errors: [400],
  },
  'POST /api/ask': {
    tag: 'viewers',
    summary: {
      en: 'What the host would answer to a comment, and why; nothing is said',
      zh: '试问主播：会怎样回答、依据是什么；不会播出',
    },
    body: askBody,
    answer: loose,
    errors: [400],
  },
  'GET /api/replies': {
    tag: 'viewers',
    summary: { en: 'How viewers are greeted and answered', zh: '欢迎与回复设置' },
    answer: replies,
  },
  'PATCH /api/replies': {
    tag: 'viewers',
    summary: {
      en: 'Change how viewers are answered (JSON Merge Patch); judged first, in force at once',
      zh: '修改回复设置(JSON Merge Patch);先审核,立即生效',
    },
    body: z.looseObject({}),
    query: gestureQuery,
    answer: replies,
    errors: [400, 404, 422],
  },
  'GET /api/llm': {
    tag: 'viewers',
    summary: { en: 'The language model, and its use today', zh: '大模型及今日用量' },
    answer: llmAnswer,
  },
  'PATCH /api/llm': {
    tag: 'viewers',
    summary: {
      en: 'Change the language model (JSON Merge Patch); null removes it',
      zh: '修改大模型设置(JSON Merge Patch);null 为移除',
    },
    body: z.looseObject({}).nullable(),
    answer: llmAnswer,
    errors: [400],
  },
  'POST /api/llm/test': {
    tag: 'viewers',
    summary: { en: 'Ask the language model one short question', zh: '测试大模型' },
    answer: z.looseObject({ ok: z.boolean(), tookMs: z.int(), answer: z.string(), fault: z.string().nullable() }),
  },
  'GET /api/questions': {
    tag: 'viewers',
    summary: { en: 'Questions without an answer', zh: '未回答的问题' },
    answer: z.object({ questions: z.array(loose) }),
  },
  'POST /api/questions/:id/answer': {
    tag: 'viewers',
    summary: { en: 'Speak an answer of the operator', zh: '人工回答' },
    body: answerBody,
    answer: loose,
    status: 202,
    errors: [400, 404, 422],
  },
  'GET /api/events/sources': {
    tag: 'viewers',
    summary: { en: 'Connections to the platforms’ comments', zh: '各平台评论来源的连接状态' },
    answer: z.object({ sources: z.array(loose) }),
  },
  'POST /api/events/page': {
    tag: 'viewers',
    summary: { en: 'Comments that the extension reads on a live page', zh: '浏览器扩展从直播页读取的评论' },
    body: pageBatchBody,
    answer: taken,
    errors: [400, 413],
  },
  'POST /api/intake': {
    tag: 'products',
    summary: { en: 'A product page becomes a product', zh: '商品页转为商品' },
    body: captureBody,
    answer: z.object({
      product: loose,
      origins: z
        .array(z.object({ place: z.string(), fields: z.array(z.string()) }))
        .describe('Where on the page each field was found'),
      warnings: z.array(z.object({ kind: z.string(), what: z.string(), reason: z.string().optional() })),
      added: z.boolean(),
    }),
    errors: [400, 413, 422],
  },
  'GET /api/report': {
    tag: 'viewers',
    summary: { en: 'Figures of the last shows', zh: '直播报告' },
    query: z.object({
      since: z.string().default('24h'),
      format: z.enum(['json', 'html']).default('json'),
      lang: z.enum(['en', 'zh']).default('en'),
    }),
    answer: loose,
    errors: [400],
  },
};
