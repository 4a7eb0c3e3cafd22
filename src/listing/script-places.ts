import type { Listing } from './listing.js';
import type { PageValue } from './page-tree.js';

/**
 * Where the scripts of a page assign their data.
 *
 * Problem: a text such as "window.detailData = {" also stands in strings, comments and regular expressions, where it is
 * no assignment, and a page may assign several times.
 * Rule: each script is walked once, over strings, templates, comments and regular expressions. A pattern counts where a
 * name begins outside of them. Nothing is evaluated.
 */
export interface ScriptPlace {
  readonly name: string;
  /** Sticky, from the beginning of a name to the value: `window\.detailData\s*=\s*(?=\{)`. */
  readonly pattern: RegExp;
}

export interface FoundPlace<T extends ScriptPlace> {
  readonly place: T;
  /** Offset of the value. */
  readonly at: number;
}

/** One page has a few of them; the others are noise. */
const MAX_FOUND = 40;
const SCRIPT = /<script\b[^>]{0,400}>/gi;
const SCRIPT_END = /<\/script/gi;
/** Longer ones would let a hostile page be walked many times over. */
const MAX_REGEX_CHARS = 300;
/** After one of these a slash begins a regular expression. */
const BEFORE_REGEX = /[(,=:[!&|?{};+\-*%~^<>\n]/;

export function findScriptPlaces<T extends ScriptPlace>(html: string, places: readonly T[]): FoundPlace<T>[] {
  const found: FoundPlace<T>[] = [];
  SCRIPT.lastIndex = 0;
  for (let open = SCRIPT.exec(html); open !== null; open = SCRIPT.exec(html)) {
    const from = open.index + open[0].length;
    SCRIPT_END.lastIndex = from;
    const to = SCRIPT_END.exec(html)?.index ?? html.length;
    walk(html, from, to, places, found);
    if (found.length >= MAX_FOUND) break;
    SCRIPT.lastIndex = to;
  }
  return found;
}

const isWord = (code: number): boolean =>
  (code >= 97 && code <= 122) ||
  (code >= 65 && code <= 90) ||
  (code >= 48 && code <= 57) ||
  code === 95 ||
  code === 36 ||
  code > 127;

function walk<T extends ScriptPlace>(
  text: string,
  from: number,
  to: number,
  places: readonly T[],
  found: FoundPlace<T>[],
): void {
  let before = ';';
  let i = from;
  while (i < to) {
    const c = text[i]!;
    if (c === '"' || c === "'" || c === '`') {
      i = behindString(text, i, to);
      before = '"';
    } else if (c === '/' && text[i + 1] === '/') {
      const end = text.indexOf('\n', i);
      i = end < 0 ? to : end;
    } else if (c === '/' && text[i + 1] === '*') {
      const end = text.indexOf('*/', i + 2);
      i = end < 0 ? to : end + 2;
    } else if (c === '/' && BEFORE_REGEX.test(before)) {
      i = behindRegex(text, i, to);
      before = '"';
    } else if (isWord(text.charCodeAt(i))) {
      for (const place of places) {
        place.pattern.lastIndex = i;
        const hit = before === '.' ? null : place.pattern.exec(text);
        if (hit === null) continue;
        found.push({ place, at: i + hit[0].length });
        if (found.length >= MAX_FOUND) return;
        break;
      }
      const start = i;
      while (i < to && isWord(text.charCodeAt(i))) i += 1;
      before = text.slice(start, Math.min(i, start + 7)) === 'return' ? '(' : 'a';
    } else {
      if (c > ' ' || (c === '\n' && before !== 'a' && before !== '"' && before !== ')')) before = c;
      i += 1;
    }
  }
}

/** A string ends at its line; a template does not, and what stands in its `${}` is taken for its text. */
function behindString(text: string, start: number, to: number): number {
  const quote = text[start]!;
  for (let i = start + 1; i < to; i += 1) {
    const c = text[i]!;
    if (c === '\\') i += 1;
    else if (c === quote) return i + 1;
    else if (c === '\n' && quote !== '`') return i;
  }
  return to;
}

function behindRegex(text: string, start: number, to: number): number {
  let isClass = false;
  const end = Math.min(to, start + MAX_REGEX_CHARS);
  for (let i = start + 1; i < end; i += 1) {
    const c = text[i]!;
    if (c === '\\') i += 1;
    else if (c === '\n') return start + 1; // a division after all
    else if (c === '[') isClass = true;
    else if (c === ']') isClass = false;
    else if (c === '/' && !isClass) return i + 1;
  }
  return start + 1;
}

/** An assignment in a shop's pages, and how its value becomes a listing. */
export interface ListingPlace extends ScriptPlace {
  /** Numbers stand as keys without quotes. */
  readonly bareKeys?: boolean;
  /** Other scripts have such an assignment, too: one that cannot be read is no fault. */
  readonly isGuess?: boolean;
  readonly fits: (value: PageValue) => boolean;
  readonly read: (value: PageValue) => Listing;
}
