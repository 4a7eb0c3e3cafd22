import type { Found } from './found.js';
import type { TextView } from './text-view.js';

/** Machine-made repetition inside one text (rule 2.3): one sign, one word or one phrase over and over. */

const MAX_SIGN_RUN = 14;
const MAX_WORD_RUN = 8;
const MIN_PHRASE_CHARS = 8;
const MAX_PHRASE_RUN = 4;

export function detectSpam(original: string, words: TextView): Found[] {
  let run = 1;
  for (let i = 1; i <= original.length; i += 1) {
    if (i < original.length && original[i] === original[i - 1]) {
      run += 1;
      continue;
    }
    const c = original[i - 1];
    if (run >= MAX_SIGN_RUN && /[\p{L}\p{N}!?]/u.test(c)) return [whole(original)];
    run = 1;
  }
  const list = words.text.split(' ').filter((w) => w !== '');
  let same = 1;
  for (let i = 1; i < list.length; i += 1) {
    same = list[i] === list[i - 1] ? same + 1 : 1;
    if (same >= MAX_WORD_RUN && !/^\d+$/.test(list[i])) return [whole(original)];
  }
  if (repeatsPhrase(words.text)) return [whole(original)];
  return [];
}

/** Whether the text is mostly one phrase said again and again. */
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

const whole = (text: string): Found => ({ rule: '2.3', kind: 'repetition', start: 0, end: text.length });
