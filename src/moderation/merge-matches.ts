import type { Match } from './match.js';

/** Maximum gap between merged hits of one rule, so that "add me on" is not muted with an audible "on". */
const JOIN_CHARS = 6;

/** Sorts matches by position; matches of one rule that overlap or nearly touch are merged. */
export function mergeMatches(found: readonly Match[]): Match[] {
  const sorted = [...found].sort((a, b) => a.rule.localeCompare(b.rule) || a.start - b.start || b.end - a.end);
  const out: Match[] = [];
  for (const f of sorted) {
    const last = out[out.length - 1];
    if (last !== undefined && last.rule === f.rule && f.start <= last.end + JOIN_CHARS) {
      out[out.length - 1] = { ...last, end: Math.max(last.end, f.end) };
    } else out.push(f);
  }
  return out.sort((a, b) => a.start - b.start || a.end - b.end);
}
