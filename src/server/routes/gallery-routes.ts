/** What the package brings: presenters, sets, stickers, music, voices and models. */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { z } from 'zod';
import { EngineError } from '../../core/errors.js';
import { cacheFolder } from '../../core/files/own-folder.js';
import { templatePath } from '../../core/files/paths.js';
import { replaceFile } from '../../core/files/replace-file.js';
import { WEIGHTS_IDS, WeightsInstaller } from '../../weights/index.js';
import type { StudioApp } from '../app.js';
import { audit } from '../audit.js';
import { member, requireHost, roomOf } from '../guard.js';
import { MediaFolder } from '../media/media-folder.js';
import { job, roomParams, twoTexts } from '../schemas.js';
import type { Studio } from '../studio.js';

const NAME = /^[a-z0-9][a-z0-9-]{0,63}$/;
const names = z.string().regex(NAME, 'expected letters, digits and dashes');
const language = z.string().min(2).max(35);
const A_DAY = 'private, max-age=86400';
const PORTRAIT_PX = 168;
const SET_PX = 200;

const gallery = z.object({
  presenters: z.array(
    z.object({ name: z.string(), title: twoTexts, about: twoTexts, looks: z.array(z.string()), still: z.string() }),
  ),
  backgrounds: z.array(z.object({ name: z.string(), picture: z.string() })),
  stickers: z.array(z.object({ name: z.string(), picture: z.string() })),
  music: z.array(z.object({ name: z.string(), sound: z.string() })),
});
const modelView = z.looseObject({ name: z.string(), state: z.string(), doneBytes: z.int(), bytes: z.int() });
const FILM_STEPS = [
  { id: '1', text: { en: 'Looking for the face', zh: '寻找人脸' } },
  { id: '2', text: { en: 'Choosing the resting mouth', zh: '选取闭嘴画面' } },
  { id: '3', text: { en: 'Writing the film', zh: '生成影片' } },
  { id: '4', text: { en: 'Making mouths', zh: '生成口型' } },
  { id: '5', text: { en: 'Reading the talk', zh: '分析朗读' } },
];

export function galleryRoutes(app: StudioApp, studio: Studio): void {
  let list: Promise<z.infer<typeof gallery>> | undefined;
  app.get('/api/gallery', { config: { right: 'viewer' }, schema: { response: { 200: gallery } } }, async () => {
    list ??= readGallery(studio);
    list.catch(() => (list = undefined));
    return list;
  });
  const picture = { params: z.object({ file: z.string().max(80) }), hide: true } as const;
  app.get('/api/gallery/presenters/:file', { config: { right: 'viewer' }, schema: picture }, async (request, reply) => {
    const name = known(request.params.file, '.webp', (one) => templatePath('presenters', one, 'pack.json'));
    const bytes = await kept('presenter', name, () => studio.work.ask('presenterStill', { name, width: PORTRAIT_PX }));
    return reply.header('cache-control', A_DAY).type('image/webp').send(bytes);
  });
  app.get(
    '/api/gallery/backgrounds/:file',
    { config: { right: 'viewer' }, schema: picture },
    async (request, reply) => {
      const name = known(request.params.file, '.webp', (one) => templatePath('sets', one, 'portrait.webp'));
      const file = templatePath('sets', name, 'portrait.webp');
      const bytes = await kept('set', name, () => studio.work.ask('thumb', { file, width: SET_PX }));
      return reply.header('cache-control', A_DAY).type('image/webp').send(bytes);
    },
  );
  app.get('/api/gallery/stickers/:file', { config: { right: 'viewer' }, schema: picture }, async (request, reply) => {
    const name = known(request.params.file, '.svg', (one) => templatePath('stickers', `${one}.svg`));
    const bytes = await readFile(templatePath('stickers', `${name}.svg`));
    return reply.header('cache-control', A_DAY).type('image/svg+xml').send(bytes);
  });
  app.get('/api/gallery/music/:file', { config: { right: 'viewer' }, schema: picture }, (request, reply) => {
    const name = known(request.params.file, '.flac', (one) => templatePath('music', `${one}.flac`));
    const stream = createReadStream(templatePath('music', `${name}.flac`));
    return reply.header('cache-control', A_DAY).type('audio/flac').send(stream);
  });

  app.post(
    '/api/rooms/:id/gallery',
    {
      config: { right: 'editor' },
      schema: {
        summary: 'Copies a sticker or a background into the room’s folder',
        params: roomParams,
        body: z.strictObject({ kind: z.enum(['stickers', 'backgrounds']), name: names }),
        response: { 200: z.object({ src: z.string() }) },
      },
    },
    async (request) => {
      const row = roomOf(request);
      const { kind, name } = request.body;
      if (kind === 'stickers') {
        known(`${name}.svg`, '.svg', (one) => templatePath('stickers', `${one}.svg`));
        return {
          src: await copied(studio.rooms.folder(row.id), 'stickers', [templatePath('stickers', `${name}.svg`)]),
        };
      }
      known(`${name}.webp`, '.webp', (one) => templatePath('sets', one, 'portrait.webp'));
      const { room } = await studio.rooms.read(row);
      const { width = 720, height = 1280 } = (room['video'] ?? {}) as { width?: number; height?: number };
      const orientation = height > width ? 'portrait' : 'landscape';
      const files = [`${orientation}.webp`, `${orientation}-night.webp`].map((one) => templatePath('sets', name, one));
      return { src: await copied(studio.rooms.folder(row.id), `sets/${name}`, files) };
    },
  );

  app.get(
    '/api/voices',
    {
      config: { right: 'viewer' },
      schema: {
        querystring: z.object({ language: language.default('en') }),
        response: {
          200: z.object({
            voices: z.array(
              z.object({ name: z.string(), provider: z.string(), kind: z.string(), installed: z.boolean() }),
            ),
          }),
        },
      },
    },
    async (request) => ({ voices: await studio.work.ask('voices', { language: request.query.language }) }),
  );
  app.get(
    '/api/rooms/:id/voice-sample',
    {
      config: { right: 'viewer' },
      schema: {
        summary: 'A sentence in one voice',
        params: roomParams,
        querystring: z.object({ voice: z.string().min(1).max(80), language }),
      },
    },
    async (request, reply) => {
      const { voice, language: spoken } = request.query;
      const wav = await studio.work.ask('voiceSample', { voice, language: spoken });
      return reply.header('cache-control', A_DAY).type('audio/wav').send(wav);
    },
  );

  const installer = new WeightsInstaller();
  app.addHook('onClose', () => installer.close());
  const params = z.object({ name: z.enum(WEIGHTS_IDS) });
  app.get(
    '/api/models',
    { config: { right: 'viewer' }, schema: { response: { 200: z.object({ models: z.array(modelView) }) } } },
    () => ({ models: installer.list().map((one) => ({ ...one })) }),
  );
  app.post(
    '/api/models/:name',
    { config: { right: 'owner' }, schema: { params, response: { 202: modelView } } },
    async (request, reply) => {
      requireHost(studio, request);
      const { name } = request.params;
      installer.install(name);
      audit(studio, request, { action: 'model-installed', what: name, before: null, after: name });
      return reply.code(202).send({ ...installer.list().find((one) => one.name === name)! });
    },
  );
  app.delete(
    '/api/models/:name',
    { config: { right: 'owner' }, schema: { params, response: { 204: z.null() } } },
    async (request, reply) => {
      requireHost(studio, request);
      const { name } = request.params;
      const stops = installer.list().some((one) => one.name === name && one.state === 'installing');
      await installer.remove(name);
      const action = stops ? 'model-stopped' : 'model-removed';
      audit(studio, request, { action, what: name, before: name, after: null });
      return reply.code(204).send(null);
    },
  );

  app.get(
    '/api/presenters/film-text',
    {
      config: { right: 'viewer' },
      schema: { querystring: z.object({ language }), response: { 200: z.object({ text: z.string() }) } },
    },
    async (request) => ({ text: await studio.work.ask('filmText', { language: request.query.language }) }),
  );
  app.post(
    '/api/rooms/:id/presenters/film',
    {
      config: { right: 'editor' },
      schema: {
        summary: 'Makes a presenter from films of a person who has agreed; a job',
        params: roomParams,
        body: z.strictObject({
          name: z.string().trim().min(1).max(40),
          base: z.string().min(1).max(200).describe('An uploaded film of the person at rest'),
          talk: z.string().min(1).max(200).optional().describe('One of the person reading'),
          language,
          consent: z.strictObject({
            who: z.string().trim().min(1).max(120),
            date: z.iso.date(),
            use: z.string().trim().min(3).max(300),
            document: z.string().trim().min(1).max(300).describe('Where the signed consent is kept'),
            adult: z.literal(true, 'expected true: the person is of age'),
            onePerson: z.literal(true, 'expected true: the films show this one person'),
          }),
        }),
        response: { 202: job },
      },
    },
    async (request, reply) => {
      const row = roomOf(request);
      const { organisation } = member(request);
      const { name, base, talk, language: spoken, consent } = request.body;
      const media = new MediaFolder(studio.rooms.folder(row.id), row.id);
      const films = { base: await media.known(base), ...(talk === undefined ? {} : { talk: await media.known(talk) }) };
      const stem =
        name
          .toLowerCase()
          .replace(/[^a-z0-9]+/g, '-')
          .replace(/^-+|-+$/g, '') || 'presenter';
      let pack = `presenters/${stem}`;
      for (let n = 2; existsSync(join(studio.rooms.folder(row.id), pack)); n += 1) pack = `presenters/${stem}-${n}`;
      const out = join(studio.rooms.folder(row.id), pack);
      const started = studio.jobs.run(
        { kind: 'film', organisation, room: row.id, steps: talk === undefined ? FILM_STEPS.slice(0, 4) : FILM_STEPS },
        async ({ signal, step }) => {
          step('1');
          const { warnings } = await studio.work.run(
            'film',
            {
              ...films,
              language: spoken,
              out,
              name: basename(pack),
              title: name,
              consent,
            },
            { signal, onProgress: ({ done, of }) => step(String(done), { done, of }) },
          );
          return { pack, warnings };
        },
      );
      audit(studio, request, {
        action: 'presenter-filmed',
        what: name,
        room: row.id,
        before: null,
        after: { pack, consent },
      });
      return reply.code(202).send(started);
    },
  );
}

async function readGallery(studio: Studio): Promise<z.infer<typeof gallery>> {
  const [cast, sets, stickers, music] = await Promise.all([
    studio.work.ask('cast', {}),
    readdir(templatePath('sets'), { withFileTypes: true }),
    readdir(templatePath('stickers')),
    readdir(templatePath('music')),
  ]);
  const stems = (files: string[], ending: string): string[] =>
    files
      .filter((one) => extname(one) === ending)
      .map((one) => basename(one, ending))
      .sort();
  return {
    presenters: cast.map(({ name, title, about, looks }) => ({
      name,
      title,
      about,
      looks: [...looks],
      still: `/api/gallery/presenters/${name}.webp`,
    })),
    backgrounds: sets
      .filter((one) => one.isDirectory())
      .map(({ name }) => ({ name, picture: `/api/gallery/backgrounds/${name}.webp` })),
    stickers: stems(stickers, '.svg').map((name) => ({ name, picture: `/api/gallery/stickers/${name}.svg` })),
    music: stems(music, '.flac').map((name) => ({ name, sound: `/api/gallery/music/${name}.flac` })),
  };
}

/** The name of a gallery's file. Throws E_NOT_FOUND. */
function known(file: string, ending: string, path: (name: string) => string): string {
  const name = basename(file, ending);
  if (NAME.test(name) && file === `${name}${ending}` && existsSync(path(name))) return name;
  throw new EngineError('E_NOT_FOUND', {
    where: 'gallery',
    expected: 'a file of the gallery',
    found: file.slice(0, 80),
  });
}

/** A picture that is drawn once and then read from the cache. */
async function kept(kind: string, name: string, draw: () => Promise<Buffer | Uint8Array>): Promise<Buffer> {
  const folder = cacheFolder('gallery');
  const key = createHash('sha256').update(`2 ${kind} ${name}`).digest('hex').slice(0, 24);
  const file = join(folder, `${key}.webp`);
  try {
    return await readFile(file);
  } catch {
    // not drawn yet
  }
  const bytes = Buffer.from(await draw());
  await mkdir(folder, { recursive: true });
  await replaceFile(file, bytes, { mode: 0o600 });
  return bytes;
}

/** Copies files into a folder of the room; the path of the first one as the room file names it. */
async function copied(room: string, into: string, files: readonly string[]): Promise<string> {
  await mkdir(join(room, into), { recursive: true });
  for (const file of files) await copyFile(file, join(room, into, basename(file)));
  return `${into}/${basename(files[0]!)}`;
}
