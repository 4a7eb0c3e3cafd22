import { SAMPLE_RATE_HZ } from '../../core/time.js';
import type { WordTiming } from '../../core/speech.js';
import { wordsOf } from '../words-of.js';
import type { HeardText, Transcript } from './recogniser.js';

/*
 * Problem: a forbidden word is silenced by its time, and recognisers give times of different worth: of each word, of
 * phrases, or none; some leave words of the text out of their list of words.
 * Rule: the list of words counts only when it covers the whole text. Otherwise the words of a phrase share its time and
 * are marked as guesses, so that a mute takes the whole phrase.
 * Numbers: a mute grows by 150 ms at both ends for words with times, by 300 ms for phrases.
 */

const WORD_GUARD_MS = 150;
const PHRASE_GUARD_MS = 300;
/** Recognisers round up the end of a sound. */
const MAX_BEYOND_MS = 400;
const SPOKEN = /[\p{L}\p{N}]/u;
const EDGES = /^[^\p{L}\p{N}]+|[^\p{L}\p{N}\p{M}]+$/gu;

export interface HeardWords {
  readonly text: string;
  readonly words: readonly WordTiming[];
  readonly muteGuardSamples: number;
}

/** The words of a transcript with their samples at 48 kHz in a sound of the given length. */
export function heardWords({ text, words, segments }: Transcript, language: string, lengthSamples: number): HeardWords {
  const whole = tidy(text);
  const timed = timedWords(whole, words, lengthSamples);
  if (timed !== undefined) return { text: whole, words: timed, muteGuardSamples: samplesOf(WORD_GUARD_MS) };
  const phrases = usable(segments, whole, lengthSamples) ?? [
    { text: whole, startMs: 0, endMs: (lengthSamples * 1000) / SAMPLE_RATE_HZ },
  ];
  let joined = '';
  const guessed: WordTiming[] = [];
  for (const phrase of phrases) {
    const part = tidy(phrase.text);
    if (part === '') continue;
    if (joined !== '') joined += ' ';
    guessed.push(...shared(part, joined.length, phrase, language, lengthSamples));
    joined += part;
  }
  return { text: joined, words: guessed, muteGuardSamples: samplesOf(PHRASE_GUARD_MS) };
}

/** Each word at its place in the text; undefined unless they are the whole text, in order and inside the sound. */
function timedWords(text: string, words: readonly HeardText[], lengthSamples: number): WordTiming[] | undefined {
  if (words.length === 0) return undefined;
  const lower = text.toLowerCase();
  if (lower.length !== text.length) return undefined;
  const found: WordTiming[] = [];
  let cursor = 0;
  let lastSample = 0;
  for (const word of words) {
    const core = word.text.replace(EDGES, '').toLowerCase();
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

/** The phrases, when they hold the same words as the text. */
function usable(segments: readonly HeardText[], text: string, lengthSamples: number): readonly HeardText[] | undefined {
  const letters = (one: string): string => one.replace(/[^\p{L}\p{N}]+/gu, '').toLowerCase();
  if (letters(segments.map((one) => one.text).join(' ')) !== letters(text)) return undefined;
  const isInOrder = segments.every(
    ({ startMs }, i) => startMs >= (segments[i - 1]?.startMs ?? 0) && samplesOf(startMs) <= lengthSamples,
  );
  return isInOrder ? segments : undefined;
}

/** Words that divide the time of their phrase by their letters; only the first one's start counts as known. */
function shared(
  part: string,
  offset: number,
  { startMs, endMs }: HeardText,
  language: string,
  lengthSamples: number,
): WordTiming[] {
  const ranges = wordsOf(part, language);
  const letters = ranges.reduce((sum, { start, end }) => sum + end - start, 0);
  const from = samplesOf(startMs);
  const to = Math.min(lengthSamples, Math.max(from, samplesOf(endMs)));
  let before = 0;
  return ranges.map(({ start, end }, i) => {
    const startSample = Math.round(from + ((to - from) * before) / letters);
    before += end - start;
    return {
      text: part.slice(start, end),
      startChar: offset + start,
      endChar: offset + end,
      startSample,
      endSample: Math.round(from + ((to - from) * before) / letters),
      ...(i === 0 ? {} : { exact: false }),
    };
  });
}

const tidy = (text: string): string => text.replace(/[\p{Cc}\p{Zs}\s]+/gu, ' ').trim();
const samplesOf = (ms: number): number => Math.round((ms * SAMPLE_RATE_HZ) / 1000);
