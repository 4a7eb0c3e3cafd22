import swagger from '@fastify/swagger';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import type { StudioApp } from './app.js';

/** Collects the routes for the description; call it before they are added. */
export async function describeApi(app: StudioApp, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Showroom studio',
        version,
        description: 'Accounts, rooms and shows of one machine. A room’s own API is below /api/rooms/{id}/engine.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      components: {
        securitySchemes: {
          session: { type: 'apiKey', in: 'cookie', name: 'showroom.session_token' },
          key: { type: 'http', scheme: 'bearer', description: 'An API key of an organisation' },
        },
      },
      security: [{ session: [] }, { key: [] }],
    },
    transform: (document) => {
      const { schema, url } = jsonSchemaTransform(document as never);
      const right = (document.route.config as { right?: string } | undefined)?.right;
      return { url, schema: right === undefined ? schema : ({ ...schema, 'x-right': right } as typeof schema) };
    },
    transformObject: jsonSchemaTransformObject,
  });
}

/** `GET /openapi.json`: made at the first request, since it takes some megabytes. */
export function openapiRoute(app: StudioApp): void {
  let text: string | undefined;
  app.get('/openapi.json', { config: { right: 'public' }, schema: { hide: true } }, async (_request, reply) => {
    text ??= JSON.stringify(app.swagger());
    return reply.type('application/json; charset=utf-8').header('cache-control', 'no-cache').send(text);
  });
}
