import { readFileSync } from 'node:fs';
import t from 'tap';
import { z } from 'zod';
import { jsonFaultOffset, jsonPlaces } from '../../src/config/json-text.js';
import { roomSchema } from '../../src/config/room-schema.js';
import { room } from '../../src/config/room.js';
import { patchOf, valueFault } from '../../src/config/value-fault.js';
import { templatePath } from '../../src/core/files/paths.js';
import { seededRandom } from '../../src/core/random.js';

t.test('json fault', async (t) => {
  t.test('finds the first character that is not JSON', async (t) => {
    for (const [text, offset] of [
      ['{"a": oops}', 6],
      ['{"a": 1,}', 8],
      ['[1 2]', 3],
      ['', 0],
      ['{"a" 1}', 5],
      ['{"a": 1', 7],
      ['{} x', 3],
      ['["\t"]', 1],
    ] as const) {
      t.equal(jsonFaultOffset(text), offset, text);
    }
  });

  t.test('agrees with JSON.parse on texts with random damage', async (t) => {
    const random = seededRandom(5);
    const good = JSON.stringify({ a: [1, -2.5e3, 'x"y', null], b: { c: true, d: [] }, e: {} });
    for (let i = 0; i < 3000; i += 1) {
      const at = Math.floor(random() * good.length);
      const text =
        good.slice(0, at) + '{}[],:"x1 '[Math.floor(random() * 10)]! + good.slice(at + Math.floor(random() * 3));
      let valid = true;
      try {
        JSON.parse(text);
      } catch {
        valid = false;
      }
      if ((jsonFaultOffset(text) === undefined) !== valid) t.fail(text);
    }
    t.equal(jsonFaultOffset(good), undefined);
    t.equal(jsonFaultOffset('['.repeat(200_000)), 200_000, 'deep nesting does not overflow');
  });
});

t.test('json places', async (t) => {
  const text = `{
  "name": "a",
  "layers": [
    { "id": "x: {", "type": "text" },
    { "id": "y",
      "src": "p\\"q" }
  ],
  "actions": { "3.2": { "speech": "mute" } },
  "empty": [], "list": [1, [2, true], null]
}`;

  t.test('names the line of every value', async (t) => {
    const { lineOf, duplicate } = jsonPlaces(text);
    t.equal(duplicate, undefined);
    t.equal(lineOf('name'), 2);
    t.equal(lineOf('layers'), 3);
    t.equal(lineOf('layers[0].type'), 4);
    t.equal(lineOf('layers[1]'), 5);
    t.equal(lineOf('layers[1].src'), 6);
    t.equal(lineOf('actions["3.2"].speech'), 8);
    t.equal(lineOf('list[1][1]'), 9);
  });

  t.test('names the line around a missing value, and accepts the ids of checks', async (t) => {
    const { lineOf } = jsonPlaces(text);
    t.equal(lineOf('layers[1] "y".src'), 6);
    t.equal(lineOf('layers[1].width'), 5);
    t.equal(lineOf('layers[7].width'), 3);
    t.equal(lineOf('actions["9.9"].speech'), 8);
    t.equal(lineOf('composed picture with product "pot"'), undefined);
    t.equal(lineOf(''), undefined);
  });

  t.test('finds a duplicate key, and no other', async (t) => {
    const twice = '{\n"a": { "b": 1 },\n"c": { "b": 2,\n"\\u0062": 3 }\n}';
    t.same(jsonPlaces(twice).duplicate, { where: 'c.b', line: 4, firstLine: 3 });
    t.equal(jsonPlaces('[{"a":1},{"a":2}]').duplicate, undefined);
  });

  t.test('a million brackets overflow nothing', async (t) => {
    const deep = '['.repeat(20_000) + ']'.repeat(20_000);
    t.equal(jsonPlaces(deep).lineOf('x'), undefined);
  });
});

t.test('value fault', async (t) => {
  const host = { id: 'host', type: 'presenter' };
  const base = {
    name: 'shop',
    presenter: { pack: 'mei' },
    layers: [host],
    script: { segments: [{ lines: [{ text: 'Hello' }] }] },
  };

  /** The faults of a room, one per line. */
  function faultsOf(value: unknown): string[] {
    const { error } = room.safeParse(value);
    return (error?.issues ?? []).map((issue) => {
      const { where, expected, found } = valueFault(issue, value);
      return `${where}: expected ${expected}, found ${found}`;
    });
  }

  t.test('describes a wrong type by the expected one, in words of a room file', (t) => {
    t.same(faultsOf({ ...base, control: { port: '8080' } }), ['control.port: expected a number, found "8080"']);
    t.same(faultsOf({ ...base, layers: [host, 'x'] }), ['layers[1]: expected an object {…}, found "x"']);
    t.same(faultsOf({ ...base, layers: [host, { id: 'a', type: 'image' }] }), [
      'layers[1].src: expected a text in quotes, found nothing',
    ]);
    t.same(faultsOf(null), [': expected an object {…}, found null']);
    t.end();
  });

  t.test('reports bounds as numbers with their unit', (t) => {
    t.same(faultsOf({ ...base, script: { segments: [] } }), ['script.segments: expected at least 1 item, found []']);
    t.match(faultsOf({ ...base, control: { port: 99_999 } }), [/^control\.port: expected at most 65535, found 99999$/]);
    t.end();
  });

  t.test('reports the faults of the intended form, and all forms when none is intended', (t) => {
    const actions = (value: unknown): string[] => faultsOf({ ...base, compliance: { actions: value } });
    t.match(actions({ '3.2': { speech: 'explode' } }), [
      /^compliance\.actions\["3\.2"\]\.speech: expected one of "warn".*, found "explode"$/,
    ]);
    t.match(actions({ '3.2': 'explode' }), [
      /^compliance\.actions\["3\.2"\]: expected one of "warn".* or an object \{…\}, found "explode"$/,
    ]);
    t.match(actions({ '3.2': { sound: 'mute' } }), [
      /^compliance\.actions\["3\.2"\]: expected only known keys, found "sound"$/,
    ]);
    t.end();
  });

  t.test('reports an unknown key with the known ones', (t) => {
    t.same(faultsOf({ ...base, compliance: { actions: { '9.9': 'mute' } } }), [
      'compliance.actions: expected the id of a rule, such as "3.2", found the key "9.9"',
    ]);
    t.end();
  });

  t.test('reports no fault of a room in the words of the validation library', (t) => {
    const bad = [
      { ...base, video: { width: 721, height: '1280', fps: '30' } },
      { ...base, products: [{ id: 'a', price: 'x' }], outputs: [{ id: 'a', kind: 'ftp' }], language: 7 },
      { ...base, name: '../../etc', layers: {}, audio: { music: 3 }, seed: -1 },
    ];
    for (const fault of bad.flatMap(faultsOf)) t.notMatch(fault, /Invalid|received|Too |undefined/, fault);
    t.end();
  });

  /** As above, with the hints of a room file's schema. */
  function hintsOf(value: unknown): string[] {
    const { error } = room.safeParse(value);
    return (error?.issues ?? []).map((issue) => {
      const { where, expected, found, todo } = valueFault(issue, value, room);
      return `${where}: expected ${expected}, found ${found}${todo === undefined ? '' : `; ${todo}`}`;
    });
  }

  t.test('answers an unknown key with the known ones and the nearest', (t) => {
    t.same(hintsOf({ ...base, control: { rtmp: 1 } }), [
      'control: expected only the keys host, port, rtmpPort, flvPort, webhooks, liveTalking, trustedProxies, maxViewers, assetFolders, found "rtmp"; did you mean "rtmpPort"?',
    ]);
    t.match(hintsOf({ ...base, layers: [{ ...host, widht: 4 }] }), [
      /^layers\[0\]: expected only the keys id, .*type, found "widht"; did you mean "width"\?$/,
    ]);
    t.end();
  });

  t.test('answers a mistyped choice with the nearest', (t) => {
    t.match(hintsOf({ ...base, layers: [host, { id: 'a', type: 'captions' }] }), [
      /^layers\[1\]\.type: expected one of "image", "text".*, found "captions"; did you mean "caption"\?$/,
    ]);
    t.match(hintsOf({ ...base, script: { segments: [{ lines: [{ text: 'Hi', gesture: 'thumbsup' }] }] } }), [
      /found "thumbsup"; did you mean "thumbs-up"\?$/,
    ]);
    t.end();
  });

  t.test('shows an example object for a value outside of one', (t) => {
    const voice = (value: unknown): string[] => hintsOf({ ...base, presenter: { pack: 'mei', voice: value } });
    t.same(voice('es-ES'), ['presenter.voice: expected an object such as {"language": "es-ES"}, found "es-ES"']);
    t.same(voice('Jorge'), ['presenter.voice: expected an object such as {"name": "Jorge"}, found "Jorge"']);
    t.same(hintsOf({ ...base, products: [{ id: 'a', title: 'A', image: 'a.png', price: 12.5 }] }), [
      'products[0].price: expected an object such as {"amount": 12.5, "currency": "USD"}, found 12.5',
    ]);
    t.end();
  });

  t.test('reports missing and surplus quotes', (t) => {
    t.same(hintsOf({ ...base, control: { port: '8080' } }), [
      'control.port: expected a number, found "8080"; write 8080, without quotes',
    ]);
    t.same(hintsOf({ ...base, title: 7 }), ['title: expected a text in quotes, found 7; write "7", in quotes']);
    t.end();
  });
});

t.test('shape', async (t) => {
  t.test('makes every field of a patch optional, and null where the field has a default', async (t) => {
    const patch = patchOf(
      z.strictObject({
        text: z.string().min(1).describe('Words'),
        gapMs: z.int().max(10).default(3),
        tags: z.array(z.string()).optional(),
      }),
      ['text'],
    );
    t.same(patch.parse({}), {}, 'no default is filled in');
    t.same(patch.parse({ text: 'a', gapMs: null, tags: null }), { text: 'a', gapMs: null, tags: null });
    t.notOk(patch.safeParse({ text: null }).success, 'a field that must be there cannot be taken away');
    t.notOk(patch.safeParse({ gapMs: 11 }).success, 'bounds hold');
    t.notOk(patch.safeParse({ other: 1 }).success, 'unknown keys are refused');
    t.equal(patch.shape.text.description, 'Words');
  });
});

t.test('schema', async (t) => {
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
});
