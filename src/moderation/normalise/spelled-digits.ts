import { wordTable } from '../words/word-table.js';

const WORDS = wordTable('spelled-digits');

/**
 * Words for digits in every language of the rule packs, folded (lower case, no accents). One table serves all
 * languages, because only a long run of them has a meaning. Telephone numbers are said in digits, in pairs or, with
 * hundreds, in threes.
 */
const DIGITS = WORDS.values('digits');
const FROM_TEN = WORDS.values('numbers-from-ten');
const REPEATS = WORDS.values('repeats');

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

export interface DigitWord {
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
