/**
 * Files that strangers name.
 *
 * Problem: a path may lead out of its folder by a link, or name a pipe that never ends or a device of any size, whose
 * size is reported as 0.
 * Rule: the real path decides, only regular files are read, the open file is checked, and no more than a bound is read
 * whatever its size says.
 */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { isAbsolute, relative } from 'node:path';

export type FileFaultKind = 'missing' | 'outside' | 'no-file' | 'too-large' | 'unreadable';

export class FileFault extends Error {
  constructor(
    readonly code: FileFaultKind,
    /** For a message: never the content. */
    readonly found: string,
    options?: ErrorOptions,
  ) {
    super(found, options);
  }
}

/** Does not block on a pipe without a writer. */
const READ = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);
const CHUNK_BYTES = 1024 * 1024;

/** The real path of a file inside a folder. Rejects with a FileFault. */
export async function realPathInside(path: string, folder: string): Promise<string> {
  const [file, within] = await Promise.all([realpath(path), realpath(folder)]).catch((cause: unknown) => {
    throw faultOf(cause);
  });
  const inside = relative(within, file);
  if (inside === '' || inside.startsWith('..') || isAbsolute(inside))
    throw new FileFault('outside', 'a link that leads out of the folder');
  return file;
}

export interface ReadRegularOptions {
  readonly maxBytes: number;
  /** The folder in which the file really lies. */
  readonly within?: string;
}

/** The bytes of a regular file. Rejects with a FileFault. */
export async function readRegularFile(path: string, { maxBytes, within }: ReadRegularOptions): Promise<Buffer> {
  const real = within === undefined ? path : await realPathInside(path, within);
  try {
    const file = await open(real, READ);
    try {
      const stat = await file.stat();
      if (!stat.isFile())
        throw new FileFault('no-file', stat.isDirectory() ? 'a folder' : 'a device or a pipe, no regular file');
      if (stat.size > maxBytes) throw new FileFault('too-large', `${stat.size} bytes`);
      const parts: Buffer[] = [];
      let size = 0;
      for (;;) {
        const part = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, Math.max(1, Math.max(stat.size, size) - size + 1)));
        const { bytesRead } = await file.read(part, 0, part.length, null);
        if (bytesRead === 0) break;
        size += bytesRead;
        if (size > maxBytes) throw new FileFault('too-large', `more than ${maxBytes} bytes`);
        parts.push(part.subarray(0, bytesRead));
      }
      return parts.length === 1 ? parts[0]! : Buffer.concat(parts, size);
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw faultOf(cause);
  }
}

/** As `readRegularFile`, at once: for files of a command line. Throws a FileFault. */
export function readRegularFileSync(path: string, maxBytes: number): Buffer {
  let fd: number;
  try {
    fd = openSync(path, READ);
  } catch (cause) {
    throw faultOf(cause);
  }
  try {
    const stat = fstatSync(fd);
    if (!stat.isFile())
      throw new FileFault('no-file', stat.isDirectory() ? 'a folder' : 'a device or a pipe, no regular file');
    const parts: Buffer[] = [];
    for (let size = 0; ;) {
      if (size > maxBytes || stat.size > maxBytes) throw new FileFault('too-large', `more than ${maxBytes} bytes`);
      const part = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, Math.max(4096, stat.size - size + 1)));
      const n = readSync(fd, part, 0, part.length, null);
      if (n === 0) return Buffer.concat(parts, size);
      size += n;
      parts.push(part.subarray(0, n));
    }
  } catch (cause) {
    throw faultOf(cause);
  } finally {
    closeSync(fd);
  }
}

function faultOf(cause: unknown): FileFault {
  if (cause instanceof FileFault) return cause;
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') return new FileFault('missing', 'no such file', { cause });
  if (code === 'EISDIR') return new FileFault('no-file', 'a folder', { cause });
  // A socket, or a pipe without a reader.
  if (code === 'ENXIO') return new FileFault('no-file', 'a device or a pipe, no regular file', { cause });
  if (code === 'EACCES' || code === 'EPERM')
    return new FileFault('unreadable', 'a file that may not be read', { cause });
  return new FileFault('unreadable', code ?? message, { cause });
}
