import { readFileSync, writeFileSync } from 'node:fs';
import { deserialize, serialize } from 'node:v8';
import { wordsDigest } from '../packs/checked-packs.js';
import { loadRulePacks, type RulePacks } from '../packs/rule-packs.js';
import { automatonOf, type AutomatonTables } from './aho-corasick.js';
import { normalise } from '../normalise/normalise.js';

/** The meaning of a word of a rule pack. */
export type Role =
  | { readonly type: 'say'; readonly rule: string; readonly kind: string; readonly pack: number }
  | { readonly type: 'set'; readonly name: string }
  | { readonly type: 'except'; readonly rule: string };

interface Term {
  /** Index of the word. */
  readonly word: number;
  /** One object for all words of a list. */
  readonly role: Role;
  readonly language: string;
  /** Counts in every text, because only its own language can produce it. */
  readonly always: boolean;
  readonly prefix: boolean;
  /** The pack's spelling, where accents distinguish the word: đồ ngu is an insult, đồ ngủ is sleepwear. */
  readonly accented: string | undefined;
}

const ALWAYS = 1;
const PREFIX = 2;

/** `from` by word; `role`, `language` (list indexes) and `flags` by term; `accented` where a term has it. */
interface TermTables {
  readonly from: Int32Array;
  readonly roles: readonly Role[];
  readonly languages: readonly string[];
  readonly role: Uint16Array;
  readonly language: Uint8Array;
  readonly flags: Uint8Array;
  readonly accented: ReadonlyMap<number, string>;
}

/**
 * The terms of all words, possibly several each, in their original order. As objects they would take 13 MB for as long
 * as a room is on air; as arrays of numbers, with each role and language stored once, they take a third of a megabyte.
 */
export class TermTable {
  constructor(private readonly tables: TermTables) {}

  /** Index of a word's first term. */
  from(word: number): number {
    return this.tables.from[word]!;
  }

  /** Index after a word's last term. */
  to(word: number): number {
    return this.tables.from[word + 1]!;
  }

  role(term: number): Role {
    const { roles, role } = this.tables;
    return roles[role[term]!]!;
  }

  language(term: number): string {
    const { languages, language } = this.tables;
    return languages[language[term]!]!;
  }

  always(term: number): boolean {
    return (this.tables.flags[term]! & ALWAYS) !== 0;
  }

  prefix(term: number): boolean {
    return (this.tables.flags[term]! & PREFIX) !== 0;
  }

  accented(term: number): string | undefined {
    return this.tables.accented.get(term);
  }
}

/** Builds the tables of the terms, for storage. */
function termTablesOf(words: number, terms: readonly Term[]): TermTables {
  const from = new Int32Array(words + 1);
  for (const { word } of terms) from[word + 1]! += 1;
  for (let w = 0; w < words; w += 1) from[w + 1]! += from[w]!;
  const roles = new Numbering<Role>();
  const languages = new Numbering<string>();
  const role = new Uint16Array(terms.length);
  const language = new Uint8Array(terms.length);
  const flags = new Uint8Array(terms.length);
  const accented = new Map<number, string>();
  const next = from.slice();
  for (const term of terms) {
    const at = next[term.word]!++;
    role[at] = roles.of(term.role);
    language[at] = languages.of(term.language);
    flags[at] = (term.always ? ALWAYS : 0) | (term.prefix ? PREFIX : 0);
    if (term.accented !== undefined) accented.set(at, term.accented);
  }
  return { from, roles: roles.all, languages: languages.all, role, language, flags, accented };
}

/** Assigns equal values the same number. */
class Numbering<T> {
  readonly all: T[] = [];
  readonly #numbers = new Map<T, number>();

  of(thing: T): number {
    let number = this.#numbers.get(thing);
    if (number === undefined) {
      number = this.all.push(thing) - 1;
      this.#numbers.set(thing, number);
    }
    return number;
  }
}

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
