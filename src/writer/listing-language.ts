import { LANGUAGE_OF_SCRIPT, readLanguages } from '../moderation/index.js';
import type { Product } from '../config/sections/product.js';

/** Minimum share of letters that decides the page's script. */
const SHARE = 0.2;

/** The language that a product's page is written in, read off its title, attributes and answers; `fallback` where that is not sure. */
export function listingLanguage(product: Product, fallback: string): string {
  const { title, subtitle, facts, attributes, faq } = product;
  const text = [
    title,
    subtitle,
    ...facts,
    ...attributes.map(({ name, value }) => `${name} ${value}`),
    ...faq.map(({ question, answer }) => `${question} ${answer}`),
  ]
    .join('. ')
    .slice(0, 4000);
  const { counts, guess } = readLanguages(text, fallback);
  for (const [script, language] of LANGUAGE_OF_SCRIPT) {
    if ((counts.byScript[script] ?? 0) > counts.letters * SHARE) return language;
  }
  return guess?.reliable === true ? guess.language : fallback;
}
