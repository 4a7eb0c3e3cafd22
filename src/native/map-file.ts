import { closeSync, existsSync, fstatSync, openSync, readFileSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { addonPath, loadAddon } from './load-addon.js';

/**
 * Files of the cache as memory that all rooms of a machine share.
 *
 * Problem: a presenter's drawings take 40 MB and a minute of music 11, and each room held its own copy.
 * Rule: the pages of a cache file are mapped read-only. Rooms with the same presenter share them, and drawings that a room does not
 * use leave its memory (`dropFilePages`). Threads share SharedArrayBuffers only, and JavaScript offers no way to put one over
 * existing pages; a shared WebAssembly memory has pages of its own, which the file's replace. V8 unmaps them with the memory.
 * Writing to them ends the process. The file must never be changed in place: it is written beside and renamed.
 */
const WASM_PAGE = 65_536;

/** The bytes of an open file, mapped where the system allows it, otherwise read. @throws Error when it is cut short */
export async function bytesOfFile(file: FileHandle): Promise<Uint8Array<SharedArrayBuffer>> {
  const { size } = await file.stat();
  return mapFile(file.fd, size) ?? (await readWhole(file, size));
}

/** As `bytesOfFile`, for a file of the package; throws when there is none. */
export function bytesOfPath(path: string | URL): Uint8Array {
  const fd = openSync(path, 'r');
  try {
    return mapFile(fd, fstatSync(fd).size) ?? readFileSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Undefined where files cannot be mapped. */
export function mapFile(fd: number, size: number): Uint8Array<SharedArrayBuffer> | undefined {
  if (process.platform !== 'linux' || size === 0 || !existsSync(addonPath())) return undefined;
  const pages = Math.ceil(size / WASM_PAGE);
  try {
    // Refused where address space is limited.
    const { buffer } = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    const memory = new Uint8Array(buffer as unknown as SharedArrayBuffer);
    return loadAddon(addonPath()).mapFile(memory, fd, size) === 0 ? memory.subarray(0, size) : undefined;
  } catch {
    return undefined;
  }
}

async function readWhole(file: FileHandle, size: number): Promise<Uint8Array<SharedArrayBuffer>> {
  const bytes = new Uint8Array(new SharedArrayBuffer(size));
  for (let at = 0; at < size;) {
    const { bytesRead } = await file.read(bytes, at, size - at, at);
    if (bytesRead === 0) throw new Error('cut short');
    at += bytesRead;
  }
  return bytes;
}
