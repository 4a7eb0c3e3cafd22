import swagger from '@fastify/swagger';
import { fastify, type FastifySchema, type HTTPMethods } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { STATUS_CODES } from 'node:http';
import { z } from 'zod';
import { TAGS } from './api.js';

export interface DescribedRoute {
  readonly method: string;
  readonly url: string;
  /** Served without the token. */
  readonly public: boolean;
  readonly schema: FastifySchema | undefined;
}

/** The body of every refused request. */
const errorBody = z
  .looseObject({
    code: z.string().describe('Stable name; docs/errors.md lists all'),
    message: z.string(),
    where: z.string(),
    expected: z.string().optional(),
    found: z.string().optional(),
    todo: z.string().optional().describe('The next step'),
    details: z.looseObject({}).optional(),
  })
  .describe('A refused request');
const refusal = z.object({ error: errorBody }).meta({ id: 'Error' });

/** Describes the routes as OpenAPI 3.1. A second Fastify collects them, so that a room on air loads no more than it needs. */
export async function openapiOf(routes: readonly DescribedRoute[], version: string): Promise<unknown> {
  const app = fastify({ exposeHeadRoutes: false });
  app.setValidatorCompiler(() => () => true);
  app.setSerializerCompiler(() => () => '');
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Showroom',
        version,
        description: 'HTTP API of one room. Everything said or shown is judged before it is taken.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      tags: Object.entries(TAGS).map(([name, { en, zh }]) => ({ name, description: en, 'x-description-zh': zh })),
      security: [{ token: [] }],
      components: {
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer', description: 'Printed once at start, or set by ENGINE_TOKEN' },
        },
      },
    },
    transform: (document) => {
      const { refusals, open } = document.route.config as unknown as { refusals: number[]; open: boolean };
      const answers = (document.schema.response ?? { 200: z.unknown() }) as Record<string, unknown>;
      const response = { ...answers };
      for (const code of [...(open ? [] : [401]), ...refusals]) response[code] ??= refusal;
      const { schema, url } = jsonSchemaTransform({ ...document, schema: { ...document.schema, response } } as never);
      for (const [code, answer] of Object.entries((schema as { response: Record<string, object> }).response))
        (schema as { response: Record<string, object> }).response[code] = {
          description: STATUS_CODES[code] ?? 'OK',
          ...answer,
        };
      return { schema, url };
    },
    transformObject: jsonSchemaTransformObject,
  });
  for (const { method, url, public: open, schema } of routes) {
    if (method === 'HEAD' || schema === undefined || schema.hide === true) continue;
    const { 'x-refusals': refusals = [], ...rest } = schema as FastifySchema & { 'x-refusals'?: readonly number[] };
    app.route({
      method: method as HTTPMethods,
      url,
      config: { refusals, open } as never,
      schema: { ...rest, operationId: nameOf(method, url), ...(open ? { security: [] } : {}) },
      handler: () => undefined,
    });
  }
  await app.ready();
  const document = app.swagger();
  await app.close();
  return document;
}

/** `PUT /api/products/:id/pin` → `putProductsIdPin`. */
const nameOf = (method: string, url: string): string =>
  method.toLowerCase() +
  url
    .replace(/^\/api\//, '/')
    .split(/[^a-zA-Z0-9]+/)
    .filter((part) => part !== '')
    .map((part) => part[0]!.toUpperCase() + part.slice(1))
    .join('');
