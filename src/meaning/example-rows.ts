import { createHash } from 'node:crypto';
import type { MeaningTables } from './meaning-tables.js';

/** A question whose meaning is known. */
export interface ExampleRow {
  /** Id of a canonical attribute, or a `Meaning`. */
  readonly label: string;
  readonly language: string;
  readonly text: string;
}

/** All examples in a fixed order; `more` are those of other tables. */
export function exampleRows({ languages }: MeaningTables, more: readonly ExampleRow[] = []): ExampleRow[] {
  const rows: ExampleRow[] = [];
  for (const { language, attributes, intents } of languages.values()) {
    for (const [label, { ask }] of Object.entries(attributes))
      for (const text of ask) rows.push({ label, language, text });
    for (const [label, ask] of Object.entries(intents)) for (const text of ask) rows.push({ label, language, text });
  }
  return [...rows, ...more];
}

/** Changes with every example, its label and its place. */
export const digestOf = (rows: readonly ExampleRow[]): string =>
  createHash('sha256')
    .update(rows.map(({ label, language, text }) => `${label}\t${language}\t${text}`).join('\n'))
    .digest('hex');

/** Each label once, in the order of the rows. */
export const labelsOf = (rows: readonly ExampleRow[]): string[] => [...new Set(rows.map(({ label }) => label))];
