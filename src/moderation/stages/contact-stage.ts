import { detectHandles, handleAlone } from '../contacts/detect-handles.js';
import { isShown, type Reading, type Stage } from '../reading.js';
import type { Match } from '../match.js';
import { originalRange, type TextView, rewrite, ViewBuilder } from '../normalise/text-view.js';
import { wordTable } from '../words/word-table.js';
import { isLoose, isWordy } from '../normalise/scripts.js';
import { createRequire } from 'node:module';
import { LinkifyIt } from 'linkify-it';

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

const LINK_WORDS = wordTable('link-view');

/**
 * A folded text with common disguises of addresses undone: "dot com", "点com", "t . me", "www abc com", "hxxp", "name
 * (at) gmail". A space separates Chinese from Latin, so that a domain has an end.
 */

const COMMON = LINK_WORDS.any('common-ends');
const SURE = 'com|net|org|cn|ru|info|biz|xyz';
/** "dot" in each language. */
const DOT_WORDS = LINK_WORDS.any('dots');
const AT_WORDS = LINK_WORDS.any('ats');

const DOT_WORD = new RegExp(
  `(?<=[a-z0-9])\\s{0,2}[[({<*"'_-]{0,2}\\s{0,2}(?:${DOT_WORDS})\\s{0,2}[\\])}>*"'_-]{0,2}\\s{0,2}(?=(?:${SURE}|c[0o]m)(?![a-z0-9]))`,
  'g',
);
/** A site with a Chinese name: 蓝海贸易点com. */
const DOT_HAN = /(?<=\p{Script=Han}{2})\s?[点點]\s?(?=(?:com|cn|net|org)(?![a-z0-9]))/gu;
const DOT_EN =
  /(?<=[a-z0-9])\s{0,2}(?:[[({<]\s{0,2}dot\s{0,2}[\])}>]|\sdot\s)\s{0,2}(?=(?:me|io|co|ly|gg|shop|store|de|fr|it|es)(?![a-z0-9]))/g;
/** Country endings that are also words: only at the end of the text, "joiasdomar . pt", "kanchi dot in". */
const LAST_ENDS = LINK_WORDS.any('last-ends');
const AT_END = '(?=[^\\p{L}\\p{N}]*$)';
const DOT_LAST = new RegExp(
  `(?<=[a-z0-9-]{4})(?:\\s(?:${DOT_WORDS})\\s| {1,2}\\. {0,2}| {0,2}\\. {1,2}(?=(?:[a-z]{2,3}\\. ?)?(?:br|pt|fr|pl|nl|vn|jp|kr|tr|mx|uk)\\s*$))(?=(?:(?:com|co|or|ne)\\s?(?:\\.|dot|ponto|punto|nokta|titik)\\s?)?(?:${LAST_ENDS})(?![a-z0-9])${AT_END})`,
  'gu',
);
/** "Saree dot kanchi dot in": the name before is also part of the address. */
const DOT_BEFORE_LAST = new RegExp(
  `(?<=[a-z0-9-]{3})\\s(?:${DOT_WORDS})\\s(?=[a-z0-9-]{3,30}\\.[a-z]{2,6}(?![a-z0-9]))`,
  'g',
);
const BRACKET_DOT = /(?<=[a-z0-9])\s?[[({<]\s?[.,]\s?[\])}>]\s?(?=[a-z])/g;
const SPACED_DOT = new RegExp(
  `(?<=[a-z0-9-])(?: {1,2}\\. {0,2}| {0,2}\\. {1,2})(?=(?:com|net|org|cn)(?![a-z0-9]))`,
  'g',
);
const SPACED_SHORT = new RegExp(`(?<=(?:^|[^a-z0-9])[a-z]{1,12}) {1,2}\\. {1,2}(?=(?:${COMMON})(?![a-z0-9]))`, 'g');
/** No space after it: "à mão, com água" is Portuguese. */
const COMMA_DOT = /(?<=[a-z0-9])(?:,|。|·)(?=(?:com|cn|net)(?![a-z0-9]))/g;
/** A drawn dot: "sunnylamps ● com". Only at the end, because "com" is Portuguese for "with". */
const DRAWN_DOT = /(?<=[a-z0-9-]{3})\s{0,2}[●⚫⬤⚪·∙•◦☆]\s{0,2}(?=(?:com|cn|net|org)(?:[^\p{L}\p{N}]*$))/gu;
/** "cedarcrib , com" where no object of "with" follows. */
const SPACED_COMMA = /(?<=[a-z0-9-]{4}) , ?(?=(?:com|net)(?:\s*$|\s*[/!?.)]))/g;
/** An address letter by letter: "c h e a p . c o m". */
const LETTERS = /(?<![\p{L}\p{M}\p{N}.])[a-z0-9](?: (?:\. ?)?[a-z0-9]){4,40}(?![\p{L}\p{M}\p{N}])/gu;
const LEET_COM = /(?<=\. {0,2})c ?[o0] ?m(?![a-z0-9])/g;
const WWW = /(?<![a-z0-9])w ?w ?w ?[., ·-]{1,3}(?=[a-z0-9])/g;
const WWW_TAIL = /(?<=www\.[a-z0-9-]{2,40})[ ,·]{1,3}(?=(?:com|net|org|cn|ru)(?![a-z0-9]))/g;
const HXXP = /hxxp|h ?t ?t ?p(?=s? ?: ?\/)/g;
const PROVIDERS = LINK_WORDS.any('providers');
const AT_WORD = new RegExp(
  `(?<=[a-z0-9._-]{2})\\s{0,2}(?:[[({<]\\s?(?:${AT_WORDS}|@)\\s?[\\])}>]|\\s@\\s?|@\\s|\\s?(?:${AT_WORDS})\\s?)\\s{0,2}(?=(?:${PROVIDERS})(?![a-z0-9]))`,
  'g',
);
/** Providers spoken as figures in Chinese: 艾特一六三. */
const SPOKEN_PROVIDER = /(?<=艾特|圈a|@|＠) ?(一六三|幺六三|一二六|幺二六|扣扣|球球)(?=[点點.])/g;
const PROVIDER_FIGURES: Readonly<Record<string, string>> = {
  一六三: '163',
  幺六三: '163',
  一二六: '126',
  幺二六: '126',
  扣扣: 'qq',
  球球: 'qq',
};
const AT_BRACKET = /(?<=[a-z0-9._-]{2})\s?[[({<]\s?(?:at|@)\s?[\])}>]\s?(?=[a-z0-9-]{2,40}\.)/g;

/** "sales arobase shop point fr": an at-word, a name, a dot-word and any short ending together are an address. */
const AT_DOT = new RegExp(
  `(?<=[a-z0-9._-]{2})\\s{1,2}(?:${AT_WORDS}|@)\\s{1,2}([a-z0-9-]{2,40})(?:\\s{1,2}(?:${DOT_WORDS})\\s{1,2}|\\s?\\.\\s?)(?=[a-z]{2,4}(?![a-z0-9]))`,
  'g',
);

function separateScripts(view: TextView): TextView {
  const { text, start, end } = view;
  const out = new ViewBuilder();
  for (let i = 0; i < text.length; i += 1) {
    if (i > 0) {
      const a = text.charCodeAt(i - 1);
      const b = text.charCodeAt(i);
      if (isLoose(a) !== isLoose(b) && isWordy(a) && isWordy(b)) out.push(' ', end[i - 1]!, end[i - 1]!);
    }
    out.push(text[i]!, start[i]!, end[i]!);
  }
  return out.build();
}

/** Undoes the disguises; the view's offsets still lead to the original. */
function linkView(folded: TextView): TextView {
  let view = rewrite(folded, LETTERS, (m) => (m[0].includes('.') ? m[0].replaceAll(' ', '') : undefined));
  view = rewrite(view, SPOKEN_PROVIDER, (m) => PROVIDER_FIGURES[m[1]!]);
  view = rewrite(view, AT_DOT, (m) => `@${m[1]}.`);
  view = rewrite(view, LEET_COM, () => 'com');
  view = rewrite(view, DOT_WORD, () => '.');
  view = rewrite(view, DOT_HAN, () => '.');
  view = rewrite(view, DOT_EN, () => '.');
  view = rewrite(view, DOT_LAST, () => '.');
  view = rewrite(view, DOT_BEFORE_LAST, () => '.');
  view = rewrite(view, BRACKET_DOT, () => '.');
  view = rewrite(view, AT_WORD, () => '@');
  view = rewrite(view, AT_BRACKET, () => '@');
  view = rewrite(view, SPACED_DOT, () => '.');
  view = rewrite(view, SPACED_SHORT, () => '.');
  view = rewrite(view, COMMA_DOT, () => '.');
  view = rewrite(view, DRAWN_DOT, () => '.');
  view = rewrite(view, SPACED_COMMA, () => '.');
  view = rewrite(view, WWW, () => 'www.');
  view = rewrite(view, WWW_TAIL, () => '.');
  view = rewrite(view, HXXP, () => 'http');
  return separateScripts(view);
}

/** The package is a JSON file, which Node 20.9 cannot import without a flag. */
const tlds = createRequire(import.meta.url)('tlds') as string[];

/** The platforms' own sites, whose addresses may be named. */
const OWN_SITES = [
  'alibaba.com',
  'alibaba.com.cn',
  '1688.com',
  'taobao.com',
  'tmall.com',
  'tmall.hk',
  'tb.cn',
  'aliexpress.com',
];
/** Top-level domains that are ordinary words: "quality.It" is a missing space. */
const WORD_ENDS = new Set([
  ...'it in is no so to do as at am my us an la de el de am be by he id pm al es et ma sa se si pa'.split(' '),
  ...'the and best buy now sale here care love today new one free show top deal deals now'.split(' '),
]);
/** "Art.nr. 60012", "Ref.no": article numbers that end like the sites of Nauru and Norway. */
const NUMBER_LABEL =
  /^(?:art|artikel|item|best|bestell|mod|model|modell|ref|kat|cat|ord|order|part|ser|serial|lot|batch|prod|kd|kunden|rech|rg|auftr|typ|style|kl|kol|zam|ean|tel)\.(?:nr|no)$/;
/** Top-level domains that never occur by chance. */
const SURE_ENDS = new Set('com net org cn ru info biz xyz vip cc top me io tk'.split(' '));

/** Finds addresses of sites, plain or disguised, other than the platforms' own. */
class LinkDetector {
  readonly #linkify: LinkifyIt;

  constructor() {
    this.#linkify = new LinkifyIt({ fuzzyLink: true, fuzzyEmail: false, fuzzyIP: false });
    this.#linkify.tlds(tlds);
  }

  /** `links` is the link view of `original`. */
  detect(original: string, links: TextView): Match[] {
    const found: Match[] = [];
    if (!/[./]/.test(links.text)) return found;
    for (const match of this.#linkify.match(links.text) ?? []) {
      const host = hostOf(match.url);
      if (OWN_SITES.some((site) => host === site || host.endsWith(`.${site}`))) continue;
      const { start, end } = originalRange(links, match.index, match.lastIndex);
      if (
        match.schema === '' &&
        looksLikeSentence(original.slice(start, end), match.raw, host, links.text, match.lastIndex)
      )
        continue;
      found.push({ rule: '3.2', kind: 'link', start, end });
    }
    return found;
  }
}

function hostOf(url: string): string {
  const match = /^[a-z]{0,12}:?\/{0,2}(?:[^/@\s]{1,100}@)?([^/:?#\s]{1,253})/.exec(url.toLowerCase());
  return match === null ? '' : match[1]!.replace(/\.$/, '');
}

function looksLikeSentence(written: string, raw: string, host: string, text: string, after: number): boolean {
  const labels = host.split('.');
  const last = labels[labels.length - 1]!;
  if (host.startsWith('www.') || raw.includes('/')) return false;
  if (NUMBER_LABEL.test(host)) return true;
  const before = labels[labels.length - 2] ?? '';
  if (/^\d{1,8}$/.test(before) && !SURE_ENDS.has(last)) return true;
  const dot = written.lastIndexOf('.');
  const next = written[dot + 1] ?? '';
  const previous = written[dot - 1] ?? '';
  if (/\p{Lu}/u.test(next) && !/\p{Lu}/u.test(previous) && !/^(?:Com|Net|Org|Cn)\b/.test(written.slice(dot + 1)))
    return true;
  if (!WORD_ENDS.has(last)) return false;
  return /^\s+\p{L}/u.test(text.slice(after, after + 3)) || before.length < 2;
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
