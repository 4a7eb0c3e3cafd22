import type { Match } from '../match.js';
import { isPinyinLike, PINYIN_SYLLABLE } from '../language/detect-language.js';
import { type HeardTerm, type PhoneticTerm, soften, termsByFirst } from './phonetic.js';
import { originalRange, type TextView } from './text-view.js';

/**
 * Chinese written only in pinyin: "jia wo weixin", "zhijie zhi fu bao zhuan gei wo".
 *
 * Problem: a word may be written in one piece, as syllables, or split anywhere, and without tones most short words are
 * ambiguous.
 * Rule: a line that is pinyin as a whole is read as one row of syllables, in which listed words count however they are
 * split, unless a denial directly precedes.
 */
interface Syllable {
  readonly sound: string;
  readonly start: number;
  readonly end: number;
  /** A comma or a stop precedes it. */
  readonly begins: boolean;
}

/** Maximum syllables between a denial or warning and its object, within one clause. */
const DENIAL_REACH = 6;
const DENIALS: ReadonlySet<string> = new Set(
  'bie wu buyao buneng buke bushi meiyou congbu bumai bushou buzuo bujie xiaoxin fangzhi jinzi'.split(' '),
);
/** "Can't you", 能不能, and "is there", 有没有, ask and do not deny. */
const ASKS: ReadonlySet<string> = new Set(['youmeiyou', 'sibusi', 'nengbuneng', 'yaobuyao', 'kebuke']);

export class PinyinDetector {
  readonly #terms: readonly PhoneticTerm[];
  #byFirst: ReadonlyMap<string, readonly HeardTerm[]> | undefined;

  constructor(terms: readonly PhoneticTerm[]) {
    this.#terms = terms;
  }

  /** Hits in offsets of the original. */
  detect(words: TextView, original: string): Match[] {
    if (!isPinyinLike(words.text)) return [];
    const byFirst = (this.#byFirst ??= softly(termsByFirst(this.#terms)));
    const row = syllablesOf(words, original);
    const found: Match[] = [];
    for (let i = 0; i < row.length; i += 1) {
      for (const { term, syllables } of byFirst.get(row[i]!.sound) ?? []) {
        if (!syllables.every((s, n) => row[i + n]?.sound === soften(s)) || isDenied(row, i)) continue;
        const range = originalRange(words, row[i]!.start, row[i + syllables.length - 1]!.end);
        found.push({ rule: term.rule, kind: term.kind, ...range });
      }
    }
    return found;
  }
}

/** Terms by the southern pronunciation of the first syllable, as stored in the row. */
function softly(byFirst: ReadonlyMap<string, readonly HeardTerm[]>): Map<string, HeardTerm[]> {
  const soft = new Map<string, HeardTerm[]>();
  for (const [first, terms] of byFirst) soft.set(soften(first), [...(soft.get(soften(first)) ?? []), ...terms]);
  return soft;
}

function syllablesOf(words: TextView, original: string): Syllable[] {
  const row: Syllable[] = [];
  let last = 0;
  for (const m of words.text.matchAll(/[a-z]+/g)) {
    let at = m.index;
    let begins = /[,.;:!?，。！？；]/.test(original.slice(last, words.start[at]));
    last = words.end[at + m[0].length - 1]!;
    for (const part of partsOf(m[0]) ?? [m[0]]) {
      row.push({ sound: soften(part.replace('v', 'u')), start: at, end: at + part.length, begins });
      at += part.length;
      begins = false;
    }
  }
  return row;
}

/** A word as syllables, long ones first; undefined when it is not pinyin. */
function partsOf(word: string): readonly string[] | undefined {
  if (word === '') return [];
  for (let length = Math.min(6, word.length); length > 0; length -= 1) {
    const head = word.slice(0, length);
    if (!PINYIN_SYLLABLE.test(head)) continue;
    const rest = partsOf(word.slice(length));
    if (rest !== undefined) return [head, ...rest];
  }
  return undefined;
}

function isDenied(row: readonly Syllable[], at: number): boolean {
  for (let i = at; i >= Math.max(0, at - DENIAL_REACH); i -= 1) {
    if (i < at) {
      const one = row[i]!.sound;
      const two = `${one}${row[i + 1]?.sound ?? ''}`;
      const around = [i - 1, i - 2].map(
        (n) => `${row[n]?.sound ?? ''}${row[n + 1]?.sound ?? ''}${row[n + 2]?.sound ?? ''}`,
      );
      if (around.some((three) => ASKS.has(three)) || ASKS.has(`${two}${row[i + 2]?.sound ?? ''}`)) return false;
      if (DENIALS.has(one) || DENIALS.has(two)) return true;
    }
    if (row[i]!.begins) return false;
  }
  return false;
}
