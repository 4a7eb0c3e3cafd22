import { EngineError, isEngineError } from '../core/errors.js';
import type { Listing, Origin } from './listing.js';
import { Parser } from 'htmlparser2';
import { parsePageJson, type PageValue, readJsonValue, PageNotes } from './page-tree.js';
import { type ListingPlace, findScriptPlaces } from './script-places.js';
import { isAlibabaAnswer, readAlibabaAnswer } from './sources/alibaba-api.js';
import { ALIBABA_PLACES, isAlibabaDom, readAlibabaData, readAlibabaDom } from './sources/alibaba.js';
import { PLACES_OF_1688, read1688Data } from './sources/ali1688.js';
import { readPastedText } from './sources/pasted-text.js';
import { readStructuredData } from './sources/structured-data.js';
import { readTaobaoData, TAOBAO_PLACES } from './sources/taobao.js';

/** Longest text of a listing: titles, values and addresses are far below, descriptions and answers are cut. */
const MAX_CHARS = 4000;
const MAX_TITLE_CHARS = 1000;
const MAX_ITEMS = 400;
const MAX_LEVELS = 6;

/** A listing whose every text and list is short, so that its readers need no care with a hostile page's size. */
function boundListing(listing: Listing): Listing {
  const bounded = cut(listing, 0) as Listing;
  return { ...bounded, title: bounded.title.slice(0, MAX_TITLE_CHARS) };
}

function cut(value: unknown, level: number): unknown {
  if (typeof value === 'string') return value.length > MAX_CHARS ? value.slice(0, MAX_CHARS) : value;
  if (typeof value !== 'object' || value === null) return value;
  if (level > MAX_LEVELS) return undefined;
  if (Array.isArray(value)) return value.slice(0, MAX_ITEMS).map((one: unknown) => cut(one, level + 1));
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, MAX_ITEMS)
      .map(([key, inner]) => [key.slice(0, MAX_CHARS), cut(inner, level + 1)]),
  );
}

/** A page, an answer or a text; `data` is an object of a page that a browser sent. */
export interface PageSource {
  /** The name in messages. */
  readonly where: string;
  readonly link?: string | undefined;
  readonly text?: string;
  readonly data?: { readonly name: string; readonly value: unknown };
}

/**
 * Pages that are no product, distinguished so that the message says how to go on. Shops answer robots with a challenge, strangers
 * with a login, and old links with a page that says the product is gone.
 *
 * The trouble: a product's page has a link to the login, a captcha for its contact form, and a hidden text for goods that ran out.
 * The rule: `certain` signs count at once; `weak` ones only where the page has no product.
 */
interface Fault {
  readonly kind: 'bot-wall' | 'gone' | 'login';
  readonly certain: RegExp;
  readonly weak: RegExp;
  readonly found: string;
  readonly todo: string;
}

const FAULTS: readonly Fault[] = [
  {
    kind: 'bot-wall',
    certain:
      /baxia-punish|punish-component|_____tmd_____|cf-challenge|px-captcha|<title>\s*(?:Captcha Interception|Security Verification|Access Denied|Just a moment|Attention Required|Robot Check|Human Verification|验证码|滑动验证|访问被拒绝)/i,
    weak: /nc_1_wrapper|baxia|g-recaptcha|h-captcha|captcha/i,
    found: 'a check that keeps programs out',
    todo: 'open the page in your browser, save it (Ctrl+S) and run `engine product FILE.html`',
  },
  {
    kind: 'gone',
    certain: /<title>\s*(?:Product Not Available|Page Not Found|404\b|商品不存在|很抱歉，您查看的(?:宝贝|商品)不存在)/i,
    weak: /product is no longer available|no longer exists|您查看的(?:宝贝|商品)不存在|该商品已下架/i,
    found: 'a page that says the product is no longer there',
    todo: 'check the link, or take the product out of the room',
  },
  {
    kind: 'login',
    certain: /<title>[^<]{0,120}(?:Sign in|Log ?in|登录|Anmelden|Iniciar sesión)[^<]{0,120}<\/title>/i,
    weak: /login\.(?:taobao|alibaba|1688)\.com\/(?:member|newlogin)|id="login-form"|name="fm-login-id"/i,
    found: 'a login page',
    todo: 'sign in with your browser, save the product page (Ctrl+S) and run `engine product FILE.html`',
  },
];
const HEAD_CHARS = 400_000;

/**
 * Throws E_LISTING_PAGE when a page is a challenge, a login or a product that is gone. `empty`: no product was found in
 * the page, so that weaker signs count too.
 */
function assertProductPage(html: string, where: string, empty = false): void {
  const head = html.slice(0, HEAD_CHARS);
  const fault =
    FAULTS.find(({ certain }) => certain.test(head)) ??
    (empty ? FAULTS.find(({ weak }) => weak.test(head)) : undefined);
  if (fault === undefined) return;
  const { kind, found, todo } = fault;
  throw new EngineError('E_LISTING_PAGE', { where, expected: 'a product page', found, todo, details: { kind } });
}

/** A page of a known shop whose data has no product in it. */
function emptyPage(html: string, where: string): EngineError {
  assertProductPage(html, where, true);
  return new EngineError('E_LISTING_PAGE', {
    where,
    expected: 'a page with product data (Alibaba.com, 1688, Taobao, or a shop with JSON-LD, microdata or Open Graph)',
    found: 'a page without product data',
    todo: 'save the page after it has loaded completely (Ctrl+S, "complete"), or paste title, price and facts as text: `engine product -`',
    details: { kind: 'no-data' },
  });
}

/** The link asks for one product, the page is about another. */
function assertSameProduct(asked: string | undefined, found: string | undefined, where: string): void {
  if (asked === undefined || found === undefined || asked === found) return;
  throw new EngineError('E_LISTING_PAGE', {
    where,
    expected: `product ${asked}`,
    found: `the page of product ${found}`,
    todo: 'the shop led to another product: check the link',
    details: { kind: 'other-product' },
  });
}

/** The product's number in a link of a known shop. */
function productIdOf(link: string): string | undefined {
  const url = URL.canParse(link) ? new URL(link) : undefined;
  if (url === undefined) return undefined;
  if (/(^|\.)alibaba\.com$/.test(url.hostname)) return /_(\d{6,})\.html/.exec(url.pathname)?.[1];
  if (/(^|\.)1688\.com$/.test(url.hostname)) return /\/offer\/(\d{6,})\.html/.exec(url.pathname)?.[1];
  if (/(^|\.)(taobao|tmall)\.com$/.test(url.hostname)) return url.searchParams.get('id') ?? undefined;
  return undefined;
}

interface PlacedListing {
  /** Where on the page it was found. */
  readonly place: string;
  readonly listing: Listing;
}

/** Fields that another place of the same page may fill; price and currency belong together. */
const FILLED = ['description', 'brand', 'categories', 'certificates', 'faq', 'pictures', 'languages'] as const;
const FIELDS: readonly (keyof Listing)[] = [
  ...([
    'id',
    'title',
    'priceLadder',
    'currency',
    'unit',
    'minimumOrder',
    'leadTime',
    'variants',
    'attributes',
  ] as const),
  ...(['packing', 'sample'] as const),
  ...FILLED,
];

const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === '' ||
  (typeof value === 'object' && value !== null && Object.keys(value).length === 0);

/**
 * The listing of the first place, with gaps filled from the others; undefined without a place. A listing of another title
 * is another product (accessories, "similar items") and fills nothing.
 */
function joinListings(found: readonly PlacedListing[]): Listing | undefined {
  const [first, ...others] = found;
  if (first === undefined) return undefined;
  let listing = first.listing;
  const has = FIELDS.filter((field) => !isEmpty(listing[field]));
  const origins: Origin[] = [{ place: first.place, fields: has }];
  for (const { place, listing: other } of others) {
    if (!isSameProduct(listing, other)) continue;
    const more: Partial<Listing> = {};
    if (listing.priceLadder.length === 0 && other.priceLadder.length > 0 && other.currency !== undefined)
      Object.assign(more, { priceLadder: other.priceLadder, currency: other.currency });
    for (const field of FILLED)
      if (isEmpty(listing[field]) && !isEmpty(other[field])) Object.assign(more, { [field]: other[field] });
    if (Object.keys(more).length === 0) continue;
    listing = { ...listing, ...more };
    origins.push({ place, fields: Object.keys(more) as (keyof Listing)[] });
  }
  return { ...listing, origins };
}

const lettersOf = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '')
    .slice(0, 200);

function isSameProduct(one: Listing, other: Listing): boolean {
  if (one.id !== undefined && one.id === other.id) return true;
  const [a, b] = [lettersOf(one.title), lettersOf(other.title)];
  return a !== '' && b !== '' && (a.startsWith(b) || b.startsWith(a));
}

/**
 * Bounds of a page, checked by its tags alone before its tree is built: building a tree of deep nesting takes time with
 * the square of its depth. The largest product pages seen have 15,000 elements in 60 levels.
 */
const PAGE_LIMITS = {
  depth: 256,
  elements: 60_000,
  attributes: 300_000,
  attributesOfOne: 400,
  comments: 20_000,
} as const;

/** Throws E_LISTING_INVALID, naming the bound that a page exceeds. */
function checkPageBounds(html: string, where: string): void {
  const counts = { depth: 0, elements: 0, attributes: 0, attributesOfOne: 0, comments: 0 };
  const count = (name: keyof typeof counts): void => {
    counts[name] += 1;
    if (counts[name] > PAGE_LIMITS[name]) throw tooMuch(where, name);
  };
  const parser = new Parser({
    onopentagname: () => (counts.attributesOfOne = 0),
    onattribute: () => {
      count('attributesOfOne');
      count('attributes');
    },
    onopentag: () => {
      count('elements');
      count('depth');
    },
    onclosetag: () => (counts.depth -= 1),
    oncomment: () => count('comments'),
  });
  parser.write(html);
  parser.end();
}

const NAMES: Readonly<Record<keyof typeof PAGE_LIMITS, string>> = {
  depth: 'levels of elements',
  elements: 'elements',
  attributes: 'attributes',
  attributesOfOne: 'attributes of one element',
  comments: 'comments',
};

const tooMuch = (where: string, name: keyof typeof PAGE_LIMITS): EngineError =>
  new EngineError('E_LISTING_INVALID', {
    where,
    expected: `at most ${PAGE_LIMITS[name]} ${NAMES[name]}`,
    found: 'a larger page',
    todo: 'paste title, price and facts as text: `engine product -`',
    details: { limit: name, most: PAGE_LIMITS[name] },
  });

const PLACES: readonly ListingPlace[] = [...ALIBABA_PLACES, ...PLACES_OF_1688, ...TAOBAO_PLACES];

/** Longest page, in characters: the largest product pages seen have 0.4 million. */
const MAX_PAGE_CHARS = 8_000_000;

interface ReadListingOptions {
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
    throw new EngineError('E_LISTING_INVALID', { where, expected: 'a page, JSON or text', found: 'an empty text' });
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
      found: 'an empty title',
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

/** Reads the first source that holds a product. Throws the fault of the source that says most. */
export function readSources(sources: readonly PageSource[], where: string): { listing: Listing; index: number } {
  let fault: EngineError | undefined;
  for (const [index, source] of sources.entries()) {
    try {
      const listing = readListing(textOf(source), {
        where: source.where,
        ...(source.link !== undefined && { link: source.link }),
      });
      return { listing: boundListing(listing), index };
    } catch (error) {
      if (!isEngineError(error)) throw error;
      // A page that names its fault (a bot wall, a removed product) says more than data that is no product.
      if (fault === undefined || error.code === 'E_LISTING_PAGE') fault = error;
    }
  }
  if (fault !== undefined) throw fault;
  throw new EngineError('E_LISTING_INVALID', {
    where,
    expected: 'html or data of a product page',
    found: 'a file with neither',
  });
}

function textOf({ text, data }: PageSource): string {
  if (data === undefined) return text ?? '';
  return JSON.stringify(data.name === 'jsonLd' ? data.value : { source: data.name, data: data.value });
}
