import type { TextHit } from '../core/verdict.js';

/*
 * Characters from which a text can draw a code: a strip of half blocks is two rows of modules, one of braille four.
 *
 * The rule: a block, a sextant, a braille pattern or a square is refused wherever it stands. A disc, a triangle or another geometric
 * shape is a bullet, a rating or an arrow, so only more of them than a rating has are refused.
 */
const RULE = '3.3';
const KIND = 'drawn-code';
const DRAWS =
  /[\u{2580}-\u{259f}\u{25a0}-\u{25af}\u{25e7}-\u{25eb}\u{25f0}-\u{25ff}\u{2800}-\u{28ff}\u{2b1a}-\u{2b1e}\u{2bc0}\u{1f532}-\u{1f533}\u{1f7e5}-\u{1f7eb}\u{1fb00}-\u{1fbaf}]/u;
const SHAPES = /[\u{25b0}-\u{25ef}\u{26aa}-\u{26ab}\u{2b24}\u{2b55}\u{2b58}\u{1f534}-\u{1f535}\u{1f7e0}-\u{1f7e4}]/gu;
const MAX_SHAPES = 10;

/** The first character of a text that draws modules of a code; undefined where there is none. */
export function findDrawnCode(text: string): TextHit | undefined {
  const found = DRAWS.exec(text) ?? [...text.matchAll(SHAPES)][MAX_SHAPES];
  if (found === undefined || found === null) return undefined;
  const { index } = found;
  const match = found[0];
  return { rule: RULE, kind: KIND, action: 'refuse', start: index, end: index + match.length, match };
}
