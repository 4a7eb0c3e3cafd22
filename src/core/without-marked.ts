/** What could be said instead: the line without the clause that holds the marked words. Null where nothing is left. */
export function withoutMarked(
  text: string,
  hits: readonly { readonly start: number; readonly end: number }[],
): string | null {
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
