import { EngineError } from '../core/errors.js';
import type { Listing } from './listing.js';
import { parsePageJson, type PageValue } from './page-value.js';
import { assertProductPage, assertSameProduct, emptyPage, productIdOf } from './page-faults.js';
import { isAlibabaAnswer, readAlibabaAnswer } from './sources/alibaba-api.js';
import { isAlibabaDom, readAlibabaDom } from './sources/alibaba-dom.js';
import { isAlibabaPage, readAlibabaData, readAlibabaPage } from './sources/alibaba.js';
import { is1688Page, read1688Data, read1688Page } from './sources/ali1688.js';
import { readPastedText } from './sources/pasted-text.js';
import { readStructuredData } from './sources/structured-data.js';
import { isTaobaoPage, readTaobaoData, readTaobaoPage } from './sources/taobao.js';

/** Longest page, in characters: the largest product pages seen have 0.4 million. */
export const MAX_PAGE_CHARS = 8_000_000;

export interface ReadListingOptions {
  /** The name in messages: a file or a link. */
  readonly where: string;
  /** Where the page was fetched from or saved from, when it is known. */
  readonly link?: string;
}

/**
 * Reads a product from a page, a JSON answer or pasted text, whichever it is. Pure: no network, no file. Throws E_LISTING_PAGE
 * for a page that is no product, E_LISTING_INVALID for a broken one or one without a title.
 */
export function readListing(text: string, options: ReadListingOptions): Listing {
  const { where } = options;
  if (text.length > MAX_PAGE_CHARS)
    throw new EngineError('E_LISTING_INVALID', {
      where,
      expected: `at most ${MAX_PAGE_CHARS} characters`,
      found: `${text.length} characters`,
    });
  const trimmed = text.trimStart().replace(/^\uFEFF/, '');
  if (trimmed === '')
    throw new EngineError('E_LISTING_INVALID', { where, expected: 'a page, JSON or text', found: 'nothing' });
  if (/^[{[]/.test(trimmed)) return complete(readAnswer(parsePageJson(trimmed, where), where), where, options.link);
  if (!/^<|<(?:html|head|body|main|div|script|meta)\b/i.test(trimmed.slice(0, 20_000)))
    return complete(readPastedText(trimmed), where, options.link);
  const link = options.link ?? savedFrom(trimmed);
  const listing = readPage(trimmed, where, link);
  assertSameProduct(link === undefined ? undefined : productIdOf(link), listing.id, where);
  return complete(listing, where, link);
}

function readPage(html: string, where: string, link: string | undefined): Listing {
  const known = isAlibabaPage(html)
    ? readAlibabaPage(html, where)
    : is1688Page(html)
      ? read1688Page(html, where)
      : isTaobaoPage(html)
        ? readTaobaoPage(html, where)
        : undefined;
  if (known !== undefined && known.title !== '') return known;
  assertProductPage(html, where);
  const drawn = isAlibabaDom(html) ? readAlibabaDom(html) : undefined;
  if (drawn !== undefined && drawn.title !== '') return drawn;
  const structured = readStructuredData(html, where, link);
  if (structured !== undefined) return structured;
  throw emptyPage(html, where);
}

/** JSON: an answer of the Open API, a page's data as the browser extension sends it, or a listing that was written before. */
function readAnswer(value: PageValue, where: string): Listing {
  if (isAlibabaAnswer(value)) return readAlibabaAnswer(value);
  const data = value.at('data').exists && value.at('source').exists ? value.at('data') : value;
  if (data.at('globalData', 'product').exists) return readAlibabaData(data);
  if (
    data.at('result', 'data').exists ||
    data.at('data', 'Root').exists ||
    data.at('globalData', 'orderParamModel').exists
  )
    return read1688Data(data);
  if (data.at('loaderData').exists) return readTaobaoData(data);
  const jsonLd = readStructuredData(
    `<script type="application/ld+json">${JSON.stringify(value.raw).replace(/</g, '\\u003c')}</script>`,
    where,
  );
  if (jsonLd !== undefined) return jsonLd;
  throw new EngineError('E_LISTING_INVALID', {
    where,
    expected: 'an answer of alibaba.icbu.product.get, a captured page, or JSON-LD of a product',
    found: `keys ${
      value.entries
        .slice(0, 6)
        .map(([key]) => key)
        .join(', ') || '(none)'
    }`,
  });
}

function complete(listing: Listing, where: string, link: string | undefined): Listing {
  if (listing.title.trim() === '')
    throw new EngineError('E_LISTING_INVALID', {
      where,
      expected: 'a product with a title',
      found: 'none',
      todo: 'save the page again once it has loaded completely',
    });
  return link === undefined || listing.link !== undefined ? listing : { ...listing, link };
}

/** Browsers write where a page was saved from into its first lines; pages name themselves by a canonical link. */
function savedFrom(html: string): string | undefined {
  const head = html.slice(0, 100_000);
  const canonical = [...head.matchAll(/<link\b[^<>]{0,2000}>/gi)].find(([tag]) => /\brel=["']?canonical\b/i.test(tag));
  const found =
    /<!--\s{0,9}saved from url=\(\d{1,6}\)(\S{1,2000})\s{0,9}-->/i.exec(head)?.[1] ??
    /\bhref=["']?([^"'\s>]+)/i.exec(canonical?.[0] ?? '')?.[1];
  return found !== undefined && URL.canParse(found) ? found : undefined;
}
