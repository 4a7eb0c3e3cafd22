import { z } from 'zod';
import { expandWordings } from './expand-wordings.js';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EngineError } from '../core/errors.js';
import { templatePath } from '../core/files/paths.js';

/** Styles of a presentation. Each adds sentences and orders them. */
export const STYLES = ['warm', 'expert', 'lively'] as const;
export type Style = (typeof STYLES)[number];

/** Sentences of a show, and the slots each of them has to fill in. */
const SENTENCES = {
  welcome: [],
  hook: ['title'],
  hookPlain: [],
  'opener-warm': [],
  'opener-expert': [],
  'opener-lively': [],
  attribute: ['topic', 'value'],
  choices: ['topic', 'list'],
  choiceCount: ['count'],
  price: ['price'],
  ladder: ['quantityOf', 'price'],
  ladderWhole: ['quantityOf', 'price', 'more'],
  minimumOrder: ['quantity'],
  leadTime: ['days'],
  leadTimeUpTo: ['quantityOf', 'days'],
  leadTimeFrom: ['quantityOf', 'days'],
  sample: ['price'],
  certificate: ['name'],
  fact: ['fact'],
  question: ['question'],
  soldOut: [],
  ask: [],
  engage: [],
  order: [],
  next: ['title'],
  nextPlain: [],
  goodbye: [],
} as const satisfies Record<string, readonly string[]>;
export type SentenceName = keyof typeof SENTENCES;

/** Words that are said in every language; a listing's value is translated only where it is one of them. */
export const TOPICS = ['material', 'colour', 'size', 'capacity', 'weight', 'power', 'voltage', 'battery'] as const;
export type Topic = (typeof TOPICS)[number];

export const UNITS = ['piece', 'set', 'pair', 'box'] as const;
export type Unit = (typeof UNITS)[number];

const text = z.string().min(1).max(200);
const plural = z
  .partialRecord(z.enum(['zero', 'one', 'two', 'few', 'many', 'other']), text)
  .refine((forms) => forms.other !== undefined, 'expected a form "other"')
  .describe(
    'One form a plural category of the language (Intl.PluralRules); "#" stands for the number, "=" says it by itself',
  );
const units = z.record(z.enum(UNITS), plural);

/** Varying properties that are counted where their values have no name in a language. */
export const AXES = ['colour', 'size'] as const;

/** Groups of sentences that a bridge may lead over to. */
export const BRIDGED = ['attributes', 'choices', 'price', 'terms', 'faq'] as const;

const slotsOf = (template: string): string[] => [...template.matchAll(/\{(\w+)\}/g)].map((m) => m[1]!);

const wordings = (name: SentenceName) =>
  z
    .array(text)
    .min(2)
    .max(12)
    .refine(
      (list) =>
        expandWordings(list).every((one) => {
          const slots = slotsOf(one);
          const wanted: readonly string[] = SENTENCES[name];
          return slots.length === wanted.length && wanted.every((slot) => slots.includes(slot));
        }),
      `expected each wording to hold ${SENTENCES[name].map((slot) => `{${slot}}`).join(' and ') || 'no slot'}`,
    );

const sentencePlan = z
  .strictObject({
    language: z
      .string()
      .regex(/^[a-z]{2,3}$/)
      .describe('Language code; the name of the file'),
    charsPerSecond: z.number().positive().describe('Characters a voice speaks in a second, blanks and signs included'),
    units: units.describe('The counted thing, with the number before it'),
    unitsOf: units.optional().describe('The same after "from" and "up to", where the case differs'),
    variants: plural.describe('The word for "variants" with a number before it'),
    axes: z.record(z.enum(AXES), plural).describe('The word for colours and sizes with a number before it'),
    madeOf: z
      .strictObject({
        pattern: text
          .refine((one) => slotsOf(one).includes('goods'), 'expected the slot {goods}')
          .describe('A thing with its material, such as "{goods} de {material}"'),
        forms: z
          .record(z.string().regex(/^[a-z-]+$/), text)
          .default({})
          .describe('Materials in the form that the pattern asks for, where it is not that of `words`'),
      })
      .describe('How a name holds the material'),
    ladderMore: text
      .refine((one) => slotsOf(one).toSorted().join() === 'amount,quantityOf', 'expected {quantityOf} and {amount}')
      .describe('A further step of the price ladder within one sentence'),
    bridges: z
      .partialRecord(z.enum(BRIDGED), z.array(z.string().min(2).max(60)).max(6))
      .default({})
      .describe('Short sentences that lead over to a group; said before its first sentence'),
    topics: z.record(z.enum(TOPICS), text).describe('Names of the attributes that are said in every language'),
    aliases: z
      .partialRecord(z.enum(TOPICS), z.array(text).max(20))
      .default({})
      .describe('How listings in this language name the same attribute'),
    leadIns: z
      .array(text)
      .max(12)
      .default([])
      .describe('Beginnings such as "So, " that fit before any sentence: more wordings for a show of a day'),
    unitAliases: z
      .partialRecord(z.enum(UNITS), z.array(text).max(20))
      .default({})
      .describe('Other names of units in listings'),
    words: z
      .record(z.string().regex(/^[a-z-]+$/), text)
      .describe('Materials and colours that are said in every language'),
    sentences: z
      .strictObject(
        Object.fromEntries(Object.keys(SENTENCES).map((name) => [name, wordings(name as SentenceName)])) as Record<
          SentenceName,
          ReturnType<typeof wordings>
        >,
      )
      .describe('Wordings; "(from|starting at)" stands for either'),
  })
  .describe('Sentences of the script writer in one language');
export type SentencePlan = z.infer<typeof sentencePlan>;

export type SentencePlans = ReadonlyMap<string, SentencePlan>;

let own: SentencePlans | undefined;

/** The project's sentence plans by language, read once. */
export function sentencePlans(): SentencePlans {
  own ??= readPlans(templatePath('writer'));
  return own;
}

/** Throws E_ASSET_INVALID for a file that is not a sentence plan. */
export function readPlans(folder: string): SentencePlans {
  const plans = new Map<string, SentencePlan>();
  for (const name of readdirSync(folder).toSorted()) {
    if (!name.endsWith('.json')) continue;
    const path = join(folder, name);
    const result = sentencePlan.safeParse(JSON.parse(readFileSync(path, 'utf8')));
    if (!result.success) {
      const [issue] = result.error.issues;
      throw new EngineError('E_ASSET_INVALID', {
        where: `${path}: ${issue!.path.join('.')}`,
        expected: 'a sentence plan',
        found: issue!.message,
        todo: 'see templates/writer/README.md for the fields of a plan',
      });
    }
    plans.set(result.data.language, result.data);
  }
  return plans;
}
