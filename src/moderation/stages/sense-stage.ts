import { isShown, type Stage } from '../reading.js';
import type { RulePacks } from '../packs/rule-packs.js';
import type { Match } from '../match.js';
import { originalRange, type TextView } from '../normalise/text-view.js';
import { wordTable } from '../words/word-table.js';
import { normalise } from '../normalise/normalise.js';

/** Machine-made repetition inside one text (rule 2.3): one sign, one word or one phrase over and over. */

const MAX_SIGN_RUN = 14;
const MAX_WORD_RUN = 8;
const MIN_PHRASE_CHARS = 8;
const MAX_PHRASE_RUN = 4;
/** "BUY BUY BUY": a word or a short phrase three times in a row… */
const BURST = /(\p{L}[\p{L} ]{1,14}?)(?: ?\1){2,}/gu;
/** …except laughter ("hahahaha") and a repeated sign. */
const ONE_SIGN = /^(?:(.)(?: ?\1)*|(?:ha|he|hi|ho|ja|je|xa|ха|хе|la|na) ?)$/u;
/** Bursts that make a text spam; one is enough where a robot is named as the sender. */
const MAX_BURSTS = 2;

/** Repetitions with which a single burst is enough: of three signs and more, or of two. */
const LONG_BURST = 5;
const SHORT_BURST = 7;
const LONG_UNIT = 3;

/** `robot`: the text says that a machine sends it. */
function detectSpam(original: string, words: TextView, robot: boolean): Match[] {
  let run = 1;
  for (let i = 1; i <= original.length; i += 1) {
    if (i < original.length && original[i] === original[i - 1]) {
      run += 1;
      continue;
    }
    const c = original[i - 1]!;
    if (run >= MAX_SIGN_RUN && /[\p{L}\p{N}!?]/u.test(c)) return [whole(original)];
    run = 1;
  }
  const list = words.text.split(' ').filter((w) => w !== '');
  let same = 1;
  for (let i = 1; i < list.length; i += 1) {
    same = list[i] === list[i - 1] ? same + 1 : 1;
    if (same >= MAX_WORD_RUN && !/^\d+$/.test(list[i]!)) return [whole(original)];
  }
  if (repeatsPhrase(words.text)) return [whole(original)];
  if (bursts(words.text) >= (robot ? 1 : MAX_BURSTS)) return [whole(original)];
  return [];
}

function bursts(text: string): number {
  let count = 0;
  for (const m of text.matchAll(BURST)) {
    const unit = m[1]!.trim();
    if (ONE_SIGN.test(unit)) continue;
    const times = m[0].replaceAll(' ', '').length / unit.replaceAll(' ', '').length;
    count += times >= (unit.length >= LONG_UNIT ? LONG_BURST : SHORT_BURST) ? MAX_BURSTS : 1;
  }
  return count;
}

/** Whether the text is mostly one repeated phrase. */
function repeatsPhrase(text: string): boolean {
  if (text.length < MIN_PHRASE_CHARS * MAX_PHRASE_RUN) return false;
  const t = text.trim();
  for (let size = MIN_PHRASE_CHARS; size <= t.length / MAX_PHRASE_RUN && size <= 120; size += 1) {
    let times = 1;
    while (t.startsWith(t.slice(0, size), times * size)) times += 1;
    if (times >= MAX_PHRASE_RUN) return true;
  }
  return false;
}

const whole = (text: string): Match => ({ rule: '2.3', kind: 'repetition', start: 0, end: text.length });

/**
 * Curses and obscene words with struck-out letters: f**k, sh!t, pend*jo, с*ка.
 *
 * Problem: buyers' names are masked the same way (j**n, 张**).
 * Rule: the remaining letters match a listed word in their positions and are more than half of it; for the few words
 * that everybody strikes out, the first and last letter are sufficient.
 */
const TOKEN = /(?<![\p{L}\p{M}\p{N}*#@!$&_-])\p{L}[\p{L}\p{M}]{0,10}[*#@!$&_•]{1,3}[\p{L}\p{M}*#@!$&_•]{0,10}/gu;
const STRUCK = /[*#@!$&_•]/u;
const KINDS: ReadonlySet<string> = new Set(['insult', 'obscene']);
const KNOWN_BY_ENDS: ReadonlyMap<string, readonly string[]> = new Map([
  ['5.2', ['fuck', 'shit', 'cunt', 'fucking', 'bitch']],
]);
const MIN_LETTERS = 4;
const MAX_LETTERS = 14;

class StarredWords {
  readonly #words: readonly { readonly letters: readonly string[]; readonly rule: string; readonly kind: string }[];

  constructor(packs: RulePacks) {
    const listed = packs.flatMap(({ rule, say }) =>
      Object.entries(say)
        .filter(([kind]) => KINDS.has(kind))
        .flatMap(([kind, words]) => words.map((word) => ({ rule, kind, word: normalise(word).words.text }))),
    );
    this.#words = listed
      .filter(({ word }) => /^[\p{L}\p{M}]+$/u.test(word))
      .map(({ rule, kind, word }) => ({ rule, kind, letters: Array.from(word) }))
      .filter(({ letters }) => letters.length >= MIN_LETTERS && letters.length <= MAX_LETTERS);
  }

  /** Offsets are those of the original; `folded` is its folded view. */
  detect(folded: TextView): Match[] {
    const found: Match[] = [];
    if (!STRUCK.test(folded.text)) return found;
    for (const m of folded.text.matchAll(TOKEN)) {
      // A final exclamation mark belongs to the sentence: "shirt!".
      const token = m[0].replace(/!+$/u, '');
      const shown = Array.from(token);
      if (!STRUCK.test(token)) continue;
      const left = shown.filter((c) => !STRUCK.test(c)).length;
      const word = this.#words.find(
        ({ letters, rule }) =>
          letters.length === shown.length &&
          letters.every((c, i) => STRUCK.test(shown[i]!) || c === shown[i]) &&
          (left * 2 > shown.length || KNOWN_BY_ENDS.get(rule)?.includes(letters.join('')) === true),
      );
      if (word === undefined) continue;
      found.push({ rule: word.rule, kind: word.kind, ...originalRange(folded, m.index, m.index + token.length) });
    }
    return found;
  }
}

const WORDS = wordTable('timed-results');

/**
 * Promises of body changes by a date: "7天美白", "Lose weight in 14 days" (2.1).
 *
 * Problem: these claims are too short for the line model, and each word is harmless: "weight loss diary", "arrives in 7
 * days".
 * Rule: a result (`body-result` of the packs) and a number of days, weeks or months that leads to it stand near each
 * other in one sentence, and nothing beside the number refers to parcels, packs or a diary.
 */
// All in the folded view, which has no accents.
const COUNT = String.raw`(?:${WORDS.any('counts')})`;
const LATIN_TIME = WORDS.list('times-latin').map((time) => time.replaceAll('<count>', COUNT));
const OTHER_TIME = WORDS.list('times-other-scripts');
const TIMES = new RegExp(
  `(?<![\\p{L}\\p{N}])(?:${LATIN_TIME.join('|')})(?![\\p{L}\\p{N}])|(?<!\\p{N})(?:${OTHER_TIME.join('|')})`,
  'giu',
);
/** Words beside the number that refer to parcels, packs and habits. */
const ABOUT_GOODS = new RegExp(WORDS.any('about-goods'), 'iu');
const NEAR_CHARS = 32;
/** Maximum distance of a denial from the claim. */
const DENIED_CHARS = 24;
const STOP = /[.!?。！？\n]/u;

/** `results`: ranges of `body-result` in the original text; `denied`: of words that deny a claim. */
function detectTimedResults(
  text: string,
  folded: TextView,
  results: readonly { start: number; end: number }[],
  denied: readonly { start: number; end: number }[],
): Match[] {
  if (results.length === 0 || ABOUT_GOODS.test(text)) return [];
  const found: Match[] = [];
  for (const match of folded.text.matchAll(TIMES)) {
    const time = originalRange(folded, match.index, match.index + match[0].length);
    for (const result of results) {
      const start = Math.min(time.start, result.start);
      const end = Math.max(time.end, result.end);
      const between = text.slice(Math.min(time.end, result.end), Math.max(time.start, result.start));
      if (between.length > NEAR_CHARS || STOP.test(between)) continue;
      if (denied.some((d) => d.end > start - DENIED_CHARS && d.start < end + DENIED_CHARS)) continue;
      found.push({ rule: '2.1', kind: 'medical', start, end });
    }
  }
  return found;
}

/**
 * Words that are insults only by themselves: 滚!, "Varken!", "Domuz!".
 *
 * Problem: beside other words they are animals, leather and a piggy bank.
 * Rule: the word is the whole text, apart from signs, or a separate sentence that ends with an exclamation mark.
 */
const BEGINS = /(?:^|[.!?。！？…\n])[^\p{L}\p{M}\p{N}.!?。！？…\n]*$/u;
const CALLS = /^[^\p{L}\p{M}\p{N}.?。？…\n]*[!！]/u;
const WORDY = /[\p{L}\p{M}\p{N}]/u;

/** `words`: ranges of these words in the text. */
function insultsAlone(text: string, words: readonly { start: number; end: number }[]): Match[] {
  return words
    .filter(({ start, end }) => {
      const before = text.slice(0, start);
      const after = text.slice(end);
      return (!WORDY.test(before) && !WORDY.test(after)) || (BEGINS.test(before) && CALLS.test(after));
    })
    .map(({ start, end }) => ({ rule: '5.2', kind: 'insult', start, end }));
}

/**
 * A text that consists of a rank: a sticker "NO.1", "TOP1" or "№1" calls the product the first of all (2.1), as in
 * lists of forbidden words. "No. 1" with a blank, "#1" and "1." number the items of a list and are ignored.
 */
const RANK =
  /^[^\p{L}\p{N}]*(?:[nNｎＮ][oOｏＯ][.．]?[1１]|[nN][º°][1１]|№ ?[1１]|[tTｔＴ][oOｏＯ][pPｐＰ][ .．]?[1１])[^\p{L}\p{N}]*$/u;

function rankAlone(text: string): Match[] {
  const said = text.trim();
  if (!RANK.test(said)) return [];
  const start = text.indexOf(said);
  return [{ rule: '2.1', kind: 'absolute', start, end: start + said.length }];
}

/** Words that break a rule by where they stand: alone, beside a date, struck out, repeated. */
export function senseStage(packs: RulePacks): Stage {
  const starred = new StarredWords(packs);
  return {
    name: 'sense',
    detectors: [
      { name: 'rank alone', detect: ({ text, context }) => (isShown(context) ? rankAlone(text) : []) },
      {
        name: 'timed results',
        detect: (reading) =>
          detectTimedResults(
            reading.text,
            reading.folded,
            reading.ranges('body-result'),
            ['claim-negation', 'unsaid', 'not-said-after'].flatMap((set) => reading.ranges(set)),
          ),
      },
      { name: 'insults alone', detect: (reading) => insultsAlone(reading.text, reading.ranges('insult-alone')) },
      { name: 'starred words', detect: ({ folded }) => starred.detect(folded) },
      { name: 'spam', detect: ({ text, words, sets }) => detectSpam(text, words, sets.has('sense-robot-sent')) },
    ],
  };
}
