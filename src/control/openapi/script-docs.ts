import { z } from 'zod';
import {
  lineBody,
  linePatch,
  linePut,
  scriptBody,
  scriptPatch,
  segmentBody,
  segmentPatch,
  segmentPut,
} from '../../config/script-edit.js';
import { jumpBody, skipBody } from '../routes/script-routes.js';
import type { RouteDocs } from './route-doc.js';

const SEGMENT = '/api/script/segments/:segment';
const LINE = `${SEGMENT}/lines/:line`;

const script = z.looseObject({ revision: z.int(), paused: z.boolean(), segments: z.array(z.looseObject({})) });
const edit = z.object({ revision: z.int(), id: z.string() });
const refused = [400, 404, 422] as const;

/** Routes of the running script and of the lines on their way. */
export const SCRIPT_DOCS: RouteDocs = {
  'GET /api/agenda': {
    tag: 'show',
    summary: { en: 'Lines on air and on their way', zh: '正在播和排队中的口播' },
    answer: z.looseObject({ paused: z.boolean() }),
  },
  'DELETE /api/agenda/:id': {
    tag: 'show',
    summary: { en: 'Drop a line that has not begun', zh: '取消尚未开始的口播' },
    errors: [404],
  },
  'GET /api/script': {
    tag: 'show',
    summary: { en: 'The running script', zh: '当前脚本' },
    answer: script,
  },
  'PUT /api/script': {
    tag: 'show',
    summary: { en: 'Replace all segments', zh: '替换全部段落' },
    body: scriptBody,
    answer: script,
    errors: refused,
  },
  'PATCH /api/script': {
    tag: 'show',
    summary: { en: 'Change loop, gap and fillers', zh: '修改循环、间隔和补白' },
    body: scriptPatch,
    answer: script,
    errors: refused,
  },
  'POST /api/script/segments': {
    tag: 'show',
    summary: { en: 'Add a segment', zh: '新增段落' },
    body: segmentBody,
    answer: edit,
    status: 201,
    errors: refused,
  },
  [`PUT ${SEGMENT}`]: {
    tag: 'show',
    summary: { en: 'Replace or add a segment', zh: '替换或新增段落' },
    body: segmentPut,
    answer: edit,
    errors: refused,
  },
  [`PATCH ${SEGMENT}`]: {
    tag: 'show',
    summary: { en: 'Change the product of a segment, or move it', zh: '修改段落商品或移动段落' },
    body: segmentPatch,
    answer: edit,
    errors: refused,
  },
  [`DELETE ${SEGMENT}`]: {
    tag: 'show',
    summary: { en: 'Remove a segment', zh: '删除段落' },
    errors: [400, 404],
  },
  [`POST ${SEGMENT}/lines`]: {
    tag: 'show',
    summary: { en: 'Add a line', zh: '新增台词' },
    body: lineBody,
    answer: edit,
    status: 201,
    errors: refused,
  },
  [`PUT ${LINE}`]: {
    tag: 'show',
    summary: { en: 'Replace or add a line', zh: '替换或新增台词' },
    body: linePut,
    answer: edit,
    errors: refused,
  },
  [`PATCH ${LINE}`]: {
    tag: 'show',
    summary: { en: 'Change or move a line', zh: '修改或移动台词' },
    body: linePatch,
    answer: edit,
    errors: refused,
  },
  [`DELETE ${LINE}`]: {
    tag: 'show',
    summary: { en: 'Remove a line', zh: '删除台词' },
    errors: [400, 404],
  },
  'POST /api/script/jump': {
    tag: 'show',
    summary: { en: 'Go to a line', zh: '跳到某句' },
    body: jumpBody,
    answer: script,
    errors: [400, 404],
  },
  'POST /api/script/skip': {
    tag: 'show',
    summary: { en: 'End the line on air', zh: '跳过当前台词' },
    body: skipBody,
    answer: z.object({ skipped: z.string().nullable() }),
    errors: [400],
  },
  'POST /api/script/pause': {
    tag: 'show',
    summary: { en: 'Hold the script', zh: '暂停脚本' },
    answer: script,
  },
  'POST /api/script/resume': {
    tag: 'show',
    summary: { en: 'Go on with the script', zh: '继续脚本' },
    answer: script,
  },
};
