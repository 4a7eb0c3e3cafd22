/**
 * A route of the API says everything once: its schema checks the request, types the handler and fills `/openapi.json`
 * and the reference page.
 */
import type {} from '@fastify/swagger';
import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifySchemaCompiler,
  FastifyTypeProvider,
  RawServerDefault,
  RouteShorthandOptions,
} from 'fastify';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { type ReadonlyDeep, valueFault } from '../config/value-fault.js';
import { EngineError } from '../core/errors.js';

/** Requests and answers have the types of the route's schemas. */
interface SchemaTypes extends FastifyTypeProvider {
  validator: this['schema'] extends z.ZodType ? z.output<this['schema']> : unknown;
  serializer: this['schema'] extends z.ZodType ? ReadonlyDeep<z.output<this['schema']>> : unknown;
}

export type ControlApp = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  SchemaTypes
>;

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

/**
 * What the description says of a route besides its schemas.
 *
 * @param refusals statuses of errors besides 401
 */
export const about = (tag: keyof typeof TAGS, en: string, zh: string, refusals: readonly number[] = []) => ({
  tags: [tag],
  summary: en,
  'x-summary-zh': zh,
  'x-refusals': refusals,
});

/** An answer without a body. */
export const empty = z.undefined();

/** An answer that is not JSON. */
export const content = (type: string) => ({ content: { [type]: { schema: z.unknown() } } });

/** A body that is not JSON, checked by its route. */
export const rawBody = (description: string) => z.unknown().meta({ type: 'string', description });

/** Checks what a client sent; throws E_BAD_REQUEST with the first wrong field. */
export function parsed<T extends z.ZodType>(schema: T, value: unknown, where: string): z.output<T> {
  const result = schema.safeParse(value ?? {});
  if (result.success) return result.data;
  const fault = valueFault(result.error.issues[0]!, value, schema);
  throw new EngineError('E_BAD_REQUEST', { ...fault, where: fault.where === '' ? where : `${where}: ${fault.where}` });
}

const check: FastifySchemaCompiler<z.ZodType> =
  ({ schema, method, url }) =>
  (value: unknown) => {
    try {
      return { value: parsed(schema, value, `${method} ${url}`) };
    } catch (error) {
      return { error: error as EngineError };
    }
  };

/** For bodies that the room itself checks, since that takes its products, layers and voices. */
export const checkedByRoom: Pick<RouteShorthandOptions, 'validatorCompiler'> = {
  validatorCompiler: (route) =>
    route.httpPart === 'body' ? (value: unknown) => ({ value }) : check(route as Parameters<typeof check>[0]),
};

/** Call it before any route is added. */
export function checkRequests(app: FastifyInstance): ControlApp {
  app.setValidatorCompiler(check);
  // Answers are made by our own code; their schemas type and describe them.
  app.setSerializerCompiler(() => (value) => JSON.stringify(value));
  return app.withTypeProvider<SchemaTypes>();
}

/** Routes in a context of their own. */
export function scoped(app: ControlApp, add: (scope: ControlApp) => void): void {
  void app.register(async (scope) => add(scope as unknown as ControlApp));
}
