import { createReadStream } from 'node:fs';
import { readFile, realpath, stat } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import type { FastifyReply } from 'fastify';
import { EngineError } from '../core/errors.js';
import { packageRoot } from '../core/files/paths.js';
import type { StudioApp } from './app.js';

/** The pages and their parts, as the build leaves them. */
const studioPath = (...parts: string[]): string => join(packageRoot(), 'dist', 'studio', ...parts);

const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; font-src 'self'; media-src 'self' blob:; connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.ogg': 'audio/ogg',
  '.mp3': 'audio/mpeg',
};
const YEAR_S = 365 * 86_400;

/** Files of `dist/studio`, and its page for every other address: the page's own router reads it. */
export function servePages(app: StudioApp, folder = studioPath()): void {
  app.get('/*', { config: { right: 'public' }, schema: { hide: true } }, async (request, reply) => {
    const path = (request.params as { '*': string })['*'];
    if (/^(api|hls|whep|whip)(\/|$)/.test(path)) throw notFound(`GET /${path}`);
    const file = await fileIn(folder, path === '' ? 'index.html' : path);
    if (file !== undefined) {
      const isNamedByContent = path.startsWith('assets/');
      return page(reply, file, isNamedByContent ? `public, max-age=${YEAR_S}, immutable` : 'no-cache').send(
        createReadStream(file),
      );
    }
    // A missing part is no page.
    if (extname(path) !== '') throw notFound(`GET /${path}`);
    const index = join(folder, 'index.html');
    const html = await readFile(index).catch((cause: unknown) => {
      throw new EngineError('E_NOT_FOUND', {
        where: index,
        expected: 'the built pages',
        found: 'no such file',
        todo: 'run `npm run build` with the development packages installed',
        cause,
      });
    });
    return page(reply, index, 'no-cache').send(html);
  });
}

async function fileIn(folder: string, path: string): Promise<string | undefined> {
  const [root, file] = await Promise.all(
    [folder, join(folder, path)].map((one) => realpath(one).catch(() => undefined)),
  );
  if (root === undefined || file === undefined || !file.startsWith(root + sep)) return undefined;
  if (TYPES[extname(file)] === undefined) return undefined;
  return (await stat(file)).isFile() ? file : undefined;
}

const page = (reply: FastifyReply, file: string, keep: string): FastifyReply =>
  reply
    .header('content-type', TYPES[extname(file)]!)
    .header('content-security-policy', CSP)
    .header('x-content-type-options', 'nosniff')
    .header('referrer-policy', 'no-referrer')
    .header('cross-origin-opener-policy', 'same-origin')
    .header('permissions-policy', 'camera=(), geolocation=(), microphone=(self)')
    .header('cache-control', keep);

const notFound = (where: string): EngineError =>
  new EngineError('E_NOT_FOUND', { where: where.slice(0, 200), found: 'no such address' });
