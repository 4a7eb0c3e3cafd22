import type { Match } from '../match.js';
import { originalRange, type TextView } from '../normalise/text-view.js';

/**
 * Counts said without "pieces": the size of a set (2.1), and less than the minimum order counted in the product's own
 * noun, "as few as ten bottles" (5.5).
 */

const SET_OF = new RegExp(
  [
    '(?:sets?|packs?|kits?|box(?:es)?|bundles?) of (\\d{1,3})(?!\\d)',
    '(?<![\\d.])(\\d{1,3})[- ](?:piece|pc|pcs|pack|teiliges|er)[- ]?(?:sets?|packs?)',
    '(?:juego|set|pack|paquete|jogo|conjunto|kit|lot|coffret|набор|комплект|zestaw) (?:de|di|da|von|van|из) (\\d{1,3})(?!\\d)',
    '(?<![\\d.])(\\d{1,3})(?:件套|点セット|個セット|종 세트|개 세트)',
  ].join('|'),
  'g',
);
/** Words before a count that make it a minimum order. */
const MIN =
  /(?:as few as|as little as|orders? (?:just |only )?|orders? from|from|start(?:ing)? (?:at|from|with)|only need|just|最少|只要|起订|起批|desde|a partir d[ei]|a partir de|apenas|solo|ab|schon ab|mindestens|à partir de|a partire da|от|всего|mulai|minimal|mulai dari|từ|tu|en az|sadece|od|vanaf)\s*$/;
const MIN_AFTER = /^\s*(?:up\b|minimum|起订|起批|起|个起|is enough|are enough|will do)/;
const NOUN = /[a-z\u0430-\u044f]{4,}/g;
const STEM = 4;

/** The digits of `text` are figures; `entry` is the listing's text, folded the same way. */
export function detectListingCounts(
  view: TextView,
  entry: string,
  titles: readonly string[],
  minima: readonly number[],
): Match[] {
  const found: Match[] = [];
  const add = (rule: string, kind: string, start: number, end: number): void => {
    found.push({ rule, kind, ...originalRange(view, start, end) });
  };
  const count = (m: RegExpMatchArray): number => Number(m.slice(1).find((g) => g !== undefined));
  const listed = [...entry.matchAll(SET_OF)].map(count);
  if (listed.length > 0) {
    for (const m of view.text.matchAll(SET_OF)) {
      if (!listed.includes(count(m))) add('2.1', 'spec', m.index, m.index + m[0].length);
    }
  }
  if (minima.length === 0) return found;
  const minimum = Math.min(...minima);
  const stems = new Set(titles.flatMap((t) => [...t.matchAll(NOUN)].map((m) => m[0].slice(0, STEM))));
  for (const m of view.text.matchAll(/(?<![\d.,$€£¥])(\d{1,6}) (?:\p{L}+ )?(\p{L}{4,})/gu)) {
    const word = m[0].slice(m[0].lastIndexOf(' ') + 1);
    if (!stems.has(word.slice(0, STEM)) || Number(m[1]) >= minimum) continue;
    const before = view.text.slice(Math.max(0, m.index - 24), m.index);
    if (MIN.test(before) || MIN_AFTER.test(view.text.slice(m.index + m[0].length)))
      add('5.5', 'minimum-order', m.index, m.index + m[0].length);
  }
  return found;
}
