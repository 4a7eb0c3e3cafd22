import { hash01 } from '../../core/random.js';
import type { EnglishWord } from '../../models/index.js';

/**
 * How a host says a line.
 *
 * Problem: a network that learned from readers reads prices as fast as the rest, and says a line that comes again
 * exactly as before.
 * Rule: one breath to a sentence. Its first sentence and exclamations are livelier; amounts of money are slower and a
 * little higher; a question that begins with a verb rises at its end; the pauses of a list are equal. Each take has a
 * rate and breaths of its own, from its seed.
 */
export interface Breath {
  /** Symbols of the network's alphabet, one a code point. */
  readonly symbols: string;
  /** The word of each symbol, as an index into the words; −1 between words. */
  readonly wordOf: Int32Array;
  /** Factor of the pitch's excursions. */
  readonly excursion: number;
  readonly stretch: readonly number[];
  readonly lift: readonly number[];
  /** Places of the commas of a list. */
  readonly even: readonly number[];
  /** Silence before it. */
  readonly pauseMs: number;
}

const LIVELY = 1.25;
const USUAL = 1.08;
const PRICE_STRETCH = 1.12;
const PRICE_LIFT = 1.05;
const RISE = 1.16;
const MIN_PAUSE_MS = 150;
const MAX_PAUSE_MS = 350;
/** Of the network, with room for the zeros at both ends. */
const MAX_SYMBOLS = 380;
const RATE_SPREAD = 0.03;
const ASKS = /^(?:am|are|is|was|were|do|does|did|have|has|can|could|will|would|should|shall|may|want|need|ready|any)$/i;

/** Its time belongs to the sound that follows. */
export const isStress = (symbol: string): boolean => symbol === 'ˈ' || symbol === 'ˌ';

/** A take's own speed, within ±3 %. */
export const takeRate = (seed: number): number => 1 + RATE_SPREAD * (2 * hash01(seed, 1) - 1);

/** @param text what was written, for the words that begin its questions */
export function planDelivery(text: string, words: readonly EnglishWord[], seed: number): Breath[] {
  return sentencesOf(words).flatMap(({ first, end, isLive }, i) => {
    const breaths = fitting(words, first, end);
    return breaths.map(([from, to], part): Breath => {
      const isLast = part === breaths.length - 1;
      const share = hash01(seed, 100 + 8 * i + part);
      return {
        ...symbolsOf(text, words, from, to, isLast),
        excursion: isLive ? LIVELY : USUAL,
        pauseMs:
          i + part === 0
            ? 0
            : MIN_PAUSE_MS + (MAX_PAUSE_MS - MIN_PAUSE_MS) * (part === 0 ? 0.3 + 0.7 * share : 0.3 * share),
      };
    });
  });
}

interface Sentence {
  readonly first: number;
  readonly end: number;
  readonly isLive: boolean;
}

function sentencesOf(words: readonly EnglishWord[]): Sentence[] {
  const sentences: Sentence[] = [];
  let first = 0;
  for (const [i, { pause }] of words.entries()) {
    if (!/[.!?…]/.test(pause) && i < words.length - 1) continue;
    sentences.push({ first, end: i + 1, isLive: first === 0 || pause.includes('!') });
    first = i + 1;
  }
  return sentences;
}

/** Cuts a sentence that the network cannot take whole: at its marks, else between words. */
function fitting(words: readonly EnglishWord[], first: number, end: number): (readonly [number, number])[] {
  const out: (readonly [number, number])[] = [];
  const length = (i: number): number => Array.from(words[i]!.symbols + words[i]!.pause).length + 1;
  let from = first;
  let size = 0;
  let mark = -1;
  for (let i = first; i < end; i += 1) {
    size += length(i);
    if (size > MAX_SYMBOLS && i > from) {
      const to = mark > from ? mark : i;
      out.push([from, to]);
      from = to;
      mark = -1;
      size = 0;
      for (let j = from; j <= i; j += 1) size += length(j);
    }
    if (words[i]!.pause !== '') mark = i + 1;
  }
  out.push([from, end]);
  return out;
}

function symbolsOf(
  text: string,
  words: readonly EnglishWord[],
  from: number,
  to: number,
  ends: boolean,
): Pick<Breath, 'symbols' | 'wordOf' | 'stretch' | 'lift' | 'even'> {
  const symbols: string[] = [];
  const wordOf: number[] = [];
  const stretch: number[] = [];
  const lift: number[] = [];
  const commas: number[] = [];
  for (let i = from; i < to; i += 1) {
    const { symbols: sounds, pause, price } = words[i]!;
    const add = (symbol: string, word: number): void => {
      symbols.push(symbol);
      wordOf.push(word);
      stretch.push(price && word >= 0 ? PRICE_STRETCH : 1);
      lift.push(price && word >= 0 ? PRICE_LIFT : 1);
    };
    for (const sound of sounds) add(sound, i);
    for (const mark of pause) {
      if (mark === ',') commas.push(symbols.length);
      add(mark, -1);
    }
    if (i < to - 1 && symbols.length > 0) add(' ', -1);
  }
  if (ends && words[to - 1]!.pause.includes('?') && ASKS.test(firstWord(text, words[from]!.at))) rise(symbols, lift);
  return {
    symbols: symbols.join(''),
    wordOf: Int32Array.from(wordOf),
    stretch,
    lift,
    even: commas.length >= 2 ? commas : [],
  };
}

const firstWord = (text: string, at: number): string => /^[\p{L}]+/u.exec(text.slice(at))?.[0] ?? '';

/** From the last stressed sound to the end. */
function rise(symbols: readonly string[], lift: number[]): void {
  const last = Math.max(0, symbols.findLastIndex(isStress));
  const steps = symbols.length - last;
  for (let i = last; i < symbols.length; i += 1) lift[i]! *= 1 + ((RISE - 1) * (i - last + 1)) / steps;
}
