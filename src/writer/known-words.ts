import { type SentencePlans, TOPICS, type Topic, type Unit, UNITS } from './plan-schema.js';

const fold = (text: string): string => text.normalize('NFKC').trim().toLowerCase();

/** Names of materials, colours, attributes and units in listings, in all languages. */
export class KnownWords {
  private readonly words = new Map<string, string>();
  private readonly topics = new Map<string, Topic>();
  private readonly units = new Map<string, Unit>();

  constructor(private readonly plans: SentencePlans) {
    for (const plan of plans.values()) {
      for (const [key, word] of Object.entries(plan.words)) this.words.set(fold(word), key);
      for (const topic of TOPICS)
        for (const name of [plan.topics[topic], ...(plan.aliases[topic] ?? [])]) this.topics.set(fold(name), topic);
      for (const unit of UNITS)
        for (const name of [...Object.values(plan.units[unit]), ...(plan.unitAliases[unit] ?? [])])
          this.units.set(fold(name.replace(/^=|#/, '')), unit);
    }
    // Two spellings of one word in the language the listings are mostly in.
    for (const [other, key] of [
      ['aluminum', 'aluminium'],
      ['gray', 'grey'],
    ] as const)
      this.words.set(other, key);
  }

  /** The key of a material or colour in any language. */
  keyOf(word: string): string | undefined {
    return this.words.get(fold(word));
  }

  /** A value in another language, if all its parts are known words: "Black, white". */
  translate(value: string, language: string): string[] | undefined {
    const to = this.plans.get(language);
    const parts = value.split(/\s*[,，、/;；]\s*|\s+(?:and|und|y|et|e)\s+/).filter((part) => part !== '');
    const said = parts.map((part) => to?.words[this.words.get(fold(part)) ?? '']);
    return said.length > 0 && said.every((one) => one !== undefined) ? said : undefined;
  }

  topicOf(name: string): Topic | undefined {
    return this.topics.get(fold(name));
  }

  unitOf(name: string): Unit | undefined {
    return this.units.get(fold(name));
  }

  /** "1,000 pieces" as a number of a known unit. */
  quantityOf(text: string): { readonly count: number; readonly unit: Unit } | undefined {
    const found = /^(\d[\d.,]*)\s*(\D{0,20})$/u.exec(text.trim());
    if (found === null) return undefined;
    const count = Number(found[1]!.replace(/[.,](?=\d{3}(?!\d))/g, ''));
    const unit = this.unitOf(found[2]!);
    return Number.isInteger(count) && count > 0 && unit !== undefined ? { count, unit } : undefined;
  }
}
