import type { Product } from '../../config/sections/product.js';
import type { Match } from '../match.js';
import { originalRange, type TextView } from '../normalise/text-view.js';
import { wordTable } from '../words/word-table.js';

const WORDS = wordTable('detect-availability');

/** A claim that goods can be had while the listing says they are sold out (5.1). */

/** "In stock", "still available" in the languages, folded. Variants ("available in six colours") claim no stock. */
const AVAILABLE = new RegExp(WORDS.any('available'), 'gu');
/** Before or after it: goods that cannot be had, or will be again. */
const NOT_NOW = new RegExp(
  String.raw`\b(?:${WORDS.any('not-now')})\b|нет|не |скоро|沒|没|无|無|不|很快|即将|ませ|ない|なし|近日|없|곧|لا |ليس|غير|قريبا|नहीं|जल्द|ไม่|หมด|เร็ว`,
);
const NEAR_CHARS = 14;

const WORD = /[\p{L}\p{M}]{4,}/gu;
const HAN = /\p{Script=Han}{2}|\p{Script=Katakana}{3}|\p{Script=Hangul}{2}|\p{Script=Thai}{4}/gu;

/** Title words as far as they survive inflection. */
const stemsOf = (title: string): string[] => [
  ...[...title.matchAll(WORD)].map(([word]) => word.slice(0, Math.max(4, Math.ceil(word.length * 0.75)))),
  ...[...title.matchAll(HAN)].map(([word]) => word),
];

/** The products that a text names by a title word no other title has; all of them when it names none. */
function named(text: string, products: readonly Product[], titles: readonly string[]): readonly Product[] {
  const stems = titles.map(stemsOf);
  const found = products.filter((_, i) =>
    stems[i]!.some((stem) => text.includes(stem) && !titles.some((title, k) => k !== i && title.includes(stem))),
  );
  return found.length === 0 ? products : found;
}

/** Only where all listings that the line may be about are sold out. `titles`: folded, one for each product. */
export function detectAvailability(view: TextView, products: readonly Product[], titles: readonly string[]): Match[] {
  if (!products.some(({ stock }) => stock === 'sold-out')) return [];
  const { text } = view;
  if (named(text, products, titles).some(({ stock }) => stock !== 'sold-out')) return [];
  const found: Match[] = [];
  for (const m of text.matchAll(AVAILABLE)) {
    const end = m.index + m[0].length;
    const around = `${text.slice(Math.max(0, m.index - NEAR_CHARS), m.index)} ${text.slice(end, end + NEAR_CHARS)}`;
    // "Still" holds "no longer" apart: لا يزال means "still".
    if (NOT_NOW.test(around.replace('لا يزال', ''))) continue;
    found.push({ rule: '5.1', kind: 'sold-out', ...originalRange(view, m.index, end) });
  }
  return found;
}
