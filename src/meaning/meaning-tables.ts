import { readdirSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { EngineError } from '../core/errors.js';
import { templatePath } from '../core/files/paths.js';

/**
 * Questions that are not about an attribute. The listing's fields answer `price`, `stock`, `discount`, `link`, `who` and `ai`;
 * the others are never answered with a fact.
 */
const MEANINGS = [
  'price',
  'stock',
  'discount',
  'link',
  'who',
  'ai',
  'greeting',
  'praise',
  'complaint',
  'contact',
  'insult',
  'shops',
  'chat',
] as const;
export type Meaning = (typeof MEANINGS)[number];
const WITH_EXAMPLES = MEANINGS.filter((one) => one !== 'link' && one !== 'who');

const text = z.string().min(1).max(120);
const id = z.string().regex(/^[a-z][a-z0-9-]{1,30}$/);

const attribute = z.strictObject({
  id,
  value: z
    .enum(['measure', 'list', 'yesno', 'either', 'count'])
    .describe('Grammar of the value; `either` is yes, no or words'),
  say: z.boolean().describe('Whether a host says it in a script; asked, it is answered in any case'),
  names: z
    .strictObject({ en: z.array(text).min(1), zh: z.array(text).min(1) })
    .describe('Names that sellers write in listings, without units'),
  goodFor: z.record(z.string(), text).describe('What it is good for, by category of goods, in English'),
});

const attributeTable = z
  .strictObject({
    attributes: z.array(attribute).min(1),
    wordAliases: z.record(id, z.array(text).min(1)).describe('Further names of `words` in listings'),
  })
  .describe('Canonical attributes of goods');

const plural = z.partialRecord(z.enum(['zero', 'one', 'two', 'few', 'many', 'other']), text);
const sentence = text.refine((one) => one.split('{value}').length === 2, 'expected {value} once');

const languageTable = z
  .strictObject({
    language: z.string().regex(/^[a-z]{2,3}$/),
    units: z
      .strictObject({
        range: text.describe('From {a} to {b}'),
        watt: plural,
        volt: plural,
        decibel: plural,
        lumen: plural,
        yes: text,
        no: text,
      })
      .describe('Units that Intl has no names for; `#瓦` joins the number'),
    words: z.record(id, text).describe('Words of values that are said in every language'),
    intents: z.strictObject(
      Object.fromEntries(WITH_EXAMPLES.map((one) => [one, z.array(text).min(2)])) as Record<
        (typeof WITH_EXAMPLES)[number],
        z.ZodArray<typeof text>
      >,
    ),
    attributes: z.record(
      id,
      z.strictObject({
        name: text.describe('As the answer to "what did they ask about"'),
        sentence: sentence.describe('The answer with {value}'),
        list: sentence.optional().describe('The answer where a value of figures is a list of names: sizes S, M, L'),
        count: sentence.optional().describe('The answer where the value is a plain number of two or more'),
        yes: text.optional().describe('The answer where the value is yes'),
        no: text.optional(),
        ask: z.array(text).min(1).describe('Questions as viewers type them'),
      }),
    ),
  })
  .describe('Canonical attributes in one language');

type Attribute = z.infer<typeof attribute>;
export type LanguageTable = z.infer<typeof languageTable>;

export interface MeaningTables {
  readonly attributes: ReadonlyMap<string, Attribute>;
  readonly wordAliases: Readonly<Record<string, readonly string[]>>;
  readonly languages: ReadonlyMap<string, LanguageTable>;
}

/** Throws E_ASSET_INVALID with the place of the fault. */
export function loadMeaningTables(folder = templatePath('meaning')): MeaningTables {
  const { attributes, wordAliases } = read(`${folder}/attributes.json`, attributeTable);
  const ids = attributes.map((one) => one.id);
  const languages = new Map<string, LanguageTable>();
  for (const file of readdirSync(folder).toSorted()) {
    if (!/^[a-z]{2,3}\.json$/.test(file)) continue;
    const table = read(`${folder}/${file}`, languageTable);
    const missing = ids.find((one) => table.attributes[one] === undefined);
    if (missing !== undefined) throw fault(`${folder}/${file}: attributes`, `nothing for "${missing}"`);
    languages.set(table.language, table);
  }
  return { attributes: new Map(attributes.map((one) => [one.id, one])), wordAliases, languages };
}

let shared: MeaningTables | undefined;
/** The tables of the package, read once. */
export const meaningTables = (): MeaningTables => (shared ??= loadMeaningTables());

function read<T extends z.ZodType>(path: string, schema: T): z.infer<T> {
  const result = schema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw fault(`${path}: ${issue!.path.join('.')}`, issue!.message);
}

const fault = (where: string, found: string): EngineError =>
  new EngineError('E_ASSET_INVALID', {
    where,
    expected: 'a table that follows src/meaning/meaning-tables.ts',
    found,
    todo: 'mend the file; templates/meaning/README.md says what it holds',
  });
