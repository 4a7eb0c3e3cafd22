import { z } from 'zod';
import { audioPatch } from '../../config/audio-patch.js';
import { presenterChange } from '../../config/presenter-change.js';
import { layer } from '../../config/sections/layer.js';
import { product } from '../../config/sections/product.js';
import { gestureQuery, orderBody } from '../routes/layer-routes.js';
import { saveBody } from '../routes/edit-routes.js';
import {
  audioAnswer,
  editsAnswer,
  layersAnswer,
  pinAnswer,
  placedAnswer,
  presenterAnswer,
  productAnswer,
  productChangeAnswer,
  productsAnswer,
  redoAnswer,
  saveAnswer,
  undoAnswer,
} from './answers.js';
import type { RouteDocs } from './route-doc.js';

/** Routes that edit the room on air: layers, products, undo and save. */
export const EDIT_DOCS: RouteDocs = {
  'GET /api/layers': {
    tag: 'layers',
    summary: { en: 'All layers and their places', zh: '全部图层及其位置' },
    answer: layersAnswer,
  },
  'PUT /api/layers/order': {
    tag: 'layers',
    summary: { en: 'Stack layers', zh: '调整图层顺序' },
    body: orderBody,
    answer: layersAnswer,
    errors: [400],
  },
  'PATCH /api/layers/:id': {
    tag: 'layers',
    summary: { en: 'Change fields of a layer (JSON Merge Patch)', zh: '修改图层字段(JSON Merge Patch)' },
    body: z.looseObject({}),
    query: gestureQuery,
    answer: placedAnswer,
    errors: [400, 404, 413, 422, 504],
  },
  'PUT /api/layers/:id': {
    tag: 'layers',
    summary: { en: 'Add or replace a layer', zh: '新增或替换图层' },
    body: layer,
    query: gestureQuery,
    answer: placedAnswer,
    errors: [400, 404, 413, 422, 504],
  },
  'DELETE /api/layers/:id': {
    tag: 'layers',
    summary: { en: 'Remove a layer', zh: '移除图层' },
    errors: [400, 404],
  },
  'GET /api/products': {
    tag: 'products',
    summary: { en: 'All products, which is shown and which is pinned', zh: '全部商品,以及正在展示和置顶的商品' },
    answer: productsAnswer,
  },
  'POST /api/products': {
    tag: 'products',
    summary: { en: 'Add a product; its texts and picture are judged first', zh: '新增商品;文字和图片先审后用' },
    body: product,
    answer: productChangeAnswer,
    status: 201,
    errors: [400, 404, 409, 413, 422],
  },
  'GET /api/products/:id': {
    tag: 'products',
    summary: { en: 'One product', zh: '单个商品' },
    answer: productAnswer,
    errors: [404],
  },
  'PUT /api/products/:id': {
    tag: 'products',
    summary: { en: 'Replace a product, or add one with this id', zh: '替换商品,或以此编号新增' },
    body: product,
    answer: productChangeAnswer,
    errors: [400, 404, 413, 422],
  },
  'PATCH /api/products/:id': {
    tag: 'products',
    summary: {
      en: 'Change fields of a product (JSON Merge Patch); answers with the lines this breaks',
      zh: '修改商品字段(JSON Merge Patch);返回因此违规的台词',
    },
    body: product.partial(),
    answer: productChangeAnswer,
    errors: [400, 404, 413, 422],
  },
  'DELETE /api/products/:id': {
    tag: 'products',
    summary: { en: 'Remove a product that nothing uses', zh: '移除未被使用的商品' },
    errors: [404, 409],
  },
  'POST /api/products/:id/pin': {
    tag: 'products',
    summary: { en: 'Show a product and keep the script at its segments', zh: '置顶商品:画面与脚本停在该商品' },
    answer: pinAnswer,
    errors: [404],
  },
  'POST /api/products/:id/unpin': {
    tag: 'products',
    summary: { en: 'Let the script go on', zh: '取消置顶' },
    answer: pinAnswer,
    errors: [404],
  },
  'POST /api/products/:id/sold-out': {
    tag: 'products',
    summary: { en: 'Mark as sold out: card marked, segments skipped', zh: '标记售罄:卡片打标,跳过其脚本' },
    answer: productChangeAnswer,
    errors: [404],
  },
  'POST /api/products/:id/on-sale': {
    tag: 'products',
    summary: { en: 'Put on sale again', zh: '恢复在售' },
    answer: productChangeAnswer,
    errors: [404],
  },
  'GET /api/audio': {
    tag: 'sound',
    summary: { en: 'Music, ducking and voice', zh: '音乐、闪避与音色' },
    answer: audioAnswer,
  },
  'PATCH /api/audio': {
    tag: 'sound',
    summary: {
      en: 'Change music (on, track, gain), ducking and the voice of coming lines',
      zh: '修改音乐(开关、曲目、音量)、闪避以及后续台词的音色',
    },
    body: audioPatch,
    answer: audioAnswer,
    errors: [400, 404, 413, 422],
  },
  'GET /api/presenter': {
    tag: 'sound',
    summary: { en: 'Who presents', zh: '当前主播' },
    answer: presenterAnswer,
  },
  'PUT /api/presenter': {
    tag: 'sound',
    summary: {
      en: 'Another presenter or assistant, or other clothes or voice, at a line end',
      zh: '在一句话结束时更换主播或助播，或其服装、声音',
    },
    body: presenterChange,
    answer: presenterAnswer,
    errors: [400, 404, 422],
  },
  'GET /api/edits': {
    tag: 'edits',
    summary: { en: 'Edits that can be taken back, newest first', zh: '可撤销的修改,最新在前' },
    answer: editsAnswer,
  },
  'POST /api/undo': {
    tag: 'edits',
    summary: { en: 'Take back the newest edit', zh: '撤销最近一次修改' },
    answer: undoAnswer,
    errors: [404, 409, 422],
  },
  'POST /api/redo': {
    tag: 'edits',
    summary: { en: 'Make the edit again that was taken back last', zh: '重做最近一次撤销的修改' },
    answer: redoAnswer,
    errors: [404, 409, 422],
  },
  'POST /api/room/save': {
    tag: 'edits',
    summary: {
      en: 'Write the live state back to the room file; 409 when the file changed meanwhile',
      zh: '把当前状态写回房间文件;文件已被改动时返回 409',
    },
    body: saveBody,
    answer: saveAnswer,
    errors: [400, 409],
  },
};

/** Schemas that the description names instead of repeating them. */
export const NAMED_SCHEMAS: ReadonlyMap<z.ZodType, string> = new Map<z.ZodType, string>([
  [layer, 'Layer'],
  [product, 'Product'],
]);
