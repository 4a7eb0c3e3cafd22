import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { EngineError } from '../../core/errors.js';
import { templatePath } from '../../core/files/paths.js';

const term = z.string().min(1).max(400);
const termList = z.array(term).min(1);
const name = z.string().regex(/^[a-z][a-z0-9-]*$/);

/** One file of templates/words. */
export const wordTableFile = z.strictObject({
  $schema: z.literal('../schema/word-table.schema.json'),
  about: z.string().min(1).describe('The meaning of the words, for people who add to them'),
  lists: z
    .record(name, z.union([termList, z.record(name, termList)]))
    .describe('Terms by list, or by list and language or topic'),
});

/** A word table's JSON Schema (draft 2020-12) for authors. */
export function wordTableSchema(): Record<string, unknown> {
  return {
    $id: 'word-table.schema.json',
    title: 'Showroom word table',
    ...z.toJSONSchema(wordTableFile, { io: 'input', target: 'draft-2020-12' }),
  };
}

/** The terms of a list, or of each of its languages or topics. */
type Terms = readonly string[] | Readonly<Record<string, readonly string[]>>;

/** A file of `templates/words`: the words that a detector knows beside those of the rule packs. */
class WordTable {
  readonly #name: string;
  readonly #lists: Readonly<Record<string, Terms>>;

  constructor(name: string, lists: Readonly<Record<string, Terms>>) {
    this.#name = name;
    this.#lists = lists;
  }

  /** All terms of a list, in the order of the file. */
  list(name: string): readonly string[] {
    const terms = this.#terms(name);
    return isList(terms) ? terms : Object.values(terms).flat();
  }

  /** The terms of a list as the alternatives of a regular expression. */
  any(name: string): string {
    return this.list(name).join('|');
  }

  /** The terms of each language or topic of a list, in the order of the file. */
  groups(name: string): readonly (readonly [group: string, terms: readonly string[]])[] {
    const terms = this.#terms(name);
    if (isList(terms)) throw this.#lacks(`groups in "${name}"`);
    return Object.entries(terms);
  }

  /** A list of terms of the form "word=number". */
  values(name: string): readonly (readonly [word: string, value: number])[] {
    return this.list(name).map((term) => {
      const [word, value] = term.split('=');
      return [word!, Number(value)];
    });
  }

  #terms(name: string): Terms {
    const terms = this.#lists[name];
    if (terms === undefined) throw this.#lacks(`a list "${name}"`);
    return terms;
  }

  #lacks(expected: string): EngineError {
    return new EngineError('E_ASSET_INVALID', {
      where: `templates/words/${this.#name}.json`,
      expected,
      found: Object.keys(this.#lists).join(', '),
      todo: 'install the package again',
    });
  }
}

const isList = (terms: Terms): terms is readonly string[] => Array.isArray(terms);

/** Reads a word table of the package. Its schema is checked by the tests, not at each start. */
export function wordTable(name: string): WordTable {
  const file = templatePath('words', `${name}.json`);
  try {
    const { lists } = JSON.parse(readFileSync(file, 'utf8')) as { lists: Record<string, Terms> };
    return new WordTable(name, lists);
  } catch (cause) {
    throw new EngineError('E_ASSET_INVALID', {
      where: file,
      expected: 'a word table in JSON',
      found: String(cause),
      todo: 'install the package again',
      cause,
    });
  }
}
