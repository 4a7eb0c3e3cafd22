import { rewrite, type TextView } from './text-view.js';
import { wordTable } from '../words/word-table.js';

const WORDS = wordTable('spread-digits');

/**
 * Digits counted in words and parts of a number joined by words: "nul zes, dan drie vijven, dan zeventig", "tres veces
 * siete", 五が三つ, "потом три двойки". The view has them as figures with nothing between the parts, so that the telephone
 * rules, which know each country's numbers, can read them.
 */

/** Plurals of the digits from zero to nine. */
const PLURAL_DIGITS: ReadonlyMap<string, string> = new Map(
  WORDS.values('plurals').map(([word, digit]) => [word, String(digit)]),
);

const WORD = '[\\p{L}\\p{M}]{1,12}';
const OF_PLURAL = new RegExp(`(${WORD}) (${[...PLURAL_DIGITS.keys()].join('|')})(?![\\p{L}\\p{M}])`, 'gu');
/** "Three times the seven". */
const TIMES = WORDS.any('times');
const OF_TIMES = new RegExp(
  `(?<![\\p{L}\\p{M}])(${WORD}) (?:${TIMES}) (?:(?:a|the|el|o|le|die|de|een|il) )?(${WORD})`,
  'gu',
);
/** "Dreimal die acht". */
const OF_MAL = /(zwei|drei|vier|funf)mal (?:die |ne |eine )?(\p{L}{3,6})/gu;
const COUNTS_CHINESE = /([二两三四五六])[个個]([零一幺二三四五六七八九0-9])(?![个個件只条箱套双米])/g;
const COUNTS_JAPANESE = /([零一二三四五六七八九]|ゼロ|ナナ|ハチ)[がを]?(二|三|四)つ/g;
const COUNTS_KOREAN = /([공영일이삼사오육칠팔구])[이가]? ?(두|세|네) ?개/g;
const COUNTS_THAI = /(ศูนย์|หนึ่ง|สอง|สาม|สี่|ห้า|หก|เจ็ด|แปด|เก้า)(สอง|สาม|สี่) ?ตัว/g;
/** "Two of the three"; the other order is "three, two of it". */
const COUNTS_THAI_FIRST = /(สอง|สาม|สี่) ?ตัว(ศูนย์|หนึ่ง|สอง|สาม|สี่|ห้า|หก|เจ็ด|แปด|เก้า)/g;
const EAST: Readonly<Record<string, number>> = {
  二: 2, 两: 2, 三: 3, 四: 4, 五: 5, 六: 6, 두: 2, 세: 3, 네: 4, สอง: 2, สาม: 3, สี่: 4,
}; // prettier-ignore
const GERMAN: Readonly<Record<string, number>> = { zwei: 2, drei: 3, vier: 4, funf: 5 };
const MAX_TIMES = 6;
/**
 * English words that sound like digits, between digits; "to" and "for" only after a comma, because "three to four" is a
 * range.
 */
const HEARD = /[,.;]? (won|too|fore|ate|tree|fife|niner)(?![a-z])|[,.;] (to|for)(?= )/g;
const HEARD_AS: Readonly<Record<string, string>> = {
  won: '1', too: '2', to: '2', for: '4', fore: '4', ate: '8', tree: '3', fife: '5', niner: '9',
}; // prettier-ignore

/** Words between the parts of a number. */
const LINKS = WORDS.any('between-parts');
const LINK = new RegExp(
  `[,.;،]? (?:${LINKS})[,:]? (?:(?:once more|at the end|al final|am ende|in fondo|en sonda|na koncu|в конце|आखिर में) )?`,
  'gu',
);
/** Not between figures, unless digits were counted: batteries 18650 and 21700. */
const ANDS = 'and|und|en|et|i|и|да|ve|y|e|dan|और|तथा|va|ja|oraz|ed|ou|o|or|oder';
const AND = new RegExp(`(?<=[^\\d]) (?:${ANDS}) (?=[^\\d])`, 'gu');
const COUNTED_AND = new RegExp(` (?:${ANDS}) `, 'gu');
/** "Two and one" in Arabic is one word. */
const ARABIC_AND = /(?<=[\u0600-\u06ff])،? و ?(?=[\u0600-\u06ff]{2})/g;
const LINK_EAST = new RegExp(
  String.raw`[,、，。 ]{0,2}(?:${WORDS.any('between-parts-unparted')})(?:是|は|に|은|에)?[,、， ]{0,2}`,
  'gu',
);

const DIGIT_TABLE = wordTable('spelled-digits');

/**
 * Words for digits in every language of the rule packs, folded (lower case, no accents). One table serves all
 * languages, because only a long run of them has a meaning. Telephone numbers are said in digits, in pairs or, with
 * hundreds, in threes.
 */
const DIGITS = DIGIT_TABLE.values('digits');
const FROM_TEN = DIGIT_TABLE.values('numbers-from-ten');
const REPEATS = DIGIT_TABLE.values('repeats');

/** Tens and ones in one word: vierundzwanzig, zesenvijftig, quarantacinque. */
function compounds(): Map<string, number> {
  const words = new Map<string, number>();
  const cross = (ones: string, tens: string, write: (one: string, ten: string) => string): void => {
    for (const one of ones.split(' ')) {
      const [word, value] = one.split(':');
      for (const [i, ten] of tens.split(' ').entries()) words.set(write(word!, ten), (i + 2) * 10 + Number(value));
    }
  };
  cross(
    'ein:1 zwei:2 drei:3 vier:4 funf:5 sechs:6 sieben:7 acht:8 neun:9',
    'zwanzig dreissig vierzig funfzig sechzig siebzig achtzig neunzig',
    (one, ten) => `${one}und${ten}`,
  );
  cross(
    'een:1 twee:2 drie:3 vier:4 vijf:5 zes:6 zeven:7 acht:8 negen:9',
    'twintig dertig veertig vijftig zestig zeventig tachtig negentig',
    (one, ten) => `${one}en${ten}`,
  );
  const italian = 'venti trenta quaranta cinquanta sessanta settanta ottanta novanta';
  cross('due:2 tre:3 quattro:4 cinque:5 sei:6 sette:7 nove:9', italian, (one, ten) => ten + one);
  cross('uno:1 otto:8', italian, (one, ten) => ten.slice(0, -1) + one);
  return words;
}

interface DigitWord {
  /** The digits it stands for; '' for a word that repeats the next one. */
  readonly digits: string;
  readonly repeat: number;
  /** A number from ten on. */
  readonly tens: boolean;
}

function build(): ReadonlyMap<string, DigitWord> {
  const words = new Map<string, DigitWord>();
  for (const [word, value] of DIGITS)
    if (!words.has(word)) words.set(word, { digits: String(value), repeat: 1, tens: false });
  for (const [word, value] of FROM_TEN)
    if (!words.has(word)) words.set(word, { digits: String(value), repeat: 1, tens: true });
  for (const [word, value] of compounds()) {
    if (!words.has(word)) words.set(word, { digits: String(value), repeat: 1, tens: true });
  }
  for (const [word, repeat] of REPEATS) words.set(word, { digits: '', repeat, tens: false });
  return words;
}

/** Folded word → digit. */
export const DIGIT_WORDS: ReadonlyMap<string, DigitWord> = build();
/** Maximum length of words in scripts without spaces. */
export const MAX_LOOSE_WORD_LETTERS = 8;

const one = (word: string): string | undefined => {
  const digits = DIGIT_WORDS.get(word)?.digits;
  return digits?.length === 1 ? digits : undefined;
};
const repeated = (times: number, digit: string | undefined): string | undefined =>
  digit === undefined || !(times >= 2) || times > MAX_TIMES ? undefined : digit.repeat(times);

/** Whether a digit stands at the end of `before`, or at the beginning of the text after it. */
export function endsInDigit(before: string): boolean {
  if (/\d $|\d$/.test(before)) return true;
  const word = /[\p{L}\p{M}]+$/u.exec(before.trimEnd())?.[0];
  if (word === undefined) return false;
  if (DIGIT_WORDS.has(word)) return true;
  for (let n = 1; n <= MAX_LOOSE_WORD_LETTERS && n <= word.length; n += 1)
    if (isEast(word) && DIGIT_WORDS.has(word.slice(-n))) return true;
  return false;
}
export function beginsWithDigit(after: string): boolean {
  if (/^ ?\d/.test(after)) return true;
  const word = /^[\p{L}\p{M}]+/u.exec(after.trimStart())?.[0];
  if (word === undefined) return false;
  if (DIGIT_WORDS.has(word)) return true;
  for (let n = 1; n <= MAX_LOOSE_WORD_LETTERS && n <= word.length; n += 1)
    if (isEast(word) && DIGIT_WORDS.has(word.slice(0, n))) return true;
  return false;
}
const isEast = (word: string): boolean => /^[\u0e00-\u0e7f\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7a3]/.test(word);

/** The folded view with counted digits as figures and without the words between parts of a number. */
export function withSpreadDigits(folded: TextView): TextView {
  let view = rewrite(folded, OF_PLURAL, (m) => repeated(Number(one(m[1]!)), PLURAL_DIGITS.get(m[2]!)));
  view = rewrite(view, OF_TIMES, (m) => repeated(Number(one(m[1]!)), one(m[2]!)));
  view = rewrite(view, OF_MAL, (m) => repeated(GERMAN[m[1]!]!, one(m[2]!)));
  view = rewrite(view, COUNTS_CHINESE, (m) => repeated(EAST[m[1]!]!, one(m[2]!) ?? m[2]!));
  for (const pattern of [COUNTS_JAPANESE, COUNTS_KOREAN, COUNTS_THAI])
    view = rewrite(view, pattern, (m) => repeated(EAST[m[2]!]!, one(m[1]!))?.concat(' '));
  view = rewrite(view, COUNTS_THAI_FIRST, (m) => repeated(EAST[m[1]!]!, one(m[2]!))?.concat(' '));
  const { text } = view;
  view = rewrite(view, HEARD, (m) =>
    endsInDigit(text.slice(Math.max(0, m.index - 16), m.index)) &&
    (beginsWithDigit(text.slice(m.index + m[0].length, m.index + m[0].length + 16)) ||
      text.slice(m.index + m[0].length).trim().length < 2)
      ? m[0].replace(m[1] ?? m[2]!, HEARD_AS[m[1] ?? m[2]!]!)
      : undefined,
  );
  const and = text === folded.text ? AND : COUNTED_AND;
  for (const pattern of [LINK, and, LINK_EAST, ARABIC_AND]) {
    const now = view;
    view = rewrite(now, pattern, (m) =>
      endsInDigit(now.text.slice(Math.max(0, m.index - 16), m.index)) &&
      beginsWithDigit(now.text.slice(m.index + m[0].length, m.index + m[0].length + 16))
        ? ' '
        : undefined,
    );
  }
  return text === folded.text && view.text === text ? folded : view;
}
