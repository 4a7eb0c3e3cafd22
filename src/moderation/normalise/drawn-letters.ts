import { rewrite, type TextView } from './text-view.js';

/**
 * Words with repeated letters, as shouted or typed in haste: "the beeeest", "stuuupid", "лууучший", "ดีที่สุดดดด".
 *
 * Problem: the repeated letter may stand for one ("beeest") or for two ("freee"), and only the word decides.
 * Rule: three or more of one letter are read as one, and again as two. A run that is a word by itself stays: "www",
 * "AAA", "III". Thai, which does not separate words, requires four: ซื้อออนไลน์ is "buy online".
 */
const DRAWN = /([a-z\u00df-\u00ff\u0430-\u044f\u0621-\u064a])\1{2,}|([\u0e01-\u0e46])\2{3,}/g;
const ALIKE = [/[a-z\u00df-\u00ff]/, /[\u0430-\u044f]/, /[\u0621-\u064a]/, /[\u0e01-\u0e4e]/] as const;

/** Reduces each repeated letter of the view to `times`; returns the view itself when nothing changes. */
export function undrawn(view: TextView, times: 1 | 2): TextView {
  return rewrite(view, DRAWN, (m) => {
    const [run] = m;
    const letter = run[0]!;
    const script = ALIKE.find((s) => s.test(letter))!;
    const beside = (i: number): boolean => i >= 0 && i < view.text.length && script.test(view.text[i]!);
    return beside(m.index - 1) || beside(m.index + run.length) ? letter.repeat(times) : undefined;
  });
}
