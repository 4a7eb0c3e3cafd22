import type { MeaningTables } from './meaning-tables.js';

/** Words that say nothing about which attribute it is: "Product weight", "Rated power". */
const IDLE =
  /^(?:the|product|item|single|total|rated|main|max|maximum|standard|overall|available|custom|type of)\s+(?=\S)/;

/** Compared without case, accents and signs. */
export const foldName = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

/** "Power (W)" and "Net weight/kg": the name and the unit that it carries. */
export function nameWithUnit(name: string): { readonly name: string; readonly unit: string | undefined } {
  const found =
    /^(.{2,60}?)\s*[(（[]\s*([^()（）[\]]{1,12})\s*[)）\]]\s*[:：]?$/u.exec(name.trim()) ??
    /^(.{2,60}?)\s*[/,，]\s*(\p{L}{1,3})$/u.exec(name.trim());
  return found === null ? { name: name.trim(), unit: undefined } : { name: found[1]!, unit: found[2]!.trim() };
}

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
