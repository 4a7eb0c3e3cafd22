import { readFileSync } from 'node:fs';
import { templatePath } from '../../core/files/paths.js';
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

const languageTableSchema = z
  .strictObject({
    $schema: z.string().optional(),
    scripts: z.record(z.string().length(4), script),
    aliases: z.record(z.string(), tag).describe('Older codes and regions, in lower case, and the languages they mean'),
    languages: z.array(language).min(1),
  })
  .describe('Languages of Showroom: voices, scripts, first lines, labels and formats');

export type Language = z.infer<typeof language>;
export type Script = z.infer<typeof script>;
type LanguageTable = z.infer<typeof languageTableSchema>;

export const languagesSchema = (): unknown => z.toJSONSchema(languageTableSchema, { io: 'input' });

let table: LanguageTable | undefined;

/** The table of languages; read once. */
export function languageTable(): LanguageTable {
  table ??= languageTableSchema.parse(JSON.parse(readFileSync(templatePath('languages', 'languages.json'), 'utf8')));
  return table;
}

/** The row of a tag by RFC 4647 lookup: the tag, then ever shorter ones; older codes mean the present ones. */
export function findLanguage(tag: string): Language | undefined {
  for (const part of shorterTags(tag)) {
    const found = languageRow(part);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The row of exactly this tag or its alias. */
export function languageRow(tag: string): Language | undefined {
  const { languages, aliases } = languageTable();
  const wanted = tag.toLowerCase();
  const known = (aliases[wanted] ?? wanted).toLowerCase();
  return languages.find((one) => one.tag.toLowerCase() === known);
}

/** `zh-hant-tw`, `zh-hant`, `zh`. */
export function shorterTags(tag: string): string[] {
  const tags: string[] = [];
  for (
    let part = tag.toLowerCase().replaceAll('_', '-');
    part !== '';
    part = part.slice(0, Math.max(0, part.lastIndexOf('-')))
  )
    tags.push(part);
  return tags;
}

export const scriptOf = ({ script }: Language): Script => languageTable().scripts[script]!;

/**
 * The locale whose numbers a language uses: its own where Intl knows it, else the one that its row names. Without this
 * an unknown language gets the machine's locale, and the same room draws other prices on another machine.
 */
export function localeOf(language: string): string {
  const known = (tag: string): boolean => {
    try {
      return Intl.NumberFormat.supportedLocalesOf(tag).length > 0;
    } catch {
      return false; // not a BCP-47 tag
    }
  };
  const tag = language.replaceAll('_', '-');
  if (known(tag)) return tag;
  const row = findLanguage(language);
  return [row?.locale, row?.tag].find((one) => one !== undefined && known(one)) ?? 'en';
}

/** A price as the language writes it: "$1,299.00", "12,50 €". */
export const formatPrice = (amount: number, currency: string, language: string): string =>
  new Intl.NumberFormat(localeOf(language), {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
  }).format(amount);

/** "1,200 pcs", "1.200 Stück", "1,200件". */
export function formatPieces(count: number, language: string): string {
  const number = new Intl.NumberFormat(localeOf(language)).format(count);
  return (findLanguage(language)?.pieces ?? '×#').replace('#', number);
}

/** An amount with a unit that Intl names: "2.5 kg". */
export const formatUnit = (amount: number, unit: 'kilogram' | 'meter' | 'liter', language: string): string =>
  new Intl.NumberFormat(localeOf(language), { style: 'unit', unit, unitDisplay: 'short' }).format(amount);

/** Scripts that are written in letters of others. */
const COMPOSED = /^(?:Hans|Hant|Jpan|Kore)$/;

/** The script of the table to which a letter belongs; undefined for signs, and for scripts of no listed language. */
export function scriptOfLetter(letter: string): Script | undefined {
  for (const [code, script] of Object.entries(languageTable().scripts)) {
    if (!COMPOSED.test(code) && new RegExp(`\\p{sc=${code}}`, 'u').test(letter)) return script;
  }
  return undefined;
}
