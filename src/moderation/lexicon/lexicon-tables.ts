import { readFileSync, writeFileSync } from 'node:fs';
import { deserialize, serialize } from 'node:v8';
import { wordsDigest } from '../packs/checked-packs.js';
import { loadRulePacks, type RulePacks } from '../packs/rule-packs.js';
import { automatonOf, type AutomatonTables } from './aho-corasick.js';
import { normalise } from '../normalise/normalise.js';
import { termTablesOf, type Role, type Term, type TermTables } from './term-table.js';

/** The words of the rule packs in their searchable form. */
export interface LexiconTables {
  readonly automaton: AutomatonTables;
  readonly terms: TermTables;
}

/**
 * The tables are made by the build: normalising and joining fifteen thousand words takes a second of CPU, which a room
 * that restarts after a crash does not have.
 *
 * The file lies beside this module, from the same build, so its normaliser matches; it names the packs it was made of.
 * For other packs (one was changed since) the tables are made at start.
 */
const FILE = new URL('./lexicon-tables.bin', import.meta.url);

interface Kept extends LexiconTables {
  readonly packs: string;
}

/** Languages in which a missing accent changes the word. */
const ACCENTS_COUNT: ReadonlySet<string> = new Set(['vi']);
/** Shorter phrases of other languages may be chance: dê lô is a platform in Vietnam, "de lo" is Spanish. */
const MIN_PHRASE = 7;

export function lexiconTables(packs: RulePacks, file: URL = FILE): LexiconTables {
  try {
    const kept = deserialize(readFileSync(file)) as Kept;
    if (kept.packs === wordsDigest(packs)) return kept;
  } catch {
    // Running from sources, or the file is damaged.
  }
  return madeTables(packs);
}

/** The last tables made here: a program that judges many rooms needs them once. They are never changed. */
let made: Kept | undefined;

function madeTables(packs: RulePacks): LexiconTables {
  const digest = wordsDigest(packs);
  if (made?.packs !== digest) made = { packs: digest, ...makeTables(packs) };
  return made;
}

/** Called by the build. */
export function writeLexiconTables(packs: RulePacks = loadRulePacks(), file: URL = FILE): void {
  writeFileSync(file, serialize({ packs: wordsDigest(packs), ...makeTables(packs) } satisfies Kept));
}

function makeTables(packs: RulePacks): LexiconTables {
  const words: string[] = [];
  const terms: Term[] = [];
  const index = new Map<string, number>();
  const add = (written: string, language: string, role: Role): void => {
    const prefix = written.endsWith('*');
    const word = normalise(prefix ? written.slice(0, -1) : written).words.text.trim();
    if (word === '') return;
    let at = index.get(word);
    if (at === undefined) {
      at = words.length;
      index.set(word, at);
      words.push(word);
    }
    const latin = /^[a-z0-9% ]+$/.test(word);
    const phrase = word.includes(' ') && word.length >= MIN_PHRASE;
    const always = language === 'any' || language === 'en' || !latin || phrase || word.length >= 10;
    const accented = ACCENTS_COUNT.has(language) ? written.replace('*', '') : undefined;
    terms.push({ word: at, role, language, always, prefix, accented });
  };
  for (const [p, pack] of packs.entries()) {
    for (const [kind, list] of Object.entries(pack.say)) {
      const role: Role = { type: 'say', rule: pack.rule, kind, pack: p };
      for (const w of list) add(w, pack.language, role);
    }
    for (const [name, list] of Object.entries(pack.sets)) {
      const role: Role = { type: 'set', name };
      for (const w of list) add(w, pack.language, role);
    }
    const except: Role = { type: 'except', rule: pack.rule };
    for (const w of pack.except) add(w, pack.language, except);
  }
  return { automaton: automatonOf(words), terms: termTablesOf(words.length, terms) };
}
