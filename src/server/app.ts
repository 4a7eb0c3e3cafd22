import { fastify, type FastifyBaseLogger, type FastifyInstance, type RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { z } from 'zod';
import { valueFault } from '../config/value-fault.js';
import { EngineError } from '../core/errors.js';

export type StudioApp = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** Bodies of the API; routes that take files say their own limit. */
const BODY_BYTES = 1024 * 1024;

export interface AppOptions {
  readonly trustedProxies: readonly string[];
}

/** A Fastify whose bodies, queries and parameters are checked by zod, with the engine's errors. */
export function createApp({ trustedProxies }: AppOptions): StudioApp {
  const app = fastify({
    logger: false,
    bodyLimit: BODY_BYTES,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 300 },
    trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
  });
  app.setValidatorCompiler<z.ZodType>(({ schema, httpPart }) => (value: unknown) => {
    const read = schema.safeParse(value ?? {});
    if (read.success) return { value: read.data };
    const { where, expected, found, todo } = valueFault(read.error.issues[0]!, value, schema);
    const place = httpPart === 'body' ? 'the body' : httpPart === 'params' ? 'the address' : 'the query';
    return {
      error: new EngineError('E_BAD_REQUEST', {
        where: where === '' ? place : where,
        expected,
        found,
        ...(todo === undefined ? {} : { todo }),
      }),
    };
  });
  // Answers are made by our own code; their schemas describe them.
  app.setSerializerCompiler(() => (value) => JSON.stringify(value));
  return app.withTypeProvider<ZodTypeProvider>();
}
