import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { EngineError } from '../../core/errors.js';
import { packageRoot, referencePath, studioPath } from '../../core/files/paths.js';
import { about, content, type ControlApp } from '../api.js';
import type { DescribedRoute } from '../openapi.js';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.woff2': 'font/woff2',
  '.svg': 'image/svg+xml',
};
const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; font-src 'self'; media-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/** The reference page builds its styles while it runs. */
const REFERENCE_CSP = CSP.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'");
const FONTS = '@fontsource-variable/noto-sans-sc';
const DAY_S = 86_400;

const open = { config: { public: true }, schema: { hide: true } };
export const page = (en: string, zh: string, type: string) => ({
  config: { public: true },
  schema: { ...about('pages', en, zh), response: { 200: content(type) } },
});

/** The headers of the engine's own pages: no inline script, nothing from elsewhere. */
export const pageReply = (reply: FastifyReply, type: string, csp = CSP): FastifyReply =>
  reply
    .header('content-type', type)
    .header('content-security-policy', csp)
    .header('x-content-type-options', 'nosniff')
    .header('referrer-policy', 'no-referrer')
    .header('cache-control', 'no-cache');

/**
 * The desk of the engine's one room: the studio's page, built for a single room, with the engine's own token in place of an
 * account. None of its files holds a secret. Files below `/assets` have their hash in their name.
 */
export function pageRoutes(app: ControlApp): void {
  const desk = async (): Promise<Buffer> => {
    try {
      return await readFile(studioPath('desk.html'));
    } catch (cause) {
      throw new EngineError('E_NOT_FOUND', {
        where: 'GET /',
        expected: 'the built pages in dist/studio',
        found: 'no such file',
        todo: 'run `npm install` with dev dependencies, or `npm run build`',
        cause,
      });
    }
  };
  app.get('/', page('The control desk', '控制台', 'text/html'), async (_request, reply) =>
    pageReply(reply, TYPES['.html']!).send(await desk()),
  );
  app.get('/desk/report', page('The report as a page', '报告页', 'text/html'), async (_request, reply) =>
    pageReply(reply, TYPES['.html']!).send(await desk()),
  );
  app.get('/icon.svg', open, async (_request, reply) =>
    pageReply(reply, TYPES['.svg']!).send(await readFile(studioPath('icon.svg'))),
  );
  app.get(
    '/assets/:file',
    { ...open, schema: { hide: true, params: z.object({ file: z.string() }) } },
    async ({ params: { file } }, reply) => {
      const type = TYPES[extname(file)];
      if (type === undefined || !builtFiles().includes(file)) return reply.callNotFound();
      return pageReply(reply, type)
        .header('cache-control', 'public, max-age=31536000, immutable')
        .send(await readFile(studioPath('assets', file)));
    },
  );
}

/** Read again each time: a build replaces them while an engine runs. */
function builtFiles(): string[] {
  try {
    return readdirSync(studioPath('assets'));
  } catch {
    return [];
  }
}

/**
 * Chinese fonts for clients without one. The package's stylesheet lists a hundred slices with their characters, and a
 * browser fetches only those it needs. Slices are cached for a year: their address holds the package's version.
 */
export function fontRoutes(app: ControlApp): void {
  const require = createRequire(import.meta.url);
  const folder = dirname(require.resolve(`${FONTS}/package.json`));
  const { version } = require(`${FONTS}/package.json`) as { version: string };
  const slices = new Set(readdirSync(join(folder, 'files')));
  const send = (reply: FastifyReply, body: string | Buffer, type: string, keep: string): FastifyReply =>
    reply
      .header('content-type', type)
      .header('x-content-type-options', 'nosniff')
      .header('cache-control', keep)
      .send(body);
  app.get('/fonts/wght.css', open, async (_request, reply) => {
    const sheet = (await readFile(join(folder, 'wght.css'), 'utf8')).replaceAll('.woff2)', `.woff2?v=${version})`);
    return send(reply, sheet, TYPES['.css']!, `public, max-age=${DAY_S}`);
  });
  app.get(
    '/fonts/files/:file',
    { ...open, schema: { hide: true, params: z.object({ file: z.string() }) } },
    async ({ params: { file } }, reply) =>
      slices.has(file)
        ? send(
            reply,
            await readFile(join(folder, 'files', file)),
            TYPES['.woff2']!,
            `public, max-age=${365 * DAY_S}, immutable`,
          )
        : reply.callNotFound(),
  );
}

/**
 * `GET /openapi.json`: the API's description. `GET /api-docs`: the reference page that shows it; its files are public, the
 * description is not.
 */
export function referenceRoutes(app: ControlApp, routes: readonly DescribedRoute[]): void {
  let text: string | undefined;
  app.get(
    '/openapi.json',
    {
      schema: {
        ...about('room', 'This description (OpenAPI 3.1)', '接口描述(OpenAPI 3.1)'),
        response: { 200: content('application/json') },
      },
    },
    async (_request, reply) => {
      // The schemas take some megabytes while they are described: on the first request, not at start.
      if (text === undefined) {
        const { openapiOf } = await import('../openapi.js');
        const { version } = JSON.parse(await readFile(join(packageRoot(), 'package.json'), 'utf8')) as {
          version: string;
        };
        text = JSON.stringify(await openapiOf(routes, version));
      }
      return reply
        .header('content-type', 'application/json; charset=utf-8')
        .header('cache-control', 'no-cache')
        .send(text);
    },
  );
  app.get('/api-docs', page('This description as a page', '接口文档页', 'text/html'), async (_request, reply) =>
    pageReply(reply, TYPES['.html']!, REFERENCE_CSP).send(await readFile(referencePath('index.html'))),
  );
  for (const name of ['reference.js', 'reference.css', 'scalar.js'])
    app.get(`/api-docs/${name}`, open, async (_request, reply) =>
      pageReply(reply, TYPES[extname(name)]!).send(await readFile(referencePath(name))),
    );
}
