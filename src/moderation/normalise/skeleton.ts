import { AhoCorasick } from '../lexicon/aho-corasick.js';
import type { Match } from '../match.js';
import { isAsciiLetter, isDigit } from './scripts.js';
import { originalRange, type TextView, ViewBuilder } from './text-view.js';

/**
 * Names of other platforms written with digits and signs for letters (wh4t5app, te|egram), stretched (whattsapppp) or
 * spaced out (w e c h a t, w.h.a.t.s.a.p.p). Names and text are reduced to a skeleton in which these forms are equal.
 */
const LEET: Readonly<Record<string, string>> = {
  '0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', '7': 't', '8': 'b', '9': 'g', '@': 'a', $: 's', '|': 'i', '!': 'i', l: 'i', '€': 'e', '+': 't',
}; // prettier-ignore

const bone = (c: string): string => LEET[c] ?? c;
const inWord = (c: string): boolean =>
  isAsciiLetter(c.charCodeAt(0)) ||
  isDigit(c.charCodeAt(0)) ||
  c === '@' ||
  c === '$' ||
  c === '|' ||
  c === '!' ||
  c === '€' ||
  c === '+';

/** A name as a skeleton: leet undone, doubled letters once. */
function skeletonOf(name: string): string {
  let out = '';
  for (const c of name) {
    const b = bone(c);
    if (b !== out[out.length - 1]) out += b;
  }
  return out;
}

interface Piece {
  readonly start: number;
  readonly end: number;
  readonly letters: number;
}

function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  for (let i = 0; i < text.length;) {
    if (!inWord(text[i]!)) {
      i += 1;
      continue;
    }
    let end = i;
    let letters = 0;
    while (end < text.length && inWord(text[end]!)) {
      if (isAsciiLetter(text.charCodeAt(end))) letters += 1;
      end += 1;
    }
    found.push({ start: i, end, letters });
    i = end;
  }
  return found;
}

/** Letters with one or two of them struck out: wech*t, t#legr#m. */
const STARRED = /(?<![a-z0-9*#])(?=[a-z*#]{6,16}(?![a-z0-9*#]))[a-z]+[*#]{1,2}[a-z*#]*/g;

/** Finds disguised names. Plainly written ones are left to the lexicon. */
export class SkeletonDetector {
  readonly #automaton: AhoCorasick;
  readonly #names: readonly string[];
  readonly #plain: ReadonlySet<string>;
  readonly #rule: string;
  readonly #kind: string;

  /** `names`: single Latin words of six letters or more. */
  constructor(names: readonly string[], rule: string, kind: string) {
    this.#rule = rule;
    this.#kind = kind;
    this.#plain = new Set(names);
    this.#names = [...new Set(names.map(skeletonOf))].filter((n) => n.length >= 5);
    this.#automaton = AhoCorasick.of(this.#names);
  }

  #starred(folded: TextView): Match[] {
    const found: Match[] = [];
    for (const m of folded.text.matchAll(STARRED)) {
      const [token] = m;
      const hit = [...this.#plain].some(
        (name) =>
          name.length === token.length && Array.from(token).every((c, i) => c === name[i] || c === '*' || c === '#'),
      );
      if (!hit || token.replace(/[^*#]/g, '').length > 2) continue;
      found.push({
        rule: this.#rule,
        kind: this.#kind,
        ...originalRange(folded, m.index, m.index + token.length),
      });
    }
    return found;
  }

  detect(folded: TextView): Match[] {
    const text = folded.text;
    const all = pieces(text);
    const view = new ViewBuilder();
    for (let p = 0; p < all.length;) {
      let q = p;
      while (
        q + 1 < all.length &&
        all[q]!.end - all[q]!.start === 1 &&
        all[q + 1]!.end - all[q + 1]!.start === 1 &&
        all[q + 1]!.start - all[q]!.end <= 3
      ) q += 1; // prettier-ignore
      const joined = q - p >= 3;
      const last = joined ? q : p;
      if (joined || all[p]!.letters >= 2) {
        view.push(' ', all[p]!.start, all[p]!.start);
        let previous = ' ';
        for (let k = p; k <= last; k += 1) {
          for (let i = all[k]!.start; i < all[k]!.end; i += 1) {
            const b = bone(text[i]!);
            if (b !== previous) view.push(b, i, i + 1);
            previous = b;
          }
        }
      }
      p = last + 1;
    }
    view.push(' ', text.length, text.length);
    const skeleton = view.build();
    const found: Match[] = this.#starred(folded);
    this.#automaton.search(skeleton.text, (word, start, end) => {
      const long = this.#names[word]!.length >= 7;
      if (!long && (skeleton.text[start - 1] !== ' ' || skeleton.text[end] !== ' ')) return;
      const from = skeleton.start[start]!;
      const to = skeleton.end[end - 1]!;
      if (this.#plain.has(text.slice(from, to))) return;
      found.push({ rule: this.#rule, kind: this.#kind, ...originalRange(folded, from, to) });
    });
    return found;
  }
}
