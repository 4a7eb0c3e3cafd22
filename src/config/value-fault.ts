import type { z } from 'zod';

/** What is wrong with a value that a schema refused, in words. */
export interface ValueFault {
  /** Within the value: `layers[1].src`; empty for the value itself. */
  readonly where: string;
  readonly expected: string;
  readonly found: string;
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

/** @param value the whole that was parsed; `issue` names a place in it */
export function valueFault(issue: Issue, value: unknown): ValueFault {
  if (issue.code === 'unrecognized_keys') {
    const found = issue.keys.map((key) => `"${key}"`).join(', ');
    return { where: pathText(issue.path), expected: 'only known keys', found };
  }
  if (issue.code === 'invalid_key') {
    const key = issue.path.at(-1);
    return { where: pathText(issue.path.slice(0, -1)), expected: expectedBy(issue), found: `the key "${String(key)}"` };
  }
  const deep = issue.code === 'invalid_union' ? deepest(issue.errors) : undefined;
  if (deep !== undefined) return valueFault({ ...deep, path: [...issue.path, ...deep.path] }, value);
  return { where: pathText(issue.path), expected: expectedBy(issue), found: show(valueAt(value, issue.path)) };
}

/** Of a choice of forms: what is wrong inside the one that the value was meant to have; undefined when it has none of them. */
function deepest(forms: readonly (readonly Issue[])[]): Issue | undefined {
  return forms.flat().find((one) => one.path.length > 0 || one.code === 'unrecognized_keys');
}

function expectedBy(issue: Issue): string {
  if (issue.code === 'invalid_key') return issue.issues.map(expectedBy).join(' or ');
  // A schema may have words of its own.
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

const pathText = (path: readonly PropertyKey[]): string =>
  path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    if (!/^[\w$-]+$/.test(String(key))) return `${text}["${String(key)}"]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, '');

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
