import { mkdtemp, rm, writeFile, copyFile, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve, extname } from 'node:path';
import { existsSync } from 'node:fs';
import { product as schema, type Product } from '../config/sections/product.js';
import type { Log } from '../core/log.js';
import { EngineError, toEngineError } from '../core/errors.js';
import type { Listing } from '../listing/listing.js';
import { ListingProcess } from '../listing/listing-process.js';
import { MAX_PICTURES, toProduct, type ToProductOptions } from '../listing/to-product.js';
import { FileFault, readRegularFile } from '../core/files/regular-file.js';
import { decodePage, guardedFetch, type GuardedFetchOptions } from '../listing/guarded-fetch.js';
import { placePictures, productsIn, targetOf, writeProduct } from './write-product.js';
import { type ScannedFile, scanFiles } from '../admission/scan/scan-files.js';

/** A page, an answer or a text, wherever it came from. */
interface Source {
  readonly text: string;
  /** The name in messages. */
  readonly where: string;
  /** The link that was asked for. */
  readonly link?: string;
  /** The folder of a saved page's pictures. */
  readonly filesFolder?: string;
}

interface ReadSourceOptions {
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly signal?: AbortSignal;
  /** Addresses besides the public ones. */
  readonly allow?: GuardedFetchOptions['allow'];
}

const MAX_BYTES = 8 * 1024 * 1024;
const PAGES = ['text/html', 'application/xhtml+xml', 'application/json', 'text/plain'];
const ARCHIVE = /^(?:From: <Saved by|MIME-Version:|Snapshot-Content-Location:)/im;

/** Reads a file, a link, or standard input for "-". */
async function readSource(from: string, options: ReadSourceOptions): Promise<Source> {
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

export interface TakeProductOptions extends ReadSourceOptions {
  /** Reads the page; default: a process of its own, for this page alone. */
  readonly pages?: Pick<ListingProcess, 'read'>;
  /** A room file, or a folder to make; nothing is written when it is left out. */
  readonly out?: string;
  /** Name within the room; made from the title when it is left out. */
  readonly id?: string;
  /** Language of the text in the pictures. */
  readonly language: string;
  /** For a listing that names none. */
  readonly currency?: string;
  readonly log: Log;
  readonly onProgress?: (done: number, of: number, what: string) => void;
}

export interface TakenProduct {
  readonly product: Product;
  readonly listing: Listing;
  /** The file that was written. */
  readonly file?: string;
  readonly warnings: readonly Warning[];
}

export type Warning =
  | { readonly kind: 'picture-left-out'; readonly what: string; readonly reason: string }
  | { readonly kind: 'unread-place'; readonly what: string; readonly reason: string }
  | { readonly kind: 'no-picture' | 'visitor-currency' | 'sold-out' | 'dropped-key'; readonly what: string };

/** Drawn where a listing has no picture that may be shown. */
const NO_PICTURE =
  '<svg xmlns="http://www.w3.org/2000/svg" width="600" height="600"><rect width="600" height="600" fill="#eef1f4"/>' +
  '<path d="M150 240 300 165l150 75v180l-150 75-150-75zM150 240l150 75 150-75M300 315v180" fill="none" stroke="#9aa7b4" stroke-width="12"/></svg>\n';

/** A page that was read. */
export interface ReadPage {
  readonly listing: Listing;
  readonly source: Pick<Source, 'where' | 'filesFolder'>;
}

async function readPage(from: string, options: TakeProductOptions): Promise<ReadPage> {
  const source = await readSource(from, options);
  const { text, where, link } = source;
  const { listing } = await ListingProcess.readWith(options.pages, [{ text, where, link }], where);
  return { listing, source };
}

interface TakePicturesOptions {
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

interface TakenPictures {
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
async function takePictures(urls: readonly string[], options: TakePicturesOptions): Promise<TakenPictures> {
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

/** From a page, an answer, a text or a link to a product of a room, with its pictures beside it. */
export async function takeProduct(from: string | ReadPage, options: TakeProductOptions): Promise<TakenProduct> {
  const { out, onProgress } = options;
  const target = out === undefined ? undefined : await targetOf(out);
  onProgress?.(1, 1, 'reading the page');
  const { listing, source } = typeof from === 'string' ? await readPage(from, options) : from;
  const { where } = source;
  const warnings: Warning[] = listing.notes.map((note) =>
    note.kind === 'dropped-key'
      ? { kind: 'dropped-key', what: `${note.where}: ${note.key}` }
      : { kind: 'unread-place', what: note.where, reason: note.reason },
  );
  if (listing.stock === 'sold-out') warnings.push({ kind: 'sold-out', what: listing.title });
  const isOfVisitor = isVisitorCurrency(listing, options.currency, where);
  if (isOfVisitor) warnings.push({ kind: 'visitor-currency', what: listing.currency ?? '' });
  const parts = { where, isOfVisitor, ...(options.currency !== undefined && { currency: options.currency }) };
  const make = (more: Omit<ToProductOptions, 'where'>): Product =>
    checked(toProduct(listing, { ...parts, ...more }), where);
  // Faults of the listing are reported before pictures are fetched.
  const bare = make({ image: listing.pictures[0] ?? 'none', ...(options.id !== undefined && { id: options.id }) });
  if (target === undefined) return { product: bare, listing, warnings };
  const present = await productsIn(target);
  const known = listing.link === undefined ? undefined : present.find((one) => one.link === listing.link)?.id;
  const id = options.id ?? known ?? freeId(bare.id, present);
  const work = await mkdtemp(join(tmpdir(), 'showroom-product-'));
  try {
    const taken = await takePictures(picturesOf(listing), { ...options, ...source, folder: work });
    warnings.push(...taken.left.map(({ url, reason }) => ({ kind: 'picture-left-out', what: url, reason }) as const));
    const files = taken.kept.map(({ file }) => file);
    if (files.length === 0) {
      const drawn = join(work, '1.svg');
      await writeFile(drawn, NO_PICTURE);
      files.push(drawn);
      warnings.push({ kind: 'no-picture', what: listing.title });
    }
    const placed = await placePictures(target, id, files);
    const byUrl = new Map(taken.kept.map(({ url }, i) => [url, placed[i]!]));
    const product = make({
      id,
      image: placed[0]!,
      images: placed.slice(1).filter((path) => listing.pictures.some((url) => byUrl.get(url) === path)),
      variantImages: byUrl,
    });
    await writeProduct(target, product);
    return { product, listing, file: resolve(target.file), warnings };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/**
 * Whether prices are in the currency of whoever saved the page, which nobody chose: Alibaba.com shows each visitor's.
 * `chosen` confirms the page's currency; amounts cannot be converted into another.
 */
function isVisitorCurrency({ source, currency }: Listing, chosen: string | undefined, where: string): boolean {
  if (chosen !== undefined && currency !== undefined && chosen.toUpperCase() !== currency.toUpperCase())
    throw new EngineError('E_LISTING_INVALID', {
      where,
      expected: `prices in ${chosen}`,
      found: currency,
      todo: `set the shop to ${chosen} in your browser and save the page again; --currency ${currency} takes the prices as they are`,
    });
  return source === 'alibaba' && currency !== 'USD' && chosen === undefined;
}

/** The gallery first, then the variants' own. */
function picturesOf(listing: Listing): string[] {
  const variants = listing.variants.flatMap(({ values }) => values.flatMap(({ picture }) => picture ?? []));
  const gallery = listing.pictures.slice(0, Math.max(MAX_PICTURES - new Set(variants).size, MAX_PICTURES / 2));
  return [...new Set([...gallery, ...variants])].slice(0, MAX_PICTURES);
}

function freeId(id: string, present: readonly { id?: string }[]): string {
  const taken = new Set(present.map((one) => one.id));
  for (let i = 2; taken.has(id) && i < 100; i += 1) {
    const next = `${id}-${i}`;
    if (!taken.has(next)) return next;
  }
  return id;
}

function checked(product: Product, where: string): Product {
  const result = schema.safeParse(product);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new EngineError('E_LISTING_INVALID', {
    where: `${where}: ${issue?.path.join('.') ?? 'product'}`,
    expected: 'a product of a room',
    found: issue?.message ?? 'something else',
  });
}
