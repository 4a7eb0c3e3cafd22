/**
 * Backup and restore of all data, while shows run.
 *
 * Problem: databases that are being written cannot be copied as files, and a restore must not pull the folder away under
 * an engine that is on air.
 * Rule: databases are copied by SQLite itself; everything else is written whole or only appended to. A restore puts the
 * archive's files in place and keeps what was there aside; the run files of rooms on air stay, and so do the records of
 * their show.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { EngineError } from '../core/errors.js';
import { OWNER_ONLY_FILE, OWNER_ONLY_FOLDER } from '../core/files/own-folder.js';
import { spawnChild } from '../core/processes/child-process.js';
import { stillRuns, type ProcessMark } from '../core/processes/process-mark.js';
import { loadSqlite } from '../store/open-database.js';
import { studioAt } from './studio-lock.js';

const DATABASE = /\.(sqlite|db)$/;
/** Made again when needed, or of the present run. */
const LEFT_OUT = ['./tmp', './cache', './run', './studio.lock', './before-*'];
/** Parts that a restore replaces. */
const PARTS = ['studio.db', 'studio.key', 'rooms', 'media', 'presenters'];

export async function backupStudio(data: string, archive: string): Promise<{ bytes: number; rooms: number }> {
  requireStudio(data);
  await mkdir(join(data, 'tmp'), { recursive: true, mode: OWNER_ONLY_FOLDER });
  const stage = await mkdtemp(join(data, 'tmp', 'backup-'));
  const plain = `${stage}.tar`;
  const draft = `${archive}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    for (const file of await databases(data)) await copyDatabase(file, join(stage, relative(data, file)));
    const leftOut = [...LEFT_OUT, '*.sqlite', '*.sqlite-*', './studio.db', './studio.db-*'];
    await tar([
      '-cf',
      plain,
      '--warning=no-file-changed',
      ...leftOut.map((path) => `--exclude=${path}`),
      '-C',
      data,
      '.',
    ]);
    await tar(['-rf', plain, '-C', stage, '.']);
    await pipeline(
      createReadStream(plain),
      createGzip({ level: 4 }),
      createWriteStream(draft, { mode: OWNER_ONLY_FILE }),
    );
    await rename(draft, archive);
  } finally {
    await rm(stage, { recursive: true, force: true });
    await rm(plain, { force: true });
    await rm(draft, { force: true });
  }
  const rooms = await readdir(join(data, 'rooms')).catch(() => []);
  return { bytes: (await stat(archive)).size, rooms: rooms.filter((name) => !name.startsWith('.')).length };
}

export interface Restored {
  /** Folder with what was there; undefined when nothing was. */
  readonly aside: string | undefined;
  readonly rooms: number;
  /** Rooms that were on air during the restore. */
  readonly running: readonly string[];
}

export async function restoreStudio(archive: string, data: string): Promise<Restored> {
  const studio = await studioAt(data);
  if (studio !== undefined)
    throw new EngineError('E_IN_USE', {
      where: data,
      expected: 'a studio that has ended',
      found: `one that runs as process ${studio.pid}`,
      todo: 'end it first; its rooms stay on air',
    });
  if (!existsSync(archive))
    throw new EngineError('E_NOT_FOUND', { where: archive, expected: 'an archive of a studio', found: 'no such file' });
  await mkdir(join(data, 'tmp'), { recursive: true, mode: OWNER_ONLY_FOLDER });
  const fresh = await mkdtemp(join(data, 'tmp', 'restore-'));
  try {
    await tar(['-xzf', archive, '-C', fresh, '--no-same-owner']);
    requireStudio(fresh);
    const running = await runningRooms(data);
    const isEmpty = !PARTS.some((part) => existsSync(join(data, part)));
    const aside = isEmpty ? undefined : join(data, `before-${new Date().toISOString().replace(/[:.]/g, '-')}`);
    if (aside !== undefined) await mkdir(aside, { mode: OWNER_ONLY_FOLDER });
    for (const part of [...PARTS, 'studio.db-wal', 'studio.db-shm']) {
      const [there, next] = [join(data, part), join(fresh, part)];
      if (part === 'rooms') await putRooms(there, next, aside, running);
      else {
        if (aside !== undefined && existsSync(there)) await rename(there, join(aside, part));
        if (existsSync(next)) await rename(next, there);
      }
    }
    const rooms = await readdir(join(data, 'rooms')).catch(() => []);
    return { aside, rooms: rooms.length, running };
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

/** The folder of a room on air stays: its engine has files open there. Its room file and pictures are replaced. */
async function putRooms(
  there: string,
  next: string,
  aside: string | undefined,
  running: readonly string[],
): Promise<void> {
  await mkdir(there, { recursive: true, mode: OWNER_ONLY_FOLDER });
  for (const id of await readdir(there)) {
    if (aside === undefined) continue;
    await mkdir(join(aside, 'rooms'), { recursive: true });
    if (running.includes(id)) await cp(join(there, id), join(aside, 'rooms', id), { recursive: true });
    else await rename(join(there, id), join(aside, 'rooms', id));
  }
  for (const id of await readdir(next).catch(() => [])) {
    if (!running.includes(id)) await rename(join(next, id), join(there, id));
    else
      await cp(join(next, id), join(there, id), {
        recursive: true,
        filter: (path) => relative(join(next, id), path).split(/[\\/]/)[0] !== 'var',
      });
  }
}

async function runningRooms(data: string): Promise<string[]> {
  const found: string[] = [];
  for (const name of await readdir(join(data, 'run')).catch(() => [])) {
    if (!name.endsWith('.run.json')) continue;
    try {
      const run = JSON.parse(await readFile(join(data, 'run', name), 'utf8')) as {
        id: string;
        process: ProcessMark | null;
      };
      if (run.process !== null && stillRuns(run.process)) found.push(run.id);
    } catch {
      // A file that cannot be read names no room.
    }
  }
  return found;
}

async function databases(data: string): Promise<string[]> {
  const entries = await readdir(data, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && DATABASE.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !/^(tmp|cache|before-[^/\\]*)[\\/]/.test(relative(data, file)));
}

async function copyDatabase(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  const Sqlite = await loadSqlite();
  const db = new Sqlite(from);
  try {
    db.pragma('busy_timeout = 5000');
    db.prepare('VACUUM INTO ?').run(to);
  } catch (cause) {
    throw new EngineError('E_STORE', { where: basename(from), found: String((cause as Error).message), cause });
  } finally {
    db.close();
  }
}

function requireStudio(folder: string): void {
  if (existsSync(join(folder, 'studio.db')) && existsSync(join(folder, 'studio.key'))) return;
  throw new EngineError('E_NOT_FOUND', {
    where: folder,
    expected: 'the data of a studio',
    found: 'no studio.db with its studio.key',
    todo: 'name its folder with --data',
  });
}

async function tar(args: readonly string[]): Promise<void> {
  const child = spawnChild('tar', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-500)));
  const ended = await Promise.race([
    once(child, 'close').then(([code]) => code as number | null),
    once(child, 'error').then(([error]) => {
      throw new EngineError('E_STORE', { where: 'tar', expected: 'the program tar', found: String(error) });
    }),
  ]);
  // 1: a file grew while it was read, which a log of a room on air does.
  if (ended === 0 || (ended === 1 && args[0]!.startsWith('-c'))) return;
  throw new EngineError('E_STORE', { where: 'tar', expected: 'an archive', found: said.trim() || `code ${ended}` });
}
