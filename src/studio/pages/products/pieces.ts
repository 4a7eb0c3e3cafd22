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

/** What could be said instead: the line without the clause that holds the marked words. Null where nothing is left. */
export function withoutMarked(text: string, hits: readonly JudgeHit[]): string | null {
  const clauses = [...text.matchAll(/[^,，;；.。!！?？]+[,，;；.。!！?？]*\s*/g)].map((found) => ({
    from: found.index,
    text: found[0],
  }));
  const kept = clauses.filter(
    ({ from, text: clause }) => !hits.some(({ start, end }) => start < from + clause.length && end > from),
  );
  if (kept.length === 0 || kept.length === clauses.length) return null;
  const joined = kept
    .map((one) => one.text)
    .join('')
    .trim()
    .replace(/^(and|but|so)\s+/i, '')
    .replace(/^[，,、；;]\s*/, '');
  if (joined.length < 8) return null;
  const first = joined.charAt(0).toUpperCase() + joined.slice(1);
  return /[.。!！?？]$/.test(first)
    ? first
    : `${first.replace(/[,，;；]\s*$/, '')}${/[\u4e00-\u9fff]/.test(first) ? '。' : '.'}`;
}
