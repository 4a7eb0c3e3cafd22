/** A product page as a browser shows it, sent by our extension or by another program. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Product } from '../config/sections/product.js';
import { ListingProcess } from '../listing/listing-process.js';
import type { PageSource } from '../listing/listing-sources.js';
import { takeProduct, type TakenProduct, type TakeProductOptions } from './take-product.js';

/** `data` holds the page's own objects by the names they have there: `detailData`, `context`, `__ICE_APP_CONTEXT__`, `jsonLd`. */
export interface Capture {
  readonly url: string;
  readonly html?: string | undefined;
  readonly data?: Readonly<Record<string, unknown>> | undefined;
}

export interface TakeCaptureOptions extends Omit<TakeProductOptions, 'stdin' | 'out' | 'id'> {
  /** Folder that gets a folder a product, with its pictures; nothing is written without it. */
  readonly folder?: string;
}

const MAX_NAMESAKES = 100;

/** The page's data first, since it is complete; then its visible text. Throws the fault of the better source. */
export async function takeCapture(capture: Capture, { folder, ...options }: TakeCaptureOptions): Promise<TakenProduct> {
  const { url } = capture;
  const sources = sourcesOf(capture);
  const { listing, index } = await ListingProcess.readWith(options.pages, sources, url);
  const page = { listing, source: { where: sources[index]?.where ?? url } };
  const own = { ...options, stdin: nothing() };
  const found = await takeProduct(page, own);
  if (folder === undefined) return found;
  const id = freeName(folder, found.product);
  return takeProduct(page, { ...own, id, out: join(folder, id) });
}

/** The product's folder of an earlier capture, or a free one. */
function freeName(folder: string, { id, link }: Product): string {
  for (let i = 1; i < MAX_NAMESAKES; i += 1) {
    const name = i === 1 ? id : `${id}-${i}`;
    const written = linkOf(join(folder, name, 'product.json'));
    if (written === undefined || written === (link ?? '')) return name;
  }
  return id;
}

/** The link of a written product, empty for none; undefined where no product is written. */
function linkOf(file: string): string | undefined {
  try {
    const { link } = JSON.parse(readFileSync(file, 'utf8')) as { link?: unknown };
    return typeof link === 'string' ? link : '';
  } catch {
    return undefined;
  }
}

function sourcesOf({ url, html, data = {} }: Capture): PageSource[] {
  const sources: PageSource[] = Object.entries(data)
    .filter(([, value]) => typeof value === 'object' && value !== null)
    .map(([name, value]) => ({ data: { name, value }, where: `${url} (${name})`, link: url }));
  if (html !== undefined && html !== '') sources.push({ text: html, where: url, link: url });
  return sources;
}

async function* nothing(): AsyncGenerator<Uint8Array> {
  // A capture is not read from standard input.
}
