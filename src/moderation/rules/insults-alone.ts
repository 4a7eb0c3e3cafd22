import type { Match } from '../match.js';

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
export function insultsAlone(text: string, words: readonly { start: number; end: number }[]): Match[] {
  return words
    .filter(({ start, end }) => {
      const before = text.slice(0, start);
      const after = text.slice(end);
      return (!WORDY.test(before) && !WORDY.test(after)) || (BEGINS.test(before) && CALLS.test(after));
    })
    .map(({ start, end }) => ({ rule: '5.2', kind: 'insult', start, end }));
}
