import { z } from 'zod';

/** `templates/languages/languages.json`: the languages that Showroom offers to speak and to write. */

const tag = z.string().regex(/^[a-z]{2,3}(?:-(?:[A-Z][a-z]{3}|[A-Z]{2}|\d{3}))*$/);

const script = z.strictObject({
  name: z.string().min(1).describe('English name'),
  direction: z.enum(['ltr', 'rtl']).describe('Direction in which it is read'),
  sample: z.string().min(1).describe('Letters that a font of the script has'),
  font: z
    .string()
    .optional()
    .describe('npm package that holds a font of it; absent where the engine brings a font of its own'),
  family: z.string().optional().describe('Family name of the font in that package'),
});

const language = z.strictObject({
  tag: tag.describe('BCP-47'),
  english: z.string().min(1).describe('English name'),
  native: z.string().min(1).describe('Name in the language itself'),
  script: z.string().length(4).describe('ISO 15924, one of `scripts`'),
  alsoScripts: z.array(z.string().length(4)).optional().describe('Further scripts in which it is written'),
  voice: z.string().min(1).nullable().describe('Embedded voice (eSpeak NG); null: none speaks the language'),
  services: z
    .array(z.enum(['azure']))
    .min(1)
    .optional()
    .describe('Providers that speak a language without an embedded voice'),
  nearest: tag.optional().describe('Language whose embedded voice reads it well enough to be understood'),
  fault: z
    .strictObject({ en: z.string().min(1), zh: z.string().min(1) })
    .optional()
    .describe('Known fault of the embedded voice or of the letters, for the operator'),
  misdrawn: z.literal(true).optional().describe('Whether the library draws some of its letters wrongly'),
  stars: z.int().min(0).max(5).optional().describe('Expected quality of the embedded voice, where its fault spoils it'),
  greeting: z.string().min(1).max(160).describe('A line to open a show with, without claims'),
  label: z.string().min(1).max(60).describe('AI label'),
  currency: z.string().length(3).describe('ISO 4217, of its largest market'),
  pieces: z.string().includes('#').describe('A number of pieces; # is the number'),
  locale: z.string().optional().describe('Whose numbers and prices it borrows where Intl does not know the language'),
});

export const languageTableSchema = z
  .strictObject({
    $schema: z.string().optional(),
    scripts: z.record(z.string().length(4), script),
    aliases: z.record(z.string(), tag).describe('Older codes and regions, in lower case, and the languages they mean'),
    languages: z.array(language).min(1),
  })
  .describe('Languages of Showroom: voices, scripts, first lines, labels and formats');

export type Language = z.infer<typeof language>;
export type Script = z.infer<typeof script>;
export type LanguageTable = z.infer<typeof languageTableSchema>;

export const languagesSchema = (): unknown => z.toJSONSchema(languageTableSchema, { io: 'input' });
