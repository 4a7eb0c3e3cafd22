import { z } from 'zod';
import { viewerEvent } from '../../viewers/events/viewer-event.js';
import { answerBody, askBody, eventsQuery } from '../routes/event-routes.js';
import { pageBatchBody } from '../routes/event-source-routes.js';
import { captureBody } from '../routes/intake-routes.js';
import type { RouteDocs } from './route-doc.js';

const loose = z.looseObject({});
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
