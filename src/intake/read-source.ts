import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { EngineError } from '../core/errors.js';
import { FileFault, readRegularFile } from '../core/files/regular-file.js';
import { decodePage } from '../listing/decode-page.js';
import { guardedFetch, type GuardedFetchOptions } from '../listing/guarded-fetch.js';

/** A page, an answer or a text, wherever it came from. */
export interface Source {
  readonly text: string;
  /** The name in messages. */
  readonly where: string;
  /** The link that was asked for. */
  readonly link?: string;
  /** The folder of a saved page's pictures. */
  readonly filesFolder?: string;
}

export interface ReadSourceOptions {
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly signal?: AbortSignal;
  /** Addresses besides the public ones. */
  readonly allow?: GuardedFetchOptions['allow'];
}

const MAX_BYTES = 8 * 1024 * 1024;
const PAGES = ['text/html', 'application/xhtml+xml', 'application/json', 'text/plain'];
const ARCHIVE = /^(?:From: <Saved by|MIME-Version:|Snapshot-Content-Location:)/im;

/** Reads a file, a link, or standard input for "-". */
export async function readSource(from: string, options: ReadSourceOptions): Promise<Source> {
  const link = /^https?:\/\//i.test(from) ? from : undefined;
  const source =
    link !== undefined
      ? await readLink(link, options)
      : from === '-'
        ? await readInput(options.stdin)
        : await readSaved(from);
  if (ARCHIVE.test(source.text.slice(0, 400)))
    throw new EngineError('E_LISTING_INVALID', {
      where: source.where,
      expected: 'a saved page (HTML)',
      found: 'an archive of one (MHTML)',
      todo: 'save it again as "Webpage, Complete"',
    });
  return source;
}

async function readLink(link: string, { signal, allow }: ReadSourceOptions): Promise<Source> {
  const page = await guardedFetch(link, {
    accept: PAGES,
    maxBytes: MAX_BYTES,
    ...(signal !== undefined && { signal }),
    ...(allow !== undefined && { allow }),
  });
  return { text: decodePage(page.body, page.charset), where: link, link };
}

async function readInput(stdin: AsyncIterable<Uint8Array>): Promise<Source> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of stdin) {
    size += part.length;
    if (size > MAX_BYTES) throw tooLarge('standard input', size);
    parts.push(part);
  }
  return { text: decodePage(Buffer.concat(parts)), where: 'standard input' };
}

async function readSaved(from: string): Promise<Source> {
  const path = resolve(from);
  const bytes = await readRegularFile(path, { maxBytes: MAX_BYTES }).catch((cause: unknown) => {
    throw unreadable(from, cause);
  });
  const folder = path.replace(/\.\w{1,5}$/, '') + '_files';
  return { text: decodePage(bytes), where: from, ...(existsSync(folder) && { filesFolder: folder }) };
}

const tooLarge = (where: string, size: number): EngineError =>
  new EngineError('E_LISTING_INVALID', { where, expected: `at most ${MAX_BYTES} bytes`, found: `${size} or more` });

const unreadable = (where: string, cause: unknown): EngineError => {
  if (cause instanceof FileFault && cause.code === 'too-large')
    return new EngineError('E_LISTING_INVALID', {
      where,
      expected: `at most ${MAX_BYTES} bytes`,
      found: cause.found,
      cause,
    });
  return new EngineError('E_LISTING_INVALID', {
    where,
    expected: 'a saved page, a JSON answer, a text, a link, or - for standard input',
    found: cause instanceof FileFault ? cause.found : String(cause),
    cause,
  });
};
