import { z } from 'zod';

/** The languages that every template speaks. */
export const TEMPLATE_LANGUAGES = [
  'ar',
  'de',
  'en',
  'es',
  'fr',
  'hi',
  'id',
  'it',
  'ja',
  'ko',
  'nl',
  'pl',
  'pt',
  'ru',
  'th',
  'tr',
  'vi',
  'zh',
] as const;
export type TemplateLanguage = (typeof TEMPLATE_LANGUAGES)[number];

const text = (max: number) => z.string().min(1).max(max);
export const templateLanguage = z.enum(TEMPLATE_LANGUAGES);

/** Sentences of the ticker and the badge, which a template picks by name. */
export const LINE_TEXTS = ['own-logo', 'small-orders', 'questions'] as const;
export const BADGE_TEXTS = ['samples', 'custom', 'order'] as const;

const textsOfLanguage = z.strictObject({
  label: text(60).optional().describe("AI label, where the language's own is too long for one line"),
  greeting: text(120).describe('First line of the show'),
  ticker: z.array(text(80)).min(1).max(8).describe('Texts of the ticker'),
  lines: z.record(z.enum(LINE_TEXTS), text(40)).describe('First texts of the ticker by name'),
  badges: z.record(z.enum(BADGE_TEXTS), text(24)).describe('Texts of the badge at the price by name'),
  example: text(40).describe('Subtitle of a placeholder product'),
  facts: z.array(text(80)).max(4).describe('What the placeholder listings state'),
});
export type TextsOfLanguage = z.infer<typeof textsOfLanguage>;

/** `templates/sets/texts.json`: the texts that all templates share. */
export const templateTexts = z
  .record(templateLanguage, textsOfLanguage)
  .describe('Texts of the templates in each language');
export type TemplateTexts = z.infer<typeof templateTexts>;
