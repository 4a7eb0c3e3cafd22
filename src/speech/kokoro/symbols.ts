import { readFileSync } from 'node:fs';
import { templatePath } from '../../core/files/paths.js';

/** One symbol of Kokoro's input. */
export interface KokoroSymbol {
  /** A key of the model's table, one code point. */
  readonly text: string;
  /** IPA of a sound, for the mouth; empty for marks, spaces and punctuation. */
  readonly ipa: string;
  /** UTF-16 offset of its word in the written text. */
  readonly char: number;
  /** First symbol of its word. */
  readonly first: boolean;
}

interface SymbolTable {
  readonly symbols: Readonly<Record<string, number>>;
  /** The nearest symbols of sounds that the model lacks. */
  readonly nearest: Readonly<Record<string, string>>;
  /** Overrides by language: whole sounds as eSpeak names them, with their marks, before single letters. */
  readonly byLanguage: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

let loaded: SymbolTable | undefined;
const table = (): SymbolTable =>
  (loaded ??= JSON.parse(readFileSync(templatePath('languages', 'kokoro-symbols.json'), 'utf8')) as SymbolTable);

/** Sounds that the model writes as one letter, as eSpeak writes them. */
const JOINED: Readonly<Record<string, string>> = {
  aɪ: 'I',
  aʊ: 'W',
  dz: 'ʣ',
  dʒ: 'ʤ',
  eɪ: 'A',
  oʊ: 'O',
  əʊ: 'Q',
  ss: 'S',
  ts: 'ʦ',
  tʃ: 'ʧ',
  ɔɪ: 'Y',
};

/** What the mouth does at the model's own letters. */
const IPA: Readonly<Record<string, string>> = {
  A: 'eɪ',
  I: 'aɪ',
  O: 'oʊ',
  Q: 'əʊ',
  S: 's',
  T: 'ɾ',
  W: 'aʊ',
  Y: 'ɔɪ',
  ʣ: 'dz',
  ʤ: 'dʒ',
  ʥ: 'dʑ',
  ʦ: 'ts',
  ʧ: 'tʃ',
  ʨ: 'tɕ',
  ꭧ: 'ʈʂ',
  ᵊ: 'ə',
  ᵻ: 'ɪ',
};

const PUNCTUATION = new Set(';:,.!?—…"()“” ');
/** Marks that belong to a sound beside them. */
const MARKS = new Set('ˈˌːʰʲ→↗↓↘̃ᵝ');

export const idOf = (symbol: string): number | undefined => table().symbols[symbol];
export const isMark = (symbol: string): boolean => MARKS.has(symbol);

/** Of a symbol that is a sound; else empty. */
export const ipaOf = (symbol: string): string =>
  PUNCTUATION.has(symbol) || MARKS.has(symbol) ? '' : (IPA[symbol] ?? symbol);

/** Ties, and marks of a sound's place and voice that the model does not write. */
const TIES = /[\u0361\u0325\u0329\u032A\u032C\u032F\u033A\u033B\u031E\u0308]/gu;

/**
 * The model's symbols for one of eSpeak's sounds: its letters joined where the model has one symbol for them, then each
 * letter or its nearest in that language.
 */
export function kokoroLetters(sound: string, language: string): string {
  const { symbols, nearest, byLanguage } = table();
  const own = byLanguage[language] ?? {};
  const raw = sound.replace(/[-_|^‿ˑ˞"]/gu, '');
  const named = own[raw.replace(/[ˈˌ]/gu, '')];
  const bare = raw.replace(TIES, '');
  const stress = /^[ˈˌ]+/u.exec(bare)?.[0].at(-1) ?? '';
  if (named !== undefined) return stress + named;
  const letters = bare.replace(/[ˈˌ]/gu, '');
  const after = /[ːʲʰ]*$/u.exec(letters)![0];
  const core = letters.slice(0, letters.length - after.length);
  const whole = own[core] ?? JOINED[core] ?? nearest[core];
  if (whole !== undefined) return stress + whole + (whole === '' ? '' : after);
  let out = stress;
  for (const letter of letters.normalize('NFD').normalize('NFC').normalize('NFD')) {
    // A cedilla is part of the letter ç, and no mark.
    if (letter === '̧') {
      if (out.endsWith('c')) out = `${out.slice(0, -1)}ç`;
      continue;
    }
    const to = own[letter] ?? (symbols[letter] === undefined ? nearest[letter] : letter);
    if (to !== undefined) out += to;
  }
  return out;
}

const VOWEL = /[aeiouyɐɑɒæɔəɚɛɜɤɨɪɯøœʊʌAIOQWYᵻ]/u;
const FRONT = /[eiyɛɪøœᵻA]/u;

/**
 * Soft consonants as voices say them that grew up with Italian or Portuguese: n has a letter of its own, others a
 * glide before a back vowel and nothing elsewhere. (Their ʎ is heard as a fricative.)
 */
export function withGlides(symbols: readonly KokoroSymbol[]): KokoroSymbol[] {
  const out: KokoroSymbol[] = [];
  for (const [i, symbol] of symbols.entries()) {
    if (symbol.text !== 'ʲ') {
      out.push(symbol);
      continue;
    }
    const before = out.at(-1);
    if (before?.text === 'n') {
      out[out.length - 1] = { ...before, text: 'ɲ', ipa: 'ɲ' };
      continue;
    }
    const next = symbols.slice(i + 1, i + 3).find(({ text }) => !isMark(text))?.text ?? ' ';
    if (before !== undefined && !/[jʃʒʧʤɲʎ]/u.test(before.text) && VOWEL.test(next) && !FRONT.test(next))
      out.push({ ...symbol, text: 'j', ipa: 'j' });
  }
  return out;
}
