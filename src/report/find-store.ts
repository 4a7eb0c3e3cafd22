import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { EngineError } from '../core/errors.js';
import { storeFile } from '../store/open-database.js';
import { readRoomWithoutKeys } from '../config/read-room-without-keys.js';

const ENDING = '.store.sqlite';

export interface FoundStore {
  readonly file: string;
  /** The room's name where its file is known. */
  readonly room?: string;
}

/**
 * Finds the store: the named file, the room's, or the only one below `var/` in the working directory.
 * @throws EngineError E_BAD_REQUEST when both a file and a room are named, E_NOT_FOUND when there is no single
 * candidate
 */
export function findStore({
  file,
  room,
  cwd,
}: {
  file?: string | undefined;
  room?: string | undefined;
  cwd: string;
}): FoundStore {
  if (file !== undefined && room !== undefined) {
    throw new EngineError('E_BAD_REQUEST', {
      where: 'report',
      expected: '--store or --room',
      found: `both ${file} and ${room}`,
      todo: 'leave one out',
    });
  }
  if (file !== undefined) return { file };
  if (room !== undefined) {
    const { ledgerFile, name, store } = readRoomWithoutKeys(room);
    const path = storeFile(ledgerFile);
    if (store.enabled || existsSync(path)) return { file: path, room: name };
    throw new EngineError('E_STORE', {
      where: room,
      expected: 'a room that keeps records',
      found: '"store": {"enabled": false}',
      todo: 'remove that setting; the next show is recorded',
    });
  }
  const found = storesBelow(join(cwd, 'var'));
  if (found.length === 1) return { file: found[0]! };
  throw new EngineError('E_NOT_FOUND', {
    where: join(cwd, 'var'),
    expected: 'the store of one room',
    found: found.length === 0 ? 'none' : found.join(', '),
    todo: 'give --room with a room file, or --store with a store',
  });
}

function storesBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .flatMap(({ name }) => readdirSync(join(folder, name)).map((file) => join(folder, name, file)))
      .filter((path) => path.endsWith(ENDING))
      .sort();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new EngineError('E_STORE', { where: folder, found: (cause as Error).message, cause });
  }
}
