import type { Utterance } from '../../core/speech.js';

/** A sentence of a spoken line: its offset in the text, and its sound. */
export interface SpokenSentence {
  readonly startChar: number;
  readonly endChar: number;
  /** First sample of its first word. */
  readonly startSample: number;
  /** First sample after its last word. */
  readonly endSample: number;
}

/**
 * The sentences of an utterance, by its word times. A boundary whose word time is a guess does not count, since a cut
 * there could fall into a word: such a sentence is merged with the one before. One sentence when no word has a time.
 */
export function spokenSentences(utterance: Pick<Utterance, 'text' | 'language' | 'words' | 'pcm'>): SpokenSentence[] {
  const { text, words, pcm } = utterance;
  const whole = { startChar: 0, endChar: text.length, startSample: 0, endSample: pcm.length };
  const sentences: SpokenSentence[] = [];
  for (const { index } of segmenterFor(utterance.language).segment(text)) {
    const first = words.findIndex((w) => w.startChar >= index);
    const last = sentences.at(-1);
    if (last === undefined) {
      sentences.push(whole);
      continue;
    }
    if (first <= 0 || words[first]!.exact === false || index <= last.startChar) continue;
    const startSample = words[first]!.startSample;
    if (startSample <= last.startSample) continue;
    // The end of a word whose successor begins exactly is as good as that beginning.
    const endSample = Math.min(startSample, Math.max(last.startSample + 1, words[first - 1]!.endSample));
    sentences[sentences.length - 1] = { ...last, endChar: index, endSample };
    sentences.push({ ...whole, startChar: index, startSample });
  }
  return sentences.length === 0 ? [whole] : sentences;
}

/** The sentence being spoken at a sample; between two sentences, the next one. */
export const sentenceAt = (sentences: readonly SpokenSentence[], sample: number): SpokenSentence =>
  sentences.find((one) => sample < one.endSample) ?? sentences.at(-1)!;

/**
 * Where the heard part of a text may end when its sound fades between two samples: after each word that is heard at
 * least in part and not surely as a whole, the shortest first. A fading word may count for a listener or not.
 */
export function heardEnds(
  { text, words }: Pick<Utterance, 'text' | 'words'>,
  fadesFrom: number,
  fadesTo: number,
): readonly number[] {
  if (words.length === 0) return [text.length];
  const ends = [0];
  for (const [i, word] of words.entries()) {
    // A guessed word may have begun earlier than its guess.
    if (word.startSample >= fadesTo && (word.exact !== false || i === 0)) break;
    if (word.endSample <= fadesFrom && words[i + 1]?.exact !== false) ends.length = 0;
    ends.push(word.endChar);
  }
  return ends;
}

const segmenters = new Map<string, Intl.Segmenter>();

function segmenterFor(language: string): Intl.Segmenter {
  let found = segmenters.get(language);
  if (found === undefined) {
    const known = Intl.Segmenter.supportedLocalesOf([language]).length > 0 ? language : 'en';
    segmenters.set(language, (found = new Intl.Segmenter(known, { granularity: 'sentence' })));
  }
  return found;
}
