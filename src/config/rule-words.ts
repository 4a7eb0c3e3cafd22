import { z } from 'zod';

const terms = z
  .array(z.string().min(1).max(60))
  .min(1)
  .max(500)
  .describe('Words or phrases, case-insensitive; a trailing "*" matches endings');

/** The room's own words, in addition to the rule packs. */
export const ruleWords = z
  .strictObject({
    forbid: z
      .array(
        z.strictObject({
          rule: z
            .string()
            .regex(/^[1-5]\.\d{1,2}$/)
            .describe('Id in the rule table, such as "2.1"; the rule decides the action'),
          language: z.string().min(2).max(35).default('any').describe('ISO 639-1 code, or "any"'),
          terms,
        }),
      )
      .max(100)
      .default([])
      .describe('Words that break a rule by themselves'),
    allow: z
      .array(
        z.strictObject({
          language: z.string().min(2).max(35).default('any').describe('ISO 639-1 code, or "any"'),
          terms,
        }),
      )
      .max(100)
      .default([])
      .describe(
        'Words that the rule packs must not match, such as the name of a brand. A telephone number, an address or a code ' +
          'stays forbidden',
      ),
  })
  .describe('Your own words: judged in speech, captions, layers, listings, pictures and replies');
export type RuleWords = z.infer<typeof ruleWords>;
