import { EngineError, isEngineError } from '../core/errors.js';
import type { Listing } from './listing.js';
import { parsePageJson, type PageValue, readJsonValue } from './page-value.js';
import { assertProductPage, assertSameProduct, emptyPage, productIdOf } from './page-faults.js';
import { checkPageBounds } from './page-bounds.js';
import { joinListings, type PlacedListing } from './join-listings.js';
import type { ListingPlace } from './listing-place.js';
import { PageNotes } from './page-notes.js';
import { findScriptPlaces } from './script-places.js';
import { isAlibabaAnswer, readAlibabaAnswer } from './sources/alibaba-api.js';
import { isAlibabaDom, readAlibabaDom } from './sources/alibaba-dom.js';
import { ALIBABA_PLACES, readAlibabaData } from './sources/alibaba.js';
import { PLACES_OF_1688, read1688Data } from './sources/ali1688.js';
import { readPastedText } from './sources/pasted-text.js';
import { readStructuredData } from './sources/structured-data.js';
import { readTaobaoData, TAOBAO_PLACES } from './sources/taobao.js';

const PLACES: readonly ListingPlace[] = [...ALIBABA_PLACES, ...PLACES_OF_1688, ...TAOBAO_PLACES];

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
  const notes = new PageNotes();
  const listing = readText(trimmed, where, options.link, notes);
  return { ...complete(listing, where, options.link), notes: notes.list };
}

function readText(text: string, where: string, given: string | undefined, notes: PageNotes): Listing {
  if (/^[{[]/.test(text)) return readAnswer(parsePageJson(text, where, notes), where, notes);
  if (!/^<|<(?:html|head|body|main|div|script|meta)\b/i.test(text.slice(0, 20_000))) return readPastedText(text);
  checkPageBounds(text, where);
  const link = given ?? savedFrom(text);
  const listing = readPage(text, where, link, notes);
  assertSameProduct(link === undefined ? undefined : productIdOf(link), listing.id, where);
  return complete(listing, where, link);
}

/** Each place that may hold the product, the shop's own data first: the first with a title counts, the others fill its gaps. */
function readPage(html: string, where: string, link: string | undefined, notes: PageNotes): Listing {
  let fault: EngineError | undefined;
  const found: PlacedListing[] = [];
  for (const { place, at } of findScriptPlaces(html, PLACES)) {
    try {
      const value = readJsonValue(html, at, `${where}: ${place.name}`, { bareKeys: place.bareKeys === true, notes });
      const listing = place.fits(value) ? place.read(value) : undefined;
      if (listing !== undefined && listing.title !== '') found.push({ place: place.name, listing });
    } catch (error) {
      if (!isEngineError(error)) throw error;
      if (place.isGuess === true) continue;
      fault ??= error;
      notes.unread(place.name, error.found ?? '');
    }
  }
  if (found.length === 0) {
    assertProductPage(html, where);
    const drawn = isAlibabaDom(html) ? readAlibabaDom(html) : undefined;
    if (drawn !== undefined && drawn.title !== '') found.push({ place: 'the drawn page', listing: drawn });
  }
  found.push(...readStructuredData(html, where, { link, notes }));
  const joined = joinListings(found);
  if (joined !== undefined) return joined;
  throw fault ?? emptyPage(html, where);
}

/** JSON: an answer of the Open API, a page's data as the browser extension sends it, or a listing that was written before. */
function readAnswer(value: PageValue, where: string, notes: PageNotes): Listing {
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
    { notes },
  )[0];
  if (jsonLd !== undefined) return jsonLd.listing;
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
