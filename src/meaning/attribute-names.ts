import { foldName, nameWithUnit } from './fold-name.js';
import type { MeaningTables } from './meaning-tables.js';

/** Words that say nothing about which attribute it is: "Product weight", "Rated power". */
const IDLE =
  /^(?:the|product|item|single|total|rated|main|max|maximum|standard|overall|available|custom|type of)\s+(?=\S)/;

/** Which canonical attribute a listing's attribute is, by its name in any of the languages. */
export class AttributeNames {
  private readonly ids = new Map<string, string>();

  constructor({ attributes, languages }: MeaningTables) {
    for (const { id, names } of attributes.values())
      for (const name of [...names.en, ...names.zh])
        if (!this.ids.has(foldName(name))) this.ids.set(foldName(name), id);
    for (const table of languages.values())
      for (const [id, { name }] of Object.entries(table.attributes))
        if (!this.ids.has(foldName(name))) this.ids.set(foldName(name), id);
  }

  of(listed: string): string | undefined {
    const { name } = nameWithUnit(listed);
    let folded = foldName(name);
    for (;;) {
      const id = this.ids.get(folded) ?? this.ids.get(folded.replace(/s$/, ''));
      if (id !== undefined) return id;
      const shorter = folded.replace(IDLE, '');
      if (shorter === folded) return undefined;
      folded = shorter;
    }
  }
}
