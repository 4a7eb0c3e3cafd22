/**
 * Makes a new room from a template: copies the room file, every picture and sound it names, and the schema that
 * editors read. Nothing in the copy points outside its folder, so it can be moved to another machine.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, normalize, resolve } from 'node:path';
import { nearest } from '../core/nearest.js';
import { EngineError } from '../core/errors.js';
import { templatePath } from '../core/files/paths.js';

const ROOM_FILE = 'room.json';
const SCHEMA_FILE = 'room.schema.json';
const NAME = /^[a-zA-Z0-9][a-zA-Z0-9-]{0,63}$/;

export interface HouseRoom {
  readonly name: string;
  /** One line for the help of `engine new`. */
  readonly about: string;
}

/** The rooms that a new one can start from, by name. */
export function houseRooms(): HouseRoom[] {
  const rooms = templatePath('rooms');
  return readdirSync(rooms)
    .filter((name) => existsSync(join(rooms, name, ROOM_FILE)))
    .sort()
    .map((name) => ({ name, about: aboutRoom(JSON.parse(readFileSync(join(rooms, name, ROOM_FILE), 'utf8'))) }));
}

function aboutRoom(room: { title?: string; language?: string; video?: { width?: number; height?: number } }): string {
  const { width = 720, height = 1280 } = room.video ?? {};
  const size = `${width}×${height}, ${room.language ?? 'en'}`;
  return room.title === undefined ? `one presenter and one line, ${size}` : `${room.title} (${size})`;
}

/**
 * @param folder the new room's folder; made here; its last part becomes the room's name
 * @returns absolute path of the new room file
 */
export function newRoom(folder: string, from: string): string {
  const { target, name } = newFolder(folder);
  const names = houseRooms().map((room) => room.name);
  if (!names.includes(from)) {
    const meant = nearest(from, names);
    const todo = meant === undefined ? undefined : `did you mean ${meant}?`;
    throw refuse('--from', `one of ${names.join(', ')}`, `"${from}"`, todo);
  }
  const draft = newDraft(target, name);
  try {
    copyRoom(templatePath('rooms', from), draft, name);
    renameSync(draft, target);
  } catch (cause) {
    rmSync(draft, { recursive: true, force: true });
    throw cause;
  }
  return join(target, ROOM_FILE);
}

/** Makes a room's folder, filled by `fill`, whole or not at all. Returns the absolute path of its room file. */
export async function makeRoomFolder(
  folder: string,
  fill: (draft: string, name: string) => Promise<void>,
): Promise<string> {
  const { target, name } = newFolder(folder);
  const draft = newDraft(target, name);
  try {
    await fill(draft, name);
    renameSync(draft, target);
  } catch (cause) {
    rmSync(draft, { recursive: true, force: true });
    throw cause;
  }
  return join(target, ROOM_FILE);
}

function newFolder(folder: string): { target: string; name: string } {
  const target = resolve(folder);
  const name = basename(target);
  if (!NAME.test(name)) {
    throw refuse(`engine new ${folder}`, 'a name of letters, digits and dashes, at most 64', `"${name}"`);
  }
  if (existsSync(target) && !isEmptyFolder(target)) {
    throw refuse(
      target,
      'a folder that is not there yet',
      'a folder with files in it',
      'choose another name, or remove it',
    );
  }
  return { target, name };
}

/** Made next to its target and renamed when complete, so that an interrupted copy leaves no half room. */
function newDraft(target: string, name: string): string {
  const draft = join(dirname(target), `.${name}.${process.pid}`);
  mkdirSync(draft, { recursive: true });
  return draft;
}

const isEmptyFolder = (path: string): boolean => statSync(path).isDirectory() && readdirSync(path).length === 0;

function refuse(where: string, expected: string, found: string, todo?: string): EngineError {
  return new EngineError('E_BAD_REQUEST', { where, expected, found, ...(todo === undefined ? {} : { todo }) });
}

/**
 * Edits the text instead of the parsed JSON, so that the file keeps its formatting; only references and name change.
 */
function copyRoom(source: string, target: string, name: string): void {
  let text = readFileSync(join(source, ROOM_FILE), 'utf8');
  const room = JSON.parse(text) as { name: string };
  const places = new Map<string, string>();
  for (const reference of references(room, source)) {
    // Files outside the room's folder (music, stickers) are copied under the last parts of their path.
    let place = normalize(reference).replace(/^(\.\.[\\/])+/, '');
    while ([...places.values()].includes(place)) place = join('shared', place);
    places.set(reference, place);
    cpSync(join(source, reference), join(target, place), { recursive: true });
  }
  for (const [reference, place] of places) text = text.replaceAll(JSON.stringify(reference), JSON.stringify(place));
  text = text.replace(/("\$schema": )"[^"]*"/, `$1"${SCHEMA_FILE}"`);
  text = text.replace(`"name": ${JSON.stringify(room.name)}`, `"name": ${JSON.stringify(name)}`);
  writeFileSync(join(target, ROOM_FILE), text);
  cpSync(templatePath('schema', SCHEMA_FILE), join(target, SCHEMA_FILE));
}

/** Every text in a room that names a file or folder. */
function references(room: unknown, folder: string): Set<string> {
  const found = new Set<string>();
  const walk = (value: unknown): void => {
    if (typeof value === 'string') {
      if (/[./]/.test(value) && !/[\n"]|^\.*$/.test(value) && existsSync(join(folder, value))) found.add(value);
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value)) if (key !== '$schema') walk(inner);
    }
  };
  walk(room);
  return found;
}
