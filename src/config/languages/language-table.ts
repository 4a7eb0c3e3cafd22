import { readFileSync } from 'node:fs';
import { templatePath } from '../../core/files/paths.js';
import { languageTableSchema, type Language, type LanguageTable, type Script } from './language-schema.js';

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
