import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { cameraPath } from '../../core/files/paths.js';
import type { RoomHandle } from '../../core/room-handle.js';
import { pageReply } from '../page-reply.js';

const CSP =
  "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/** Stands for this engine's address in the built userscript. */
const USUAL_ENDPOINT = 'http://127.0.0.1:8080/whep';

/**
 * The browser camera: `GET /camera` explains how to add it, `/camera/extension.zip` and
 * `/camera/showroom-camera.user.js` deliver it, `/camera.json` holds the room's picture size. All are public and hold
 * no secret.
 */
export function cameraRoutes(app: FastifyInstance, room: RoomHandle): void {
  const page = (path: string, file: string, type: string): void => {
    app.get(path, { config: { public: true } }, async (_request, reply) =>
      pageReply(reply, type, CSP).send(await readFile(new URL(`../camera/${file}`, import.meta.url))),
    );
  };
  page('/camera', 'index.html', 'text/html; charset=utf-8');
  page('/camera/camera.css', 'camera.css', 'text/css; charset=utf-8');
  page('/camera/late-fonts.js', 'late-fonts.js', 'text/javascript; charset=utf-8');
  page('/camera/camera.js', 'camera.js', 'text/javascript; charset=utf-8');

  app.get('/camera.json', { config: { public: true } }, (_request, reply) => {
    const { width, height, fps } = room.snapshot();
    return reply.header('access-control-allow-origin', '*').header('cache-control', 'no-store').send({
      width,
      height,
      frameRate: fps,
      whep: '/whep',
    });
  });
  app.get('/camera/showroom-camera.user.js', { config: { public: true } }, async (request, reply) => {
    const script = await readFile(cameraPath('showroom-camera.user.js'), 'utf8');
    const { origin, hostname } = ownOrigin(request);
    return pageReply(reply, 'text/javascript; charset=utf-8', CSP).send(
      script
        .replaceAll(USUAL_ENDPOINT, `${origin}/whep`) // of a checked host: letters, digits, dots and dashes
        .replace(/^(\/\/ @connect {6})127\.0\.0\.1$/m, `$1${hostname}`),
    );
  });
  app.get('/camera/extension.zip', { config: { public: true } }, async (_request, reply) =>
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
