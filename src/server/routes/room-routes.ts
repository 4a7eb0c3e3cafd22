import { stillOf } from '../engine-call.js';
import { createReadStream } from 'node:fs';
import { mkdir, readFile, realpath, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join, sep } from 'node:path';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { PLATFORMS } from '../../config/sections/platform.js';
import { EngineError } from '../../core/errors.js';
import type { StudioApp } from '../app.js';
import { audit } from '../audit.js';
import { findRoom, member, roomOf } from '../guard.js';
import { by, json, room, roomParams, saved } from '../schemas.js';
import type { Studio } from '../studio.js';
import { TemplateFilms } from '../template-films.js';
import { roomView, savedView } from '../views.js';

const orientation = z.enum(['portrait', 'landscape']);
const templateName = z.string().regex(/^[a-z0-9-]{1,40}$/);
const roomTitle = z.string().trim().min(1).max(80);
const isDifferent = z.object({ version: z.int(), at: z.string(), by, changed: z.array(z.string()), etag: z.string() });

/** Types of a room's own files that a page may show; anything else is a download. */
const TYPES: Readonly<Record<string, string>> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.webp': 'image/webp',
  '.gif': 'image/gif',
  '.avif': 'image/avif',
  '.svg': 'image/svg+xml',
  '.mp3': 'audio/mpeg',
  '.ogg': 'audio/ogg',
  '.wav': 'audio/wav',
  '.m4a': 'audio/mp4',
  '.mp4': 'video/mp4',
  '.webm': 'video/webm',
};

/** Templates, rooms, their files and versions. */
export function roomRoutes(app: StudioApp, studio: Studio): void {
  const { rooms } = studio;
  const stills = new Map<string, Promise<Buffer>>();

  /** Drawn once, then kept in the cache folder. */
  const templateStill = (name: string, which: 'portrait' | 'landscape'): Promise<Buffer> => {
    const key = `${name}-${which}`;
    const present = stills.get(key);
    if (present !== undefined) return present;
    const made = (async () => {
      const folder = join(studio.data, 'cache', 'templates');
      const file = join(folder, `${key}-${studio.version}.webp`);
      const kept = await readFile(file).catch(() => undefined);
      if (kept !== undefined) return kept;
      const drawn = await studio.work.ask('templateStill', {
        name,
        orientation: which,
        width: which === 'portrait' ? 360 : 640,
      });
      await mkdir(folder, { recursive: true });
      await writeFile(file, drawn);
      return Buffer.from(drawn);
    })();
    stills.set(key, made);
    // The file is the cache; memory only joins those who ask at once.
    made.then(
      () => stills.delete(key),
      () => stills.delete(key),
    );
    return made;
  };

  const films = new TemplateFilms({
    folder: join(studio.data, 'cache', 'previews'),
    version: studio.version,
    work: studio.work,
    log: studio.log,
  });
  let templates: Promise<unknown> | undefined;
  const gallery = async (): Promise<unknown> => {
    templates ??= studio.work.ask('templates', undefined as never).then(({ templates: list, languages }) => ({
      templates: list.map(({ pictures: _pictures, ...one }) => {
        const at = `/api/templates/${one.name}`;
        return {
          ...one,
          languages: [...languages],
          still: {
            portrait: `${at}/still-portrait.webp`,
            landscape: `${at}/still-landscape.webp`,
            product: `${at}/product`,
          },
          preview: { portrait: `${at}/preview-portrait.mp4`, landscape: `${at}/preview-landscape.mp4` },
        };
      }),
    }));
    try {
      return await templates;
    } catch (error) {
      templates = undefined;
      throw error;
    }
  };
  app.get(
    '/api/templates',
    {
      config: { right: 'viewer' },
      schema: {
        summary: 'The gallery of templates',
        response: {
          200: z.object({
            templates: z.array(
              z.looseObject({
                name: z.string(),
                category: z.looseObject({ en: z.string(), zh: z.string() }),
                presenter: z.string(),
                still: z.object({ portrait: z.string(), landscape: z.string(), product: z.string() }),
                preview: z.object({ portrait: z.string(), landscape: z.string() }),
                languages: z.array(z.string()),
              }),
            ),
          }),
        },
      },
    },
    async () => (await gallery()) as never,
  );
  app.get(
    '/api/templates/:name/:file',
    {
      config: { right: 'viewer' },
      schema: {
        params: z.object({ name: templateName, file: z.string().max(60) }),
        response: { 200: z.unknown() },
      },
    },
    async (request, reply) => {
      const { name, file } = request.params;
      const still = /^still-(portrait|landscape)\.webp$/.exec(file)?.[1] as 'portrait' | 'landscape' | undefined;
      reply.header('cache-control', 'private, max-age=86400');
      if (still !== undefined) return reply.type('image/webp').send(await templateStill(name, still));
      const preview = /^preview-(portrait|landscape)\.mp4$/.exec(file)?.[1] as 'portrait' | 'landscape' | undefined;
      if (preview === undefined) throw missing(file);
      const { templates: known } = (await gallery()) as { templates: readonly { name: string }[] };
      if (!known.some((one) => one.name === name)) throw missing(file);
      const film = await films.film(name, preview);
      return sendFile(reply as never, dirname(film), basename(film));
    },
  );

  app.get(
    '/api/rooms',
    { config: { right: 'viewer' }, schema: { response: { 200: z.object({ rooms: z.array(room) }) } } },
    (request) => ({ rooms: rooms.list(member(request).organisation).map((row) => roomView(studio, row)) }),
  );
  app.post(
    '/api/rooms',
    {
      config: { right: 'editor' },
      schema: {
        summary: 'Makes a room from a template, or copies one',
        body: z.union([
          z.strictObject({
            name: roomTitle,
            template: templateName,
            language: z.string().min(2).max(20).default('en'),
            orientation: orientation.default('portrait'),
            brand: z
              .string()
              .regex(/^#[0-9a-f]{6}$/i, 'expected a colour as "#rrggbb"')
              .optional(),
            logo: z.string().max(200).optional().describe('Path of an uploaded picture below the media folder'),
            platform: z.enum(Object.keys(PLATFORMS) as [keyof typeof PLATFORMS]).optional(),
          }),
          z.strictObject({ name: roomTitle, from: z.string().max(64) }),
        ]),
        response: { 201: room },
      },
    },
    async (request, reply) => {
      const { body } = request;
      const { organisation, id, name } = member(request);
      const maker = { id, name };
      const row =
        'from' in body
          ? await rooms.copy(findRoom(studio, request.person, body.from), body.name, maker)
          : await rooms.create(
              { name: body.name, organisation, template: body.template, by: maker },
              async (folder) => {
                const { name: _name, logo, ...options } = body;
                await studio.work.run('template', {
                  folder,
                  ...options,
                  ...(logo === undefined ? {} : { logo: await mediaFile(logo) }),
                });
              },
            );
      audit(studio, request, {
        action: 'room.add',
        what: body.name,
        room: row.id,
        after: 'from' in body ? { from: body.from } : { template: body.template, language: body.language },
      });
      return reply.code(201).send(roomView(studio, row));
    },
  );
  app.get(
    '/api/rooms/:id',
    { config: { right: 'viewer' }, schema: { params: roomParams, response: { 200: room } } },
    (request) => roomView(studio, roomOf(request)),
  );
  app.patch(
    '/api/rooms/:id',
    {
      config: { right: 'editor' },
      schema: {
        params: roomParams,
        body: z.strictObject({ title: roomTitle, position: z.int().min(0).max(10_000) }).partial(),
        response: { 200: room },
      },
    },
    async (request) => {
      const row = roomOf(request);
      const { title, position } = request.body;
      const { id, name } = member(request);
      if (title !== undefined) await rooms.edit(row, { id, name }, (document) => ({ ...document, title }));
      if (position !== undefined) rooms.place(row, position);
      audit(studio, request, {
        action: 'room.change',
        what: Object.keys(request.body).join(', '),
        before: { title: row.title },
        after: request.body,
      });
      return roomView(studio, rooms.row(row.id)!);
    },
  );
  app.delete(
    '/api/rooms/:id',
    { config: { right: 'owner' }, schema: { params: roomParams, response: { 204: z.null() } } },
    async (request, reply) => {
      const row = roomOf(request);
      const { state } = studio.runs.view(row);
      if (state !== 'off' && state !== 'failed')
        throw new EngineError('E_IN_USE', {
          where: `room ${row.id}`,
          expected: 'a room that is off',
          found: state,
          todo: 'stop it first',
        });
      audit(studio, request, { action: 'room.remove', what: row.title });
      await rooms.remove(row);
      studio.secrets.removeAll(row.id);
      return reply.code(204).send(null);
    },
  );
  app.get(
    '/api/rooms/:id/still',
    { config: { right: 'viewer' }, schema: { params: roomParams, response: { 200: z.unknown() } } },
    async (request, reply) => {
      const row = roomOf(request);
      reply.header('cache-control', 'no-store');
      const endpoint = studio.host.endpoint(row.id);
      if (endpoint !== undefined) {
        const still = await stillOf(endpoint);
        if (still !== undefined) return reply.type('image/jpeg').send(still);
      }
      if (row.template === null) throw missing('still');
      return reply
        .type('image/webp')
        .send(await templateStill(row.template, row.width > row.height ? 'landscape' : 'portrait'));
    },
  );

  app.get(
    '/api/rooms/:id/file',
    {
      config: { right: 'viewer' },
      schema: {
        params: roomParams,
        response: {
          200: z.object({ version: z.int(), etag: z.string(), savedAt: z.string(), savedBy: by, room: json }),
        },
      },
    },
    async (request, reply) => {
      const file = await rooms.read(roomOf(request));
      return reply.header('etag', `"${file.etag}"`).send(file);
    },
  );
  app.put(
    '/api/rooms/:id/file',
    {
      config: { right: 'editor' },
      bodyLimit: 32 * 1024 * 1024,
      schema: {
        summary: 'Saves a whole room; If-Match names the version that it was made from',
        params: roomParams,
        querystring: z.strictObject({ force: z.enum(['true']).optional() }),
        body: json,
        response: { 200: saved },
      },
    },
    async (request) => {
      const row = roomOf(request);
      const { id, name } = member(request);
      const etag = (request.headers['if-match'] ?? '').replace(/^W\//, '').replaceAll('"', '');
      const done = await rooms.put(row, request.body, { etag, force: request.query.force === 'true' }, { id, name });
      return savedView(studio, row, done);
    },
  );
  app.patch(
    '/api/rooms/:id/file',
    {
      config: { right: 'editor' },
      bodyLimit: 32 * 1024 * 1024,
      schema: {
        summary: 'Saves single changes that were made at a version; what others saved since is kept',
        params: roomParams,
        body: z.strictObject({
          base: z.int().min(1),
          changes: z
            .array(z.strictObject({ path: z.string().min(1).max(400), value: z.unknown() }).partial({ value: true }))
            .min(1)
            .max(500),
          force: z.boolean().optional().describe('Conflicts are decided for this side'),
        }),
        response: { 200: saved },
      },
    },
    async (request) => {
      const row = roomOf(request);
      const { id, name } = member(request);
      return savedView(studio, row, await rooms.change(row, request.body, { id, name }));
    },
  );
  app.get(
    '/api/rooms/:id/versions',
    {
      config: { right: 'viewer' },
      schema: { params: roomParams, response: { 200: z.object({ versions: z.array(isDifferent) }) } },
    },
    (request) => ({
      versions: rooms.versions(roomOf(request)).map(({ version, atMs, by: who, changed, etag }) => ({
        version,
        at: new Date(atMs).toISOString(),
        by: who,
        changed: [...changed],
        etag,
      })),
    }),
  );
  const versionParams = roomParams.extend({ version: z.coerce.number().int().min(1) });
  app.get(
    '/api/rooms/:id/versions/:version',
    {
      config: { right: 'viewer' },
      schema: { params: versionParams, response: { 200: isDifferent.extend({ room: json }) } },
    },
    (request) => {
      const {
        atMs,
        by: who,
        version,
        changed,
        etag,
        room: document,
      } = rooms.version(roomOf(request), request.params.version);
      return { version, at: new Date(atMs).toISOString(), by: who, changed: [...changed], etag, room: document };
    },
  );
  app.post(
    '/api/rooms/:id/versions/:version/restore',
    { config: { right: 'editor' }, schema: { params: versionParams, response: { 200: saved } } },
    async (request) => {
      const row = roomOf(request);
      const { id, name } = member(request);
      const done = await rooms.restore(row, request.params.version, { id, name });
      audit(studio, request, { action: 'room.restore', what: `version ${request.params.version}` });
      return savedView(studio, row, done);
    },
  );
  app.get(
    '/api/rooms/:id/files/*',
    {
      config: { right: 'viewer' },
      schema: { params: roomParams.extend({ '*': z.string().max(300) }), response: { 200: z.unknown() } },
    },
    async (request, reply) => {
      reply.header('cache-control', 'private, max-age=60');
      return sendFile(reply as never, rooms.folder(roomOf(request).id), request.params['*']);
    },
  );

  async function mediaFile(path: string): Promise<string> {
    const folder = join(studio.data, 'media');
    const file = await realpath(join(folder, path)).catch(() => undefined);
    if (file === undefined || !file.startsWith((await realpath(folder)) + sep)) throw missing('logo');
    return file;
  }
}

/** A file below a folder, never one that a link or dots lead to elsewhere, and never the room file or a record. */
async function sendFile(reply: FastifyReply, folder: string, path: string): Promise<FastifyReply> {
  const type = TYPES[extname(path).toLowerCase()];
  const [root, file] = await Promise.all(
    [folder, join(folder, path)].map((one) => realpath(one).catch(() => undefined)),
  );
  if (type === undefined || root === undefined || file === undefined || !file.startsWith(root + sep))
    throw missing(path);
  if (/[\\/](var|versions)[\\/]/.test(file.slice(root.length))) throw missing(path);
  const found = await stat(file);
  if (!found.isFile()) throw missing(path);
  return reply
    .type(type)
    .header('content-length', found.size)
    .header('x-content-type-options', 'nosniff')
    .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox")
    .send(createReadStream(file));
}

const missing = (path: string): EngineError =>
  new EngineError('E_NOT_FOUND', {
    where: path.slice(0, 120),
    expected: 'a file of the studio',
    found: 'no such file',
  });
