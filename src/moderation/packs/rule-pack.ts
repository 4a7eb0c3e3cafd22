import { z } from 'zod';
import { RULES } from './rule-table.js';

const term = z.string().min(1).max(60);
const setName = z.string().regex(/^[a-z][a-z0-9-]*$/);

const near = z.strictObject({
  kind: z.string().min(1),
  all: z.array(setName).min(2).max(4).describe('Sets of which one word each must occur'),
  within: z.int().min(0).max(120).describe('Maximum characters between two neighbours'),
  ordered: z.boolean().default(false).describe('The sets must occur in this order'),
  clause: z.boolean().default(false).describe('The sets must occur in one clause, with no comma between them'),
  unless: z.array(setName).default([]).describe('No hit when a word of these sets is close by'),
  unlessBefore: z.array(setName).default([]).describe('No hit when a word of these sets comes shortly before'),
});

const sentence = z.string().min(1).max(400);
const fixture = z.union([sentence, z.strictObject({ text: sentence, language: z.string().optional() })]);

/** One file of templates/rules: the words of one language for one rule. */
export const rulePack = z.strictObject({
  $schema: z.string().optional(),
  rule: z.enum(RULES.map((r) => r.id) as [string, ...string[]]),
  language: z.string().describe('ISO 639-1 code, or "any" for words used in every language'),
  say: z.record(setName, z.array(term)).default({}).describe('Words that are a hit by themselves, by kind'),
  sets: z.record(setName, z.array(term)).default({}).describe('Words that count only together with others'),
  near: z.array(near).default([]).describe('Which sets make a hit together'),
  except: z.array(term).default([]).describe('Longer words in which this rule must not match'),
  sayUnless: z.array(setName).default([]).describe('Hits by themselves do not count close to words of these sets'),
  sayUnlessBefore: z.array(setName).default([]).describe('Nor when a word of these sets comes shortly before'),
  trip: z.array(fixture).default([]).describe('Lines that break the rule'),
  pass: z.array(fixture).default([]).describe('Near misses that break no rule'),
});
export type RulePack = z.infer<typeof rulePack>;
export type NearRule = z.infer<typeof near>;
export type RulePacks = readonly RulePack[];

/** A rule pack's JSON Schema (draft 2020-12) for authors: keys with defaults are optional. */
export function rulePackSchema(): Record<string, unknown> {
  return {
    $id: 'rule-pack.schema.json',
    title: 'Showroom rule pack',
    ...z.toJSONSchema(rulePack, { io: 'input', target: 'draft-2020-12' }),
  };
}
