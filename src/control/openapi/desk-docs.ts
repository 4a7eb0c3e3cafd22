import { z } from 'zod';
import { acknowledgeBody, clipQuery, commentAnswerBody, hiddenViewerBody, ruleBody } from '../routes/desk-routes.js';
import { outputsAnswer, sayAnswer } from './answers.js';
import type { RouteDocs } from './route-doc.js';

const rules = z.looseObject({
  rules: z.array(z.looseObject({ id: z.string(), match: z.string(), kinds: z.array(z.string()), on: z.boolean() })),
});
const hidden = z.looseObject({ hidden: z.array(hiddenViewerBody) });
const outputs = outputsAnswer.pick({ outputs: true });

/** Routes of the operator's desk. */
export const DESK_DOCS: RouteDocs = {
  'GET /api/live': {
    tag: 'room',
    summary: { en: 'WebSocket: all that changes, numbered', zh: 'WebSocket：带序号的全部变化' },
    errors: [400],
  },
  'GET /api/rules': { tag: 'viewers', summary: { en: 'Reply rules', zh: '回复规则' }, answer: rules },
  'PUT /api/rules/:id': {
    tag: 'viewers',
    summary: { en: 'Switch a reply rule on or off', zh: '启用或停用回复规则' },
    body: ruleBody,
    answer: rules,
    errors: [400, 404],
  },
  'POST /api/comments/:seq/answer': {
    tag: 'viewers',
    summary: { en: 'Speak an answer to a comment', zh: '回答评论' },
    body: commentAnswerBody,
    answer: sayAnswer,
    status: 202,
    errors: [400, 404, 422],
  },
  'POST /api/comments/:seq/show': {
    tag: 'viewers',
    summary: { en: 'Show a comment on the picture', zh: '评论上屏' },
    answer: sayAnswer,
    status: 202,
    errors: [404, 422],
  },
  'GET /api/viewers/hidden': { tag: 'viewers', summary: { en: 'Hidden viewers', zh: '已屏蔽观众' }, answer: hidden },
  'POST /api/viewers/hidden': {
    tag: 'viewers',
    summary: { en: 'Hide a viewer', zh: '屏蔽观众' },
    body: hiddenViewerBody,
    answer: hidden,
    errors: [400],
  },
  'DELETE /api/viewers/hidden': {
    tag: 'viewers',
    summary: { en: 'Show a viewer again', zh: '取消屏蔽' },
    body: hiddenViewerBody,
    answer: hidden,
    errors: [400],
  },
  'POST /api/alarms/acknowledge': {
    tag: 'operate',
    summary: { en: 'Mark alarms as seen', zh: '确认告警' },
    body: acknowledgeBody,
    answer: z.object({ acknowledged: z.int() }),
    errors: [400],
  },
  'PUT /api/outputs/:id': {
    tag: 'room',
    summary: { en: 'Add or replace an output on air', zh: '直播中新增或替换输出' },
    body: z.looseObject({ kind: z.enum(['rtmp', 'srt', 'whip', 'hls', 'recording']) }),
    answer: outputs,
    errors: [400, 409],
  },
  'DELETE /api/outputs/:id': {
    tag: 'room',
    summary: { en: 'End an output', zh: '移除输出' },
    errors: [404, 409],
  },
  'POST /api/outputs/:id/reconnect': {
    tag: 'room',
    summary: { en: 'Connect an output anew', zh: '重连输出' },
    answer: outputs,
    errors: [404],
  },
  'POST /api/recording': { tag: 'room', summary: { en: 'Begin a recording', zh: '开始录制' }, answer: outputs },
  'DELETE /api/recording': { tag: 'room', summary: { en: 'End the recording', zh: '停止录制' } },
  'GET /api/clip': {
    tag: 'room',
    summary: { en: 'The last seconds as MP4', zh: '最近片段（MP4）' },
    query: clipQuery,
    answer: 'video/mp4',
    errors: [400, 404],
  },
  'GET /api/evidence/:file': {
    tag: 'room',
    summary: { en: 'A withheld picture or sound', zh: '拦截证据' },
    answer: 'application/octet-stream',
    errors: [404],
  },
  'GET /api/products/:id/picture': {
    tag: 'products',
    summary: { en: 'A small picture of a product', zh: '商品缩略图' },
    answer: 'image/webp',
    errors: [404],
  },
  'GET /api/machine': {
    tag: 'room',
    summary: { en: 'Processor, memory and disk', zh: '处理器、内存与磁盘' },
    answer: z.object({ cpu: z.number(), memoryBytes: z.number(), diskFreeBytes: z.number().nullable() }),
  },
};
