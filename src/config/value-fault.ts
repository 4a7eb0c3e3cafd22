import { z } from 'zod';
import { nearest } from '../core/nearest.js';
import { pathStep } from './json-text.js';

/** A value of a schema that nobody changes. */
export type Shape<T extends z.ZodType> = ReadonlyDeep<z.infer<T>>;

/** All fields and lists read-only. */
export type ReadonlyDeep<T> = T extends Uint8Array
  ? T
  : T extends readonly (infer One)[]
    ? readonly ReadonlyDeep<One>[]
    : T extends object
      ? { readonly [K in keyof T]: ReadonlyDeep<T[K]> }
      : T;

/** A schema without its default and without leave to be absent. */
type Bare<T> = T extends z.ZodOptional<infer Inner> | z.ZodDefault<infer Inner> ? Bare<Inner> : T;

type PatchOf<S extends z.ZodRawShape, Kept extends string> = {
  [K in keyof S]: Bare<S[K]> extends infer Field extends z.core.SomeType
    ? z.ZodOptional<K extends Kept ? Field : z.ZodNullable<Field>>
    : never;
};

/**
 * The changed fields of an object; null returns a field to its default.
 *
 * @param kept fields that cannot be null
 */
export function patchOf<S extends z.ZodRawShape, Kept extends keyof S & string>(
  { shape }: z.ZodObject<S>,
  kept: readonly Kept[],
): z.ZodObject<PatchOf<S, Kept>, z.core.$strict> {
  const fields = Object.entries(shape).map(([name, schema]) => {
    const whole = schema as z.ZodType;
    const bare = bareOf(whole);
    const field = (kept as readonly string[]).includes(name) ? bare.optional() : bare.nullable().optional();
    return [name, whole.description === undefined ? field : field.describe(whole.description)];
  });
  return z.strictObject(Object.fromEntries(fields)) as unknown as z.ZodObject<PatchOf<S, Kept>, z.core.$strict>;
}

const bareOf = (schema: z.ZodType): z.ZodType =>
  schema instanceof z.ZodOptional || schema instanceof z.ZodDefault ? bareOf(schema.unwrap() as z.ZodType) : schema;

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

/** Schema facts that help to word a message: the accepted keys, an example. */
interface Node {
  /** A named schema: `#/$defs/layer`. */
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Node>>;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly additionalProperties?: boolean | Node;
  readonly required?: readonly string[];
  readonly items?: Node;
  readonly anyOf?: readonly Node[];
  readonly oneOf?: readonly Node[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly pattern?: string;
  readonly minLength?: number;
}

const described = new WeakMap<z.ZodType, Node>();

/** Takes 30 ms once, so it runs only when a message needs it. */
function describe(schema: z.ZodType): Node {
  let node = described.get(schema);
  if (node === undefined) {
    node = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Node;
    described.set(schema, node);
  }
  return node;
}

/**
 * The schema node for a path in a value. Of several forms, the one named by the value's `type` or `kind`, else the
 * first.
 */
function nodeAt(schema: z.ZodType, value: unknown, path: readonly PropertyKey[]): Node | undefined {
  const root = describe(schema);
  let node: Node | undefined = formOf(root, root, value);
  let at = value;
  for (const key of path) {
    const inner = innerNode(node, key);
    at = (at as Record<PropertyKey, unknown> | null | undefined)?.[key];
    node = inner && formOf(root, inner, at);
  }
  return node;
}

/** The schema behind a name. */
function named(root: Node, node: Node): Node {
  let at = node;
  while (at.$ref !== undefined) {
    const next: Node | undefined = root.$defs?.[at.$ref.slice('#/$defs/'.length)];
    if (next === undefined) return at;
    at = next;
  }
  return at;
}

function innerNode(node: Node | undefined, key: PropertyKey): Node | undefined {
  if (typeof key === 'number') return node?.items;
  const others = node?.additionalProperties;
  return node?.properties?.[String(key)] ?? (typeof others === 'object' ? others : undefined);
}

function formOf(root: Node, given: Node, value: unknown): Node {
  const node = named(root, given);
  const forms = (node.oneOf ?? node.anyOf)?.map((form) => named(root, form));
  if (forms === undefined) return node;
  const objects = forms.filter((form) => form.properties !== undefined);
  const fields = value as Record<string, unknown> | null | undefined;
  const meant = objects.find((form) =>
    Object.entries(form.properties!).every(([key, { const: only }]) => only === undefined || only === fields?.[key]),
  );
  return meant ?? objects[0] ?? node;
}

/** The keys that an object may have; undefined when any key is accepted. */
function knownKeys(schema: z.ZodType, value: unknown, path: readonly PropertyKey[]): string[] | undefined {
  const { properties } = nodeAt(schema, value, path) ?? {};
  return properties && Object.keys(properties).filter((key) => key !== '$schema');
}

/**
 * An example object for a field that holds another type, containing the given value if it fits: `{"language":"es-ES"}`.
 */
function exampleObject(
  schema: z.ZodType,
  value: unknown,
  path: readonly PropertyKey[],
  found: unknown,
): string | undefined {
  const { properties: fields = {}, required = [] } = nodeAt(schema, value, path) ?? {};
  const root = describe(schema);
  const properties = Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, named(root, field)]));
  const example: Record<string, unknown> = {};
  const taker = [...required, ...Object.keys(properties)].find((key) => takes(key, properties[key], found));
  for (const key of new Set([...required, ...(taker === undefined ? [] : [taker])])) {
    example[key] = key === taker ? found : sample(properties[key]);
  }
  return Object.keys(example).length === 0
    ? undefined
    : JSON.stringify(example).replaceAll('":', '": ').replaceAll(',"', ', "');
}

const LANGUAGE = /^[a-z]{2,3}([-_][A-Za-z0-9]{2,8})*$/;

function takes(key: string, node: Node | undefined, found: unknown): boolean {
  if (node === undefined || node.const !== undefined) return false;
  if (node.enum !== undefined) return node.enum.includes(found);
  if (typeof found === 'number') return node.type === 'number' || (node.type === 'integer' && Number.isInteger(found));
  if (typeof found !== 'string' || node.type !== 'string' || found.length < (node.minLength ?? 0)) return false;
  if (key === 'language' && !LANGUAGE.test(found)) return false;
  return node.pattern === undefined || new RegExp(node.pattern).test(found);
}

function sample(node: Node | undefined): unknown {
  if (node === undefined) return '…';
  const said = node.const ?? node.examples?.[0] ?? node.enum?.[0] ?? node.default;
  if (said !== undefined) return said;
  if (node.type === 'number' || node.type === 'integer') return 1;
  if (node.type === 'boolean') return true;
  if (node.type === 'array') return [];
  if (node.type === 'object') return {};
  return '…';
}

/** Suggests the nearest known word: "did you mean …?". */
function meantWord(word: unknown, known: readonly unknown[]): string | undefined {
  if (typeof word !== 'string') return undefined;
  const meant = nearest(
    word,
    known.filter((one): one is string => typeof one === 'string'),
  );
  return meant === undefined ? undefined : `did you mean "${meant}"?`;
}

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
