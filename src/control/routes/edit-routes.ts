import { z } from 'zod';
import { audioState, audioPatch } from '../../config/api/audio-handle.js';
import { editStep, saveOptions, saveResult } from '../../config/api/desk-handle.js';
import { editOptions, layerList, placedLayer } from '../../config/api/layers-handle.js';
import { presenterState, presenterChange } from '../../config/api/presenter-handle.js';
import { pinResult, productChange, productList, productState } from '../../config/api/products-handle.js';
import type { RoomHandle } from '../../config/api/room-handle.js';
import { layer } from '../../config/sections/layer.js';
import { product } from '../../config/sections/product.js';
import { about, checkedByRoom, content, empty, type ControlApp } from '../api.js';
import { ignoreBodies } from '../bodies.js';

/** A picture of 20 MB as base64 in a data: URL. */
const bodyLimit = 28 * 1024 * 1024;
const named = z.object({ id: z.string() });
const mergePatch = z.looseObject({}).describe('JSON Merge Patch (RFC 7396)');

/** Edits of the room on air. Everything is judged before it is taken. */
export function editRoutes(app: ControlApp, room: RoomHandle): void {
  layerRoutes(app, room);
  productRoutes(app, room);
  soundRoutes(app, room);
  historyRoutes(app, room);
}

/** Pictures are data: URLs or paths. */
function layerRoutes(app: ControlApp, { layers }: Pick<RoomHandle, 'layers'>): void {
  app.get(
    '/api/layers',
    { schema: { ...about('layers', 'All layers and their places', '全部图层及其位置'), response: { 200: layerList } } },
    () => layers.list(),
  );
  app.put(
    '/api/layers/order',
    {
      schema: {
        ...about('layers', 'Stack layers', '调整图层顺序', [400]),
        body: z.strictObject({
          ids: z.array(z.string().max(64)).min(1).max(500).describe('From bottom to top'),
        }),
        response: { 200: layerList },
      },
    },
    ({ body }) => layers.order(body.ids),
  );
  app.put(
    '/api/layers/:id',
    {
      ...checkedByRoom,
      bodyLimit,
      schema: {
        ...about('layers', 'Add or replace a layer', '新增或替换图层', [400, 404, 413, 422, 504]),
        params: named,
        querystring: editOptions,
        body: layer,
        response: { 200: placedLayer },
      },
    },
    ({ params, body, query }) => layers.put(params.id, body, query),
  );
  app.patch(
    '/api/layers/:id',
    {
      ...checkedByRoom,
      bodyLimit,
      schema: {
        ...about(
          'layers',
          'Change fields of a layer (JSON Merge Patch)',
          '修改图层字段(JSON Merge Patch)',
          [400, 404, 413, 422, 504],
        ),
        params: named,
        querystring: editOptions,
        body: mergePatch,
        response: { 200: placedLayer },
      },
    },
    ({ params, body, query }) => layers.patch(params.id, body, query),
  );
  ignoreBodies(app, (bare) =>
    bare.delete(
      '/api/layers/:id',
      {
        schema: {
          ...about('layers', 'Remove a layer', '移除图层', [400, 404]),
          params: named,
          response: { 204: empty },
        },
      },
      async ({ params }, reply) => {
        await layers.remove(params.id);
        return reply.code(204).send();
      },
    ),
  );
}

function productRoutes(app: ControlApp, { products, desk }: Pick<RoomHandle, 'products' | 'desk'>): void {
  app.get(
    '/api/products',
    {
      schema: {
        ...about('products', 'All products, which is shown and which is pinned', '全部商品,以及正在展示和置顶的商品'),
        response: { 200: productList },
      },
    },
    () => products.list(),
  );
  app.post(
    '/api/products',
    {
      ...checkedByRoom,
      bodyLimit,
      schema: {
        ...about(
          'products',
          'Add a product; its texts and picture are judged first',
          '新增商品;文字和图片先审后用',
          [400, 404, 409, 413, 422],
        ),
        body: product,
        response: { 201: productChange },
      },
    },
    async ({ body }, reply) => reply.code(201).send(await products.add(body)),
  );
  app.get(
    '/api/products/:id',
    {
      schema: {
        ...about('products', 'One product', '单个商品', [404]),
        params: named,
        response: { 200: productState },
      },
    },
    ({ params }) => products.get(params.id),
  );
  app.put(
    '/api/products/:id',
    {
      ...checkedByRoom,
      bodyLimit,
      schema: {
        ...about(
          'products',
          'Replace a product, or add one with this id',
          '替换商品,或以此编号新增',
          [400, 404, 413, 422],
        ),
        params: named,
        body: product,
        response: { 200: productChange },
      },
    },
    ({ params, body }) => products.put(params.id, body),
  );
  app.patch(
    '/api/products/:id',
    {
      ...checkedByRoom,
      bodyLimit,
      schema: {
        ...about(
          'products',
          'Change fields of a product (JSON Merge Patch); answers with the lines this breaks',
          '修改商品字段(JSON Merge Patch);返回因此违规的台词',
          [400, 404, 413, 422],
        ),
        params: named,
        body: product.partial(),
        response: { 200: productChange },
      },
    },
    ({ params, body }) => products.patch(params.id, body),
  );
  app.get(
    '/api/products/:id/picture',
    {
      schema: {
        ...about('products', 'A small picture of a product', '商品缩略图', [404]),
        params: named,
        response: { 200: content('image/webp') },
      },
    },
    async ({ params }, reply) => {
      const { contentType, body } = await desk.productPicture(params.id);
      return reply.header('content-type', contentType).header('cache-control', 'private, no-cache').send(body);
    },
  );
  ignoreBodies(app, (bare) => {
    bare.delete(
      '/api/products/:id',
      {
        schema: {
          ...about('products', 'Remove a product that nothing uses', '移除未被使用的商品', [404, 409]),
          params: named,
          response: { 204: empty },
        },
      },
      async ({ params }, reply) => {
        await products.remove(params.id);
        return reply.code(204).send();
      },
    );
    bare.post(
      '/api/products/:id/pin',
      {
        schema: {
          ...about(
            'products',
            'Show a product and keep the script at its segments',
            '置顶商品:画面与脚本停在该商品',
            [404],
          ),
          params: named,
          response: { 200: pinResult },
        },
      },
      ({ params }) => products.pin(params.id),
    );
    bare.post(
      '/api/products/:id/unpin',
      {
        schema: {
          ...about('products', 'Let the script go on', '取消置顶', [404]),
          params: named,
          response: { 200: z.union([pinResult, productList]) },
        },
      },
      async ({ params }) => {
        products.get(params.id); // unknown: 404
        return products.list().pinned === params.id ? products.pin(null) : products.list();
      },
    );
    bare.post(
      '/api/products/:id/sold-out',
      {
        schema: {
          ...about(
            'products',
            'Mark as sold out: card marked, segments skipped',
            '标记售罄:卡片打标,跳过其脚本',
            [404],
          ),
          params: named,
          response: { 200: productChange },
        },
      },
      ({ params }) => products.patch(params.id, { stock: 'sold-out' }),
    );
    bare.post(
      '/api/products/:id/on-sale',
      {
        schema: {
          ...about('products', 'Put on sale again', '恢复在售', [404]),
          params: named,
          response: { 200: productChange },
        },
      },
      ({ params }) => products.patch(params.id, { stock: 'on-sale' }),
    );
  });
}

/** Music, ducking, the voice, and who presents. */
function soundRoutes(app: ControlApp, { audio, presenter }: Pick<RoomHandle, 'audio' | 'presenter'>): void {
  app.get(
    '/api/audio',
    { schema: { ...about('sound', 'Music, ducking and voice', '音乐、闪避与音色'), response: { 200: audioState } } },
    () => audio.state(),
  );
  app.patch(
    '/api/audio',
    {
      ...checkedByRoom,
      schema: {
        ...about(
          'sound',
          'Change music (on, track, gain), ducking and the voice of coming lines',
          '修改音乐(开关、曲目、音量)、闪避以及后续台词的音色',
          [400, 404, 413, 422],
        ),
        querystring: editOptions,
        body: audioPatch,
        response: { 200: audioState },
      },
    },
    ({ body, query }) => audio.patch(body, query.gesture),
  );
  app.get(
    '/api/presenter',
    { schema: { ...about('sound', 'Who presents', '当前主播'), response: { 200: presenterState } } },
    () => presenter.state(),
  );
  app.put(
    '/api/presenter',
    {
      ...checkedByRoom,
      schema: {
        ...about(
          'sound',
          'Another presenter or assistant, or other clothes or voice, at a line end',
          '在一句话结束时更换主播或助播，或其服装、声音',
          [400, 404, 422],
        ),
        body: presenterChange,
        response: { 200: presenterState },
      },
    },
    ({ body }) => presenter.put(body),
  );
}

const editLists = z.object({
  edits: z.array(editStep).describe('Newest first'),
  redo: z.array(editStep).describe('Taken back and not made again; the next one first'),
});

/** Undo, redo, and the live state written to the room file. */
function historyRoutes(app: ControlApp, { history }: Pick<RoomHandle, 'history'>): void {
  const lists = () => ({ edits: history.steps(), redo: history.undone() });
  app.get(
    '/api/edits',
    {
      schema: {
        ...about('edits', 'Edits that can be taken back, newest first', '可撤销的修改,最新在前'),
        response: { 200: editLists },
      },
    },
    lists,
  );
  app.post(
    '/api/undo',
    {
      schema: {
        ...about('edits', 'Take back the newest edit', '撤销最近一次修改', [404, 409, 422]),
        response: { 200: editLists.extend({ undone: editStep }) },
      },
    },
    async () => {
      const undone = await history.undo();
      return { undone, ...lists() };
    },
  );
  app.post(
    '/api/redo',
    {
      schema: {
        ...about('edits', 'Make the edit again that was taken back last', '重做最近一次撤销的修改', [404, 409, 422]),
        response: { 200: editLists.extend({ redone: editStep }) },
      },
    },
    async () => {
      const redone = await history.redo();
      return { redone, ...lists() };
    },
  );
  app.post(
    '/api/room/save',
    {
      schema: {
        ...about(
          'edits',
          'Write the live state back to the room file; 409 when the file changed meanwhile',
          '把当前状态写回房间文件;文件已被改动时返回 409',
          [400, 409],
        ),
        body: saveOptions,
        response: { 200: saveResult },
      },
    },
    ({ body }) => history.save(body),
  );
}
