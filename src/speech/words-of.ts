import type { TextRange } from './split-text.js';

/** Scripts written without spaces: a run of them is cut by dictionary. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
/** A token with none of these is punctuation and not a word. */
const SPOKEN = /[\p{L}\p{N}\p{Sc}&@#%+=*/\\~^°]/u;
const EDGE = /^[^\p{L}\p{N}\p{M}\p{Sc}&@#%+=*/\\~^°]+|[^\p{L}\p{N}\p{M}\p{Sc}&@#%+=*/\\~^°]+$/gu;

/**
 * The words of a text as ranges: tokens between spaces without the punctuation around them, and within scripts without
 * spaces the words of the ICU dictionary. Signs that are read out (`&`, `%`, `$`, `@`) belong to words.
 */
export function wordsOf(text: string, language: string): TextRange[] {
  const words: TextRange[] = [];
  for (const token of text.matchAll(/\S+/gu)) {
    if (!UNSPACED.test(token[0])) {
      add(words, token[0], token.index);
      continue;
    }
    for (const { segment, index } of segmenter(language).segment(token[0])) add(words, segment, token.index + index);
  }
  return words;
}

function add(words: TextRange[], token: string, at: number): void {
  if (!SPOKEN.test(token)) return;
  let start = 0;
  let end = token.length;
  for (const edge of token.matchAll(EDGE)) {
    if (edge.index === 0) start = edge[0].length;
    else end = edge.index;
  }
  if (end > start) words.push({ start: at + start, end: at + end });
}

const segmenters = new Map<string, Intl.Segmenter>();

function segmenter(language: string): Intl.Segmenter {
  let one = segmenters.get(language);
  if (one === undefined) {
    let locale = 'und';
    try {
      locale = Intl.getCanonicalLocales(language)[0] ?? locale;
    } catch {
      // An unknown tag for ICU: its root rules cut every script.
    }
    one = new Intl.Segmenter(locale, { granularity: 'word' });
    segmenters.set(language, one);
  }
  return one;
}
