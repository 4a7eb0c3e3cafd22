import type { JudgeHit } from '../../api/types.js';

/** A piece of a line: plain words, or words that the judge has marked. */
export interface Piece {
  readonly text: string;
  readonly hit: JudgeHit | null;
}

/** Cuts a line at the judge's marks; where two overlap the earlier one is shown. */
export function piecesOf(text: string, hits: readonly JudgeHit[]): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const hit of [...hits].sort((a, b) => a.start - b.start)) {
    if (hit.start < at || hit.end <= hit.start || hit.end > text.length) continue;
    if (hit.start > at) pieces.push({ text: text.slice(at, hit.start), hit: null });
    pieces.push({ text: text.slice(hit.start, hit.end), hit });
    at = hit.end;
  }
  if (at < text.length || pieces.length === 0) pieces.push({ text: text.slice(at), hit: null });
  return pieces;
}
