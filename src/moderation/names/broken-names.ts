import type { Match } from '../match.js';
import { originalRange, type TextView } from '../normalise/text-view.js';

/**
 * Names of platforms with a misplaced blank, or two letters that look like one: "What sApp", "telegr am", vvhatsapp,
 * Instagrarn.
 */
const SPREADABLE = ['whatsapp', 'telegram', 'instagram', 'facebook', 'snapchat', 'kakaotalk', 'tokopedia', 'messenger'];
/** Names whose halves are words: only lookalike letters count. */
const WHOLE = ['wechat', 'weixin', 'twitter', 'amazon', 'walmart', 'viber', 'wildberries', 'mercadolibre'];
const DRAWN: Readonly<Record<string, string>> = { w: '(?:w|vv)', m: '(?:m|rn)' };
const MAX_BLANKS = 2;

const pattern = (names: readonly string[], between: string): string =>
  names.map((name) => Array.from(name, (c) => DRAWN[c] ?? c).join(between)).join('|');
const BROKEN = new RegExp(`(?<![a-z0-9])(?:${pattern(SPREADABLE, ' ?')}|${pattern(WHOLE, '')})(?![a-z])`, 'g');
const PLAIN = new Set([...SPREADABLE, ...WHOLE]);

/** Offsets are those of the original; `folded` is its folded view. */
export function detectBrokenNames(folded: TextView): Match[] {
  const found: Match[] = [];
  for (const m of folded.text.matchAll(BROKEN)) {
    const blanks = m[0].split(' ').length - 1;
    if (PLAIN.has(m[0]) || blanks > MAX_BLANKS) continue;
    found.push({ rule: '3.2', kind: 'platform', ...originalRange(folded, m.index, m.index + m[0].length) });
  }
  return found;
}
