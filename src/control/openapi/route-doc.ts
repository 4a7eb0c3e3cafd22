import type { z } from 'zod';

/** One route in the API's description. */
export interface RouteDoc {
  readonly tag: Tag;
  readonly summary: { readonly en: string; readonly zh: string };
  /** Body of the request. */
  readonly body?: z.ZodType;
  /** Media type of a body that is not JSON. */
  readonly bodyType?: string;
  readonly query?: z.ZodObject;
  /** Answer on success, by its schema or media type; absent: an empty answer. */
  readonly answer?: z.ZodType | string;
  /** Default 200, or 204 without an answer. */
  readonly status?: number;
  /** Statuses of errors besides 401. */
  readonly errors?: readonly number[];
}

export const TAGS = {
  room: { en: 'Room', zh: '房间' },
  show: { en: 'Script and lines', zh: '脚本与口播' },
  products: { en: 'Products', zh: '商品' },
  layers: { en: 'Layers', zh: '图层' },
  sound: { en: 'Sound and presenter', zh: '声音与主播' },
  edits: { en: 'Undo and save', zh: '撤销与保存' },
  operate: { en: 'Operator commands', zh: '导播指令' },
  viewers: { en: 'Viewers', zh: '观众互动' },
  broadcast: { en: 'Broadcast', zh: '播出' },
  pages: { en: 'Pages', zh: '页面' },
} as const;
type Tag = keyof typeof TAGS;

/** Routes by method and path as registered, such as `GET /api/products/:id`. */
export type RouteDocs = Readonly<Record<string, RouteDoc>>;
