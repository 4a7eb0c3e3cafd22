import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { FastifyInstance, FastifyReply } from 'fastify';

const PACKAGE = '@fontsource-variable/noto-sans-sc';
const DAY_S = 86_400;

/**
 * Chinese fonts for clients without one. The package's stylesheet lists a hundred slices with their characters, and a
 * browser fetches only those it needs. Slices are cached for a year: their address holds the package's version.
 */
export function fontRoutes(app: FastifyInstance): void {
  const require = createRequire(import.meta.url);
  const folder = dirname(require.resolve(`${PACKAGE}/package.json`));
  const { version } = require(`${PACKAGE}/package.json`) as { version: string };
  const slices = new Set(readdirSync(join(folder, 'files')));
  const send = (reply: FastifyReply, body: string | Buffer, type: string, keep: string): FastifyReply =>
    reply
      .header('content-type', type)
      .header('x-content-type-options', 'nosniff')
      .header('cache-control', keep)
      .send(body);
  app.get('/fonts/wght.css', { config: { public: true } }, async (_request, reply) => {
    const sheet = (await readFile(join(folder, 'wght.css'), 'utf8')).replaceAll('.woff2)', `.woff2?v=${version})`);
    return send(reply, sheet, 'text/css; charset=utf-8', `public, max-age=${DAY_S}`);
  });
  app.get<{ Params: { file: string } }>(
    '/fonts/files/:file',
    { config: { public: true } },
    async ({ params: { file } }, reply) =>
      slices.has(file)
        ? send(
            reply,
            await readFile(join(folder, 'files', file)),
            'font/woff2',
            `public, max-age=${365 * DAY_S}, immutable`,
          )
        : reply.callNotFound(),
  );
}
