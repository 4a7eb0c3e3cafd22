import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { templatePath } from '../core/files/paths.js';

const names = z.array(z.string().min(1).max(60)).min(1).max(20);
const table = z.record(z.string().regex(/^[a-z][a-z-]*$/), z.record(z.string().regex(/^[a-z]{2}$/), names));

/** A kind of goods, found in a listing. */
export interface FoundGoods {
  readonly kind: string;
  /** Where its name stands in the text. */
  readonly from: number;
  readonly to: number;
}

const fold = (text: string): string => text.normalize('NFKC').toLowerCase();
const SPACELESS = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;
/** "the", "el", "l'": the tables hold names with their article. */
const ARTICLE = /^(?:el|la|los|las|le|les|l'|der|die|das|il|lo|l’|o|a|os|as|de|het)[\s']*(?=\S)/iu;

/**
 * Names of kinds of goods in the languages of the show (`templates/selling/goods.json`): a host calls a product "the silicone
 * kettle" and not by the search title of its page.
 */
export class Goods {
  private readonly named = new Map<string, { readonly kind: string; readonly names: readonly string[] }[]>();

  constructor(private readonly table: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>) {}

  kinds(): readonly string[] {
    return Object.keys(this.table);
  }

  /** The name as a sentence of `language` holds it, with its article where the language has one. */
  name(kind: string, language: string): string | undefined {
    return this.table[kind]?.[language]?.[0];
  }

  /** All names of a kind in one language, without articles, folded. */
  words(kind: string, language: string): readonly string[] {
    return (this.table[kind]?.[language] ?? []).map((one) => fold(bare(one, language)));
  }

  /**
   * The goods that a title in `language` names: in English and Chinese the last name counts ("silicone kettle lid" is a lid), in
   * languages whose nouns come first the first one; among names that overlap the longest.
   */
  find(title: string, language: string): FoundGoods | undefined {
    const text = fold(title);
    const found = this.namesIn(language).flatMap(({ kind, names }) =>
      names.flatMap((one) => placesOf(one, text, language === 'en').map((place) => ({ kind, ...place }))),
    );
    const whole = found.filter((one) => !found.some((other) => holds(other, one)));
    const nounLast = NOUN_LAST.has(language);
    return whole.toSorted((a, b) => (nounLast ? b.to - a.to : a.from - b.from))[0];
  }

  private namesIn(language: string): { readonly kind: string; readonly names: readonly string[] }[] {
    let named = this.named.get(language);
    if (named === undefined) {
      named = this.kinds().map((kind) => ({ kind, names: this.words(kind, language) }));
      this.named.set(language, named);
    }
    return named;
  }
}

/** Languages in which what a thing is stands at the end of its name. */
const NOUN_LAST = new Set(['en', 'zh', 'de', 'nl', 'ja', 'ko', 'tr', 'hi']);

const bare = (name: string, language: string): string =>
  ['es', 'fr', 'de', 'it', 'pt', 'nl'].includes(language) ? name.replace(ARTICLE, '') : name;

const holds = (a: FoundGoods, b: FoundGoods): boolean =>
  a.from <= b.from && a.to >= b.to && a.to - a.from > b.to - b.from;

const IN_WORD = /[\p{L}\p{N}]/u;
const BETWEEN_WORDS = /[\s-]/;

/**
 * Where a folded name stands in a folded text as words of their own, with spaces or hyphens between them. Compared letter by letter:
 * a pattern for each of the hundreds of names takes a second to compile, while the show is on air.
 */
function placesOf(name: string, text: string, plurals: boolean): { readonly from: number; readonly to: number }[] {
  const words = name.split(' ');
  const isSpaced = !SPACELESS.test(name);
  const places = [];
  for (let from = text.indexOf(words[0]!); from >= 0; from = text.indexOf(words[0]!, from + 1)) {
    if (isSpaced && from > 0 && IN_WORD.test(lastSign(text, from))) continue;
    const to = endOf(words, text, from);
    if (to === undefined) continue;
    if (!isSpaced) places.push({ from, to });
    else {
      const end = (plurals ? ['es', 's', ''] : ['']).find(
        (ending) => text.startsWith(ending, to) && !IN_WORD.test(firstSign(text, to + ending.length)),
      );
      if (end !== undefined) places.push({ from, to: to + end.length });
    }
  }
  return places;
}

function endOf(words: readonly string[], text: string, from: number): number | undefined {
  let at = from;
  for (const [i, word] of words.entries()) {
    const began = at;
    if (i > 0) while (at < text.length && BETWEEN_WORDS.test(text[at]!)) at += 1;
    if ((i > 0 && at === began) || !text.startsWith(word, at)) return undefined;
    at += word.length;
  }
  return at;
}

const firstSign = (text: string, at: number): string =>
  at < text.length ? String.fromCodePoint(text.codePointAt(at)!) : '';
const lastSign = (text: string, end: number): string => Array.from(text.slice(Math.max(0, end - 2), end)).at(-1) ?? '';

let own: Goods | undefined;

/** The project's table, read once. */
export function goodsTable(): Goods {
  own ??= new Goods(table.parse(JSON.parse(readFileSync(templatePath('selling/goods.json'), 'utf8'))));
  return own;
}
