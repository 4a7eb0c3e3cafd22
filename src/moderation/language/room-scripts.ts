import { findLanguage } from '../../config/languages/language-table.js';

/** The counted scripts by ISO 15924; letters of others are never foreign. */
const COUNTED: Readonly<Record<string, readonly string[]>> = {
  Arab: ['arabic'],
  Cyrl: ['cyrillic'],
  Deva: ['devanagari'],
  Hans: ['han'],
  Hant: ['han'],
  Jpan: ['kana', 'han'],
  Kore: ['hangul'],
  Latn: ['latin'],
  Thai: ['thai'],
};
const LATIN = ['latin'];

const known = new Map<string, readonly string[]>();

/** The scripts in which a room's language is written, the usual one first; Latin for one that nobody knows. */
export function roomScripts(room: string): readonly string[] {
  let scripts = known.get(room);
  if (scripts === undefined) {
    const row = findLanguage(room);
    const all = row === undefined ? [] : [row.script, ...(row.alsoScripts ?? [])].flatMap((one) => COUNTED[one] ?? []);
    scripts = all.length === 0 ? LATIN : all;
    if (known.size < MAX_KNOWN) known.set(room, scripts);
  }
  return scripts;
}

const MAX_KNOWN = 200;
