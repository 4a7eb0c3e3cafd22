import { renameSync, writeFileSync } from 'node:fs';
import { deserialize, serialize } from 'node:v8';
import { bytesOfPath } from '../../native/map-file.js';
import { normalise } from '../normalise/normalise.js';
import { wordsDigest } from '../packs/checked-packs.js';
import { loadRulePacks, type RulePacks } from '../packs/rule-packs.js';

/** Arrays by state; `lengths` by word. */
interface AutomatonTables {
  /** Code unit that leads to a state. */
  readonly units: Uint16Array;
  /** The children of state s are those from `children[s]` up to `children[s + 1]`. */
  readonly children: Int32Array;
  readonly fail: Int32Array;
  /** Index of the longest word that ends in a state, or −1. */
  readonly word: Int32Array;
  /** Nearest state on the failure path in which a word ends, or 0. */
  readonly next: Int32Array;
  readonly lengths: Uint16Array;
}

/**
 * Finds every occurrence of many words in one pass over a text (A. Aho and M. Corasick, "Efficient string matching: an
 * aid to bibliographic search", CACM 18(6), 1975). Time is linear in text plus occurrences.
 *
 * States are numbered by depth, and within a depth in the words' order. So the children of a state are adjacent by
 * rising code unit, and an edge is found by bisection in two plain arrays: 18 bytes a state. The words of all rule
 * packs have a fifth of a million states.
 */
export class AhoCorasick {
  constructor(private readonly tables: AutomatonTables) {}

  /** The automaton of distinct words. */
  static of(words: readonly string[]): AhoCorasick {
    return new AhoCorasick(automatonOf(words));
  }

  /** Calls `found` with word index and half-open range for every occurrence, by rising end. */
  search(text: string, found: (word: number, start: number, end: number) => void): void {
    const { fail, word: wordOf, next, lengths } = this.tables;
    let state = 0;
    for (let i = 0; i < text.length; i += 1) {
      const unit = text.charCodeAt(i);
      let to = edge(this.tables, state, unit);
      while (to < 0 && state !== 0) {
        state = fail[state]!;
        to = edge(this.tables, state, unit);
      }
      state = Math.max(0, to);
      for (let s = wordOf[state]! >= 0 ? state : next[state]; s !== 0; s = next[s!]) {
        const word = wordOf[s!]!;
        found(word, i + 1 - lengths[word]!, i + 1);
      }
    }
  }
}

/** The state that a code unit leads to, or −1. */
function edge({ units, children }: Pick<AutomatonTables, 'units' | 'children'>, state: number, unit: number): number {
  let low = children[state]!;
  let high = children[state + 1]!;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const found = units[middle]!;
    if (found === unit) return middle;
    if (found < unit) low = middle + 1;
    else high = middle;
  }
  return -1;
}

/** Builds the tables of an automaton, for storage. */
function automatonOf(words: readonly string[]): AutomatonTables {
  const trie = trieOf(words);
  const count = trie.parents.length;
  const place = placesByDepth(trie.depths);
  const parents = new Int32Array(count);
  const units = new Uint16Array(count);
  const word = new Int32Array(count);
  for (let made = 0; made < count; made += 1) {
    const state = place[made]!;
    parents[state] = place[trie.parents[made]!]!;
    units[state] = trie.units[made]!;
    word[state] = trie.words[made]!;
  }
  const children = childrenOf(parents);
  const fail = new Int32Array(count);
  const next = new Int32Array(count);
  for (let state = 1; state < count; state += 1) {
    const parent = parents[state]!;
    let back = fail[parent]!;
    let to = parent === 0 ? 0 : edge({ units, children }, back, units[state]!);
    while (to < 0 && back !== 0) {
      back = fail[back]!;
      to = edge({ units, children }, back, units[state]!);
    }
    fail[state] = Math.max(0, to);
    next[state] = word[fail[state]!]! >= 0 ? fail[state]! : next[fail[state]!]!;
  }
  return { units, children, fail, word, next, lengths: Uint16Array.from(words, (w) => w.length) };
}

/** The words' prefixes in dictionary order; 0 is the empty one. */
interface Trie {
  readonly parents: readonly number[];
  readonly units: readonly number[];
  readonly depths: readonly number[];
  readonly words: readonly number[];
}

function trieOf(words: readonly string[]): Trie {
  const parents = [0];
  const units = [0];
  const depths = [0];
  const ends = [-1];
  // By code unit, as `<` compares. A word shares its prefixes with the word before it, up to their first difference.
  const order = Array.from(words.keys()).sort((a, b) =>
    words[a]! < words[b]! ? -1 : words[a]! > words[b]! ? 1 : a - b,
  );
  const path = [0];
  let before = '';
  for (const w of order) {
    const word = words[w]!;
    if (word === '') continue;
    let same = 0;
    while (same < before.length && same < word.length && before.charCodeAt(same) === word.charCodeAt(same)) same += 1;
    for (let i = same; i < word.length; i += 1) {
      path[i + 1] = parents.length;
      parents.push(path[i]!);
      units.push(word.charCodeAt(i));
      depths.push(i + 1);
      ends.push(-1);
    }
    ends[path[word.length]!] = w;
    before = word;
  }
  return { parents, units, depths, words: ends };
}

/** The index of each item after sorting by depth; equal depths keep their order. */
function placesByDepth(depths: readonly number[]): Int32Array {
  const from: number[] = [];
  for (const depth of depths) from[depth] = (from[depth] ?? 0) + 1;
  let at = 0;
  for (let depth = 0; depth < from.length; depth += 1) {
    const here = from[depth]!;
    from[depth] = at;
    at += here;
  }
  const places = new Int32Array(depths.length);
  for (let i = 0; i < depths.length; i += 1) places[i] = from[depths[i]!]!++;
  return places;
}

/** For parents in rising order: the start of each parent's children, and the end after the last one. */
function childrenOf(parents: Int32Array): Int32Array {
  const count = parents.length;
  const children = new Int32Array(count + 1);
  let parent = 0;
  children[0] = 1;
  for (let state = 1; state < count; state += 1) {
    while (parent < parents[state]!) children[++parent] = state;
  }
  while (parent < count) children[++parent] = count;
  return children;
}

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
interface LexiconTables {
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
    const kept = unpacked(bytesOfPath(file));
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

/** Called by the build. The file of a running room is never changed in place: its pages are that room's memory. */
export function writeLexiconTables(packs: RulePacks = loadRulePacks(), file: URL = FILE): void {
  const beside = new URL(`${file.href}.new`);
  writeFileSync(beside, packed({ packs: wordsDigest(packs), ...makeTables(packs) }));
  renameSync(beside, file);
}

/*
 * The file: the length of its head (4 bytes), the head (`serialize`), and the numbers of all arrays. In the head a place
 * stands for each array. So the arrays, ten megabytes, are views of mapped pages that all rooms of a machine share.
 */
const ARRAYS = { Int32Array, Uint16Array, Uint8Array };

interface Place {
  readonly kind: keyof typeof ARRAYS;
  /** Bytes after the head. */
  readonly at: number;
  readonly length: number;
}

const ALIGNED_BYTES = 8;
const HEAD_BYTES = 4;
const aligned = (at: number): number => Math.ceil(at / ALIGNED_BYTES) * ALIGNED_BYTES;
const kindOf = (value: unknown): keyof typeof ARRAYS | undefined =>
  (Object.keys(ARRAYS) as (keyof typeof ARRAYS)[]).find((kind) => value instanceof ARRAYS[kind]);

function packed({ packs, automaton, terms }: Kept): Uint8Array {
  const parts: { at: number; bytes: Uint8Array }[] = [];
  let end = 0;
  const placed = (tables: object): object =>
    Object.fromEntries(
      Object.entries(tables).map(([name, value]: [string, unknown]) => {
        const kind = kindOf(value);
        if (kind === undefined) return [name, value];
        const { buffer, byteOffset, byteLength, length } = value as Int32Array;
        parts.push({ at: end, bytes: new Uint8Array(buffer, byteOffset, byteLength) });
        const place: Place = { kind, at: end, length };
        end = aligned(end + byteLength);
        return [name, place];
      }),
    );
  const head = serialize({ packs, automaton: placed(automaton), terms: placed(terms) });
  const from = aligned(HEAD_BYTES + head.byteLength);
  const out = new Uint8Array(from + end);
  new DataView(out.buffer).setUint32(0, head.byteLength, true);
  out.set(head, HEAD_BYTES);
  for (const { at, bytes } of parts) out.set(bytes, from + at);
  return out;
}

function unpacked(file: Uint8Array): Kept {
  const length = new DataView(file.buffer, file.byteOffset, HEAD_BYTES).getUint32(0, true);
  const head = deserialize(file.slice(HEAD_BYTES, HEAD_BYTES + length)) as Record<'automaton' | 'terms', object>;
  const from = file.byteOffset + aligned(HEAD_BYTES + length);
  const arrays = (tables: object): object =>
    Object.fromEntries(
      Object.entries(tables).map(([name, value]: [string, Partial<Place>]) =>
        value.kind === undefined
          ? [name, value]
          : [name, new ARRAYS[value.kind](file.buffer as ArrayBuffer, from + value.at!, value.length)],
      ),
    );
  return { ...head, automaton: arrays(head.automaton), terms: arrays(head.terms) } as Kept;
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
