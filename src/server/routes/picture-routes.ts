/**
 * Pictures that are chosen before the thing that they belong to is there: of a product that is typed, of the brand of a
 * room to be. They wait in the media folder; the product or the room gets a copy, which is judged with it.
 */
import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { EngineError } from '../../core/errors.js';
import { OWNER_ONLY_FOLDER } from '../../core/files/own-folder.js';
import type { StudioApp } from '../app.js';
import { limitedBody } from '../limited-body.js';
import type { Studio } from '../studio.js';

const MAX_BYTES = 20 * 1024 * 1024;
const FORGET_AFTER_MS = 24 * 3_600_000;
const HEAD_BYTES = 12;

export function pictureRoutes(app: StudioApp, studio: Studio): void {
  const folder = join(studio.data, 'media', 'pictures');
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
    scope.post(
      '/api/media/pictures',
      {
        config: { right: 'editor' },
        bodyLimit: MAX_BYTES,
        schema: {
          summary: 'A PNG, JPEG or WebP picture as the raw body, for a product or a template; kept for a day',
          response: { 201: z.object({ path: z.string().describe('Below the media folder') }) },
        },
      },
      async (request, reply) => {
        await mkdir(folder, { recursive: true, mode: OWNER_ONLY_FOLDER });
        await forget(folder);
        const name = randomBytes(18).toString('base64url');
        const part = join(folder, `${name}.part`);
        try {
          const body = limitedBody(request.body as Readable, 'the picture', MAX_BYTES);
          await pipeline(body, createWriteStream(part, { mode: 0o600 }));
          const file = `${name}${await endingOf(part)}`;
          await rename(part, join(folder, file));
          return await reply.code(201).send({ path: `pictures/${file}` });
        } catch (error) {
          await rm(part, { force: true });
          throw error;
        }
      },
    );
  });
}

/** By its first bytes: names and types are what somebody says. */
async function endingOf(file: string): Promise<string> {
  const handle = await open(file);
  try {
    const { buffer } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    if (buffer.subarray(0, 8).equals(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'))) return '.png';
    if (buffer.subarray(0, 3).equals(Buffer.from('\xff\xd8\xff', 'latin1'))) return '.jpg';
    if (buffer.toString('latin1', 0, 4) === 'RIFF' && buffer.toString('latin1', 8, 12) === 'WEBP') return '.webp';
  } finally {
    await handle.close();
  }
  throw new EngineError('E_BAD_REQUEST', {
    where: 'the picture',
    expected: 'a PNG, JPEG or WebP file',
    found: 'something else',
    todo: 'save the picture as PNG or JPEG',
  });
}

async function forget(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const about = await stat(path).catch(() => undefined);
    if (about !== undefined && Date.now() - about.mtimeMs > FORGET_AFTER_MS) await rm(path, { force: true });
  }
}
