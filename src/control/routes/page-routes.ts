import { readdirSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, extname, join, relative, sep } from 'node:path';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { RoomHandle } from '../../config/api/room-handle.js';
import { EngineError } from '../../core/errors.js';
import { cameraPath, packageVersion, referencePath, studioPath } from '../../core/files/paths.js';
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
const page = (en: string, zh: string, type: string) => ({
  config: { public: true },
  schema: { ...about('pages', en, zh), response: { 200: content(type) } },
});

/** The headers of the engine's own pages: no inline script, nothing from elsewhere. */
const pageReply = (reply: FastifyReply, type: string, csp = CSP): FastifyReply =>
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
        text = JSON.stringify(await openapiOf(routes, packageVersion()));
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

const CAMERA_CSP =
  "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/** Stands for this engine's address in the built userscript. */
const USUAL_ENDPOINT = 'http://127.0.0.1:8080/whep';

const cameraAnswer = z.object({ width: z.int(), height: z.int(), frameRate: z.number(), whep: z.string() });

/**
 * The browser camera: `GET /camera` explains how to add it, `/camera/extension.zip` and
 * `/camera/showroom-camera.user.js` deliver it, `/camera.json` holds the room's picture size. All are public and hold
 * no secret.
 */
export function cameraRoutes(app: ControlApp, room: RoomHandle): void {
  const file = (name: string) => readFile(new URL(`../camera/${name}`, import.meta.url));
  const open = { config: { public: true }, schema: { hide: true } };
  app.get(
    '/camera',
    page('How to add the room as a camera', '浏览器摄像头说明', 'text/html'),
    async (_request, reply) => pageReply(reply, 'text/html; charset=utf-8', CAMERA_CSP).send(await file('index.html')),
  );
  app.get('/camera/camera.css', open, async (_request, reply) =>
    pageReply(reply, 'text/css; charset=utf-8', CAMERA_CSP).send(await file('camera.css')),
  );
  for (const name of ['late-fonts.js', 'camera.js'])
    app.get(`/camera/${name}`, open, async (_request, reply) =>
      pageReply(reply, 'text/javascript; charset=utf-8', CAMERA_CSP).send(await file(name)),
    );
  app.get(
    '/camera.json',
    {
      config: { public: true },
      schema: { ...about('pages', "The room's picture size", '画面尺寸'), response: { 200: cameraAnswer } },
    },
    async (_request, reply) => {
      const { width, height, fps } = room.snapshot();
      return reply.header('access-control-allow-origin', '*').header('cache-control', 'no-store').send({
        width,
        height,
        frameRate: fps,
        whep: '/whep',
      });
    },
  );
  app.get(
    '/camera/showroom-camera.user.js',
    page('The camera as a userscript', '浏览器摄像头用户脚本', 'text/javascript'),
    async (request, reply) => {
      const script = await readFile(cameraPath('showroom-camera.user.js'), 'utf8');
      const { origin, hostname } = ownOrigin(request as FastifyRequest);
      return pageReply(reply, 'text/javascript; charset=utf-8', CAMERA_CSP).send(
        script
          .replaceAll(USUAL_ENDPOINT, `${origin}/whep`) // of a checked host: letters, digits, dots and dashes
          .replace(/^(\/\/ @connect {6})127\.0\.0\.1$/m, `$1${hostname}`),
      );
    },
  );
  app.get(
    '/camera/extension.zip',
    page('The camera as a browser extension', '浏览器摄像头扩展', 'application/zip'),
    async (_request, reply) =>
      pageReply(reply, 'application/zip', CAMERA_CSP)
        .header('content-disposition', 'attachment; filename="showroom-camera.zip"')
        .send(await zipFolder(cameraPath('extension'))),
  );
}

/** The origin that the client used, since the client's browser can reach it. */
function ownOrigin(request: FastifyRequest): URL {
  const text = `${request.protocol}://${request.host}`;
  // It stands in a script: a host of any other characters is not ours.
  const isPlain = /^https?:\/\/(?:[a-z0-9.-]+|\[[0-9a-f:]+\])(?::\d{1,5})?$/i.test(text);
  return new URL(isPlain && URL.canParse(text) ? text : USUAL_ENDPOINT);
}

/** Packed on request: twenty small files. */
export async function zipFolder(folder: string): Promise<Buffer> {
  const { zipSync } = await import('fflate');
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files: Record<string, Uint8Array> = {};
  for (const entry of entries.filter((one) => one.isFile())) {
    const path = join(entry.parentPath, entry.name);
    files[`showroom-camera/${relative(folder, path).split(sep).join('/')}`] = await readFile(path);
  }
  return Buffer.from(zipSync(files, { level: 6 }));
}
