/**
 * A room and its files, as any worker can take them.
 *
 * Problem: a room file names pictures, sounds, clips and presenters by paths of the machine where it was made, and its
 * outputs hold keys. Workers must get the same bytes once, and nobody else the keys.
 * Rule: files go to the store by the hash of their content. The room's text and the environment variables that it names
 * are sealed for the fleet's key. Files outside the room's folder get a place in it.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir, readFile } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { loadRoom } from '../../config/load-room.js';
import type { RoomConfig } from '../../config/room-config.js';
import { EngineError } from '../../core/errors.js';
import { packageRoot } from '../../core/files/paths.js';
import { seal, unseal, type FleetKey } from '../fleet-key.js';
import type { RoomFiles } from '../records.js';
import { putJson, type ObjectStore } from '../store/object-store.js';

/** In the sealed box. */
export interface RoomSecret {
  /** The room file's text. */
  readonly text: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface PackedRoom {
  readonly config: RoomConfig;
  readonly files: RoomFiles;
  readonly secret: RoomSecret;
  /** Where each file lies, by its hash. */
  readonly places: ReadonlyMap<string, string>;
}

const MAX_FILES = 5000;
const MAX_BYTES = 4 * 1024 ** 3;
const OUTSIDE = 'from-outside';

const boxKey = (room: string): string => `rooms/${room}/room.box`;
export const filesKey = (room: string): string => `rooms/${room}/files.json`;
export const recordKey = (room: string): string => `rooms/${room}/record.json`;
export const assetKey = (sha256: string): string => `assets/${sha256.slice(0, 2)}/${sha256}`;

/** Reads a room file and everything that it names. Throws the faults of the room file, and E_ENV_MISSING. */
export async function packRoom(file: string, env: NodeJS.ProcessEnv): Promise<PackedRoom> {
  const path = resolve(file);
  const config = loadRoom(path, { withoutKeys: true });
  const text = await readFile(path, 'utf8');
  const dir = dirname(path);
  const named = new Set(pathsIn(config).filter((one) => one !== path && one !== dir && one !== config.ledgerFile));
  const files: Record<string, { sha256: string; bytes: number }> = {};
  const places = new Map<string, string>();
  let total = 0;
  const add = async (from: string, to: string): Promise<void> => {
    const found = await lstat(from).catch(() => undefined);
    if (found === undefined) return;
    if (found.isDirectory()) {
      for (const name of await readdir(from)) if (!name.startsWith('.')) await add(join(from, name), `${to}/${name}`);
      return;
    }
    if (!found.isFile() || files[to] !== undefined) return;
    total += found.size;
    if (total > MAX_BYTES || places.size > MAX_FILES)
      throw new EngineError('E_ASSET_TOO_LARGE', {
        where: from,
        expected: `at most ${MAX_FILES} files and ${MAX_BYTES / 1024 ** 3} GiB in a room`,
        found: 'more',
        todo: 'leave out what the show does not need',
      });
    const sha256 = await hashOfFile(from);
    files[to] = { sha256, bytes: found.size };
    places.set(sha256, from);
  };
  const moved = new Map<string, string>();
  // The package's own presenters and music are on every worker.
  const outOfPackage = [...named].filter((one) => isOutside(join(packageRoot(), 'templates'), one));
  for (const from of outOfPackage) {
    if (!isOutside(dir, from)) await add(from, relative(dir, from).split(sep).join('/'));
    else if ((await lstat(from).catch(() => undefined)) !== undefined) {
      const to = `${OUTSIDE}/${createHash('sha256').update(from).digest('hex').slice(0, 12)}/${basename(from)}`;
      moved.set(from, to);
      await add(from, to);
    }
  }
  const written = moved.size === 0 ? text : rewrite(text, dir, moved);
  return { config, files: { files }, secret: { text: written, env: variablesOf(written, path, env) }, places };
}

/** Sends what the store does not have yet. Returns the number of bytes sent. */
export async function sendRoom(
  store: ObjectStore,
  room: string,
  packed: PackedRoom,
  publicKey: string,
): Promise<number> {
  let sent = 0;
  for (const [sha256, place] of packed.places) {
    if (await store.has(assetKey(sha256))) continue;
    const bytes = await readFile(place);
    sent += bytes.length;
    await store.put(assetKey(sha256), bytes);
  }
  await putJson(store, filesKey(room), packed.files);
  await store.put(boxKey(room), await seal(JSON.stringify(packed.secret), publicKey));
  return sent;
}

export async function openSecret(store: ObjectStore, room: string, key: FleetKey): Promise<RoomSecret> {
  const box = await store.get(boxKey(room));
  if (box === undefined)
    throw new EngineError('E_NOT_FOUND', {
      where: `${store.name}: ${boxKey(room)}`,
      expected: 'the room’s sealed file',
      found: 'none',
      todo: 'submit the room again',
    });
  return JSON.parse(await unseal(box, key, `room ${room}`)) as RoomSecret;
}

/** Every absolute path among the values. */
function pathsIn(value: unknown): string[] {
  if (typeof value === 'string')
    return value.length < 4096 && isAbsolute(value) && !value.includes('\n') ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(pathsIn);
}

const isOutside = (dir: string, path: string): boolean => {
  const way = relative(dir, path);
  return way === '' || way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way);
};

/** The text with the new places of files that lay outside. */
function rewrite(text: string, dir: string, moved: ReadonlyMap<string, string>): string {
  const visit = (value: unknown): unknown => {
    if (typeof value === 'string') return (value.length < 4096 && moved.get(resolve(dir, value))) || value;
    if (Array.isArray(value)) return value.map(visit);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, visit(one)]));
  };
  return `${JSON.stringify(visit(JSON.parse(text.replace(/^\uFEFF/, ''))), null, 2)}\n`;
}

function variablesOf(text: string, path: string, env: NodeJS.ProcessEnv): Record<string, string> {
  const names = new Set([...text.matchAll(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g)].map(([, name]) => name!));
  return Object.fromEntries(
    [...names].map((name) => {
      const value = env[name];
      if (value !== undefined && value !== '') return [name, value];
      throw new EngineError('E_ENV_MISSING', {
        where: path,
        expected: `environment variable ${name}`,
        found: 'not set',
        todo: `set ${name} where you submit the room; it is sealed, and no worker needs it in its own environment`,
      });
    }),
  );
}

function hashOfFile(file: string): Promise<string> {
  return new Promise((done, failed) => {
    const hash = createHash('sha256');
    createReadStream(file)
      .on('error', failed)
      .on('data', (bytes) => hash.update(bytes))
      .on('end', () => done(hash.digest('hex')));
  });
}
