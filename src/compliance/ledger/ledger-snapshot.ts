import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { EngineError } from '../../core/errors.js';
import { FileFault, readRegularFile } from '../../core/files/regular-file.js';
import { fullFiles } from './ledger-file.js';

export interface LedgerPlace {
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
}

export interface FileLine extends LedgerPlace {
  /** Bytes, because a truncated line may end inside a character. */
  readonly bytes: Buffer;
}

/** The engine begins a new file at 16 MiB. */
const MAX_FILE_BYTES = 256 * 1024 * 1024;
const READ_ATTEMPTS = 10;
const READ_RETRY_MS = 30;

/**
 * The lines of a ledger as of one moment, oldest first, even while it is written.
 *
 * The file being written is opened first and read up to its length at that time, so a new one may be started during the read.
 * Its last line may be half written; the lines after it distinguish that from a line truncated by a crash.
 * @throws EngineError E_NOT_FOUND, and E_LEDGER for an unreadable ledger
 */
export async function* ledgerLines(file: string): AsyncGenerator<FileLine> {
  try {
    yield* linesOf(file);
  } catch (cause) {
    if (cause instanceof EngineError || cause instanceof FileGone) throw cause;
    const found = (cause as Error).message;
    throw new EngineError('E_LEDGER', { where: file, expected: 'a readable ledger', found, cause });
  }
}

async function* linesOf(file: string): AsyncGenerator<FileLine> {
  const current = await openOrNothing(file);
  try {
    const own = await current?.stat({ bigint: true });
    if (own !== undefined && !own.isFile()) {
      const todo = 'give the path of its file (`compliance.ledger` in the room file)';
      const found = own.isDirectory() ? 'a folder' : 'something else';
      throw new EngineError('E_LEDGER', { where: file, expected: 'a ledger file', found, todo });
    }
    const full: string[] = [];
    for (const path of await fullFiles(file)) {
      const { ino, dev } = await stat(path, { bigint: true }).catch(gone);
      // A new file was started in between: this one is the newest that counts.
      if (own !== undefined && ino === own.ino && dev === own.dev) break;
      full.push(path);
    }
    if (current === undefined && full.length === 0) {
      const todo = 'give the path of a ledger (`compliance.ledger` in the room file)';
      throw new EngineError('E_NOT_FOUND', { where: file, expected: 'a ledger', found: 'no file', todo });
    }
    // A file is closed at 16 MiB, so it is read whole.
    for (const path of full) yield* split(path, await fileBytes(path));
    if (Number(own?.size ?? 0) > MAX_FILE_BYTES) throw new FileFault('too-large', `${own!.size} bytes`);
    if (current !== undefined) yield* split(file, await bytesOf(current, Number(own!.size)));
  } finally {
    await current?.close();
  }
}

async function openOrNothing(file: string): Promise<FileHandle | undefined> {
  try {
    // Does not wait for the other end of a pipe.
    return await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

async function fileBytes(path: string): Promise<Buffer> {
  try {
    return await readRegularFile(path, { maxBytes: MAX_FILE_BYTES });
  } catch (error) {
    if (error instanceof FileFault && error.code === 'missing') throw new FileGone(error.found);
    throw error;
  }
}

/** Retention removed an old file while the ledger was read. */
export class FileGone extends Error {}

function gone(error: NodeJS.ErrnoException): never {
  throw error.code === 'ENOENT' ? new FileGone(error.message) : error;
}

async function bytesOf(handle: FileHandle, size: number): Promise<Buffer> {
  const all = Buffer.alloc(size);
  let done = 0;
  while (done < size) {
    const { bytesRead } = await handle.read(all, done, size - done, done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  const bytes = all.subarray(0, done);
  if (done === 0 || bytes[done - 1] === 10) return bytes;
  const whole = bytes.subarray(0, bytes.lastIndexOf(10) + 1);
  for (let i = 0; i < READ_ATTEMPTS; i += 1) {
    if ((await handle.stat()).size !== size) return whole;
    await new Promise((resolve) => setTimeout(resolve, READ_RETRY_MS));
  }
  return bytes;
}

function* split(file: string, bytes: Buffer): Generator<FileLine> {
  let line = 0;
  for (let from = 0; from < bytes.length;) {
    const end = bytes.indexOf(10, from);
    const to = end < 0 ? bytes.length : end;
    line += 1;
    yield { file, line, bytes: bytes.subarray(from, to) };
    from = to + 1;
  }
}
