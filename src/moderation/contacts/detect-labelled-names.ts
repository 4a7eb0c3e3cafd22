import type { Match } from '../match.js';
import { isSmallWord } from '../normalise/small-words.js';
import { originalRange, type TextView } from '../normalise/text-view.js';

/**
 * Short labels with an account name: "IG: wajan.bunda", "Tele: @noinhamai", "fb → rosas kitchen".
 *
 * Problem: short names of apps are also words and measures ("Face: cotton", "Tele 70 mm").
 * Rule: at the beginning of a text or after a bar or comma, a short name, a pointing sign and a possible account name.
 * Ambiguous short names require an account name with "@", "_", "." or a digit.
 */
const AT = String.raw`(?:^|[|·•;,\n(/]\s{0,2})`;
const POINTS = String.raw`\s{0,2}(?:[:=→➜➡⇒▶►☞☆]|->|=>)\s{0,2}`;
const SURE = new RegExp(`${AT}(?:i\\.?g|insta|f\\.?b|tg|yt|kakao|vk)${POINTS}@?([a-z][a-z0-9_.]{3,30})`, 'gu');
const MAYBE = new RegExp(
  `${AT}(?:tele|snap|sc|face|line|zalo|wa|tt|kt|x|threads|signal|skype|discord|kik)${POINTS}(@[a-z][a-z0-9_.]{2,30}|[a-z][a-z0-9]{1,20}[_.][a-z0-9_.]{1,20})`,
  'gu',
);

/** Offsets are those of the original; `folded` is its folded view. */
export function detectLabelledNames(folded: TextView): Match[] {
  const found: Match[] = [];
  for (const pattern of [SURE, MAYBE]) {
    for (const m of folded.text.matchAll(pattern)) {
      const name = m[1]!.replace(/\.+$/, '');
      if (isSmallWord(name)) continue;
      const lead = /^[^a-z]*/.exec(m[0])![0].length;
      const end = m.index + m[0].length - (m[1]!.length - name.length);
      found.push({ rule: '3.2', kind: 'handle', ...originalRange(folded, m.index + lead, end) });
    }
  }
  return found;
}
