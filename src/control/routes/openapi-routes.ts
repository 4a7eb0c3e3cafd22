import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { packageRoot } from '../../core/files/paths.js';
import type { DescribedRoute } from '../openapi/build-openapi.js';
import { pageReply } from '../page-reply.js';

const PAGE_FILES = {
  '/api-docs': ['index.html', 'text/html; charset=utf-8'],
  '/api-docs.css': ['api-docs.css', 'text/css; charset=utf-8'],
  '/api-docs.js': ['api-docs.js', 'text/javascript; charset=utf-8'],
} as const;

/** `GET /openapi.json`: the API's description. `GET /api-docs`: a page that shows it; its files are public, the description is not. */
export function openapiRoutes(app: FastifyInstance, routes: readonly DescribedRoute[]): void {
  let text: string | undefined;
  app.get('/openapi.json', async (_request, reply) => {
    // The schemas take some megabytes while they are made: on the first request, not at start.
    if (text === undefined) {
      const [{ buildOpenapi }, { ROUTE_DOCS }] = await Promise.all([
        import('../openapi/build-openapi.js'),
        import('../openapi/route-docs.js'),
      ]);
      const { version } = JSON.parse(await readFile(join(packageRoot(), 'package.json'), 'utf8')) as {
        version: string;
      };
      text = JSON.stringify(buildOpenapi(routes, ROUTE_DOCS, version));
    }
    return reply
      .header('content-type', 'application/json; charset=utf-8')
      .header('cache-control', 'no-cache')
      .send(text);
  });
  for (const [path, [file, type]] of Object.entries(PAGE_FILES)) {
    app.get(path, { config: { public: true } }, async (_request, reply) =>
      pageReply(reply, type).send(await readFile(new URL(`../api-docs/${file}`, import.meta.url))),
    );
  }
}
