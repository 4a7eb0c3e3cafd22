import type { Match } from '../match.js';
import { isSmallWord } from '../normalise/small-words.js';
import { originalRange, type TextView } from '../normalise/text-view.js';
import { wordTable } from '../words/word-table.js';
import { readings } from '../normalise/scripts.js';

const CHAT_ID_WORDS = wordTable('detect-chat-ids');

/**
 * Account names behind a disguised 微信: 伽威星：ruirui_home, 围·心→ bolang_888, 卍信 ☞ lili_88, W X：deng-007.
 *
 * Problem: any two characters with a similar sound can stand for the platform's name, so no list has them all, and the
 * same sound occurs in "satellite" and "miniature".
 * Rule: a pair that sounds like wei xin(g), any character before 信 that does not form a word with it, or "W X" counts
 * when an account name follows at once: five characters or more that begin with a letter and contain a digit, "_" or
 * "-". Ordinary words with the same sound are listed.
 */

const JOINT = '[ \\t·.•*_~-]{0,3}';
const ARROW = '[^\\p{L}\\p{M}\\p{N}\\n,.!?;()]{0,5}';
const ID = '([a-z][a-z0-9_-]{4,30})(?![a-z0-9@.])';
const TWO_SIGNS = new RegExp(`([\\p{Script=Han}卍卐])${JOINT}(\\p{Script=Han})号?${ARROW}${ID}`, 'gu');
const LETTERS = new RegExp(`(?<![a-z0-9]|[a-z] ?x )[wv][ .]?x ?(?:[:=→➜☞>.]|号)[ \\t:]{0,3}${ID}`, 'gu');
/** "Add V" with any character for 加: 伽V hd_kevin. */
const ADD_V = new RegExp(`(\\p{Script=Han})${JOINT}[vw]${ARROW}${ID}`, 'gu');
/** "Q Q 12345678", 🐧 12345678. */
const QQ = /(?<![a-z0-9]|企|小)(?:q ?q|企鹅)(?:号)?[\s:=]{0,3}([1-9]\d{5,10})(?!\d)/gu;
const NAME = /[0-9_-]/;
/** A model or series may be named WX. */
const MODEL_BEFORE = new RegExp(String.raw`(?:${CHAT_ID_WORDS.any('model-labels')})\s?[:=]?\s?$`);

/** Ordinary words that sound like 微信 or 微星 and precede model names. */
const INNOCENT = new Set(CHAT_ID_WORDS.list('sound-alikes'));
/** Characters that form ordinary words with 信. */
const BEFORE_XIN = new Set(
  '通电诚相自守迷回书来音坚确轻亲征授失背中海国建平证资公取可置凭讯宠笃深不采以短私发收去写家寄传致引我您你他她请的用和与或给新真收移联互华高天大金安立光明长',
);

const sounds = (character: string, ...syllables: string[]): boolean =>
  readings(character).some((r) => syllables.includes(r));

/** Offsets are those of the original; `folded` is its folded view. */
export function detectChatIds(folded: TextView): Match[] {
  const found: Match[] = [];
  const text = folded.text;
  const add = (start: number, end: number): void => {
    found.push({ rule: '3.2', kind: 'platform', ...originalRange(folded, start, end) });
  };
  TWO_SIGNS.lastIndex = 0;
  for (let m = TWO_SIGNS.exec(text); m !== null; m = TWO_SIGNS.exec(text)) {
    // The second sign of a rejected pair may begin another pair.
    TWO_SIGNS.lastIndex = m.index + 1;
    const [whole, first, second, id] = m;
    if (!NAME.test(id!) || INNOCENT.has(first! + second!)) continue;
    const heard = sounds(first!, 'wei') && sounds(second!, 'xin', 'xing');
    const odd = second === '信' && !BEFORE_XIN.has(first!);
    if (heard || odd) add(m.index, m.index + whole.length);
  }
  LETTERS.lastIndex = 0;
  for (let m = LETTERS.exec(text); m !== null; m = LETTERS.exec(text)) {
    if (!NAME.test(m[1]!) || MODEL_BEFORE.test(text.slice(Math.max(0, m.index - 12), m.index))) continue;
    add(m.index, m.index + m[0].length);
  }
  for (const m of text.matchAll(QQ)) add(m.index, m.index + m[0].length);
  ADD_V.lastIndex = 0;
  for (let m = ADD_V.exec(text); m !== null; m = ADD_V.exec(text)) {
    if (NAME.test(m[2]!) && sounds(m[1]!, 'jia')) add(m.index, m.index + m[0].length);
  }
  return found;
}

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
