import type { z } from 'zod';
import { pathStep } from './json-places.js';
import { exampleObject, knownKeys, meantWord } from './schema-hints.js';

/** A schema violation in words. */
export interface ValueFault {
  /** Path within the value: `layers[1].src`; empty for the value itself. */
  readonly where: string;
  readonly expected: string;
  readonly found: string;
  /** A remedy, when one can be guessed. */
  readonly todo?: string;
  /** Path of the faulty key, where it differs from `where`. */
  readonly at?: string;
}

type Issue = z.core.$ZodIssue;

const TYPES: Readonly<Record<string, string>> = {
  string: 'a text in quotes',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object {…}',
  record: 'an object {…}',
  array: 'a list […]',
};
const UNITS: Readonly<Record<string, readonly [one: string, more: string]>> = {
  string: ['character', 'characters'],
  array: ['item', 'items'],
};

/**
 * @param value the parsed document; `issue` names a path in it
 * @param schema the schema that refused it, for the accepted keys and an example
 */
export function valueFault(issue: Issue, value: unknown, schema?: z.ZodType): ValueFault {
  if (issue.code === 'unrecognized_keys') {
    const found = issue.keys.map((key) => `"${key}"`).join(', ');
    const known = schema && knownKeys(schema, value, issue.path);
    if (known === undefined) return { where: pathText(issue.path), expected: 'only known keys', found };
    const unused = known.filter((key) => !(key in (valueAt(value, issue.path) as object)));
    return {
      where: pathText(issue.path),
      expected: `only the keys ${known.join(', ')}`,
      found,
      at: pathText([...issue.path, issue.keys[0]!]),
      ...todo(meantWord(issue.keys[0], unused)),
    };
  }
  if (issue.code === 'invalid_key') {
    const key = issue.path.at(-1);
    return { where: pathText(issue.path.slice(0, -1)), expected: expectedBy(issue), found: `the key "${String(key)}"` };
  }
  const deep = issue.code === 'invalid_union' ? deepest(issue.errors) : undefined;
  if (deep !== undefined) return valueFault({ ...deep, path: [...issue.path, ...deep.path] }, value, schema);
  const found = valueAt(value, issue.path);
  const example =
    schema !== undefined && issue.code === 'invalid_type' && issue.expected === 'object' && issue.path.length > 0
      ? exampleObject(schema, value, issue.path, found)
      : undefined;
  return {
    where: pathText(issue.path),
    expected: example === undefined ? expectedBy(issue) : `an object such as ${example}`,
    found: show(found),
    ...todo(wayOut(issue, found)),
  };
}

const todo = (text: string | undefined): { todo?: string } => (text === undefined ? {} : { todo: text });

/** The values that select a form: layer types, kinds of outputs. */
const optionsOf = (issue: Issue): readonly unknown[] => (issue as { options?: readonly unknown[] }).options ?? [];

const quoted = (choice: unknown): string => (typeof choice === 'string' ? `"${choice}"` : String(choice));

/** The most likely intention. */
function wayOut(issue: Issue, found: unknown): string | undefined {
  if (issue.code === 'invalid_value') return meantWord(found, issue.values);
  if (issue.code === 'invalid_union') return meantWord(found, optionsOf(issue));
  if (issue.code !== 'invalid_type') return undefined;
  const { expected } = issue;
  if (typeof found === 'number' && expected === 'string') return `write "${found}", in quotes`;
  if (typeof found !== 'string') return undefined;
  const isNumber = /^-?\d+(\.\d+)?$/.test(found) && (expected === 'number' || expected === 'int');
  const isTruth = /^(true|false)$/.test(found) && expected === 'boolean';
  return isNumber || isTruth ? `write ${found}, without quotes` : undefined;
}

/** Of several forms: the issue inside the intended form; undefined when no form matches. */
function deepest(forms: readonly (readonly Issue[])[]): Issue | undefined {
  return forms.flat().find((one) => one.path.length > 0 || one.code === 'unrecognized_keys');
}

function expectedBy(issue: Issue): string {
  if (issue.code === 'invalid_key') return issue.issues.map(expectedBy).join(' or ');
  const choices = issue.code === 'invalid_value' ? issue.values : optionsOf(issue);
  if (choices.length > 1 && issue.message.startsWith('Invalid ')) return `one of ${choices.map(quoted).join(', ')}`;
  // A schema may provide its own message.
  if (!/^(Invalid input|Too )/.test(issue.message)) return plain(issue.message);
  if (issue.code === 'invalid_type') return TYPES[issue.expected] ?? issue.expected;
  if (issue.code === 'too_small' || issue.code === 'too_big') return boundText(issue);
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    return [...new Set(issue.errors.flatMap((form) => form.slice(0, 1)).map(expectedBy))].join(' or ');
  }
  return plain(issue.message);
}

function boundText(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string {
  const [bound, word, strict] =
    issue.code === 'too_small' ? [issue.minimum, 'at least', 'more than'] : [issue.maximum, 'at most', 'less than'];
  const unit = UNITS[issue.origin]?.[Number(bound) === 1 ? 0 : 1];
  return `${issue.inclusive === false ? strict : word} ${bound}${unit === undefined ? '' : ` ${unit}`}`;
}

const plain = (message: string): string =>
  message.replace(/^Invalid [^:]*?(?:: e|\. E)xpected /, '').replace(/^expected /, '');

const pathText = (path: readonly PropertyKey[]): string => path.reduce<string>(pathStep, '');

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let at = value as Record<PropertyKey, unknown> | undefined;
  for (const key of path) at = at?.[key] as Record<PropertyKey, unknown> | undefined;
  return at;
}

function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
