import { rewrite, type TextView } from './text-view.js';

/**
 * Words drawn out as they are shouted or typed in haste: "the beeeest", "stuuupid", "лууучший", "ดีที่สุดดดด".
 *
 * The trouble: a drawn letter may stand for one ("beeest") or for two ("freee"), and nothing but the word tells. The rule: three or
 * more of one letter are read as one, and once more as two. A run that is a word by itself stays: "www", "AAA", "III". In Thai, which
 * parts no words, it takes four: ซื้อออนไลน์ is "buy online".
 */
const DRAWN = /([a-z\u00df-\u00ff\u0430-\u044f\u0621-\u064a])\1{2,}|([\u0e01-\u0e46])\2{3,}/g;
const ALIKE = [/[a-z\u00df-\u00ff]/, /[\u0430-\u044f]/, /[\u0621-\u064a]/, /[\u0e01-\u0e4e]/] as const;

/** Each drawn letter of the view `times` over; the view itself where there is none. */
export function undrawn(view: TextView, times: 1 | 2): TextView {
  return rewrite(view, DRAWN, (m) => {
    const [run] = m;
    const letter = run[0]!;
    const script = ALIKE.find((s) => s.test(letter))!;
    const beside = (i: number): boolean => i >= 0 && i < view.text.length && script.test(view.text[i]!);
    return beside(m.index - 1) || beside(m.index + run.length) ? letter.repeat(times) : undefined;
  });
}
