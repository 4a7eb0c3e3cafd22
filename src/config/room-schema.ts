import { z } from 'zod';
import { room } from './room.js';

type Schema = Record<string, unknown>;

/** A shared schema shorter than this stands where it is used. */
const MIN_SHARED = 120;
const PREFIX = '#/$defs/';

/**
 * The room file's JSON Schema (draft 2020-12) for authors: keys with defaults are optional. What several fields share stands
 * in `$defs` once, under the name of the first of them.
 */
export function roomSchema(): Schema {
  const { $defs, ...root } = z.toJSONSchema(room, { io: 'input', target: 'draft-2020-12', reused: 'ref' }) as Schema;
  const defs = $defs as Record<string, Schema>;
  const uses = new Map<string, number>();
  for (const [, name] of JSON.stringify([root, defs]).matchAll(/"#\/\$defs\/(\w+)"/g))
    uses.set(name!, (uses.get(name!) ?? 0) + 1);
  const shared: Schema = {};
  const names = new Map<string, string>();

  const placed = (value: unknown, key: string): unknown => {
    if (Array.isArray(value)) return value.map((one) => placed(one, key));
    if (typeof value !== 'object' || value === null) return value;
    const { $ref, ...rest } = value as Schema;
    if (typeof $ref !== 'string') return children(value as Schema, key);
    const name = $ref.slice(PREFIX.length);
    const { id, ...whole } = defs[name]!;
    if (id === undefined && (uses.get(name) === 1 || JSON.stringify(whole).length < MIN_SHARED))
      return placed({ ...whole, ...rest }, key);
    if (!names.has(name)) {
      const own = freeName(typeof id === 'string' ? id : key, shared);
      names.set(name, own);
      shared[own] = {};
      shared[own] = placed(whole, key);
    }
    return { $ref: `${PREFIX}${names.get(name)}`, ...rest };
  };
  // In `properties` each key names a field; elsewhere a key is a word of JSON Schema.
  const children = (schema: Schema, key: string): Schema =>
    Object.fromEntries(
      Object.entries(schema).map(([word, value]) =>
        word === 'properties'
          ? [
              word,
              Object.fromEntries(Object.entries(value as Schema).map(([field, one]) => [field, placed(one, field)])),
            ]
          : [word, placed(value, key)],
      ),
    );
  return { $id: 'room.schema.json', title: 'Showroom room file', ...children(root, 'room'), $defs: shared };
}

function freeName(name: string, taken: Schema): string {
  if (taken[name] === undefined) return name;
  let number = 2;
  while (taken[`${name}${number}`] !== undefined) number += 1;
  return `${name}${number}`;
}
