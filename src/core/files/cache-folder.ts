import { accessSync, constants, lstatSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isOwnFolder } from './own-folder.js';

/** Survives a restart and lies on disk; the temporary folder is in memory on many systems. */
const LASTING = '/var/tmp';

/**
 * The folder for files that can be made again: `showroom` under XDG_CACHE_HOME, else a folder of this user on disk. A
 * folder of that name owned by somebody else, or a link, is skipped for the next place; users of the folder check its
 * owner again.
 */
export function cacheFolder(kind: string, env: NodeJS.ProcessEnv = process.env, lasting = LASTING): string {
  const base = env['XDG_CACHE_HOME'];
  if (base !== undefined && base !== '' && isFree(join(base, 'showroom'), kind)) return join(base, 'showroom', kind);
  const name = `showroom-${process.getuid?.() ?? 'user'}`;
  const places = [lasting, tmpdir()].filter(canWrite).map((place) => join(place, name));
  const home = env['HOME'];
  if (home !== undefined && home !== '') places.push(join(home, '.cache', 'showroom'));
  return join(places.find((place) => isFree(place, kind)) ?? join(tmpdir(), name), kind);
}

function canWrite(place: string): boolean {
  try {
    accessSync(place, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

const isFree = (place: string, kind: string): boolean => isFreeOrOwn(place) && isFreeOrOwn(join(place, kind));

const isFreeOrOwn = (dir: string): boolean =>
  lstatSync(dir, { throwIfNoEntry: false }) === undefined || isOwnFolder(dir);
