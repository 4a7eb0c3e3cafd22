import { readFileSync, writeFileSync } from 'node:fs';
import { loadRulePacks, type RulePacks } from '../rules/rule-packs.js';
import { normalise } from './normalise.js';

/**
 * The rule packs' words in the form in which texts are searched, made when the package is built: normalising
 * fifteen thousand words takes half a second of CPU, which a room that starts after a crash does not have.
 *
 * The file lies beside this module, from the same build, so it can be of no other normaliser. A word that is
 * not in it (a pack was changed since; the engine runs from sources) is normalised on the spot.
 */
const FILE = new URL('./normalised-words.json', import.meta.url);

export type NormalisedWords = ReadonlyMap<string, string>;

/** What the build left; empty when it left nothing. */
export function readNormalisedWords(): NormalisedWords {
  try {
    return new Map(Object.entries(JSON.parse(readFileSync(FILE, 'utf8')) as Record<string, string>));
  } catch {
    return new Map();
  }
}

/** A word as written in a pack, without its `*`. */
export const normalisedWord = (written: string, known: NormalisedWords): string =>
  known.get(written) ?? normalise(written).words.text.trim();

/** For the build. */
export function writeNormalisedWords(packs: RulePacks = loadRulePacks()): void {
  const words = new Map<string, string>();
  for (const pack of packs) {
    for (const list of [...Object.values(pack.say), ...Object.values(pack.sets), pack.except]) {
      for (const word of list) {
        const written = word.endsWith('*') ? word.slice(0, -1) : word;
        if (!words.has(written)) words.set(written, normalise(written).words.text.trim());
      }
    }
  }
  writeFileSync(FILE, JSON.stringify(Object.fromEntries(words)));
}
