import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DecodedPicture, PageRequest } from '../../scene/assets/decode-page.js';

export type { DecodedPicture } from '../../scene/assets/decode-page.js';

/** Decodes one picture of a file, in this thread or another. */
export type DecodePage = (request: PageRequest) => Promise<DecodedPicture>;

/**
 * Reads a file's pictures one after the other, upright, in sRGB, fitted inside `maxSide`×`maxSide` without enlarging,
 * at most `maxPages` of them. Rethrows errors of `decode`.
 */
export async function* readPictures(
  decode: DecodePage,
  file: string,
  { maxSide, maxPages }: { maxSide: number; maxPages: number },
): AsyncGenerator<DecodedPicture> {
  let pages = 1;
  for (let page = 0; page < Math.min(pages, maxPages); page += 1) {
    const picture = await decode({ file, page, maxSide });
    pages = picture.pages;
    yield picture;
  }
}

/** A picture to scan, or an unreadable path with the reason. */
export interface FoundPath {
  readonly file: string;
  readonly error?: string;
}

/** Extensions that count as pictures inside a folder; a file named directly is always tried. */
const PICTURE = /\.(?:png|jpe?g|jpe|jfif|webp|gif|svg|avif|heif|heic|tiff?)$/i;

/**
 * The pictures under paths of files and folders, in order; folders are walked recursively, by name. Unreadable paths
 * are listed with their error: skipping them silently would report them clean.
 */
export async function findPictures(paths: readonly string[]): Promise<FoundPath[]> {
  const found: FoundPath[] = [];
  for (const path of paths) {
    const before = found.length;
    let isFolder: boolean;
    try {
      isFolder = (await stat(path)).isDirectory();
    } catch (e) {
      found.push({ file: path, error: reason(path, e) });
      continue;
    }
    if (!isFolder) {
      found.push({ file: path });
      continue;
    }
    await walk(path, found, new Set());
    if (found.length === before) {
      found.push({ file: path, error: `${path}: expected pictures, found none in this folder` });
    }
  }
  return found;
}

/** `seen` holds real paths, so that a link to a parent ends the walk. */
async function walk(folder: string, found: FoundPath[], seen: Set<string>): Promise<void> {
  let entries: Dirent[];
  try {
    const real = await realpath(folder);
    if (seen.has(real)) return;
    seen.add(real);
    entries = await readdir(folder, { withFileTypes: true });
  } catch (e) {
    found.push({ file: folder, error: reason(folder, e) });
    return;
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    const kind = entry.isSymbolicLink() ? await kindOfTarget(path) : kindOf(entry);
    if (kind === 'folder') await walk(path, found, seen);
    else if (kind !== 'other' && PICTURE.test(entry.name)) found.push({ file: path });
  }
}

type Kind = 'folder' | 'file' | 'broken' | 'other';

const kindOf = (entry: { isDirectory(): boolean; isFile(): boolean }): Kind =>
  entry.isDirectory() ? 'folder' : entry.isFile() ? 'file' : 'other';

async function kindOfTarget(path: string): Promise<Kind> {
  try {
    return kindOf(await stat(path));
  } catch {
    // Listed when it has a picture's name: opening it then reports the error.
    return 'broken';
  }
}

function reason(path: string, e: unknown): string {
  const { code, message } = e as NodeJS.ErrnoException;
  const found = code === 'ENOENT' ? 'no such file or folder' : code === 'EACCES' ? 'no permission to read it' : message;
  return `${path}: expected a picture or a folder of pictures, found ${found}`;
}
