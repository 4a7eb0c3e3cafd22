import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { cameraPath } from '../../core/files/paths.js';
import type { RoomHandle } from '../../config/api/room-handle.js';
import { about, type ControlApp } from '../api.js';
import { page, pageReply } from './page-routes.js';

const CSP =
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
    async (_request, reply) => pageReply(reply, 'text/html; charset=utf-8', CSP).send(await file('index.html')),
  );
  app.get('/camera/camera.css', open, async (_request, reply) =>
    pageReply(reply, 'text/css; charset=utf-8', CSP).send(await file('camera.css')),
  );
  for (const name of ['late-fonts.js', 'camera.js'])
    app.get(`/camera/${name}`, open, async (_request, reply) =>
      pageReply(reply, 'text/javascript; charset=utf-8', CSP).send(await file(name)),
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
      return pageReply(reply, 'text/javascript; charset=utf-8', CSP).send(
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
      pageReply(reply, 'application/zip', CSP)
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
