import { readFileSync } from 'node:fs';
import t from 'tap';
import { roomSchema } from '../../src/config/room-schema.js';
import { templatePath } from '../../src/core/files/paths.js';

interface SchemaNode {
  readonly $ref?: string;
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Record<string, SchemaNode>;
  readonly items?: SchemaNode;
  readonly anyOf?: SchemaNode[];
  readonly oneOf?: SchemaNode[];
  readonly additionalProperties?: unknown;
}

const whole = roomSchema() as unknown as SchemaNode & { readonly $defs: Record<string, SchemaNode> };

/** A node with what its `$ref` names. */
function resolved(node: SchemaNode): SchemaNode {
  const { $ref, ...rest } = node;
  return $ref === undefined ? node : { ...resolved(whole.$defs[$ref.replace('#/$defs/', '')]!), ...rest };
}

/** Calls back for every object in the schema, with its path. */
function objects(given: SchemaNode, at: string, visit: (node: SchemaNode, at: string) => void): void {
  const node = resolved(given);
  if (node.properties !== undefined) visit(node, at);
  for (const [key, inner] of Object.entries(node.properties ?? {})) objects(inner, `${at}.${key}`, visit);
  if (node.items !== undefined) objects(node.items, `${at}[]`, visit);
  for (const inner of [...(node.anyOf ?? []), ...(node.oneOf ?? [])]) objects(inner, at, visit);
}

t.test('the committed schema equals the generated one', async (t) => {
  const committed = readFileSync(templatePath('schema', 'room.schema.json'), 'utf8');
  t.equal(committed, `${JSON.stringify(roomSchema(), null, 2)}\n`, 'run: npm run tool -- write-schema');
});

t.test('every property of the schema has a description', async (t) => {
  const silent: string[] = [];
  let seen = 0;
  objects(whole, 'room', (node, at) => {
    for (const [key, inner] of Object.entries(node.properties ?? {})) {
      seen += 1;
      if ((resolved(inner).description ?? '') === '') silent.push(`${at}.${key}`);
    }
  });
  t.ok(seen > 100, 'the walk reached the layers');
  t.same(silent, []);
});

t.test('no object of the schema accepts unknown keys', async (t) => {
  objects(whole, 'room', (node, at) => t.equal(node.additionalProperties, false, at));
});

t.test('properties with a default are optional, others are required', async (t) => {
  const schema = roomSchema() as { required: string[]; properties: Record<string, { default?: unknown }> };
  t.same([...schema.required].sort(), ['layers', 'name', 'presenter', 'script']);
  t.equal(schema.properties['language']?.default, 'en');
});

t.test('patterns work without flags, as editors read them', async (t) => {
  const text = JSON.stringify(roomSchema());
  t.notMatch(text, '[a-z0-9][a-z0-9-]', 'names may have capitals');
  t.match(text, '#([0-9a-fA-F]{3}', 'colours may have capitals');
});

t.test('says what several fields share once', async (t) => {
  const uses = [...JSON.stringify(whole).matchAll(/"#\/\$defs\/(\w+)"/g)].map(([, name]) => name!);
  t.same(
    [...new Set(uses)].toSorted(),
    Object.keys(whole.$defs).toSorted(),
    'each definition is used, and each use defined',
  );
  t.ok(readFileSync(templatePath('schema', 'room.schema.json')).length < 220_000);
});
