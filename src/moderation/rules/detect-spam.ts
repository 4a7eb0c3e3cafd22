import type { Match } from '../match.js';
import type { TextView } from '../normalise/text-view.js';

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
export function detectSpam(original: string, words: TextView, robot: boolean): Match[] {
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
