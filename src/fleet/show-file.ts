/** A show is a group of rooms that share products, prices, stock and edits, each in its own language. */
import { readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { EngineError } from '../core/errors.js';

export const SHOW_FILE = 'show.json';

const showFile = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'expected letters a to z, digits and hyphens'),
  /** Room files by language, relative to this file. */
  rooms: z.record(z.string().max(35), z.string().max(300)).refine((rooms) => Object.keys(rooms).length > 0),
});

export interface ShowRoom {
  /** In the fleet. */
  readonly id: string;
  readonly language: string;
  readonly file: string;
}

export async function writeShow(folder: string, languages: readonly string[]): Promise<string> {
  const file = join(folder, SHOW_FILE);
  const rooms = Object.fromEntries(languages.map((language) => [language, `${language}/room.json`]));
  await writeFile(file, `${JSON.stringify({ name: showName(folder), rooms }, null, 2)}\n`);
  return file;
}

const showName = (folder: string): string =>
  basename(folder)
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, 40) || 'show';

/** Throws E_ROOM_JSON. */
export async function readShow(file: string): Promise<{ readonly name: string; readonly rooms: readonly ShowRoom[] }> {
  try {
    const { name, rooms } = showFile.parse(JSON.parse(await readFile(file, 'utf8')));
    return {
      name,
      rooms: Object.entries(rooms).map(([language, path]) => ({
        id: `${name}-${language.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}`,
        language,
        file: join(dirname(file), path),
      })),
    };
  } catch (cause) {
    throw new EngineError('E_ROOM_JSON', {
      where: file,
      expected: 'a show: {"name": "sale", "rooms": {"en": "en/room.json"}}',
      found: cause instanceof Error ? cause.message.slice(0, 200) : String(cause),
      todo: '`engine new NAME --template T --languages en,es` makes one',
      cause,
    });
  }
}
