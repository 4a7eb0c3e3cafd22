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
  private readonly patterns = new Map<string, { readonly kind: string; readonly pattern: RegExp }[]>();

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
    const found = this.patternsOf(language).flatMap(({ kind, pattern }) =>
      [...text.matchAll(pattern)].map((m) => ({ kind, from: m.index, to: m.index + m[0].length })),
    );
    const whole = found.filter((one) => !found.some((other) => holds(other, one)));
    const nounLast = NOUN_LAST.has(language);
    return whole.toSorted((a, b) => (nounLast ? b.to - a.to : a.from - b.from))[0];
  }

  private patternsOf(language: string): { readonly kind: string; readonly pattern: RegExp }[] {
    let patterns = this.patterns.get(language);
    if (patterns === undefined) {
      patterns = Object.keys(this.table).map((kind) => ({
        kind,
        pattern: wordPattern(this.words(kind, language), language),
      }));
      this.patterns.set(language, patterns);
    }
    return patterns;
  }
}

/** Languages in which what a thing is stands at the end of its name. */
const NOUN_LAST = new Set(['en', 'zh', 'de', 'nl', 'ja', 'ko', 'tr', 'hi']);

const bare = (name: string, language: string): string =>
  ['es', 'fr', 'de', 'it', 'pt', 'nl'].includes(language) ? name.replace(ARTICLE, '') : name;

const holds = (a: FoundGoods, b: FoundGoods): boolean =>
  a.from <= b.from && a.to >= b.to && a.to - a.from > b.to - b.from;

function wordPattern(words: readonly string[], language: string): RegExp {
  const each = words
    .toSorted((a, b) => b.length - a.length)
    .map((one) => {
      const escaped = one.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`).replace(/ /g, String.raw`[\s-]+`);
      if (SPACELESS.test(one)) return escaped;
      return String.raw`(?<![\p{L}\p{N}])${escaped}${language === 'en' ? '(?:s|es)?' : ''}(?![\p{L}\p{N}])`;
    });
  return new RegExp(each.length === 0 ? '(?!)' : each.join('|'), 'giu');
}

let own: Goods | undefined;

/** The project's table, read once. */
export function goodsTable(): Goods {
  own ??= new Goods(table.parse(JSON.parse(readFileSync(templatePath('selling/goods.json'), 'utf8'))));
  return own;
}
