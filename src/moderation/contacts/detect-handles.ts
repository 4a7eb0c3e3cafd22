import type { Match } from '../match.js';
import { isSmallWord } from '../normalise/small-words.js';
import { originalRange, type TextView } from '../normalise/text-view.js';
import { wordTable } from '../words/word-table.js';

const WORDS = wordTable('detect-handles');

/** Detects account names: "@shop_88", and identifiers after a platform's name: "vx: abc123", "QQ 12345678". */

const HANDLE = /(?<![a-z0-9._%+@/-])@[a-z0-9_.]{3,30}/g;
/** "@ name", with a space; "@ 5 USD" is a price. */
const SPACED_HANDLE = /(?<![a-z0-9._%+@/-])@ (?!usd|eur|rmb|cny|us_)([a-z][a-z0-9_.]{4,29})(?![a-z0-9@])/g;
const PROPER = /[0-9_.]/;
/** Text allowed between a platform's name and the identifier. */
const IDENTIFIER = new RegExp(
  String.raw`^[^a-z0-9\p{L}@]{0,4}(?:(?:${WORDS.any('between-app-and-account')})[\s:.,=-]{0,3}){0,3}(?:@\s?)?([a-z0-9][a-z0-9_.-]{2,29})`,
  'u',
);

const PLAIN = /^[a-z][a-z.-]{4,29}$/;
const SAID = new RegExp(String.raw`(?<![a-z])(?:${WORDS.any('announce-account')})(?![a-z])|[:=]|[^\s\d!-~a-z]`);
const OTHER_SCRIPT = /[^\p{Script=Latin}\P{L}]\s*$/u;

/** @-names that lead off the platform. `viewers` are the folded names of people in the room, who may be addressed. */
export function detectHandles(folded: TextView, viewers: ReadonlySet<string>, contactCue: boolean): Match[] {
  const found: Match[] = [];
  HANDLE.lastIndex = 0;
  for (let m = HANDLE.exec(folded.text); m !== null; m = HANDLE.exec(folded.text)) {
    const name = m[0].slice(1).replace(/\.+$/, '');
    if (name.length < 3 || isOwnOrViewer(name, viewers)) continue;
    if (!PROPER.test(name) && !contactCue) continue;
    found.push({ rule: '3.2', kind: 'handle', ...originalRange(folded, m.index, m.index + 1 + name.length) });
  }
  if (!contactCue) return found;
  SPACED_HANDLE.lastIndex = 0;
  for (let m = SPACED_HANDLE.exec(folded.text); m !== null; m = SPACED_HANDLE.exec(folded.text)) {
    const name = m[1]!.replace(/\.+$/, '');
    if (!/[0-9_]/.test(name) || viewers.has(name)) continue;
    found.push({ rule: '3.2', kind: 'handle', ...originalRange(folded, m.index, m.index + 2 + name.length) });
  }
  return found;
}

/** A text that consists of an account name, as on a sticker; when spoken, it addresses a viewer. */
const ALONE = /^[^\p{L}\p{N}@]{0,8}(@[a-z0-9_.]{3,30})[^\p{L}\p{N}@]{0,8}$/u;

export function handleAlone(folded: TextView, viewers: ReadonlySet<string>): Match[] {
  const m = ALONE.exec(folded.text);
  if (m === null || isOwnOrViewer(m[1]!.slice(1), viewers)) return [];
  const start = m[0].indexOf('@');
  return [{ rule: '3.2', kind: 'handle', ...originalRange(folded, start, start + m[1]!.length) }];
}

const isOwnOrViewer = (name: string, viewers: ReadonlySet<string>): boolean =>
  viewers.has(name) ||
  /^\d+(?:\.\d+)?$/.test(name) ||
  name.startsWith('alibaba') ||
  name.startsWith('taobao') ||
  name.startsWith('tmall');

/**
 * Whether a word without digits is an account name: the line announces one, the word is Latin within another script, or
 * it ends the line.
 */
function isPlainName(word: string, text: string, from: number, link: number): boolean {
  if (!PLAIN.test(word) || isSmallWord(word)) return false;
  const between = text.slice(from, from + link);
  return SAID.test(between) || OTHER_SCRIPT.test(text.slice(0, from)) || from + link + word.length >= text.length;
}

/** End of the identifier after a name in the folded view, or `from` without one. */
export function identifierEnd(text: string, from: number): number {
  const m = IDENTIFIER.exec(text.slice(from, from + 70));
  if (m === null) return from;
  const identifier = m[1]!.replace(/[.-]+$/, '');
  if (!/[\d_]/.test(identifier) && !isPlainName(identifier, text, from, m[0].length - m[1]!.length)) return from;
  if (/^\d{1,2}$/.test(identifier)) return from;
  return from + m[0].length - (m[1]!.length - identifier.length);
}
