import type { TextContext, TextJudge } from '../moderation/index.js';
import type { TextHit, TextVerdict } from '../core/verdict.js';
import type { SpokenText } from '../speech/spoken-text.js';

/**
 * Judges a line as written, and again as spoken where that differs: signs are dropped, amounts become words, and an
 * emoji between two letters is a pause. A hit of the second pass is located in the written text, so that its words can
 * be muted; a longer hit replaces the shorter one.
 */
export function judgeSpoken(judge: TextJudge, text: string, spoken: SpokenText, context: TextContext): TextVerdict {
  const written = judge.judge(text, context);
  if (spoken.text === text) return written;
  const more = judge
    .judge(spoken.text, context)
    .hits.map((hit) => asWritten(hit, spoken, text))
    .filter((hit) => !written.hits.some((known) => holds(known, hit)));
  if (more.length === 0) return written;
  const hits = [...written.hits.filter((known) => !more.some((hit) => holds(hit, known))), ...more];
  hits.sort((a, b) => a.start - b.start);
  const mild = hits.every(({ action }) => action === 'warn' || action === 'review');
  return { verdict: mild ? 'review' : 'violation', hits };
}

const holds = (outer: TextHit, inner: TextHit): boolean =>
  outer.rule === inner.rule && outer.start <= inner.start && inner.end <= outer.end;

function asWritten(hit: TextHit, { offsets }: SpokenText, text: string): TextHit {
  const start = offsets[hit.start] ?? text.length;
  const end = hit.end > hit.start ? offsets[hit.end - 1]! + 1 : start;
  return { ...hit, start, end, match: text.slice(start, end) };
}
