import { copyFile, readdir, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { toEngineError } from '../core/errors.js';
import type { Log } from '../core/log.js';
import { guardedFetch, type GuardedFetchOptions } from '../listing/guarded-fetch.js';
import { MAX_PICTURES } from '../listing/to-product.js';
import { type ScannedFile, scanFiles } from '../admission/scan/scan-files.js';

export interface TakePicturesOptions {
  /** Where the pictures go, one file each. */
  readonly folder: string;
  /** The pictures that a browser saved beside the page. */
  readonly filesFolder?: string;
  /** Language of the text in the pictures. */
  readonly language: string;
  readonly log: Log;
  readonly signal?: AbortSignal;
  readonly allow?: GuardedFetchOptions['allow'];
  readonly onProgress?: (done: number, of: number, what: string) => void;
}

export interface TakenPictures {
  readonly kept: readonly { readonly url: string; readonly file: string }[];
  readonly left: readonly { readonly url: string; readonly reason: string }[];
}

const MAX_PICTURE_BYTES = 12 * 1024 * 1024;
const TYPES: Readonly<Record<string, string>> = {
  'image/jpeg': '.jpg',
  'image/png': '.png',
  'image/webp': '.webp',
  'image/gif': '.gif',
  'image/avif': '.avif',
};
/** Rules by which a picture may not be shown at all: contacts, codes, payments. */
const OUTSIDE = /^3\./;

/** Takes up to twelve pictures, each through the scan that admits pictures to a room. A picture with a code or a contact is left out. */
export async function takePictures(urls: readonly string[], options: TakePicturesOptions): Promise<TakenPictures> {
  const { folder, signal, onProgress } = options;
  const wanted = urls.slice(0, MAX_PICTURES);
  const saved = options.filesFolder === undefined ? [] : await readdir(options.filesFolder);
  const left: { url: string; reason: string }[] = [];
  const got: { url: string; file: string }[] = [];
  for (const [i, url] of wanted.entries()) {
    signal?.throwIfAborted();
    onProgress?.(i + 1, wanted.length, 'taking pictures');
    try {
      got.push({ url, file: await takeOne(url, join(folder, String(i + 1)), saved, options) });
    } catch (error) {
      const { found, message } = toEngineError(error, url);
      left.push({ url, reason: found ?? message });
    }
  }
  const kept: { url: string; file: string }[] = [];
  let scanned = 0;
  const scan = scanFiles(
    got.map(({ file }) => ({ file })),
    { mode: 'admission', textLanguage: options.language, log: options.log },
  );
  for await (const result of scan) {
    signal?.throwIfAborted();
    const one = got[scanned]!;
    scanned += 1;
    onProgress?.(scanned, got.length, 'scanning pictures');
    const reason = refusal(result);
    if (reason === undefined) kept.push(one);
    else left.push({ url: one.url, reason });
  }
  return { kept, left };
}

async function takeOne(
  url: string,
  path: string,
  saved: readonly string[],
  options: TakePicturesOptions,
): Promise<string> {
  const { filesFolder } = options;
  const local = savedName(url, saved);
  if (local !== undefined && filesFolder !== undefined) {
    const file = `${path}${/\.(?:png|jpe?g|webp|gif|avif)$/i.test(local) ? extname(local).toLowerCase() : '.jpg'}`;
    await copyFile(join(filesFolder, local), file);
    return file;
  }
  const picture = await guardedFetch(url, {
    accept: ['image/*'],
    robots: false,
    maxBytes: MAX_PICTURE_BYTES,
    ...(options.signal !== undefined && { signal: options.signal }),
    ...(options.allow !== undefined && { allow: options.allow }),
  });
  const file = `${path}${TYPES[picture.type] ?? '.img'}`;
  await writeFile(file, picture.body);
  return file;
}

/** A browser keeps the name of the file, with the size that the page asked for: the longest name is the largest variant seen. */
function savedName(url: string, saved: readonly string[]): string | undefined {
  const name = decodeURIComponent(
    url
      .replace(/[?#].*$/, '')
      .split('/')
      .at(-1) ?? '',
  );
  if (name.length < 5) return undefined;
  return saved.find((one) => one === name) ?? saved.filter((one) => one.startsWith(name)).sort(byWidth)[0];
}

const widthOf = (name: string): number => Number(/_(\d{2,4})x\d{2,4}/.exec(name)?.[1] ?? 0);
const byWidth = (a: string, b: string): number => widthOf(b) - widthOf(a);

function refusal(result: ScannedFile): string | undefined {
  if ('error' in result) return result.error;
  const hit =
    result.hits.find(({ rule }) => OUTSIDE.test(rule)) ?? (result.verdict === 'violation' ? result.hits[0] : undefined);
  if (hit !== undefined) return `rule ${hit.rule} (${hit.kind})`;
  return result.verdict === 'violation' ? 'refused by the scan' : undefined;
}
