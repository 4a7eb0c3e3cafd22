import type { Match } from '../match.js';
import { type HeardTerm, type PhoneticTerm, readings, termsByFirst } from './phonetic.js';
import { isHanOrKana } from './scripts.js';
import type { TextView } from './text-view.js';

/**
 * Chinese words written half in characters and half in pinyin: 抖yin, wei信, 加jia我wei信xin.
 *
 * Problem: every character may be replaced by its sound, or followed by it.
 * Rule: characters and adjacent syllables are read as one row of sounds; a syllable that repeats the character before
 * it is skipped; a listed word counts when some but not all of its sounds were letters, or when one was skipped inside
 * it. Words in one script are left to the lexicon.
 */
interface Sound {
  readonly sounds: readonly string[];
  readonly start: number;
  end: number;
  /** Written in letters. */
  readonly letters: boolean;
  /** Its pinyin follows it. */
  doubled: boolean;
}

const MAX_SYLLABLE_LETTERS = 6;

export class MixedPinyinDetector {
  readonly #terms: readonly PhoneticTerm[];
  #byFirst: ReadonlyMap<string, readonly HeardTerm[]> | undefined;

  constructor(terms: readonly PhoneticTerm[]) {
    this.#terms = terms;
  }

  /** Hits in a words view, in its offsets. */
  detect(words: TextView): Match[] {
    const found: Match[] = [];
    for (const row of rows(words.text)) {
      const byFirst = (this.#byFirst ??= termsByFirst(this.#terms));
      for (let i = 0; i < row.length; i += 1) {
        for (const sound of row[i]!.sounds) {
          for (const { term, syllables } of byFirst.get(sound) ?? []) {
            const part = row.slice(i, i + syllables.length);
            if (part.length < syllables.length || !part.every((p, s) => p.sounds.includes(syllables[s]!))) continue;
            const letters = part.filter((p) => p.letters).length;
            if (letters === part.length || (letters === 0 && !part.some((p) => p.doubled))) continue;
            found.push({ rule: term.rule, kind: term.kind, start: part[0]!.start, end: part[part.length - 1]!.end });
          }
        }
      }
    }
    return found;
  }
}

/** Unbroken ranges of characters and letters that contain both. */
function rows(text: string): Sound[][] {
  const all: Sound[][] = [];
  let row: Sound[] = [];
  let letters = false;
  let last = 0;
  const flush = (): void => {
    if (letters && row.length > 1) all.push(row);
    row = [];
    letters = false;
  };
  for (const m of text.matchAll(/\p{Script=Han}|[a-z]{1,20}/gu)) {
    const han = isHanOrKana(m[0].charCodeAt(0));
    if (m.index > last + 1 || (m.index > last && text[last] !== ' ')) flush();
    last = m.index + m[0].length;
    if (han) {
      row.push({ sounds: readings(m[0]), start: m.index, end: last, letters: false, doubled: false });
      continue;
    }
    const previous = row[row.length - 1];
    if (m[0].length > MAX_SYLLABLE_LETTERS) flush();
    else if (previous !== undefined && !previous.letters && previous.sounds.includes(m[0])) {
      previous.doubled = true;
      previous.end = last;
      letters = true;
    } else {
      row.push({ sounds: [m[0]], start: m.index, end: last, letters: true, doubled: false });
      letters = true;
    }
  }
  flush();
  return all;
}
