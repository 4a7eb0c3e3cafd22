import { is, selectAll } from 'css-select';
import { DomUtils, parseDocument } from 'htmlparser2';
import { EngineError } from '../core/errors.js';

/** A value of a stranger's page. Reading a member of anything but an object gives undefined, so paths need no checks. */
export class PageValue {
  constructor(readonly raw: unknown) {}

  at(...path: readonly (string | number)[]): PageValue {
    let value: unknown = this.raw;
    for (const key of path) {
      value =
        value !== null && typeof value === 'object' && Object.hasOwn(value, key)
          ? (value as Record<string | number, unknown>)[key]
          : undefined;
    }
    return new PageValue(value);
  }

  get exists(): boolean {
    return this.raw !== undefined && this.raw !== null;
  }

  /** Trimmed, blanks joined; undefined when it is empty or no text. Numbers become text. */
  get text(): string | undefined {
    if (typeof this.raw === 'number' && Number.isFinite(this.raw)) return String(this.raw);
    if (typeof this.raw !== 'string') return undefined;
    const text = this.raw.replace(/\s+/g, ' ').trim();
    return text === '' ? undefined : text;
  }

  /** Finite; from a number or a text such as "3.87" or "1,200.50". */
  get number(): number | undefined {
    if (typeof this.raw === 'number') return Number.isFinite(this.raw) ? this.raw : undefined;
    if (typeof this.raw !== 'string') return undefined;
    const text = this.raw.replace(/,(?=\d{3}\b)/g, '').trim();
    if (!/^[+-]?\d+(\.\d+)?$/.test(text)) return undefined;
    return Number(text);
  }

  get list(): readonly PageValue[] {
    return Array.isArray(this.raw) ? this.raw.map((one: unknown) => new PageValue(one)) : [];
  }

  get entries(): readonly (readonly [string, PageValue])[] {
    if (this.raw === null || typeof this.raw !== 'object' || Array.isArray(this.raw)) return [];
    return Object.entries(this.raw).map(([key, value]) => [key, new PageValue(value)] as const);
  }
}

/** Keys that would reach an object's prototype. */
const DROPPED_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);
const MAX_DEPTH = 200;

/** Fields that a reading left aside, for a seller who wonders where one went. */
export type PageNote =
  | { readonly kind: 'dropped-key'; readonly where: string; readonly key: string }
  | { readonly kind: 'unread-place'; readonly where: string; readonly reason: string };

/** A hostile page may give a reason at every byte. */
const MAX_NOTES = 20;
const MAX_REASON_CHARS = 200;

export class PageNotes {
  readonly list: PageNote[] = [];

  dropped(where: string, key: string): void {
    if (this.list.some((one) => one.kind === 'dropped-key' && one.where === where && one.key === key)) return;
    this.add({ kind: 'dropped-key', where, key });
  }

  unread(where: string, reason: string): void {
    this.add({ kind: 'unread-place', where, reason: reason.slice(0, MAX_REASON_CHARS) });
  }

  private add(note: PageNote): void {
    if (this.list.length < MAX_NOTES) this.list.push(note);
  }
}

/**
 * Reads the one JSON value that begins at `start` of a page's script and ignores the text after it. The script is never
 * evaluated. `bareKeys`: numbers may stand as keys without quotes, as 1688 writes them.
 */
export function readJsonValue(
  text: string,
  start: number,
  where: string,
  { bareKeys = false, notes }: { bareKeys?: boolean; notes?: PageNotes | undefined } = {},
): PageValue {
  const end = endOfValue(text, start, where);
  let json = text.slice(start, end);
  if (bareKeys) json = quoteBareKeys(json);
  return parsePageJson(json, where, notes);
}

/** Parses JSON from outside. Keys that reach a prototype are dropped with a note; the rest of the page is read. */
export function parsePageJson(json: string, where: string, notes?: PageNotes): PageValue {
  try {
    return new PageValue(
      JSON.parse(json, (key, inner: unknown) => {
        if (!DROPPED_KEYS.has(key)) return inner;
        notes?.dropped(where, key);
        return undefined; // removes the key
      }),
    );
  } catch (cause) {
    throw new EngineError('E_LISTING_INVALID', {
      where,
      expected: 'JSON',
      found: cause instanceof RangeError ? 'values nested too deeply' : (cause as Error).message,
      todo: 'save the page again once it has loaded completely',
      cause,
    });
  }
}

/** Offset behind the value that begins at `start`; brackets inside of strings do not count. */
function endOfValue(text: string, start: number, where: string): number {
  let depth = 0;
  for (let i = start; i < text.length; i += 1) {
    const c = text[i]!;
    if (c === '"') {
      i = endOfString(text, i);
      if (i < 0) break;
      if (depth === 0) return i + 1;
    } else if (c === '{' || c === '[') {
      depth += 1;
      if (depth > MAX_DEPTH) break;
    } else if (c === '}' || c === ']') {
      depth -= 1;
      if (depth === 0) return i + 1;
    } else if (depth === 0 && !/\s/.test(c)) {
      const plain = /^[-\w.+]+/.exec(text.slice(i, i + 40));
      if (plain === null) break;
      return i + plain[0].length;
    }
  }
  throw new EngineError('E_LISTING_INVALID', {
    where,
    expected: 'a whole JSON value',
    found: depth > MAX_DEPTH ? `more than ${MAX_DEPTH} levels` : 'the end of the page',
    todo: 'save the page again once it has loaded completely',
  });
}

/** Offset of the quote that ends the string which begins at `start`; −1 when none does. */
function endOfString(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i += 1) {
    if (text[i] === '\\') i += 1;
    else if (text[i] === '"') return i;
  }
  return -1;
}

function quoteBareKeys(json: string): string {
  let out = '';
  let from = 0;
  for (let i = 0; i < json.length; i += 1) {
    if (json[i] === '"') {
      const end = endOfString(json, i);
      if (end < 0) break;
      i = end;
    } else if (json[i] === '{' || json[i] === ',') {
      const key = /^[{,]\s*(\d{1,24}|[A-Za-z_$][\w$]{0,80})\s*:/.exec(json.slice(i, i + 120));
      if (key === null) continue;
      out += `${json.slice(from, i + 1)}"${key[1]}":`;
      i += key[0].length - 1;
      from = i + 1;
    }
  }
  return out + json.slice(from);
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/** Text of a piece of HTML: without tags, scripts and styles, entities resolved, blanks joined. */
export function plainText(html: string | undefined): string {
  return (html ?? '')
    .replace(/<(script|style)\b[^]*?(<\/\1\s*>|$)/gi, ' ')
    .replace(/<[^<>]*>/g, ' ')
    .replace(/&(#x[0-9a-f]{1,6}|#\d{1,7}|[a-z]{2,8});/gi, (whole, name: string) => entity(name) ?? whole)
    .replace(/\s+/g, ' ')
    .trim();
}

function entity(name: string): string | undefined {
  if (!name.startsWith('#')) return ENTITIES[name.toLowerCase()];
  const code = /^#x/i.test(name) ? parseInt(name.slice(2), 16) : Number(name.slice(1));
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}

/** A picture's address in its largest variant: shops append the size of a thumbnail to the name of the file. */
export function largestPicture(url: string): string {
  const absolute = url.startsWith('//') ? `https:${url}` : url;
  return absolute
    .replace(/(\.(?:jpe?g|png|webp))_(?:\d+x\d+[\w.-]*|sum[\w.-]*|b[\w.-]*|q\d+[\w.-]*|\.webp)$/i, '$1')
    .replace(/_\d{2,4}x\d{2,4}(?:q\d+)?(\.(?:jpe?g|png|webp))(?=$|[?#])/i, '$1')
    .replace(/\.(?:search|summ|220x220|310x310|400x400)(\.(?:jpe?g|png|webp))(?=$|[?#])/i, '$1');
}

type Node = ReturnType<typeof parseDocument>['children'][number];
type Parent = ReturnType<typeof parseDocument> | Extract<Node, { children: unknown }>;
type Element = Extract<Node, { attribs: unknown }>;

/** A saved page, or an element of it, read by CSS selectors. */
export class PageTree {
  private constructor(private readonly node: Parent) {}

  static read(html: string): PageTree {
    return new PageTree(parseDocument(html));
  }

  /** Descendants in the order of the page. */
  all(selector: string): PageTree[] {
    return selectAll<Node, Element>(selector, this.node.children as Node[]).map((one) => new PageTree(one));
  }

  first(selector: string): PageTree | undefined {
    return this.all(selector)[0];
  }

  /** Text of the first descendant; empty without one. */
  textOf(selector: string): string {
    return this.first(selector)?.text ?? '';
  }

  /** An attribute of the first descendant that the selector names. */
  attrOf(selector: string, name: string): string | undefined {
    return this.first(selector)?.attr(name);
  }

  attr(name: string): string | undefined {
    return 'attribs' in this.node ? this.node.attribs[name] : undefined;
  }

  /** Itself or the nearest ancestor. */
  closest(selector: string): PageTree | undefined {
    for (let at: Parent | null = this.node; at !== null && 'attribs' in at; at = at.parent as Parent | null)
      if (is<Node, Element>(at, selector)) return new PageTree(at);
    return undefined;
  }

  /** The nearest later sibling. */
  next(selector: string): PageTree | undefined {
    let at = DomUtils.nextElementSibling(this.node as Element);
    while (at !== null && !is<Node, Element>(at, selector)) at = DomUtils.nextElementSibling(at);
    return at === null ? undefined : new PageTree(at);
  }

  get text(): string {
    return DomUtils.textContent(this.node as Node);
  }

  get html(): string {
    return DomUtils.getOuterHTML(this.node as Node);
  }
}
