import { open, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeFolder } from '../core/files/paths.js';
import { OWNER_ONLY_FOLDER } from '../core/files/own-folder.js';
import type { CheckFault } from '../admission/check-rights.js';
import { existsSync, readdirSync } from 'node:fs';
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

const PROBE_BYTES = 4096;

/**
 * Checks that the ledger can be written, by trying: only an attempt detects permissions and full or read-only disks.
 * Leaves nothing behind.
 */
export async function checkLedger(ledgerFile: string): Promise<CheckFault[]> {
  const fault = (found: string): CheckFault[] => [
    { severity: 'fault', where: 'compliance.ledger', expected: `a file that can be written (${ledgerFile})`, found },
  ];
  const folder = dirname(ledgerFile);
  let made: string | undefined;
  try {
    const there = await stat(ledgerFile).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (there?.isDirectory()) return fault('a folder');
    if (there?.isFile() === false) return fault('something other than a regular file');
    made = await makeFolder(folder, OWNER_ONLY_FOLDER);
    if (there !== undefined) await (await open(ledgerFile, 'r+')).close();
    const probe = join(folder, `.${process.pid}.probe`);
    try {
      // A full disk accepts a name, but no content.
      await writeFile(probe, Buffer.alloc(PROBE_BYTES), { mode: 0o600, flush: true });
    } finally {
      await rm(probe, { force: true });
    }
    return [];
  } catch (error) {
    return fault((error as Error).message);
  } finally {
    await removeFolders(folder, made);
  }
}

/** Removes the created folders, the lowest first; a folder in use stays. */
async function removeFolders(lowest: string, topmost: string | undefined): Promise<void> {
  if (topmost === undefined) return;
  try {
    for (let at = lowest; ; at = dirname(at)) {
      await rmdir(at);
      if (at === topmost) return;
    }
  } catch {
    // Somebody has put a file into it.
  }
}
