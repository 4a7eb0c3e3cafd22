import { clauseAround, type Place, everySentence } from '../language/sentences.js';
import { NAME_CUE, SEARCH_VERB } from '../names/said-names.js';
import { isSmallWord } from '../normalise/small-words.js';
import { createRequire } from 'node:module';
import { digitRuns } from '../numbers/digit-runs.js';
import { baseLanguage } from '../language/detect-language.js';
import { normalise } from '../normalise/normalise.js';
import { numberWords, withFigures } from '../numbers/number-words.js';
import { quantities } from '../numbers/quantities.js';
import { originalRange, type TextView } from '../normalise/text-view.js';
import { wordTable } from '../words/word-table.js';

/**
 * Whether a sentence after an app's name contains an account name.
 *
 * Problem: "Harbour Kettles" could be any two words.
 * Rule: a name is announced ("the name is", "search for", 叫), follows "we are", stands by itself, or is capitalised
 * inside the sentence.
 */

const MAX_ALONE_WORDS = 5;
/** The maximum without capitals; more words are a sentence. */
const MAX_PLAIN_WORDS = 3;
const MAX_ALONE_SIGNS = 12;
/** "We're harbour kettles there": more words are an ordinary sentence. */
const MAX_WHO_WORDS = 6;
const MAX_WHO_SIGNS = 16;

const CUE = new RegExp(`${NAME_CUE.source}|名は|(?<![a-z])idは|아이디|店名|号码是`, 'giu');
/** "Handle" may refer to a pan as well as an account. */
const HANDLE = /^(?:the|my|our) handle(?: there)?$/iu;
const SEARCH = new RegExp(
  `${SEARCH_VERB}|搜|找|关注|加一?下|検索|探して|フォロー|검색|찾|팔로우|ค้นหา|แอด|ติดตาม|खोज|ढूंढ|सर्च|फॉलो|diye |aratın|arayın|adıyla|ismiyle`,
  'iu',
);

/**
 * Signs of a spoken account: numbers without a unit, spelled letters, a handle, a spoken address.
 *
 * Problem: next to a forbidden word any of these may be the account itself, but prices, sizes and days occur there as
 * well.
 * Rule: a number with its unit or currency is an amount; any other number is a sign. Five digits in a row, or six in
 * one sentence, are a strong sign by themselves.
 */
interface AccountSigns {
  /** Accounts by their form alone. */
  readonly strong: readonly Place[];
  /** Numbers without a unit. */
  readonly numbers: readonly Place[];
  /** Those of `numbers` that count nothing: "four colours" is excluded, "king eighty eight" is not. */
  readonly uncounted: readonly Place[];
}

const STRONG_DIGITS = 5;
const STRONG_SUM = 6;
/** Maximum digits of a spoken amount. */
const MAX_AMOUNT_DIGITS = 6;
/** Minimum digit words of a number: shorter runs are articles and particles of some language. */
const MIN_SPOKEN_DIGITS = 3;

const ACCOUNT_HANDLE = /(?<![\p{L}\p{N}])@ ?[\p{L}\p{N}_.]{2,}/gu;
/** Lamp_88, kettle88: letters with an underscore or digits; X200 is a model. */
const IDENTIFIER = /(?<![\p{L}\p{N}_-])(?:\p{L}[\p{L}\p{N}.]*_[\p{L}\p{N}_.]+|[a-z]{3,20}\d{2,6})(?![\p{L}\p{N}-])/gu;
const SPELLED =
  /(?<![\p{L}\p{N}\p{M}'’])(?:[a-z\u0430-\u044f][\s.,-]{1,3}){2,}[a-z\u0430-\u044f](?![\p{L}\p{N}\p{M}'’])/giu;

const WORDS = wordTable('account-words');

/**
 * Words of spoken accounts in the languages of the rule packs. They are harmless by themselves and count only near a
 * forbidden match.
 */

/** "Dot" of an address. A domain ending must follow. */
const DOT_WORDS = WORDS.any('dots');

/** Spoken names of signs in account names. */
const SIGN_WORDS = WORDS.any('signs');

/** Beginnings of a short introduction: "We're harbour kettles there." */
const WHO_WORDS = WORDS.any('who');

/** Introductions in scripts without blanks. */
const WHO_SIGNS = WORDS.any('who-unparted');

/** Greetings and thanks, which are short but not names. */
const SMALL_TALK = new RegExp(String.raw`^(?:${WORDS.any('small-talk')})`, 'u');

/** Words between the figures of a range: "7 to 15 days", "30 x 40 cm". */
const SPAN_WORDS = new RegExp(String.raw`^\s*(?:${WORDS.any('spans')})?\s*$`, 'u');

/** Words that point back: "that's us on Telegram", 微信上搜这个. */
const BACK_WORDS = WORDS.any('back');
const BACK_SIGNS = WORDS.any('back-unparted');

const SAID_SIGN = new RegExp(`(?<![\\p{L}\\p{M}])(?:${SIGN_WORDS})(?![\\p{L}\\p{M}])`, 'giu');
const SAID_DOT = new RegExp(
  `(?<![\\p{Script=Latin}\\p{Script=Cyrillic}\\p{Script=Arabic}])(?:${DOT_WORDS})\\s*(?<end>[a-z]{2,12})(?![\\p{L}])`,
  'giu',
);
const WRITTEN = /\d+/g;
const ACCOUNT_SIGNS_WORD = /\p{L}[\p{L}\p{M}]*/gu;
/** A noun follows at once: the counted thing. */
const COUNTED = /^[\s-]*\p{L}{2,}/u;
/** Excludes one, because "a", "un", 一 are articles as often. */
const MIN_VALUE = 2;

const ADDRESS_ENDS: ReadonlySet<string> = new Set(createRequire(import.meta.url)('tlds') as string[]);
/** Domain endings that count although they are small words. */
const ENDS_ANYWAY: ReadonlySet<string> = new Set(['com', 'net', 'org', 'es', 'it', 'de', 'me', 'in', 'to']);

function accountSigns(text: string, language: string): AccountSigns {
  const { folded } = normalise(text);
  const languages = new Set([baseLanguage(language), 'en']);
  const strong = [
    ...match(text, ACCOUNT_HANDLE),
    ...match(text, IDENTIFIER),
    ...match(text, SPELLED),
    ...match(text, SAID_SIGN),
  ];
  strong.push(...saidAddresses(text));
  const amounts = amountsOf(folded, languages);
  const found = numbersOf(folded, languages).filter(({ digits, place }) => {
    return digits > MAX_AMOUNT_DIGITS || !isAmount(text, place, amounts);
  });
  strong.push(...found.filter(({ digits }) => digits >= STRONG_DIGITS).map(({ place }) => place));
  const numbers = found.map(({ place }) => place);
  if (found.length > 1 && found.reduce((sum, { digits }) => sum + digits, 0) >= STRONG_SUM) strong.push(...numbers);
  return { strong, numbers, uncounted: numbers.filter(({ end }) => !COUNTED.test(text.slice(end, end + 4))) };
}

const match = (text: string, form: RegExp): Place[] =>
  Array.from(text.matchAll(form), (m) => ({ start: m.index, end: m.index + m[0].length }));

/** "Teteras punto casa", 海港 点 com. */
function saidAddresses(text: string): Place[] {
  const places: Place[] = [];
  for (const m of text.matchAll(SAID_DOT)) {
    const end = m.groups!['end']!.toLowerCase();
    if (!ADDRESS_ENDS.has(end) || (isSmallWord(end) && !ENDS_ANYWAY.has(end))) continue;
    places.push({ start: m.index, end: m.index + m[0].length });
  }
  return places;
}

interface SaidNumber {
  readonly place: Place;
  readonly digits: number;
}

/** Written figures, spoken digits and number words, each once, in order. */
function numbersOf(folded: TextView, languages: ReadonlySet<string>): SaidNumber[] {
  const { text } = folded;
  const all: { start: number; end: number; digits: number }[] = digitRuns(folded, MIN_SPOKEN_DIGITS).map(
    ({ start, end, digits }) => ({ start, end, digits: digits.length }),
  );
  for (const m of text.matchAll(WRITTEN)) all.push({ start: m.index, end: m.index + m[0].length, digits: m[0].length });
  for (const m of text.matchAll(ACCOUNT_SIGNS_WORD)) {
    const value = Math.max(...[...languages].map((l) => numberWords(l).get(m[0]) ?? 0));
    if (value >= MIN_VALUE)
      all.push({ start: m.index, end: m.index + m[0].length, digits: String(value).replace(/0+$/, '').length });
  }
  all.sort((a, b) => a.start - b.start || b.end - a.end);
  const kept: typeof all = [];
  for (const n of all) if (kept.length === 0 || n.start >= kept.at(-1)!.end) kept.push(n);
  return kept.map(({ start, end, digits }) => ({ place: originalRange(folded, start, end), digits }));
}

/** Figures with their unit or currency, spoken or written. */
function amountsOf(folded: TextView, languages: ReadonlySet<string>): Place[] {
  const figures = withFigures(folded, languages);
  return quantities(figures.text).map(({ start, end }) => originalRange(figures, start, end));
}

/** Whether a number is an amount, or the beginning of a range: "7 to 15 days". */
const isAmount = (text: string, { start, end }: Place, amounts: readonly Place[]): boolean =>
  amounts.some(
    (a) =>
      (a.start <= start && end <= a.end) ||
      (a.start >= end && a.start - end <= 8 && SPAN_WORDS.test(text.slice(end, a.start))),
  );

const WHO = new RegExp(`^(?:(?:${WHO_WORDS})(?![\\p{L}\\p{M}])|(?:${WHO_SIGNS}))`, 'iu');
const BACK = new RegExp(`^(?:(?:${BACK_WORDS})(?![\\p{L}\\p{M}]))|${BACK_SIGNS}`, 'iu');
const DENSE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;
const WORD = /[\p{L}\p{M}\p{N}'’-]+/gu;
const CAPITAL = /^\p{Lu}\p{L}/u;

/** "The name is", 叫: phrases that announce a name. */
const announcesName = (sentence: string): boolean =>
  Array.from(sentence.matchAll(CUE)).some(([cue]) => !HANDLE.test(cue));

/**
 * Whether a sentence right after the mention of an app may contain a name. In a separate line (`isLine`) capitals often
 * belong to product names.
 */
function mayBeName(sentence: string, language: string, isLine: boolean): boolean {
  if (announcesName(sentence) || SEARCH.test(sentence)) return true;
  if (standsAlone(sentence)) return true;
  const bare = withoutSigns(sentence);
  const words = bare.match(WORD) ?? [];
  if (WHO.test(bare)) {
    if (DENSE.test(bare) ? bare.length <= MAX_WHO_SIGNS : words.length <= MAX_WHO_WORDS) return true;
  }
  if (isLine) return false;
  return language.startsWith('de') ? hasCapitalPair(words) : words.some((word, at) => at > 0 && isName(word));
}

/** Whether a clause points back at a name before it: "that's us on Telegram". */
const pointsBack = (clause: string): boolean => BACK.test(clause);

/** A few words that do not form a sentence: "Harbour Kettles", 铜锅小铺. */
function standsAlone(part: string): boolean {
  const bare = withoutSigns(part);
  if (bare === '' || SMALL_TALK.test(bare)) return false;
  if (DENSE.test(bare)) return bare.length <= MAX_ALONE_SIGNS;
  const words = bare.match(WORD) ?? [];
  return words.length <= MAX_ALONE_WORDS && isNameAlone(words);
}

const withoutSigns = (part: string): string =>
  part.replace(/^[\s"'“”«»「」『』(¿¡-]+|[\s.,!?…。，、！？।؟،"'“”«»「」『』)]+$/gu, '');

/** Content words with at most an "of the" between them: "Teteras del Puerto"; a sentence has other small words. */
function isNameAlone(words: readonly string[]): boolean {
  const sense = words.filter((word) => !isSmallWord(word.toLowerCase()));
  const edges = [words[0], words.at(-1)].every((word) => sense.includes(word!));
  if (!edges || sense.length === 0) return false;
  if (words.length === sense.length && words.length <= MAX_PLAIN_WORDS) return true;
  return sense.every((word) => CAPITAL.test(word)) && words.length - sense.length <= 2;
}

const isName = (word: string): boolean => CAPITAL.test(word) && !/^I['’]/.test(word);

/** German capitalises every noun: only two in a row suggest a name. */
const hasCapitalPair = (words: readonly string[]): boolean =>
  words.some((word, at) => at > 1 && isName(word) && isName(words[at - 1]!));

/**
 * The spans of a line that must not be heard around a match of rule 3.1 or 3.2.
 *
 * Problem: silencing only the app or the payment leaves the account next to it audible: "▇, you'll find me as Harbour
 * Kettles", "Paga por ▇ al 612 345 678".
 * Rules:
 * - from the match (or its clause) to the end of its sentence;
 * - before the match in its sentence, and in the sentence before, from the first strong sign of an account on, or a
 *   name there that the match points back at ("Harbour Kettles, that's us on ▇");
 * - the next sentence if it has a number without a unit, spelled letters, a handle, an address, or a name once an app
 *   was named; then the next one by the same test, at most MAX_IN_ROW in a row without a strong sign;
 * - of the MAX_REACH sentences after it, those with a strong sign or an announced name.
 * The next line continues where this one ends.
 */

/** A match of one of the rules, or a span silenced with it. */
interface UnheardPlace extends Place {
  readonly rule: string;
}

interface Hit extends UnheardPlace {
  readonly kind: string;
}

/** State that a line leaves for the next one. */
export interface Afterwards {
  readonly rule: string;
  /** A name may follow. */
  readonly named: boolean;
  /** The next sentence directly follows a silenced one. */
  readonly fresh: boolean;
  /** Remaining sentences to examine. */
  readonly reach: number;
  /** Consecutive sentences silenced for weak signs. */
  readonly inRow: number;
}

export interface Unheard {
  /** Matches of every rule with all their spans. */
  readonly places: readonly UnheardPlace[];
  /** Sentences that continue an earlier line; a part of `places`. */
  readonly continued: readonly UnheardPlace[];
  readonly afterwards: Afterwards | undefined;
}

const CONTACT_RULES: ReadonlySet<string> = new Set(['3.1', '3.2']);
/** Matches that are the whole account; after all others its name may follow. */
const WHOLE: ReadonlySet<string> = new Set(['phone', 'link', 'mail', 'card', 'iban', 'wallet']);
const MAX_REACH = 3;
const MAX_IN_ROW = 4;

export const isContact = ({ rule }: { readonly rule: string }): boolean => CONTACT_RULES.has(rule);

export function unheardSpans(text: string, language: string, hits: readonly Hit[], before?: Afterwards): Unheard {
  const contacts = hits.filter(isContact);
  const sentences = everySentence(text);
  const places: UnheardPlace[] = hits
    .filter((h) => !isContact(h) || !sentences.some((s) => h.start < s.end && h.end > s.start))
    .map(({ start, end, rule }) => ({ start, end, rule }));
  const continued: UnheardPlace[] = [];
  let state = before;
  if (contacts.length === 0 && state === undefined) return { places, continued, afterwards: undefined };
  let previous: Place | undefined;
  for (const sentence of sentences) {
    const own = contacts.filter((h) => h.start < sentence.end && h.end > sentence.start);
    if (own.length > 0) {
      places.push(...own.map((hit) => around(text, language, hit, sentence)));
      const rule = own.at(-1)!.rule;
      const pointed = own.some((hit) => namesApp(hit) && pointsBack(text.slice(sentence.start, hit.end)));
      if (previous !== undefined) places.push(...accountBefore(text, language, previous, { rule, pointed }));
      state = { rule, named: own.some(namesApp) || state?.named === true, fresh: true, reach: MAX_REACH, inRow: 0 };
    } else if (state !== undefined) {
      const said = text.slice(sentence.start, sentence.end);
      const sign = signIn(said, language, state, before === state);
      if (sign === 'none') {
        state = state.reach > 1 ? { ...state, fresh: false, reach: state.reach - 1 } : undefined;
      } else {
        const place = { ...sentence, rule: state.rule };
        places.push(place);
        if (contacts.length === 0 || sentence.end <= contacts[0]!.start) continued.push(place);
        state = {
          ...state,
          fresh: true,
          reach: sign === 'strong' ? MAX_REACH : state.reach,
          inRow: sign === 'strong' ? 0 : state.inRow + 1,
        };
      }
    }
    previous = sentence;
  }
  return { places, continued, afterwards: state };
}

/** An app, whose account name is said beside it; a telephone number is complete by itself. */
const hasClause = ({ rule, kind }: Hit): boolean => rule === '3.2' && kind !== 'phone';
const namesApp = ({ kind }: Hit): boolean => !WHOLE.has(kind);

/** From the match's clause, or the account before it, to the end of the sentence. */
function around(text: string, language: string, hit: Hit, sentence: Place): UnheardPlace {
  let start = hasClause(hit) ? clauseAround(text, hit).start : hit.start;
  const first = firstStrong(text, language, sentence.start, start);
  if (first !== undefined) start = first;
  else if (namesApp(hit) && start > sentence.start && pointsBack(text.slice(start, sentence.end))) {
    const named = clauseAround(text, { start: start - 2, end: start - 1 }).start;
    if (standsAlone(text.slice(named, start))) start = Math.max(named, sentence.start);
  }
  return { start, end: Math.max(hit.end, sentence.end), rule: hit.rule };
}

/** The sentence before, from the beginning of its account. */
function accountBefore(
  text: string,
  language: string,
  sentence: Place,
  { rule, pointed }: { readonly rule: string; readonly pointed: boolean },
): UnheardPlace[] {
  const start = firstStrong(text, language, sentence.start, sentence.end);
  if (start !== undefined) return [{ start, end: sentence.end, rule }];
  return pointed && standsAlone(text.slice(sentence.start, sentence.end)) ? [{ ...sentence, rule }] : [];
}

/** The beginning of the clause with the first account in a range. */
function firstStrong(text: string, language: string, from: number, to: number): number | undefined {
  const part = text.slice(from, to);
  const starts = accountSigns(part, language).strong.map((sign) => clauseAround(part, sign).start);
  return starts.length === 0 ? undefined : from + Math.min(...starts);
}

function signIn(said: string, language: string, state: Afterwards, isNextLine: boolean): 'strong' | 'weak' | 'none' {
  const { strong, numbers, uncounted } = accountSigns(said, language);
  if (strong.length > 0 || (state.named && announcesName(said))) return 'strong';
  if (!state.fresh || state.inRow >= MAX_IN_ROW) return 'none';
  if ((isNextLine ? uncounted : numbers).length > 0) return 'weak';
  return state.named && mayBeName(said, language, isNextLine) ? 'weak' : 'none';
}
