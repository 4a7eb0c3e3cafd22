import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { EngineError } from '../core/errors.js';
import { readRoomWithoutKeys } from '../config/read-room-without-keys.js';

const NAME = 'ledger.jsonl';

/**
 * Finds the ledger: the named file, the room's, or the only one below `var/` in the working directory.
 * @throws EngineError E_BAD_REQUEST when both a file and a room are named, E_NOT_FOUND when there is no single
 * candidate
 */
export function findLedger({ file, room, cwd }: { file?: string; room?: string; cwd: string }): string {
  if (file !== undefined && room !== undefined) {
    throw new EngineError('E_BAD_REQUEST', {
      where: 'ledger',
      expected: 'a ledger or a room',
      found: `both ${file} and ${room}`,
      todo: 'leave one out',
    });
  }
  if (file !== undefined) return file;
  if (room !== undefined) return readRoomWithoutKeys(room).ledgerFile;
  const found = ledgersBelow(join(cwd, 'var'));
  if (found.length === 1) return found[0]!;
  throw new EngineError('E_NOT_FOUND', {
    where: join(cwd, 'var'),
    expected: 'one ledger',
    found: found.length === 0 ? 'none' : found.join(', '),
    todo: 'give a ledger, or --room with a room file',
  });
}

function ledgersBelow(folder: string): string[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (e) {
    if ((e as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new EngineError('E_LEDGER', { where: folder, found: (e as Error).message, cause: e });
  }
  return names
    .sort()
    .map((name) => join(folder, name, NAME))
    .filter((path) => existsSync(path));
}
