import { detectChatIds } from '../contacts/detect-handles.js';
import type { Stage } from '../reading.js';
import { normalise } from '../normalise/normalise.js';
import type { RulePacks } from '../packs/rule-packs.js';
import type { Match } from '../match.js';
import { originalRange, type TextView } from '../normalise/text-view.js';
import { isSmallWord } from '../normalise/small-words.js';

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

/**
 * Names of other platforms spelled letter by letter in any alphabet, with other spelled words beside them: 텔 레 그 램, "в
 * В К о н т а к т е", "z a l o k h ô n g 8".
 *
 * Problem: the letters of two spelled words join to one, and Korean has words of a single sign.
 * Rule: in a row of three or more single letters with signs between them, a long name counts anywhere, a shorter one
 * only at the beginning of the row.
 */
const LETTER =
  '[\\p{Script=Latin}\\p{Script=Cyrillic}\\p{Script=Arabic}\\p{Script=Hangul}\\p{Script=Thai}\\p{Script=Devanagari}]\\p{M}{0,3}';
const GAP = '[ .·•*_~|/\\\\-]{1,3}';
const ROW = new RegExp(`(?<![\\p{L}\\p{M}\\p{N}])${LETTER}(?:${GAP}${LETTER}){2,40}(?![\\p{L}\\p{M}])`, 'gu');
const ONE = new RegExp(LETTER, 'gu');
/** Minimum letters of a name that counts anywhere, in syllabic scripts and in others. */
const LONG_SYLLABLES = 3;
const LONG_LETTERS = 5;
const SYLLABLES = /^[\p{Script=Hangul}]+$/u;

const isLong = (name: string): boolean => name.length >= (SYLLABLES.test(name) ? LONG_SYLLABLES : LONG_LETTERS);

/** `names`: folded, without blanks. Offsets are those of the original. */
export function detectSpelledNames(folded: TextView, names: readonly string[]): Match[] {
  const found: Match[] = [];
  for (const row of folded.text.matchAll(ROW)) {
    let joined = '';
    const places: number[] = [];
    for (const one of row[0].matchAll(ONE)) {
      joined += one[0];
      for (let i = 0; i < one[0].length; i += 1) places.push(row.index + one.index + i);
    }
    for (const name of names) {
      const at = isLong(name) ? joined.indexOf(name) : joined.startsWith(name) ? 0 : -1;
      if (at < 0) continue;
      const end = places[at + name.length - 1]! + 1;
      found.push({ rule: '3.2', kind: 'platform', ...originalRange(folded, places[at]!, end) });
      break;
    }
  }
  return found;
}

/**
 * Short labels with an account name: "IG: wajan.bunda", "Tele: @noinhamai", "fb → rosas kitchen".
 *
 * Problem: short names of apps are also words and measures ("Face: cotton", "Tele 70 mm").
 * Rule: at the beginning of a text or after a bar, a comma or the end of a sentence, a short name, a pointing sign and a
 * possible account name. Ambiguous short names require an account name with "@", "_", "." or a digit.
 */
const AT = String.raw`(?:^|[|·•;,\n(/?!.]\s{0,2})`;
const POINTS = String.raw`\s{0,2}(?:[:=→➜➡⇒▶►☞☆]|->|=>)\s{0,2}`;
const SURE = new RegExp(
  `${AT}(?:i\\.?g|insta|f\\.?b|tg|yt|kakao|vk|v ?x|w ?x)(?:${POINTS}@?|\\s{0,2}@)([a-z][a-z0-9_.]{3,30})`,
  'gu',
);
const MAYBE = new RegExp(
  `${AT}(?:tele|snap|sc|face|line|zalo|wa|tt|kt|x|threads|signal|skype|discord|kik)${POINTS}(@[a-z][a-z0-9_.]{2,30}|[a-z][a-z0-9]{1,20}[_.][a-z0-9_.]{1,20})`,
  'gu',
);
/** "V: abc12345"; "V: 220" and "V: max" are measures. */
const LETTER_V = new RegExp(`${AT}[vw]${POINTS}([a-z]{2,20}[0-9_][a-z0-9_]{2,20})(?![a-z0-9.])`, 'gu');

/** Offsets are those of the original; `folded` is its folded view. */
export function detectLabelledNames(folded: TextView): Match[] {
  const found: Match[] = [];
  for (const pattern of [SURE, MAYBE, LETTER_V]) {
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
function detectBrokenNames(folded: TextView): Match[] {
  const found: Match[] = [];
  for (const m of folded.text.matchAll(BROKEN)) {
    const blanks = m[0].split(' ').length - 1;
    if (PLAIN.has(m[0]) || blanks > MAX_BLANKS) continue;
    found.push({ rule: '3.2', kind: 'platform', ...originalRange(folded, m.index, m.index + m[0].length) });
  }
  return found;
}

/**
 * "VX-2046", "WX-300": letters, a hyphen and too few figures for an account are a model, unless the listener is asked
 * to add it.
 */
const MODEL_HEAD = /\d[a-z\d]*-$/i;
const MODEL_TAIL = /^-\d{2,4}(?![\w-])/;
const ADD_BEFORE = /(?:[加+＋搜]|add|my|me on|id|at)[\s:：]{0,2}$/i;
/** 转，转: a doubled sign with a comma in it is two words. */
const PARTED_DOUBLE = /^(\p{Script=Han})[，。；、！？]\s?\1$/u;

function isModelName(f: Match, text: string): boolean {
  const name = text.slice(f.start, f.end);
  if (PARTED_DOUBLE.test(name)) return true;
  if (!/^[vw]x$/i.test(name)) return false;
  if (MODEL_HEAD.test(text.slice(0, f.start)) && /^\d{2,4}(?!\w)/.test(text.slice(f.end, f.end + 6))) return true;
  return (
    MODEL_TAIL.test(text.slice(f.end, f.end + 8)) && !ADD_BEFORE.test(text.slice(Math.max(0, f.start - 8), f.start))
  );
}

/** Names of platforms that no list holds: abbreviated, broken, misspelled, spelled out. Models are dropped again. */
export function nameStage(packs: RulePacks): Stage {
  const spelled = packs
    .flatMap((p) => p.sets['spelled-app'] ?? [])
    .map((name) => normalise(name).words.text.replaceAll(' ', ''));
  return {
    name: 'names',
    detectors: [
      { name: 'chat ids', detect: ({ folded }) => detectChatIds(folded) },
      { name: 'labelled names', detect: ({ folded }) => detectLabelledNames(folded) },
      { name: 'misspelled names', detect: ({ folded }) => detectMisspelledNames(folded) },
      { name: 'broken names', detect: ({ folded }) => detectBrokenNames(folded) },
      { name: 'spelled names', detect: ({ folded }) => detectSpelledNames(folded, spelled) },
    ],
    finish: (reading) => reading.keepOnly((match) => match.rule !== '3.2' || !isModelName(match, reading.text)),
  };
}
