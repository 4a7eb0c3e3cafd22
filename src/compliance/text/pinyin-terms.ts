import type { Found } from './found.js';
import { isPinyinLike, PINYIN_SYLLABLE } from './language.js';
import { type HeardTerm, type PhoneticTerm, soften, termsByFirst } from './phonetic.js';
import type { TextView } from './text-view.js';

/**
 * Chinese said in nothing but pinyin: "jia wo weixin", "zhijie zhi fu bao zhuan gei wo".
 *
 * The trouble: the same word comes as one, as its syllables, or parted anywhere between, and without tones most short words
 * are several. The rule: a line that is pinyin as a whole is read as one row of syllables, in which the words of a list
 * count whatever they are parted by, unless a word of denial stands right before.
 */
interface Syllable {
  readonly sound: string;
  readonly start: number;
  readonly end: number;
}

/** Most syllables between a word of denial and what it denies. */
const DENIAL_REACH = 3;
const DENIALS: ReadonlySet<string> = new Set(['bie', 'wu', 'buyao', 'buneng', 'buke', 'bushi', 'meiyou', 'congbu']);
/** "Can't you", 能不能, and "is there", 有没有, ask and do not deny. */
const ASKS: ReadonlySet<string> = new Set(['youmeiyou', 'shibushi', 'nengbuneng']);

export class PinyinDetector {
  readonly #terms: readonly PhoneticTerm[];
  #byFirst: ReadonlyMap<string, readonly HeardTerm[]> | undefined;

  constructor(terms: readonly PhoneticTerm[]) {
    this.#terms = terms;
  }

  /** Hits in a words view, in its offsets. */
  detect(words: TextView): Found[] {
    if (!isPinyinLike(words.text)) return [];
    const byFirst = (this.#byFirst ??= softly(termsByFirst(this.#terms)));
    const row = syllablesOf(words.text);
    const found: Found[] = [];
    for (let i = 0; i < row.length; i += 1) {
      for (const { term, syllables } of byFirst.get(row[i]!.sound) ?? []) {
        if (!syllables.every((s, n) => row[i + n]?.sound === soften(s)) || isDenied(row, i)) continue;
        found.push({
          rule: term.rule,
          kind: term.kind,
          start: row[i]!.start,
          end: row[i + syllables.length - 1]!.end,
        });
      }
    }
    return found;
  }
}

/** By how the south says the first syllable, as the row is kept. */
function softly(byFirst: ReadonlyMap<string, readonly HeardTerm[]>): Map<string, HeardTerm[]> {
  const soft = new Map<string, HeardTerm[]>();
  for (const [first, terms] of byFirst) soft.set(soften(first), [...(soft.get(soften(first)) ?? []), ...terms]);
  return soft;
}

function syllablesOf(text: string): Syllable[] {
  const row: Syllable[] = [];
  for (const m of text.matchAll(/[a-z]+/g)) {
    let at = m.index;
    for (const part of partsOf(m[0]) ?? [m[0]]) {
      row.push({ sound: soften(part.replace('v', 'u')), start: at, end: at + part.length });
      at += part.length;
    }
  }
  return row;
}

/** A word in syllables, long ones first; undefined where it is none. */
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
  const before = row.slice(Math.max(0, at - DENIAL_REACH), at).map((s) => s.sound);
  for (let i = 0; i < before.length; i += 1) {
    const two = `${before[i]}${before[i + 1] ?? ''}`;
    const three = `${row[at - before.length + i - 1]?.sound ?? ''}${two}`;
    if (ASKS.has(three) || ASKS.has(`${two}${before[i + 2] ?? ''}`)) return false;
    if (DENIALS.has(before[i]!) || DENIALS.has(two)) return true;
  }
  return false;
}
