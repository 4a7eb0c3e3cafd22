import { STATUS_CODES } from 'node:http';
import { z } from 'zod';
import { errorAnswer } from './answers.js';
import { NAMED_SCHEMAS } from './edit-docs.js';
import { TAGS, type RouteDoc, type RouteDocs } from './route-doc.js';

type Json = Record<string, unknown>;

export interface DescribedRoute {
  readonly method: string;
  readonly url: string;
  /** Served without the token. */
  readonly public: boolean;
}

/** Builds the OpenAPI 3.1 description of the registered routes. Routes without a line in `docs` are left out. */
export function buildOpenapi(routes: readonly DescribedRoute[], docs: RouteDocs, version: string): Json {
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    const doc = docs[`${route.method} ${route.url}`];
    if (doc === undefined) continue;
    const path = route.url.replace(/:(\w+)/g, '{$1}');
    (paths[path] ??= {})[route.method.toLowerCase()] = operationOf(route, doc);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Showroom',
      version,
      description: 'HTTP API of one room. Everything said or shown is judged before it is taken.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    tags: Object.entries(TAGS).map(([name, { en, zh }]) => ({ name, description: en, 'x-description-zh': zh })),
    security: [{ token: [] }],
    paths,
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'Printed once at start, or set by ENGINE_TOKEN' },
      },
      schemas: Object.fromEntries([
        ...[...NAMED_SCHEMAS].map(([schema, name]) => [name, jsonSchema(schema, 'input')]),
        ['Error', jsonSchema(errorAnswer, 'output')],
      ]),
    },
  };
}

function operationOf({ method, url, public: isPublic }: DescribedRoute, doc: RouteDoc): Json {
  const { tag, summary, body, bodyType = 'application/json', query, answer, errors = [] } = doc;
  const status = doc.status ?? (answer === undefined ? 204 : 200);
  const parameters = [
    ...[...url.matchAll(/:(\w+)/g)].map(([, name]) => ({
      name,
      in: 'path',
      required: true,
      schema: { type: 'string' },
    })),
    ...Object.entries(query?.shape ?? {}).map(([name, schema]) => ({
      name,
      in: 'query',
      required: false,
      schema: jsonSchema(schema as z.ZodType, 'input'),
    })),
  ];
  return {
    operationId: nameOf(method, url),
    tags: [tag],
    summary: summary.en,
    'x-summary-zh': summary.zh,
    ...(isPublic ? { security: [] } : {}),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined ? {} : { requestBody: { content: { [bodyType]: { schema: schemaOf(body, 'input') } } } }),
    responses: {
      [status]: {
        description: STATUS_CODES[status] ?? 'OK',
        ...(answer === undefined ? {} : { content: contentOf(answer) }),
      },
      ...Object.fromEntries(
        [...(isPublic ? [] : [401]), ...errors].map((code) => [
          code,
          {
            description: STATUS_CODES[code] ?? 'Error',
            content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
          },
        ]),
      ),
    },
  };
}

const contentOf = (answer: z.ZodType | string): Json =>
  typeof answer === 'string' ? { [answer]: {} } : { 'application/json': { schema: schemaOf(answer, 'output') } };

const schemaOf = (schema: z.ZodType, io: 'input' | 'output'): Json => {
  const name = NAMED_SCHEMAS.get(schema);
  return name === undefined ? jsonSchema(schema, io) : { $ref: `#/components/schemas/${name}` };
};

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, {
    io,
    target: 'draft-2020-12',
    unrepresentable: 'any',
  });
  return rest;
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
