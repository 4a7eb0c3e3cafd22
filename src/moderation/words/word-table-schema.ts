import { z } from 'zod';

const term = z.string().min(1).max(400);
const terms = z.array(term).min(1);
const name = z.string().regex(/^[a-z][a-z0-9-]*$/);

/** One file of templates/words. */
export const wordTableFile = z.strictObject({
  $schema: z.literal('../schema/word-table.schema.json'),
  about: z.string().min(1).describe('The meaning of the words, for people who add to them'),
  lists: z
    .record(name, z.union([terms, z.record(name, terms)]))
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
