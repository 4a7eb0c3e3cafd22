import type { PlacedLine } from './placed-line.js';
import type { ReadyLine } from '../show-parts.js';
import type { SpokenSentence } from './sentences-at.js';

/**
 * The rest of a cut line, from the beginning of a sentence.
 *
 * Problem: a rest that is judged and spoken anew could be harmless by itself where it was not as a part of its line: an
 * account after the app, whose name was silenced before the cut.
 * Rule: the rest is the end of the same sound with the same silences; words heard in between can add more of them. A
 * caption that was withheld stays so.
 */
export function restOfLine(
  ready: ReadyLine,
  { mutes, captionShown, afterwards }: Pick<PlacedLine, 'mutes' | 'captionShown' | 'afterwards'>,
  { startChar, startSample }: Pick<SpokenSentence, 'startChar' | 'startSample'>,
): ReadyLine {
  const { line, utterance, speech, caption, noted } = ready;
  const whole = line.caption === line.text;
  const text = line.text.slice(startChar);
  return {
    line: {
      ...line,
      id: nextId(line.id),
      text,
      caption: whole ? text : line.caption,
      gesture: 'none',
    },
    utterance: {
      ...utterance,
      text,
      pcm: utterance.pcm.subarray(startSample),
      words: utterance.words
        .filter((word) => word.startChar >= startChar)
        .map((word) => ({
          ...word,
          startChar: word.startChar - startChar,
          endChar: word.endChar - startChar,
          startSample: word.startSample - startSample,
          endSample: word.endSample - startSample,
        })),
      phonemes: utterance.phonemes
        .filter(({ endSample }) => endSample > startSample)
        .map((one) => ({
          ...one,
          startSample: Math.max(0, one.startSample - startSample),
          endSample: one.endSample - startSample,
        })),
    },
    speech: { ...speech, hits: after(speech.hits, startChar) },
    caption:
      captionShown && caption !== undefined
        ? whole
          ? { ...caption, hits: after(caption.hits, startChar) }
          : caption
        : undefined,
    rest: {
      afterwards,
      mutes: mutes
        .filter(({ endSample }) => endSample > startSample)
        .map((mute) => ({
          ...mute,
          startSample: Math.max(0, mute.startSample - startSample),
          endSample: mute.endSample - startSample,
        })),
    },
    noted,
  };
}

/** `s0.1.2`, `s0.1.2~1`, `s0.1.2~2`. */
function nextId(id: string): string {
  const [whole, times] = id.split('~');
  return `${whole}~${Number(times ?? 0) + 1}`;
}

/** Findings that reach into the rest, with offsets in the rest. */
function after<T extends { readonly start: number; readonly end: number }>(hits: readonly T[], startChar: number): T[] {
  return hits
    .filter(({ end }) => end > startChar)
    .map((hit) => ({ ...hit, start: Math.max(0, hit.start - startChar), end: hit.end - startChar }));
}
