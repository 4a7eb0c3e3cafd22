import type { PhonemeTiming, WordTiming } from '../core/speech.js';
import type { TextRange } from './split-text.js';
import type { WordMark } from './speech-provider.js';

/**
 * The time range of each word of a text.
 *
 * Problem: a synthesiser reports where words begin, but not always: it joins small words ("of the"), reports a long
 * number in several parts, and gives one event for a whole clause of kana.
 * Rule: every word of the text gets a range; ranges are ordered, do not overlap and lie inside the sound. A start comes
 * from the synthesiser where it reported one for that word; words that share one event divide its time by their
 * letters, at boundaries of phonemes, and are marked inexact. A word ends where its last phoneme ends, so pauses belong
 * to no word.
 */
export function wordTimeline(
  text: string,
  words: readonly TextRange[],
  marks: readonly WordMark[],
  phonemes: readonly PhonemeTiming[],
  lengthSamples: number,
): WordTiming[] {
  if (words.length === 0) return [];
  const starts = reportedStarts(words, marks, lengthSamples);
  const timings: WordTiming[] = [];
  let i = 0;
  while (i < words.length) {
    let next = i + 1;
    while (next < words.length && starts[next] === -1) next += 1;
    const from = starts[i] === -1 ? (phonemes[0]?.startSample ?? 0) : starts[i]!;
    const to = next < words.length ? starts[next]! : lengthSamples;
    divide(text, words, i, next, from, to, starts[i] !== -1, phonemes, timings);
    i = next;
  }
  return timings;
}

/** First reported sample of each word, −1 where none came. */
function reportedStarts(words: readonly TextRange[], marks: readonly WordMark[], lengthSamples: number): Float64Array {
  const starts = new Float64Array(words.length).fill(-1);
  let word = 0;
  let lastSample = 0;
  for (const mark of marks) {
    // A mark that points back, like the parts of a number, does not show where a word begins.
    if (mark.char < words[word]!.start && starts[word] !== -1) continue;
    let at = word;
    while (at < words.length - 1 && words[at]!.end <= mark.char) at += 1;
    if (words[at]!.end <= mark.char) continue;
    const sample = Math.min(Math.max(mark.sample, lastSample), lengthSamples);
    if (starts[at] === -1) starts[at] = sample;
    word = at;
    lastSample = sample;
  }
  return starts;
}

function divide(
  text: string,
  words: readonly TextRange[],
  first: number,
  next: number,
  from: number,
  to: number,
  firstExact: boolean,
  phonemes: readonly PhonemeTiming[],
  out: WordTiming[],
): void {
  const inside = phonemes.filter((p) => p.startSample >= from && p.startSample < to);
  const speechEnd = Math.min(to, Math.max(from, inside.at(-1)?.endSample ?? to));
  let weight = 0;
  for (let i = first; i < next; i += 1) weight += letters(words[i]!);
  let start = from;
  let sum = 0;
  for (let i = first; i < next; i += 1) {
    const { start: startChar, end: endChar } = words[i]!;
    sum += letters(words[i]!);
    const last = i === next - 1;
    const boundary = last
      ? speechEnd
      : boundaryNear(from + ((speechEnd - from) * sum) / weight, inside, start, speechEnd);
    const end = last ? boundary : endBefore(boundary, inside, start);
    const exact = i === first && firstExact;
    out.push({
      text: text.slice(startChar, endChar),
      startChar,
      endChar,
      startSample: Math.round(start),
      endSample: Math.round(Math.max(start, end)),
      ...(exact ? {} : { exact: false }),
    });
    start = boundary;
  }
}

/** UTF-16 units serve as well as letters here: only their proportion counts. */
const letters = (word: TextRange): number => word.end - word.start;

/** The start of the phoneme nearest to `sample`, never before `floor`. */
function boundaryNear(sample: number, phonemes: readonly PhonemeTiming[], floor: number, ceiling: number): number {
  let best = -1;
  for (const p of phonemes) {
    if (p.startSample <= floor) continue;
    if (best === -1 || Math.abs(p.startSample - sample) < Math.abs(best - sample)) best = p.startSample;
  }
  return Math.min(ceiling, best === -1 ? Math.max(floor, sample) : best);
}

/** End of the sound before a boundary, excluding a pause in front of it. */
function endBefore(boundary: number, phonemes: readonly PhonemeTiming[], floor: number): number {
  let end = floor;
  for (const p of phonemes) if (p.startSample < boundary) end = Math.max(end, Math.min(p.endSample, boundary));
  return end === floor ? boundary : end;
}
