import type { EspeakEvent } from '../espeak/espeak-messages.js';
import { isSwitch, plainIpa } from '../espeak/ipa.js';
import type { PiperSettings } from './piper-model.js';

/** Part of a model's input: a sound, a space or a mark of punctuation. */
export interface PiperSymbol {
  /** Keys of the model's table, one code point each. */
  readonly text: string;
  /** Plain IPA for the mouth; empty for spaces and punctuation. */
  readonly ipa: string;
  /** UTF-16 offset of its word. */
  readonly char: number;
  /** First symbol of its word. */
  readonly first: boolean;
}

const PUNCTUATION = /[.,;:!?…。，、；：！？।॥۔؟،؛]/u;
/** Marks of other scripts as a model's table has them. */
const PLAIN: Readonly<Record<string, string>> = {
  '。': '.',
  '，': ',',
  '、': ',',
  '；': ';',
  '：': ':',
  '！': '!',
  '？': '?',
  '…': '.',
  '।': '.',
  '॥': '.',
  '۔': '.',
  '؟': '?',
  '،': ',',
  '؛': ';',
};

/**
 * Symbols from eSpeak's events, in the form in which Piper's voices were trained: sounds with stress marks, a space
 * between words, and punctuation after the word it follows.
 *
 * @param at UTF-16 offset for each code point that eSpeak counts
 */
export function espeakSymbols(text: string, events: readonly EspeakEvent[], at: Int32Array): PiperSymbol[] {
  const symbols: PiperSymbol[] = [];
  let char = 0;
  let begins = true;
  const between = (from: number, to: number): void => {
    for (const sign of text.slice(from, to))
      if (PUNCTUATION.test(sign)) symbols.push({ text: PLAIN[sign] ?? sign, ipa: '', char: from, first: false });
  };
  for (const event of events) {
    if (event.type === 'word') {
      const next = at[Math.min(event.position, at.length - 1)] ?? char;
      if (symbols.length > 0 && next > char) {
        between(char, next);
        symbols.push({ text: ' ', ipa: '', char, first: false });
      }
      char = Math.max(char, next);
      begins = true;
    } else if (event.type === 'phoneme' && event.name !== '' && !isSwitch(event.name)) {
      symbols.push({ text: event.name.replace(/[_|]/g, ''), ipa: plainIpa(event.name), char, first: begins });
      begins = false;
    }
  }
  if (symbols.length > 0) between(char, text.length);
  return symbols;
}

/** Symbols of a model that reads letters. */
export function letterSymbols(text: string): PiperSymbol[] {
  const symbols: PiperSymbol[] = [];
  let word = 0;
  let at = 0;
  let begins = true;
  for (const letter of text) {
    if (/\s/u.test(letter)) begins = true;
    else if (begins) word = at;
    symbols.push({ text: letter, ipa: '', char: word, first: begins && !/\s/u.test(letter) });
    if (!/\s/u.test(letter)) begins = false;
    at += letter.length;
  }
  return symbols;
}

export interface PiperInput {
  readonly ids: number[];
  /** For each id, the index of its symbol, or −1. */
  readonly symbolOf: number[];
}

/** `^` pad, then each symbol with a pad after it, then `$`. A sign that the table lacks is left out. */
export function piperIds(symbols: readonly PiperSymbol[], { phoneme_id_map: table }: PiperSettings): PiperInput {
  const ids: number[] = [];
  const symbolOf: number[] = [];
  const put = (list: readonly number[] | undefined, symbol: number): boolean => {
    for (const id of list ?? []) {
      ids.push(id);
      symbolOf.push(symbol);
    }
    return list !== undefined;
  };
  put(table['^'], -1);
  put(table['_'], -1);
  for (const [i, { text }] of symbols.entries())
    for (const sign of text.normalize('NFD')) if (put(table[sign], i)) put(table['_'], i);
  put(table['$'], -1);
  return { ids, symbolOf };
}
