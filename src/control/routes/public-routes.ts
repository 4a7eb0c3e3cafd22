import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { RoomHandle } from '../../core/room-handle.js';
import type { roomMetrics } from '../metrics.js';

const PAGE_FILES = {
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/console.css': ['console.css', 'text/css; charset=utf-8'],
  '/console.js': ['console.js', 'text/javascript; charset=utf-8'],
  '/words.js': ['words.js', 'text/javascript; charset=utf-8'],
  '/whep-player.js': ['whep-player.js', 'text/javascript; charset=utf-8'],
} as const;

const CHINESE_FONT = '@fontsource-variable/noto-sans-sc';

const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; font-src 'self'; media-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** What needs no token: the page's own files, `GET /healthz` and `GET /metrics`. None of them tells a secret. */
export function publicRoutes(app: FastifyInstance, room: RoomHandle): void {
  app.get('/healthz', (_request, reply) => {
    const { state, frame, lateTicks } = room.snapshot();
    const ok = state === 'on-air' || state === 'blanked';
    return reply.code(ok ? 200 : 503).send({ ok, state, frame, lateTicks: lateTicks.total });
  });
  // The library of the format takes 4 MB: only rooms that are scraped load it.
  let metrics: ReturnType<typeof roomMetrics> | undefined;
  app.get('/metrics', async (_request, reply) => {
    metrics ??= (await import('../metrics.js')).roomMetrics(room);
    return reply.header('content-type', metrics.contentType).send(await metrics.text());
  });
  fontRoutes(app);
  for (const [path, [file, type]] of Object.entries(PAGE_FILES)) {
    app.get(path, async (_request, reply) => {
      const content = await readFile(new URL(`../console/${file}`, import.meta.url));
      return reply
        .header('content-type', type)
        .header('content-security-policy', CSP)
        .header('x-content-type-options', 'nosniff')
        .header('referrer-policy', 'no-referrer')
        .header('cache-control', 'no-cache')
        .send(content);
    });
  }
}

/** Chinese for a browser without such a font: the package's sheet names a hundred slices, of which it fetches those it needs. */
function fontRoutes(app: FastifyInstance): void {
  const folder = dirname(createRequire(import.meta.url).resolve(`${CHINESE_FONT}/package.json`));
  const slices = readdirSync(join(folder, 'files'));
  const send = async (reply: FastifyReply, file: string, type: string): Promise<FastifyReply> =>
    reply
      .header('content-type', type)
      .header('x-content-type-options', 'nosniff')
      .header('cache-control', 'max-age=86400')
      .send(await readFile(join(folder, file)));
  app.get('/fonts/wght.css', async (_request, reply) => send(reply, 'wght.css', 'text/css; charset=utf-8'));
  app.get<{ Params: { file: string } }>('/fonts/files/:file', async ({ params: { file } }, reply) =>
    slices.includes(file) ? send(reply, `files/${file}`, 'font/woff2') : reply.callNotFound(),
  );
}
