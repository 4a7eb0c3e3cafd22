import type { Match } from '../match.js';
import { originalRange, type TextView } from '../normalise/text-view.js';

/**
 * Names of platforms with one wrong letter: Instargam, Telgram, Facebouk, Whatspap.
 *
 * Problem: every error makes another word, which no list contains.
 * Rule: a Latin word of seven letters or more that differs from a listed name by one letter inserted, omitted, changed
 * or swapped with its neighbour. A shorter name counts only with two letters swapped, because one changed letter makes
 * "papal" of PayPal. An ending of up to two letters is ignored: na Instagarmie.
 */
const LONG = ['whatsapp', 'telegram', 'instagram', 'facebook', 'snapchat', 'kakaotalk', 'tokopedia'];
const SHORT = ['wechat', 'paypal', 'alipay', 'tiktok'];
/** Ordinary words that resemble the names. */
const INNOCENT = /^telegra(?:f|ph|af)[a-z]*$/;
const WORD = /(?<![a-z0-9@._-])[a-z]{6,12}(?![a-z0-9@_])/g;
const RULES: ReadonlyMap<string, readonly [rule: string, kind: string]> = new Map([
  ['paypal', ['3.1', 'payment']],
  ['alipay', ['3.1', 'payment']],
]);

/** Whether one edit turns `b` into `a`; with `exchangeOnly` only a swap of neighbours counts. */
function oneSlip(a: string, b: string, exchangeOnly: boolean): boolean {
  if (a === b || Math.abs(a.length - b.length) > 1) return false;
  let i = 0;
  while (i < a.length && a[i] === b[i]) i += 1;
  if (a.length === b.length) {
    if (a[i] === b[i + 1] && a[i + 1] === b[i] && a.slice(i + 2) === b.slice(i + 2)) return true;
    return !exchangeOnly && a.slice(i + 1) === b.slice(i + 1);
  }
  if (exchangeOnly) return false;
  return a.length > b.length ? a.slice(i + 1) === b.slice(i) : a.slice(i) === b.slice(i + 1);
}

function misspells(word: string): string | undefined {
  // A correctly spelled name with any ending is left to the lexicon.
  if (LONG.some((name) => word.startsWith(name))) return undefined;
  for (const name of LONG) {
    // An error in both first letters makes another word.
    if (word[0] !== name[0] && word[1] !== name[1] && word[1] !== name[0]) continue;
    for (let ending = 0; ending <= 2; ending += 1) {
      const stem = ending === 0 ? word : word.slice(0, -ending);
      if (stem.length >= 7 && oneSlip(stem, name, false)) return name;
    }
  }
  return SHORT.find((name) => oneSlip(word, name, true));
}

/** Offsets are those of the original; `folded` is its folded view. */
export function detectMisspelledNames(folded: TextView): Match[] {
  const found: Match[] = [];
  WORD.lastIndex = 0;
  for (const m of folded.text.matchAll(WORD)) {
    if (INNOCENT.test(m[0])) continue;
    const name = misspells(m[0]);
    if (name === undefined) continue;
    const [rule, kind] = RULES.get(name) ?? ['3.2', 'platform'];
    found.push({ rule, kind, ...originalRange(folded, m.index, m.index + m[0].length) });
  }
  return found;
}
