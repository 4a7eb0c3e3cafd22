import type { DigitRun } from './digit-runs.js';
import type { Found } from './found.js';
import type { LexiconMatch } from './lexicon.js';
import { originalRange, type TextView } from './text-view.js';

/** Other people's information (rule 5.3): identity numbers, order numbers, a person together with an address or number. */

const CN_ID = /(?<![0-9])[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[0-9x](?![0-9])/g;
const CN_ID_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const SSN = /(?<![0-9-])\d{3}-\d{2}-\d{4}(?![0-9-])/g;

/** Check character of GB 11643-1999. */
function isChineseId(id: string): boolean {
  let sum = 0;
  for (let i = 0; i < 17; i += 1) sum += CN_ID_WEIGHTS[i] * (id.charCodeAt(i) - 48);
  return '10x98765432'[sum % 11] === id[17];
}

export interface PersonalContext {
  readonly folded: TextView;
  readonly words: TextView;
  readonly runs: readonly DigitRun[];
  readonly sets: ReadonlyMap<string, readonly LexiconMatch[]>;
  readonly viewerNames: readonly string[];
  /** What other detectors found: telephone numbers and addresses near a name make it personal. */
  readonly contacts: readonly Found[];
}

const FAR = 40;

export function detectPersonal(context: PersonalContext): Found[] {
  const { folded, words, runs, sets, viewerNames, contacts } = context;
  const found: Found[] = [];
  const add = (kind: string, start: number, end: number): void => {
    found.push({ rule: '5.3', kind, start, end });
  };
  CN_ID.lastIndex = 0;
  for (let m = CN_ID.exec(folded.text); m !== null; m = CN_ID.exec(folded.text)) {
    if (!isChineseId(m[0])) continue;
    const r = originalRange(folded, m.index, m.index + m[0].length);
    add('id-number', r.start, r.end);
  }
  SSN.lastIndex = 0;
  for (let m = SSN.exec(folded.text); m !== null; m = SSN.exec(folded.text)) {
    const r = originalRange(folded, m.index, m.index + m[0].length);
    add('id-number', r.start, r.end);
  }
  const numbers = runs.map((run) => ({ ...originalRange(folded, run.start, run.end), digits: run.digits.length }));
  const cued = (set: string, kind: string, least: number, reach: number): void => {
    for (const match of sets.get(set) ?? []) {
      const cue = originalRange(words, match.start, match.end);
      for (const number of numbers) {
        if (number.digits < least || number.start < cue.end || number.start - cue.end > reach) continue;
        add(kind, cue.start, number.end);
      }
    }
  };
  cued('order-cue', 'order-number', 8, 14);
  cued('id-cue', 'id-number', 6, 24);
  for (const person of sets.get('third-person') ?? []) {
    for (const data of sets.get('private-data') ?? []) {
      const gap = data.start >= person.end ? data.start - person.end : person.start - data.end;
      if (gap < 0 || gap > 24) continue;
      const range = originalRange(words, Math.min(person.start, data.start), Math.max(person.end, data.end));
      const detail = numbers.find((n) => n.start >= range.start && n.start - range.end <= FAR);
      const contact = contacts.find((c) => c.start >= range.start && c.start - range.end <= FAR);
      const end = Math.max(detail?.end ?? 0, contact?.end ?? 0);
      if (end > 0) add('person', range.start, Math.max(end, range.end));
    }
  }
  if (viewerNames.length > 0) named(context, add);
  return found;
}

/** A viewer's name in the same line as a contact, an address or private data. */
function named(context: PersonalContext, add: (kind: string, start: number, end: number) => void): void {
  const { folded, words, sets, viewerNames, contacts } = context;
  const data = [
    ...(sets.get('private-data') ?? []),
    ...(sets.get('order-cue') ?? []),
    ...(sets.get('address-cue') ?? []),
  ];
  const places = data.map((d) => originalRange(words, d.start, d.end)).concat(contacts);
  if (places.length === 0) return;
  const nearest = (start: number, end: number): { start: number; end: number } | undefined =>
    places.find((p) => Math.max(p.start - end, start - p.end) <= 60);
  for (const name of viewerNames) {
    const wanted = name.toLowerCase();
    if (wanted.length < 2) continue;
    const at = folded.text.indexOf(wanted);
    if (at < 0) continue;
    const range = originalRange(folded, at, at + wanted.length);
    const place = nearest(range.start, range.end);
    if (place !== undefined) add('person', Math.min(range.start, place.start), Math.max(range.end, place.end));
  }
}
