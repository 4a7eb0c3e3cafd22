import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { EngineError } from '../../core/errors.js';
import { studioPath } from '../../core/files/paths.js';
import { pageReply } from '../page-reply.js';

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.woff2': 'font/woff2',
  '.svg': 'image/svg+xml',
};

/**
 * The desk of the engine's one room: the studio's page, built for a single room, with the engine's own token in place of an
 * account. None of its files holds a secret. Files below `/assets` have their hash in their name.
 */
export function pageRoutes(app: FastifyInstance): void {
  const open = { config: { public: true } };
  const desk = async (): Promise<Buffer> => {
    try {
      return await readFile(studioPath('desk.html'));
    } catch (cause) {
      throw new EngineError('E_NOT_FOUND', {
        where: 'GET /',
        expected: 'the built pages in dist/studio',
        found: 'none',
        todo: 'run `npm install` with dev dependencies, or `npm run build`',
        cause,
      });
    }
  };
  for (const path of ['/', '/desk/report'])
    app.get(path, open, async (_request, reply) => pageReply(reply, 'text/html; charset=utf-8').send(await desk()));
  app.get('/icon.svg', open, async (_request, reply) =>
    pageReply(reply, TYPES['.svg']!).send(await readFile(studioPath('icon.svg'))),
  );
  app.get<{ Params: { file: string } }>('/assets/:file', open, async ({ params: { file } }, reply) => {
    const type = TYPES[extname(file)];
    if (type === undefined || !names().includes(file)) return reply.callNotFound();
    return pageReply(reply, type)
      .header('cache-control', 'public, max-age=31536000, immutable')
      .send(await readFile(studioPath('assets', file)));
  });
}

/** Read anew each time: a build replaces them while an engine runs. */
function names(): string[] {
  try {
    return readdirSync(join(studioPath('assets')));
  } catch {
    return [];
  }
}
