import type { TextJudge } from '../../src/moderation/text-judge.js';

/**
 * Judges a line with [names that must not be heard] and {words that must stay}, and returns the names that are heard
 * and the words that are not.
 */
export function heard(judge: TextJudge, marked: string, language: string): { names: string; lost: string } {
  let text = '';
  let mark = ' ';
  const marks: string[] = [];
  for (const c of marked) {
    if ('[{'.includes(c)) mark = c;
    else if (']}'.includes(c)) mark = ' ';
    else {
      text += c;
      for (let i = 0; i < c.length; i += 1) marks.push(mark);
    }
  }
  const { hits } = judge.judge(text, { surface: 'speech', language });
  const muted = (at: number): boolean => hits.some((h) => h.rule === '3.2' && h.start <= at && h.end > at);
  const only = (want: string, isMuted: boolean): string =>
    [...text.matchAll(/[\p{L}\p{M}\p{N}]/gu)]
      .filter((m) => marks[m.index] === want && muted(m.index) === isMuted)
      .map((m) => m[0])
      .join('');
  return { names: only('[', false), lost: only('{', true) };
}
