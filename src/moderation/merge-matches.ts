import type { Match } from './match.js';

/** Hits of one rule that are no further apart are one: nobody wants "add me on" muted and "on" heard. */
const JOIN_CHARS = 6;

/** Sorted by place; finds of one rule that overlap or nearly touch become one. */
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
