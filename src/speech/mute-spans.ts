import { SAMPLE_RATE_HZ } from '../core/time.js';
import type { MuteSpan, Utterance } from '../core/speech.js';

/** A range of the utterance's text that must not be heard, in UTF-16 offsets. */
export interface ForbiddenText {
  readonly start: number;
  readonly end: number;
  readonly rule: string;
}

/** Aligned words begin up to 250 ms beside their time in 95 of 100 cases. */
const ALIGNED_GUARD_MS = 300;
const ALIGNED_GUARD_SAMPLES = (SAMPLE_RATE_HZ * ALIGNED_GUARD_MS) / 1000;

/**
 * The stretches of an utterance to silence so nothing of the given ranges is heard.
 *
 * A range includes every word it touches, from the end of the word before to the start of the word after (which covers
 * the pauses around it). Where a word's own start was interpolated, the stretch widens to the nearest starts that the
 * synthesiser reported. A range between words (punctuation, symbols) includes both neighbours, as a symbol may be
 * spoken with either. Times of words that were aligned or recognised instead of synthesised have a guard: the span grows
 * by it at both ends. Spans are ordered and do not overlap.
 */
export function muteSpans(utterance: Utterance, places: readonly ForbiddenText[]): MuteSpan[] {
  const { words, aligned = false, muteGuardSamples: guard = aligned ? ALIGNED_GUARD_SAMPLES : 0 } = utterance;
  const length = utterance.pcm.length;
  const spans: MuteSpan[] = [];
  for (const place of places) {
    if (place.end <= place.start) continue;
    if (words.length === 0) {
      spans.push({ startSample: 0, endSample: length, rule: place.rule });
      continue;
    }
    let first = words.findIndex((w) => w.endChar > place.start);
    if (first < 0) first = words.length - 1;
    let last = words.findLastIndex((w) => w.startChar < place.end);
    if (last < 0) last = 0;
    if (last < first) [first, last] = [last, first];
    while (first > 0 && words[first]!.exact === false) first -= 1;
    while (last < words.length - 1 && words[last + 1]!.exact === false) last += 1;
    // An inexact word follows an exact one, whose end is then a guess as well.
    const before =
      first === 0 ? 0 : words[first - 1]!.exact === false ? words[first]!.startSample : words[first - 1]!.endSample;
    const after = last === words.length - 1 ? length : words[last + 1]!.startSample;
    const from = Math.min(before, words[first]!.startSample) - guard;
    spans.push({
      startSample: Math.max(0, from),
      endSample: Math.min(length, Math.max(after, words[last]!.endSample) + guard),
      rule: place.rule,
    });
  }
  spans.sort((a, b) => a.startSample - b.startSample || a.endSample - b.endSample);
  const merged: MuteSpan[] = [];
  for (const span of spans) {
    const previous = merged.at(-1);
    if (previous !== undefined && span.startSample <= previous.endSample && span.rule === previous.rule)
      merged[merged.length - 1] = { ...previous, endSample: Math.max(previous.endSample, span.endSample) };
    else if (previous !== undefined && span.startSample < previous.endSample) {
      if (span.endSample > previous.endSample) merged.push({ ...span, startSample: previous.endSample });
    } else merged.push(span);
  }
  return merged;
}
