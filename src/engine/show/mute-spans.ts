import type { MuteSpan, Utterance } from '../../core/speech.js';
import type { TextHit } from '../../core/verdict.js';

/**
 * Which samples of an utterance may not be heard, from what the judge found in its text.
 *
 * Each hit silences every word it touches, from the end of the word before to the start of the word
 * after, so that no timing error of the speech events lets a first or last sound through. A hit that
 * touches no timed word cannot be placed, and then the whole utterance is silent: a doubt is never heard.
 */
export function muteSpans(utterance: Utterance, hits: readonly TextHit[]): MuteSpan[] {
  const { words, pcm } = utterance;
  const spans: MuteSpan[] = [];
  for (const hit of hits) {
    const first = words.findIndex((w) => w.endChar > hit.start && w.startChar < hit.end);
    if (first < 0) return [{ startSample: 0, endSample: pcm.length, rule: hit.rule }];
    let last = first;
    while (last + 1 < words.length && words[last + 1]!.startChar < hit.end) last += 1;
    const startSample = first === 0 ? 0 : Math.min(words[first - 1]!.endSample, words[first]!.startSample);
    const endSample =
      last === words.length - 1 ? pcm.length : Math.max(words[last]!.endSample, words[last + 1]!.startSample);
    spans.push({ startSample, endSample, rule: hit.rule });
  }
  return joined(spans);
}

/** Sorted, with spans that meet or overlap made one (the first one's rule names it). */
function joined(spans: MuteSpan[]): MuteSpan[] {
  const sorted = [...spans].sort((a, b) => a.startSample - b.startSample);
  const out: MuteSpan[] = [];
  for (const span of sorted) {
    const previous = out.at(-1);
    if (previous === undefined || span.startSample > previous.endSample) out.push(span);
    else out[out.length - 1] = { ...previous, endSample: Math.max(previous.endSample, span.endSample) };
  }
  return out;
}
