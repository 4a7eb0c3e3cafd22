import type { Script } from './language-schema.js';
import { languageTable } from './language-table.js';

/** Scripts that are written in letters of others. */
const COMPOSED = /^(?:Hans|Hant|Jpan|Kore)$/;

/** The script of the table to which a letter belongs; undefined for signs, and for scripts of no listed language. */
export function scriptOfLetter(letter: string): Script | undefined {
  for (const [code, script] of Object.entries(languageTable().scripts)) {
    if (!COMPOSED.test(code) && new RegExp(`\\p{sc=${code}}`, 'u').test(letter)) return script;
  }
  return undefined;
}
