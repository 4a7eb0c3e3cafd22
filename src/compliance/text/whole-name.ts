import { identifierEnd } from './detect-handles.js';
import type { Found } from './found.js';
import type { TextView } from './text-view.js';

/** Makes what was found of a name of 3.2 as long as the name, so that no part of it is heard or seen. */
export function wholeName(f: Found, text: string, folded: TextView, all: readonly Found[]): Found {
  const named = withIdentifier(f, text, folded);
  return all.some((a) => a.rule === f.rule && a.start < f.start && a.end >= f.start) ? named : withDomain(named, text);
}

const LONGEST_DOMAIN = 40;

/** An account's name is as forbidden as the platform's: "vx: abc123" is one hit to its end. */
function withIdentifier(f: Found, text: string, folded: TextView): Found {
  if (f.kind === 'link' || f.kind === 'mail' || f.kind === 'phone' || f.end >= text.length) return f;
  let at = lowerBound(folded.start, f.end);
  if (at >= folded.text.length) return f;
  at = identifierEnd(folded.text, at);
  return at === 0 || folded.end[at - 1] <= f.end ? f : { ...f, end: folded.end[at - 1] };
}

/** What is found of "lampking dot com" where the dot is said may be its end only. */
const SAID_DOT = /^(?:dot|точка|डॉट|دوت|نقطة|ดอท|จุด)(?![\p{L}\p{M}])/iu;
const WORD_BEFORE = /[\p{L}\p{M}\p{N}-]+\s?$/u;

function withDomain(f: Found, text: string): Found {
  if (!SAID_DOT.test(text.slice(f.start, f.end))) return f;
  const before = WORD_BEFORE.exec(text.slice(Math.max(0, f.start - LONGEST_DOMAIN), f.start));
  return before === null ? f : { ...f, start: f.start - before[0].length };
}

function lowerBound(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const mid = (low + high) >> 1;
    if (sorted[mid] < value) low = mid + 1;
    else high = mid;
  }
  return low;
}
