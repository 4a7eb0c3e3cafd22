import { readFileSync } from 'node:fs';
import { EngineError } from '../../core/errors.js';
import { templatePath } from '../../core/files/paths.js';

type Texts = Readonly<Record<string, readonly string[]>>;

const texts = (): Texts => JSON.parse(readFileSync(templatePath('filming', 'reading-texts.json'), 'utf8')) as Texts;

/** Languages that have a text to read. */
export const readingLanguages = (): string[] => Object.keys(texts());

/** The text that a person reads for a talk film: about 90 s that hold every mouth many times. */
export function readingText(language: string): string {
  const all = texts();
  const lines = all[language.toLowerCase()] ?? all[language.toLowerCase().split('-')[0]!];
  if (lines !== undefined) return lines.join('\n');
  throw new EngineError('E_BAD_REQUEST', {
    where: '--lang',
    expected: `one of ${Object.keys(all).join(', ')}`,
    found: language,
    todo: 'read another text of 90 s in that language, and give it by --text',
  });
}
