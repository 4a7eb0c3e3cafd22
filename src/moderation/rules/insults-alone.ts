import type { Match } from '../match.js';

/**
 * Words that insult only where nothing else is said: 滚!, "Varken!", "Domuz!".
 *
 * The trouble: beside other words they are animals, leather and a piggy bank. The rule: the word is the whole text, but for signs; or a
 * sentence of its own that ends with a call.
 */
const BEGINS = /(?:^|[.!?。！？…\n])[^\p{L}\p{M}\p{N}.!?。！？…\n]*$/u;
const CALLS = /^[^\p{L}\p{M}\p{N}.?。？…\n]*[!！]/u;
const WORDY = /[\p{L}\p{M}\p{N}]/u;

/** `words`: places of such words in the text. */
export function insultsAlone(text: string, words: readonly { start: number; end: number }[]): Match[] {
  return words
    .filter(({ start, end }) => {
      const before = text.slice(0, start);
      const after = text.slice(end);
      return (!WORDY.test(before) && !WORDY.test(after)) || (BEGINS.test(before) && CALLS.test(after));
    })
    .map(({ start, end }) => ({ rule: '5.2', kind: 'insult', start, end }));
}
