import type { RulePacks } from '../packs/rule-packs.js';
import type { Match } from '../match.js';
import { normalise } from '../normalise/normalise.js';
import { originalRange, type TextView } from '../normalise/text-view.js';

/**
 * Curses and obscene words with struck-out letters: f**k, sh!t, pend*jo, с*ка.
 *
 * Problem: buyers' names are masked the same way (j**n, 张**).
 * Rule: the remaining letters match a listed word in their positions and are more than half of it; for the few words
 * that everybody strikes out, the first and last letter are sufficient.
 */
const TOKEN = /(?<![\p{L}\p{M}\p{N}*#@!$&_-])\p{L}[\p{L}\p{M}]{0,10}[*#@!$&_•]{1,3}[\p{L}\p{M}*#@!$&_•]{0,10}/gu;
const STRUCK = /[*#@!$&_•]/u;
const KINDS: ReadonlySet<string> = new Set(['insult', 'obscene']);
const KNOWN_BY_ENDS: ReadonlyMap<string, readonly string[]> = new Map([
  ['5.2', ['fuck', 'shit', 'cunt', 'fucking', 'bitch']],
]);
const MIN_LETTERS = 4;
const MAX_LETTERS = 14;

export class StarredWords {
  readonly #words: readonly { readonly letters: readonly string[]; readonly rule: string; readonly kind: string }[];

  constructor(packs: RulePacks) {
    const listed = packs.flatMap(({ rule, say }) =>
      Object.entries(say)
        .filter(([kind]) => KINDS.has(kind))
        .flatMap(([kind, words]) => words.map((word) => ({ rule, kind, word: normalise(word).words.text }))),
    );
    this.#words = listed
      .filter(({ word }) => /^[\p{L}\p{M}]+$/u.test(word))
      .map(({ rule, kind, word }) => ({ rule, kind, letters: Array.from(word) }))
      .filter(({ letters }) => letters.length >= MIN_LETTERS && letters.length <= MAX_LETTERS);
  }

  /** Offsets are those of the original; `folded` is its folded view. */
  detect(folded: TextView): Match[] {
    const found: Match[] = [];
    if (!STRUCK.test(folded.text)) return found;
    for (const m of folded.text.matchAll(TOKEN)) {
      // A final exclamation mark belongs to the sentence: "shirt!".
      const token = m[0].replace(/!+$/u, '');
      const shown = Array.from(token);
      if (!STRUCK.test(token)) continue;
      const left = shown.filter((c) => !STRUCK.test(c)).length;
      const word = this.#words.find(
        ({ letters, rule }) =>
          letters.length === shown.length &&
          letters.every((c, i) => STRUCK.test(shown[i]!) || c === shown[i]) &&
          (left * 2 > shown.length || KNOWN_BY_ENDS.get(rule)?.includes(letters.join('')) === true),
      );
      if (word === undefined) continue;
      found.push({ rule: word.rule, kind: word.kind, ...originalRange(folded, m.index, m.index + token.length) });
    }
    return found;
  }
}
