import type { Match } from '../match.js';

/** Longer texts are judged in windows of this many UTF-16 units… */
const WINDOW_CHARS = 2000;
/** …that overlap by this many, so that nothing hides on a seam. */
const OVERLAP_CHARS = 200;

/** What `find` finds in each part of a text, in offsets of the whole. A flood of more than `most` ends it: what is left goes unread. */
export function findInWindows(text: string, most: number, find: (part: string) => readonly Match[]): Match[] {
  if (text.length <= WINDOW_CHARS) return [...find(text)];
  const found: Match[] = [];
  for (let from = 0; from < text.length; from += WINDOW_CHARS - OVERLAP_CHARS) {
    for (const f of find(text.slice(from, from + WINDOW_CHARS))) {
      found.push({ ...f, start: f.start + from, end: f.end + from });
    }
    if (from + WINDOW_CHARS >= text.length) break;
    if (found.length > most) {
      // A flood of violations is unheard too.
      found.push({ rule: '2.3', kind: 'flood', start: from, end: text.length });
      break;
    }
  }
  return found;
}
