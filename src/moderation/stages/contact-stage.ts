import { detectHandles, handleAlone } from '../contacts/detect-handles.js';
import { LinkDetector } from '../contacts/detect-links.js';
import type { Stage } from '../detector.js';
import { linkView } from '../normalise/link-view.js';
import type { Match } from '../match.js';
import type { Reading } from '../reading.js';
import { isShown } from '../text-context.js';
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

interface NamedAccountCues {
  /** Words about finding or contacting somebody. */
  readonly reach: readonly { start: number; end: number }[];
  /** "Username", 账号: a name follows. */
  readonly name: readonly { start: number; end: number }[];
  /** "Model", "batch", "file": no account follows. */
  readonly label: readonly { start: number; end: number }[];
}

/** Offsets are those of `original`, as in the cues. */
function detectNamedAccounts(original: string, folded: TextView, cues: NamedAccountCues): Match[] {
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

const LOCAL = /[a-z0-9.!#$%&'*+/=?^_`{|}~-]/;
const DOMAIN = /^ ?[a-z0-9-]{1,63}(?: ?\. ?[a-z0-9-]{1,63}){1,5}/;
/** Providers recognised without ".com". */
const PROVIDER =
  /^ ?(?:gmail|googlemail|hotmail|outlook|yahoo|icloud|protonmail|proton|foxmail|qq|163|126|sina|yandex|gmx|naver|hanmail|daum|rediffmail)(?![a-z0-9])/;

/** Finds mail addresses in a link view: "a@b.com", "a at gmail dot com", "a@gmail". RFC 5322 addr-spec, loosely. */
function detectMail(links: TextView): Match[] {
  const found: Match[] = [];
  const text = links.text;
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    const after = text.slice(at + 1, at + 260);
    const domain = DOMAIN.exec(after) ?? PROVIDER.exec(after);
    if (domain === null) continue;
    if (!/[a-z]/.test(domain[0])) continue;
    // "Nas na Alibaba kropka com": a word that may mean @, followed by the platform's own address.
    if (links.end[at]! - links.start[at]! > 1 && /^ ?alibaba[ .]/.test(domain[0])) continue;
    let start = at;
    if (text[start - 1] === ' ' && LOCAL.test(text[start - 2] ?? ' ')) start -= 1;
    const edge = start;
    while (start > 0 && edge - start < 64 && LOCAL.test(text[start - 1]!)) start -= 1;
    if (start === edge) continue;
    const range = originalRange(links, start, at + 1 + domain[0].length);
    found.push({ rule: '3.2', kind: 'mail', ...range });
  }
  return found;
}

/** Ways to reach somebody that are no numbers: addresses of sites and mail, account names. */
export function contactStage(): Stage {
  const links = new LinkDetector();
  return {
    name: 'contacts',
    detectors: [
      {
        name: 'links and mail',
        detect: ({ text, folded }) => {
          const view = linkView(folded);
          return [...links.detect(text, view), ...detectMail(view)];
        },
      },
      {
        name: 'handles',
        detect: ({ folded, viewers, sets }) => detectHandles(folded, viewers, sets.has('contact-verb')),
      },
      {
        name: 'handle alone',
        detect: ({ folded, viewers, context }) => (isShown(context) ? handleAlone(folded, viewers) : []),
      },
      { name: 'named accounts', detect: namedAccounts },
    ],
  };
}

function namedAccounts(reading: Reading): Match[] {
  const { text, folded, cues } = reading;
  const reach = ['find-us', 'app-icon', 'contact-verb', 'soft-name'].flatMap((set) => reading.ranges(set));
  return detectNamedAccounts(text, folded, {
    reach: reach.filter((c) => c.end - c.start > 1),
    name: [...reading.ranges('handle-word'), ...reading.ranges('short-name')],
    label: [...cues.label, ...cues.order],
  });
}
