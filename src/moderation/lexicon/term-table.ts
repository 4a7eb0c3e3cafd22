/** The meaning of a word of a rule pack. */
export type Role =
  | { readonly type: 'say'; readonly rule: string; readonly kind: string; readonly pack: number }
  | { readonly type: 'set'; readonly name: string }
  | { readonly type: 'except'; readonly rule: string };

export interface Term {
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
export interface TermTables {
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
export function termTablesOf(words: number, terms: readonly Term[]): TermTables {
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
