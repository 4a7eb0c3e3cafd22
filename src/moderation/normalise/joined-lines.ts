import type { Match } from '../match.js';
import { originalRange, type TextView, ViewBuilder } from './text-view.js';

/**
 * A text of several lines as a reader joins them: a word written in a column, one or two characters per line, and an
 * address broken at its dot.
 *
 * Whole words at the end of one line and the beginning of the next are not joined: only very short lines form a column.
 */
const LINE = /\r\n|[\n\r\u0085\u2028\u2029]/;
const MAX_COLUMN_LETTERS = 3;
/** Chinese words have two signs: a couplet of those is not a column. */
const MAX_COLUMN_SIGNS = 1;
const SIGNS = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Hangul}]/u;
/**
 * The name ends its line and the ending begins the next, or the dot ends the line and the ending does not begin a
 * sentence.
 */
const BROKEN_DOT = /[\p{L}\p{N}]\n\.\p{L}{2,}|[\p{L}\p{N}]\.\n[a-z]{2,6}(?![\p{L}'’ ])/gu;
/** Rules whose matches consist of parts that are harmless by themselves. */
const OF_CONTACTS = new Set(['3.1', '3.2']);

/** The text without such breaks, or undefined when it has none. */
export function joinedLines(text: string): TextView | undefined {
  if (!LINE.test(text)) return undefined;
  const lines = text.split(LINE).filter((line) => line.trim() !== '');
  const isColumn = lines.length > 1 && lines.every((line) => isShort(line.trim()));
  return isColumn ? without(text, (c) => LINE.test(c)) : withoutBrokenDots(text);
}

const isShort = (line: string): boolean => {
  const length = Array.from(line).length;
  return length <= (SIGNS.test(line) ? MAX_COLUMN_SIGNS : MAX_COLUMN_LETTERS);
};

function withoutBrokenDots(text: string): TextView | undefined {
  const breaks = new Set<number>();
  for (const m of text.matchAll(BROKEN_DOT)) breaks.add(m.index + m[0].indexOf('\n'));
  return breaks.size === 0 ? undefined : without(text, (_, at) => breaks.has(at));
}

function without(text: string, leaves: (unit: string, at: number) => boolean): TextView {
  const view = new ViewBuilder();
  for (let i = 0; i < text.length; i += 1) if (!leaves(text[i]!, i)) view.push(text[i]!, i, i + 1);
  return view.build();
}

/** Contacts that only the joined lines show, in offsets of the original text. */
export function acrossLines(text: string, find: (joined: string) => readonly Match[]): Match[] {
  const joined = joinedLines(text);
  if (joined === undefined) return [];
  return find(joined.text)
    .filter(({ rule, start, end }) => OF_CONTACTS.has(rule) && end > start)
    .map((f) => ({ ...f, ...originalRange(joined, f.start, f.end) }))
    .filter(({ start, end }) => LINE.test(text.slice(start, end)));
}
