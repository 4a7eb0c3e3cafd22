import { EngineError } from '../../core/errors.js';
import { SAMPLE_RATE_HZ } from '../../core/time.js';
import type { WordTiming } from '../../core/speech.js';
import type { HeardText, Transcript } from './speech-recogniser.js';

/*
 * Problem: a voice is let through word by word, by the times of its words, and recognisers give times of different worth:
 * of each word, of phrases, or none. The time of a phrase holds whatever was said between its words and left out.
 * Rule: each word of the text has a time of its own, or the piece has no words and is not heard.
 * Numbers: a mute grows by 150 ms at both ends.
 */

const WORD_GUARD_MS = 150;
/** Recognisers round up the end of a sound. */
const MAX_BEYOND_MS = 400;
const SPOKEN = /[\p{L}\p{N}]/u;
const EDGES = /^[^\p{L}\p{N}]+|[^\p{L}\p{N}\p{M}]+$/gu;

export interface HeardWords {
  readonly text: string;
  readonly words: readonly WordTiming[];
  readonly muteGuardSamples: number;
}

/**
 * The words of a transcript with their samples at 48 kHz in a sound of the given length; no word for a text without any.
 * Throws E_RECOGNISER_FAILED when words have no times.
 */
export function heardWords(transcript: Transcript, lengthSamples: number): HeardWords {
  const text = tidy(transcript.text);
  const muteGuardSamples = samplesOf(WORD_GUARD_MS);
  const words = SPOKEN.test(text) ? timedWords(text, transcript.words, lengthSamples) : [];
  if (words !== undefined) return { text, words, muteGuardSamples };
  const { words: given, segments } = transcript;
  throw new EngineError('E_RECOGNISER_FAILED', {
    where: 'recogniser',
    expected: 'a time for each word of the text',
    found:
      given.length > 0
        ? 'times of other words than those of the text'
        : segments.length > 0
          ? 'times of phrases alone'
          : 'a text without times',
    todo: 'use a model that gives times of words: without them nothing shows which part of a voice was judged',
  });
}

/** Each word at its place in the text; undefined unless they are the whole text, in order and inside the sound. */
function timedWords(text: string, words: readonly HeardText[], lengthSamples: number): WordTiming[] | undefined {
  const lower = lowered(text);
  const found: WordTiming[] = [];
  let cursor = 0;
  let lastSample = 0;
  for (const word of words) {
    const core = lowered(word.text.replace(EDGES, ''));
    if (core === '') continue;
    const at = lower.indexOf(core, cursor);
    if (at < 0 || SPOKEN.test(text.slice(cursor, at))) return undefined;
    const startSample = Math.max(lastSample, samplesOf(word.startMs));
    if (startSample > lengthSamples + samplesOf(MAX_BEYOND_MS)) return undefined;
    cursor = at + core.length;
    const endSample = Math.min(lengthSamples, Math.max(startSample, samplesOf(word.endMs)));
    found.push({
      text: text.slice(at, cursor),
      startChar: at,
      endChar: cursor,
      startSample: Math.min(startSample, lengthSamples),
      endSample,
    });
    lastSample = Math.min(startSample, lengthSamples);
  }
  return SPOKEN.test(text.slice(cursor)) ? undefined : found;
}

/** In lower case, of the same length: a letter whose lower case is longer (İ) stays. */
const lowered = (text: string): string =>
  text.replace(/\p{Lu}/gu, (letter) => {
    const lower = letter.toLowerCase();
    return lower.length === letter.length ? lower : letter;
  });
const tidy = (text: string): string => text.replace(/[\p{Cc}\p{Zs}\s]+/gu, ' ').trim();
const samplesOf = (ms: number): number => Math.round((ms * SAMPLE_RATE_HZ) / 1000);
