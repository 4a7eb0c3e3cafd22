import type { Match } from '../match.js';
import { originalRange, type TextView } from '../normalise/text-view.js';
import { wordTable } from '../words/word-table.js';

const WORDS = wordTable('detect-named-accounts');

/**
 * Account names without a platform: "find me as lamp_zs", "我的号是 hd8820", "아이디 dallamp구구팔".
 *
 * Problem: the platform is omitted or disguised in a new way every week, and names look like model numbers.
 * Rule: a name with "_" counts where the line speaks of finding or contacting somebody; letters with digits count only
 * right after a word such as "username" or 账号. A model, file, batch or order before it excuses.
 */

const UNDERSCORED = /(?<![a-z0-9._@/-])[a-z0-9]{1,20}(?:[_.-]?[a-z0-9]{1,20})?_[a-z0-9_.]{1,24}(?![a-z0-9@-])/g;
const NUMBERED = /(?<![a-z0-9._@/-])[a-z]{3,20}[0-9]{2,6}(?![a-z0-9@._-])/g;
/** Text allowed between "username" and the name: "is", "也是", quotes. */
const LINK = new RegExp(
  String.raw`^[^\p{L}\p{N}\n.!?]{0,4}(?:(?:${WORDS.any('between-label-and-name')})[^\p{L}\p{N}\n.!?]{0,3})?$`,
  'u',
);
const CURRENCY = /^(?:us|usd|eur|rmb|cny|gbp)_/;
const REACH = 48;
const END = /[.!?;\n。！？；।؟]\s|[。！？；]/;

export interface NamedAccountCues {
  /** Words about finding or contacting somebody. */
  readonly reach: readonly { start: number; end: number }[];
  /** "Username", 账号: a name follows. */
  readonly name: readonly { start: number; end: number }[];
  /** "Model", "batch", "file": no account follows. */
  readonly label: readonly { start: number; end: number }[];
}

/** Offsets are those of `original`, as in the cues. */
export function detectNamedAccounts(original: string, folded: TextView, cues: NamedAccountCues): Match[] {
  const found: Match[] = [];
  if (cues.reach.length === 0 && cues.name.length === 0) return found;
  const text = folded.text;
  const labelled = (at: number): boolean =>
    cues.label.some((l) => l.end <= at && at - l.end <= REACH / 2 && !END.test(original.slice(l.end, at)));
  UNDERSCORED.lastIndex = 0;
  for (let m = UNDERSCORED.exec(text); m !== null; m = UNDERSCORED.exec(text)) {
    const r = originalRange(folded, m.index, m.index + m[0].length);
    if (!/[a-z]{2}/.test(m[0]) || CURRENCY.test(m[0]) || labelled(r.start)) continue;
    const near = [...cues.reach, ...cues.name].some(
      (c) => Math.max(c.start - r.end, r.start - c.end) <= REACH && !END.test(original.slice(c.end, r.start)),
    );
    if (near) found.push({ rule: '3.2', kind: 'handle', ...r });
  }
  if (cues.name.length === 0) return found;
  NUMBERED.lastIndex = 0;
  for (let m = NUMBERED.exec(text); m !== null; m = NUMBERED.exec(text)) {
    const r = originalRange(folded, m.index, m.index + m[0].length);
    if (labelled(r.start)) continue;
    const cue = cues.name.some(
      (c) => c.end <= r.start && r.start - c.end <= 12 && LINK.test(original.slice(c.end, r.start).toLowerCase()),
    );
    if (cue) found.push({ rule: '3.2', kind: 'handle', ...r });
  }
  return found;
}
