const RTL = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]/;
const STRONG = /[\p{L}]/u;

/** Base direction of a paragraph: that of its first letter (Unicode Standard Annex 9, rule P2). */
export function isRightToLeft(text: string): boolean {
  const first = STRONG.exec(text);
  return first !== null && RTL.test(first[0]);
}

/** Direction of a run of letters; undefined when it has none (digits, punctuation). */
export function runDirection(text: string): 'ltr' | 'rtl' | undefined {
  const first = STRONG.exec(text);
  if (first === null) return undefined;
  return RTL.test(first[0]) ? 'rtl' : 'ltr';
}
