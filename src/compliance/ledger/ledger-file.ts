import { constants } from 'node:fs';
import { type FileHandle, open, readdir, rename, rm, stat, unlink } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { EngineError } from '../../core/errors.js';
import { createOwnerOnly, makeOwnerOnly, OWNER_ONLY_FILE, OWNER_ONLY_FOLDER } from '../../core/files/own-folder.js';
import { makeFolder } from '../../core/files/paths.js';
import { syncFolder } from '../../core/files/replace-file.js';
import { headFile, type LedgerLine, parseLine } from './ledger-line.js';

const DAY_MS = 86_400_000;
/** Maximum time for which one file is written to, in days, and as a share of the retention period. */
const FILE_DAYS = 30;
const FILE_SHARE = 1 / 4;
/** Larger than the longest line. */
const READ_BYTES = 64 * 1024;

/** The first record of a ledger file; undefined if its first bytes hold no complete record. */
export async function firstRecord(file: string): Promise<LedgerLine | undefined> {
  for (const line of (await partOf(file, 'beginning')).split('\n')) {
    const record = parseLine(line);
    if (record !== undefined) return record;
  }
  return undefined;
}

/** Wall time in ms of the newest record of a file; of its last change when it has no record. */
async function newestMs(file: string): Promise<number> {
  for (const line of (await partOf(file, 'end')).split('\n').reverse()) {
    const at = Date.parse(parseLine(line)?.at ?? '');
    if (!Number.isNaN(at)) return at;
  }
  return (await stat(file)).mtimeMs;
}

/** The leading full files of a ledger, oldest first, without a line newer than the limit. */
async function pastFiles(files: readonly string[], limitMs: number): Promise<string[]> {
  const past: string[] = [];
  for (const file of files) {
    if (!((await newestMs(file)) < limitMs)) break;
    past.push(file);
  }
  return past;
}

async function partOf(file: string, which: 'beginning' | 'end'): Promise<string> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const bytes = Buffer.alloc(Math.min(size, READ_BYTES));
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, which === 'end' ? size - bytes.length : 0);
    return bytes.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}

interface RetireOptions {
  /** Full files, oldest first. */
  readonly files: readonly string[];
  /** Files with a newer line stay, and all files after them. */
  readonly limitMs: number;
  /** Number of the first remaining line when all files are removed. */
  readonly seqBehind: number;
  /** Called before the removal with the number of the first remaining line. */
  readonly before: (seq: number) => Promise<void>;
}

/** Removes expired full files; resolves with their names. */
export async function retireFiles({ files, limitMs, seqBehind, before }: RetireOptions): Promise<readonly string[]> {
  const past = await pastFiles(files, limitMs);
  if (past.length === 0) return past;
  const next = files[past.length];
  const seq = next === undefined ? seqBehind : (await firstRecord(next))?.seq;
  if (seq === undefined) throw new Error(`${next} contains no record`);
  await before(seq);
  for (const file of past) await unlink(file);
  await syncFolder(dirname(past[0]!));
  return past;
}

/**
 * Whether a file whose first line is from `oldest` must be closed, so that its lines do not outlive their retention by
 * much.
 */
export function isAged(oldest: string | undefined, now: Date, days: number): boolean {
  return oldest !== undefined && now.getTime() - Date.parse(oldest) > Math.min(FILE_DAYS, days * FILE_SHARE) * DAY_MS;
}

/** State of the file at the ledger's path since it was opened. */
type FileState = 'own' | 'taken' | 'cut';

const isMissing = (error: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code!);

/** Name of the n-th full file of a ledger: `ledger.jsonl` → `ledger.000001.jsonl`. */
export function fullFileName(file: string, n: number): string {
  const ext = extname(file);
  return join(dirname(file), `${basename(file, ext)}.${String(n).padStart(6, '0')}${ext}`);
}

/** The n in a full file's name. */
export const fullFileNumber = (file: string): number =>
  Number(/\.(\d{6,})(?:\.[^.]*)?$/.exec(basename(file))?.[1] ?? 0);

/** The full files of a ledger, oldest first, without the file that is being written. */
export async function fullFiles(file: string): Promise<string[]> {
  const ext = extname(file);
  const stem = basename(file, ext);
  let names: string[];
  try {
    names = await readdir(dirname(file));
  } catch (e) {
    if ((e as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw e;
  }
  return names
    .filter((name) => {
      const middle = name.slice(stem.length, name.length - ext.length);
      return name.startsWith(stem) && name.endsWith(ext) && /^\.\d{6,}$/.test(middle);
    })
    .sort()
    .map((name) => join(dirname(file), name));
}

/**
 * The file that a ledger is written to.
 *
 * Writes go to a known position, so a failed write leaves nothing behind and is repeated at the same place. The open
 * file and its path can come apart (someone removes, moves or replaces the file): then writes go to a file in no
 * folder. `state` detects this, and `restore` puts the content back at the path.
 */
export class LedgerFile {
  /** Some file systems report a new file number for each stat; there only a missing file is detected. */
  private numbered = true;

  private constructor(
    readonly path: string,
    private handle: FileHandle,
    /** Written bytes; anything behind them is not ours. */
    private length: number,
  ) {}

  /** Opens the file, or creates it and its folder. */
  static async open(path: string): Promise<LedgerFile> {
    await makeFolder(dirname(path), OWNER_ONLY_FOLDER);
    const handle = await openForWriting(path);
    try {
      const found = await handle.stat();
      if (!found.isFile()) {
        throw new EngineError('E_LEDGER', {
          where: path,
          expected: 'a regular file',
          found: found.isDirectory() ? 'a directory' : 'a device, socket or pipe',
          todo: 'choose another `compliance.ledger`',
        });
      }
      for (const one of [path, headFile(path), ...(await fullFiles(path))]) await makeOwnerOnly(one);
      await syncFolder(dirname(path));
      const file = new LedgerFile(path, handle, found.size);
      await file.tryNumbers();
      return file;
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  get size(): number {
    return this.length;
  }

  /** Reads the whole file. */
  async read(): Promise<Buffer> {
    const bytes = Buffer.alloc((await this.handle.stat()).size);
    let done = 0;
    while (done < bytes.length) {
      const { bytesRead } = await this.handle.read(bytes, done, bytes.length - done, done);
      if (bytesRead === 0) break;
      done += bytesRead;
    }
    this.length = done;
    return bytes.subarray(0, done);
  }

  /** Writes and syncs; a failure leaves nothing written. */
  async append(bytes: Uint8Array): Promise<void> {
    try {
      let done = 0;
      while (done < bytes.length) {
        done += (await this.handle.write(bytes, done, bytes.length - done, this.length + done)).bytesWritten;
      }
      await this.handle.datasync();
    } catch (error) {
      // Otherwise the next attempt overwrites it.
      await this.handle.truncate(this.length).catch(() => undefined); // the next attempt overwrites it
      throw error;
    }
    this.length += bytes.length;
  }

  async state(): Promise<FileState> {
    const own = await this.handle.stat({ bigint: true });
    try {
      const there = await stat(this.path, { bigint: true });
      if (this.numbered && (there.ino !== own.ino || there.dev !== own.dev)) return 'taken';
    } catch (error) {
      if (isMissing(error)) return 'taken';
      throw error;
    }
    return own.size < BigInt(this.length) ? 'cut' : 'own';
  }

  /** Rewrites this file's content at its path; a file found there is kept under the returned name. */
  async restore(): Promise<string | undefined> {
    const content = await this.read();
    await makeFolder(dirname(this.path), OWNER_ONLY_FOLDER);
    const draft = `${this.path}.next`;
    const fresh = await createOwnerOnly(draft);
    let aside: string | undefined = `${this.path}.found-${Date.now()}`;
    try {
      await fresh.writeFile(content);
      await fresh.sync();
      try {
        await rename(this.path, aside);
      } catch (error) {
        if (!isMissing(error)) throw error;
        aside = undefined;
      }
      await rename(draft, this.path);
    } catch (error) {
      await fresh.close();
      await rm(draft, { force: true });
      throw error;
    }
    await this.become(fresh, content.length);
    return aside;
  }

  /** Starts the next file; the written one continues as `full`. A failure changes nothing. */
  async fill(full: string): Promise<void> {
    const draft = `${this.path}.next`;
    const fresh = await createOwnerOnly(draft);
    try {
      await fresh.sync();
      await rename(this.path, full);
      try {
        await rename(draft, this.path);
      } catch (error) {
        await rename(full, this.path);
        throw error;
      }
    } catch (error) {
      await fresh.close();
      await rm(draft, { force: true });
      throw error;
    }
    await this.become(fresh, 0);
  }

  close(): Promise<void> {
    return this.handle.close();
  }

  private async become(fresh: FileHandle, length: number): Promise<void> {
    const before = this.handle;
    this.handle = fresh;
    this.length = length;
    await before.close();
    // A failed folder sync matters only in a power cut, so the file change stands.
    await syncFolder(dirname(this.path)).catch(() => undefined);
    await this.tryNumbers();
  }

  /** Checks right after opening whether the file at the path has the same number. */
  private async tryNumbers(): Promise<void> {
    this.numbered = true;
    this.numbered = (await this.state().catch(() => 'own')) !== 'taken';
  }
}

async function openForWriting(file: string): Promise<FileHandle> {
  // Does not block on a pipe without a reader.
  return open(file, constants.O_RDWR | constants.O_CREAT | constants.O_NONBLOCK, OWNER_ONLY_FILE);
}
