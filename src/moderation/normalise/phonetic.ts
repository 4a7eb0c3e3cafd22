import { pinyin } from 'pinyin-pro';
import { isHanOrKana } from './scripts.js';
import type { TextView } from './text-view.js';

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
