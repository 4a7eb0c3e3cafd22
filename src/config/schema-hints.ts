import { z } from 'zod';
import { nearest } from '../core/nearest.js';

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
export function knownKeys(schema: z.ZodType, value: unknown, path: readonly PropertyKey[]): string[] | undefined {
  const { properties } = nodeAt(schema, value, path) ?? {};
  return properties && Object.keys(properties).filter((key) => key !== '$schema');
}

/**
 * An example object for a field that holds another type, containing the given value if it fits: `{"language":"es-ES"}`.
 */
export function exampleObject(
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
export function meantWord(word: unknown, known: readonly unknown[]): string | undefined {
  if (typeof word !== 'string') return undefined;
  const meant = nearest(
    word,
    known.filter((one): one is string => typeof one === 'string'),
  );
  return meant === undefined ? undefined : `did you mean "${meant}"?`;
}
