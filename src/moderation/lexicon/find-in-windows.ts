import type { Match } from '../match.js';

/** Longer texts are judged in windows of this many UTF-16 units… */
const WINDOW_CHARS = 2000;
/** …that overlap by this many, so that nothing is lost at a seam. */
const OVERLAP_CHARS = 200;

/**
 * Applies `find` to each window of a text, with offsets of the whole. More than `maxMatches` matches end the search as a
 * flood; the remainder is not read.
 */
export function findInWindows(text: string, maxMatches: number, find: (part: string) => readonly Match[]): Match[] {
  if (text.length <= WINDOW_CHARS) return [...find(text)];
  const found: Match[] = [];
  for (let from = 0; from < text.length; from += WINDOW_CHARS - OVERLAP_CHARS) {
    for (const f of find(text.slice(from, from + WINDOW_CHARS))) {
      found.push({ ...f, start: f.start + from, end: f.end + from });
    }
    if (from + WINDOW_CHARS >= text.length) break;
    if (found.length > maxMatches) {
      // The flood of matches covers the remainder.
      found.push({ rule: '2.3', kind: 'flood', start: from, end: text.length });
      break;
    }
  }
  return found;
}
