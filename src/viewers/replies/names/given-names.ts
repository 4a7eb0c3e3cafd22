import { readFileSync } from 'node:fs';
import { templatePath } from '../../../core/files/paths.js';

/**
 * Names that may be spoken and shown: given names from a list, never what a viewer typed.
 *
 * Problem: a list of forbidden names never ends. A telephone number in words, an account in plain letters, an insult with
 * one foreign letter are all names of viewers somewhere.
 * Rule: a name is said only if its first word is a given name of the list, and all of it are letters of one script with
 * blanks between them. What is said is the list's spelling of that one word.
 */
export class GivenNames {
  private readonly names: ReadonlyMap<string, string>;

  constructor(names: Iterable<string>) {
    this.names = new Map([...names].map((name) => [keyOf(name), name]));
  }

  get size(): number {
    return this.names.size;
  }

  /** The given name of a viewer as the list spells it; undefined for any other name. */
  of(user: string): string | undefined {
    const name = user.normalize('NFC').trim();
    if (name.length > MAX_NAME_CHARS || !SCRIPTS.some((script) => script.test(name))) return undefined;
    const [first = ''] = name.split(/\s+/u);
    return this.names.get(keyOf(first));
  }
}

const MAX_NAME_CHARS = 40;
const SCRIPTS = ['Latin', 'Cyrillic', 'Arabic', 'Devanagari', 'Thai', 'Han', 'Hangul', 'Hiragana', 'Katakana'].map(
  (script) => new RegExp(`^[\\p{Script=${script}}\\p{M}]+(?: +[\\p{Script=${script}}\\p{M}]+){0,3}$`, 'u'),
);
const keyOf = (name: string): string => name.normalize('NFC').toLowerCase();

let own: GivenNames | undefined;

/** The project's list, read once. */
export function givenNames(): GivenNames {
  own ??= new GivenNames(
    readFileSync(templatePath('names/given-names.txt'), 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .flatMap((line) => line.split(' ')),
  );
  return own;
}
