/** Classes of characters for word matching. */
import { pinyin } from 'pinyin-pro';
import type { TextView } from './text-view.js';

/** Scripts without spaces between words: a word may begin and end anywhere. */
const LOOSE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Hangul}\u30fc]/u;
const WORDY = /[\p{L}\p{M}\p{N}]/u;
const HAN_OR_KANA = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u30fc]/u;

const enum Kind {
  Other = 1,
  Wordy = 2,
  Loose = 3,
  HanOrKana = 4,
}

const kinds = new Map<number, Kind>();

function kindOf(unit: number): Kind {
  let kind = kinds.get(unit);
  if (kind === undefined) {
    const c = String.fromCharCode(unit);
    if (HAN_OR_KANA.test(c)) kind = Kind.HanOrKana;
    else if (LOOSE.test(c)) kind = Kind.Loose;
    else if (WORDY.test(c) || (unit >= 0xd800 && unit <= 0xdfff)) kind = Kind.Wordy;
    else kind = Kind.Other;
    kinds.set(unit, kind);
  }
  return kind;
}

/** Letters, digits and marks of any script. */
export const isWordy = (unit: number): boolean => kindOf(unit) !== Kind.Other;
/** Han and kana. */
export const isHanOrKana = (unit: number): boolean => kindOf(unit) === Kind.HanOrKana;
/** Letters of scripts without spaces between words. */
export const isLoose = (unit: number): boolean => kindOf(unit) === Kind.Loose || kindOf(unit) === Kind.HanOrKana;
export const isDigit = (unit: number): boolean => unit >= 48 && unit <= 57;
export const isAsciiLetter = (unit: number): boolean => unit >= 97 && unit <= 122;
export const isArabic = (unit: number): boolean => unit >= 0x600 && unit <= 0x6ff;

/** Chinese words recognised by sound, whatever characters they are written with: 芝付宝 for 支付宝. */
export interface PhoneticTerm {
  readonly word: string;
  readonly rule: string;
  readonly kind: string;
}

export interface HeardTerm {
  readonly term: PhoneticTerm;
  readonly syllables: readonly string[];
}

/** Terms by their first syllable. Takes a tenth of a second, so it is done for the first Chinese text. */
export function termsByFirst(terms: readonly PhoneticTerm[]): Map<string, HeardTerm[]> {
  const byFirst = new Map<string, HeardTerm[]>();
  for (const term of terms) {
    const syllables = pinyin(term.word, { toneType: 'none', type: 'array' });
    const list = byFirst.get(syllables[0]!);
    if (list === undefined) byFirst.set(syllables[0]!, [{ term, syllables }]);
    else list.push({ term, syllables });
  }
  return byFirst;
}

/** A syllable in southern pronunciation: "zh", "ch" and "sh" become "z", "c" and "s". */
export const soften = (syllable: string): string => syllable.replace(/^([zcs])h/, '$1');
const softMemo = new Map<string, readonly string[]>();

function softly(character: string): readonly string[] {
  let known = softMemo.get(character);
  if (known === undefined) softMemo.set(character, (known = readings(character).map(soften)));
  return known;
}

const memo = new Map<string, readonly string[]>();

/** All readings of a character, without tones. */
export function readings(character: string): readonly string[] {
  let known = memo.get(character);
  if (known === undefined) {
    known = [...new Set(pinyin(character, { toneType: 'none', multiple: true, type: 'array' }))];
    memo.set(character, known);
  }
  return known;
}

export class PhoneticDetector {
  /** First reading → terms, each as syllables. */
  #byFirst: ReadonlyMap<string, readonly HeardTerm[]> | undefined;
  readonly #terms: readonly PhoneticTerm[];
  readonly #except: ReadonlySet<string>;

  /**
   * Terms of three syllables or more, because shorter ones sound like too many others. `except` are innocent words with
   * the same sound.
   */
  constructor(terms: readonly PhoneticTerm[], except: readonly string[]) {
    // A plainly written word is left to the lexicon, which handles warnings.
    this.#except = new Set([...except, ...terms.map((t) => t.word)]);
    this.#terms = terms;
  }

  /**
   * Hits in a words view, in its offsets. Only the first syllable accepts the southern pronunciation: 公纵号 is 公众号 as
   * well.
   */
  detect(words: TextView): { rule: string; kind: string; start: number; end: number }[] {
    const text = words.text;
    const found: { rule: string; kind: string; start: number; end: number }[] = [];
    for (let i = 0; i < text.length; i += 1) {
      if (!isHanOrKana(text.charCodeAt(i))) continue;
      const byFirst = (this.#byFirst ??= termsByFirst(this.#terms));
      for (const reading of readings(text[i]!)) {
        for (const { term, syllables } of byFirst.get(reading) ?? []) {
          if (i + syllables.length > text.length) continue;
          let same = true;
          for (let s = 1; s < syllables.length && same; s += 1) {
            same = isHanOrKana(text.charCodeAt(i + s)) && softly(text[i + s]!).includes(soften(syllables[s]!));
          }
          const written = text.slice(i, i + syllables.length);
          if (!same || this.#except.has(written)) continue;
          found.push({ rule: term.rule, kind: term.kind, start: i, end: i + syllables.length });
        }
      }
    }
    return found;
  }
}
