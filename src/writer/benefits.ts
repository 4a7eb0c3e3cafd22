import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Product } from '../config/sections/product.js';
import { templatePath } from '../core/files/paths.js';

/** "Running shoes" and "earbuds" are several to an English ear; "dress" and "glass" are one. */
const ONE = /(?:ss|us|is|lens|gas|canvas|series|chassis)$/i;

/** Whether an English name of a product is a plural. */
export const isPlural = (name: string): boolean =>
  /[a-z]s$/i.test(name) && !ONE.test(name) && !/\bset of\b/i.test(name);

/** Verbs of the sentences that tables and plans begin with "It". */
const VERBS: Readonly<Record<string, string>> = { is: 'are', has: 'have', does: 'do', goes: 'go', carries: 'carry' };

/** "It weighs 260 grams." as one says it of shoes: "They weigh 260 grams." */
export function ofSeveral(sentence: string): string {
  return sentence
    .replace(/^Its\b/, 'Their')
    .replace(/(^|[,:] (?:so )?)([Ii]t) (\([^()]*\)|[a-z]+)/g, (_, before: string, it: string, verb: string) => {
      const they = it === 'It' ? 'They' : 'they';
      return `${before}${they} ${verb.startsWith('(') ? verb.replace(/(?<=[(|])[a-z]+/g, pluralVerb) : pluralVerb(verb)}`;
    });
}

const pluralVerb = (verb: string): string => VERBS[verb] ?? verb.replace(/s$/, '');

const text = z.string().min(2).max(240);
const table = z.record(
  z.string().regex(/^[a-z][a-z-]*$/),
  z
    .object({ words: z.record(z.string().regex(/^[a-z]{2}$/), z.array(z.string().min(2).max(40)).min(1)) })
    .catchall(text),
);

/** Benefits of a property, in one language, with the words of the listing that carry it. */
export interface Benefit {
  readonly key: string;
  /** Wordings, "(a|b)" for either. */
  readonly sentence: string;
}

type Table = z.infer<typeof table>;
let own: Table | undefined;
const benefitTable = (): Table =>
  (own ??= table.parse(JSON.parse(readFileSync(templatePath('selling/benefits.json'), 'utf8'))));

/** "not waterproof", "non-foldable", 不防水: the word is there and says the opposite. */
const NEGATED = /(?:\bnot|\bno|\bnon|\bnever|n't|不|非|无法|不能)[\s-]*(?:\w+[\s-]+)?$/iu;

/**
 * The benefits that a listing's own words carry, in the order in which the listing names them. A property is taken from title,
 * attributes and facts; a denied one is not a property.
 */
export function benefitsOf(product: Product, language: string): Benefit[] {
  const { title, subtitle, facts, attributes } = product;
  const whole = attributes.filter(({ name }) => !OF_A_PART.test(name));
  const said = [
    title,
    subtitle,
    ...whole.flatMap(({ name, value }) => affirmed(name, value)),
    ...facts.filter((one) => !OF_A_PART.test(one)),
  ]
    .join(' \n ')
    .normalize('NFKC')
    .toLowerCase();
  return Object.entries(benefitTable())
    .flatMap(([key, { words, ...sentences }]) => {
      const sentence = (sentences as Record<string, string>)[language];
      const at = firstAt(said, Object.values(words).flat());
      return sentence === undefined || at === undefined ? [] : [{ key, sentence, at }];
    })
    .toSorted((a, b) => a.at - b.at)
    .map(({ key, sentence }) => ({ key, sentence }));
}

/** "Finish: food-grade oil" does not make the board food-grade. */
const OF_A_PART = /^(?:finish|surface|coating|handle|lid|base|ink|print|表面|涂层|手柄|盖子)/iu;

/** "Waterproof: yes" states the property, "Waterproof: no" does not. */
function affirmed(name: string, value: string): string[] {
  if (/^(?:no|none|false|n\/a|否|无|没有|不支持|不)$/iu.test(value.trim())) return [];
  return /^(?:yes|true|是|有|支持)$/iu.test(value.trim()) ? [name] : [`${value}`];
}

function firstAt(said: string, words: readonly string[]): number | undefined {
  let first: number | undefined;
  for (const word of words) {
    const folded = word.toLowerCase();
    for (let at = said.indexOf(folded); at >= 0; at = said.indexOf(folded, at + 1)) {
      const before = said.slice(Math.max(0, at - 12), at);
      const inWord = /[a-z]$/.test(before) && /^[a-z]/.test(folded);
      if (!inWord && !NEGATED.test(before) && (first === undefined || at < first)) first = at;
    }
  }
  return first;
}
