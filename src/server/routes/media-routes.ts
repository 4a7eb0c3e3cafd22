/**
 * Uploads to a room: pictures, clips, tracks and films of people.
 *
 * Problem: a clip has up to 256 MB, connections are cut, and what is uploaded may be a bomb or break a rule.
 * Rule: the tus protocol writes pieces to the disk as they come and goes on where it was cut; the whole is judged in a
 * process of its own, and only then moves into the room's folder. What is refused is removed.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FileStore } from '@tus/file-store';
import { Server, type Upload } from '@tus/server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { EngineError } from '../../core/errors.js';
import type { StudioApp } from '../app.js';
import { audit } from '../audit.js';
import { errorBody } from '../error-body.js';
import { member, roomOf } from '../guard.js';
import { MediaFolder } from '../media/media-folder.js';
import { roomParams } from '../schemas.js';
import type { Studio } from '../studio.js';

const MAX_BYTES = 256 * 1024 * 1024;
const MAX_FILES = 500;
/** An upload that nobody has gone on with. */
const FORGET_AFTER_MS = 24 * 3_600_000;
const STEPS = [{ id: 'judge', text: { en: 'Checking every picture in it', zh: '逐帧审核' } }];

const medium = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(['picture', 'clip', 'sound']),
  bytes: z.int(),
  src: z.string().describe('The path that the room file names'),
  picture: z.string().nullable(),
});

export function mediaRoutes(app: StudioApp, studio: Studio): void {
  const folder = join(studio.data, 'uploads');
  const mediaOf = (id: string): MediaFolder => new MediaFolder(studio.rooms.folder(id), id);

  app.get(
    '/api/rooms/:id/media',
    {
      config: { right: 'viewer' },
      schema: { params: roomParams, response: { 200: z.object({ media: z.array(medium) }) } },
    },
    async (request) => ({ media: await mediaOf(roomOf(request).id).list() }),
  );
  app.delete(
    '/api/rooms/:id/media/:file',
    {
      config: { right: 'editor' },
      schema: { params: roomParams.extend({ file: z.string().min(1).max(200) }), response: { 204: z.null() } },
    },
    async (request, reply) => {
      const row = roomOf(request);
      const { file } = request.params;
      const { room } = await studio.rooms.read(row);
      if (JSON.stringify(room).includes(JSON.stringify(`media/${file}`)))
        throw new EngineError('E_IN_USE', {
          where: `file ${file}`,
          expected: 'a file that the room does not use',
          found: 'a layer, a product or the music that uses it',
          todo: 'remove the layer first',
        });
      await mediaOf(row.id).remove(file);
      audit(studio, request, { action: 'media-removed', what: file, room: row.id, before: file, after: null });
      return reply.code(204).send(null);
    },
  );

  const tus = new Server({
    path: '/uploads',
    datastore: new FileStore({ directory: folder }),
    maxSize: MAX_BYTES,
    relativeLocation: true,
    disableTerminationForFinishedUploads: true,
    // The room is part of the name: nobody goes on with an upload to another room.
    namingFunction: (request) => `${roomIn(request.url)}.${randomBytes(18).toString('base64url')}`,
    generateUrl: (request, { id }) => `${new URL(request.url).pathname.replace(/\/+$/, '')}/${id}`,
    getFileIdFromRequest: (request) => new URL(request.url).pathname.split('/')[5],
    onResponseError: (_request, error) => {
      const status = 'status_code' in error ? error.status_code : 500;
      const said = 'body' in error ? error.body.trim() : error.message;
      return { status_code: status, body: JSON.stringify({ error: errorBody(uploadFault(status, said)) }) };
    },
  });

  void app.register(async (bare) => {
    // Pieces go from the socket to the disk.
    bare.removeAllContentTypeParsers();
    bare.addContentTypeParser('*', (_request, _payload, done) => done(null, undefined));
    const params = roomParams.extend({ upload: z.string().max(160).optional() });
    for (const url of ['/api/rooms/:id/uploads', '/api/rooms/:id/uploads/:upload'])
      bare.route({
        method: ['OPTIONS', 'HEAD', 'POST', 'PATCH', 'DELETE'],
        url,
        config: { right: 'editor' },
        schema: { hide: true, params },
        handler: async (request, reply) => {
          const row = roomOf(request);
          const { upload } = request.params as z.infer<typeof params>;
          if (upload !== undefined && !isUploadOf(row.id, upload)) throw noUpload();
          if (request.method === 'POST') await makeRoom(folder);
          if (request.method === 'PATCH' && upload !== undefined) return takePiece(request, reply, upload);
          reply.hijack();
          await tus.handle(request.raw, reply.raw);
        },
      });
    /** The last piece answers with the job that judges the whole. */
    async function takePiece(request: FastifyRequest, reply: FastifyReply, id: string): Promise<void> {
      finished.set(id, request);
      reply.hijack();
      try {
        await tus.handle(request.raw, reply.raw);
      } finally {
        finished.delete(id);
      }
    }
  });
  const finished = new Map<string, FastifyRequest>();
  tus.options.onUploadFinish = async (_request, upload) => {
    const request = finished.get(upload.id);
    return request === undefined ? {} : { headers: { 'x-job': judge(request, upload) } };
  };

  /** Starts the judging of a whole upload; the id of its job. */
  function judge(request: FastifyRequest, upload: Upload): string {
    const row = roomOf(request);
    const { organisation } = member(request);
    const file = join(folder, upload.id);
    const name = upload.metadata?.['filename'] ?? 'file';
    const use = upload.metadata?.['use'] ?? 'layer';
    const started = studio.jobs.run(
      { kind: 'medium', organisation, room: row.id, steps: STEPS },
      async ({ signal, step }) => {
        step('judge');
        try {
          await studio.work.run(
            'medium',
            { room: studio.rooms.file(row.id), file, use: use === 'music' || use === 'film' ? use : 'layer' },
            { signal, onProgress: ({ done, of }) => step('judge', { done, of }) },
          );
          const taken = await mediaOf(row.id).take(file, name);
          audit(studio, request, {
            action: 'media-added',
            what: taken.name,
            room: row.id,
            before: null,
            after: taken.src,
          });
          return taken;
        } finally {
          await Promise.all([rm(file, { force: true }), rm(`${file}.json`, { force: true })]);
        }
      },
    );
    return started.id;
  }
}

const roomIn = (url: string): string => new URL(url).pathname.split('/')[3] ?? '';

/** Removes what nobody has gone on with, and refuses a full folder. */
async function makeRoom(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const names = await readdir(folder);
  let kept = 0;
  for (const name of names) {
    const path = join(folder, name);
    const about = await stat(path).catch(() => undefined);
    if (about !== undefined && Date.now() - about.mtimeMs > FORGET_AFTER_MS) await rm(path, { force: true });
    else kept += 1;
  }
  if (kept < MAX_FILES) return;
  throw new EngineError('E_TOO_MANY_REQUESTS', {
    where: 'uploads',
    expected: `fewer than ${MAX_FILES} unfinished uploads`,
    found: String(kept),
    todo: 'finish or cancel the others; those of yesterday are removed by themselves',
  });
}

/** Of letters alone: a backslash or an escape would be another path to whoever reads the address again. */
const isUploadOf = (room: string, upload: string): boolean =>
  upload.startsWith(`${room}.`) && /^[\w-]+$/.test(upload.slice(room.length + 1));

const noUpload = (): EngineError =>
  new EngineError('E_NOT_FOUND', { where: 'upload', expected: 'an upload to this room', found: 'none of that name' });

function uploadFault(status: number, said: string): EngineError {
  if (status === 413)
    return new EngineError('E_ASSET_TOO_LARGE', {
      where: 'upload',
      expected: `a file of at most ${MAX_BYTES / 1024 / 1024} MB`,
      found: 'a larger one',
      todo: 'shorten the clip, or save it with a lower bitrate',
    });
  const code = status === 404 || status === 410 ? 'E_NOT_FOUND' : status < 500 ? 'E_BAD_REQUEST' : 'E_INTERNAL';
  return new EngineError(code, { where: 'upload', found: said.slice(0, 200) });
}
