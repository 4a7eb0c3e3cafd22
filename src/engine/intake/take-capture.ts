/** A product page as a browser shows it, sent by our extension or by another program. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Product } from '../../config/sections/product.js';
import { EngineError, isEngineError } from '../../core/errors.js';
import { readListing } from '../../listing/read-listing.js';
import type { Source } from './read-source.js';
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
  const source = readable(capture);
  const own = { ...options, stdin: nothing() };
  const found = await takeProduct(source, own);
  if (folder === undefined) return found;
  const id = freeName(folder, found.product);
  return takeProduct(source, { ...own, id, out: join(folder, id) });
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

function readable({ url, html, data = {} }: Capture): Source {
  const sources: Source[] = Object.entries(data)
    .filter(([, value]) => typeof value === 'object' && value !== null)
    .map(([name, value]) => ({
      text: JSON.stringify(name === 'jsonLd' ? value : { source: name, data: value }),
      where: `${url} (${name})`,
      link: url,
    }));
  if (html !== undefined && html !== '') sources.push({ text: html, where: url, link: url });
  let fault: EngineError | undefined;
  for (const source of sources) {
    try {
      const { where, link } = source;
      readListing(source.text, { where, ...(link !== undefined && { link }) });
      return source;
    } catch (error) {
      if (!isEngineError(error)) throw error;
      // A page that names its fault (a bot wall, a removed product) says more than data that is no product.
      if (fault === undefined || error.code === 'E_LISTING_PAGE') fault = error;
    }
  }
  if (fault !== undefined) throw fault;
  throw new EngineError('E_LISTING_INVALID', {
    where: url,
    expected: 'html or data of a product page',
    found: 'neither',
  });
}

async function* nothing(): AsyncGenerator<Uint8Array> {
  // A capture is not read from standard input.
}
