import type { Product } from '../../config/sections/product.js';
import { expandWordings, fillSentence, readingOut, withLeadIns } from '../expand-wordings.js';
import { KnownWords } from '../known-words.js';
import { listingLanguage } from '../listing-language.js';
import { type SentencePlans, type SentencePlan, STYLES } from '../plan-schema.js';
import { spokenName } from '../spoken-name.js';
import { type PlannedSentence, productSentences, sentence } from '../product-sentences.js';

/** Greetings have beginnings of their own. */
const WITHOUT_LEAD_IN: ReadonlySet<string> = new Set(['welcome', 'goodbye']);

/**
 * All wordings of the sentences that plans make of some products, by each of them: for a line that was written by a plan it
 * gives every other way to say the same. A sentence has the same key in the index of a changed listing, whose figures differ.
 */
export class PlanIndex {
  private readonly byWording = new Map<string, { readonly key: string; readonly all: readonly string[] }>();
  private readonly byKey = new Map<string, readonly string[]>();

  constructor(
    private readonly plans: SentencePlans,
    private readonly products: readonly Product[],
    private readonly roomLanguage: string,
  ) {}

  /** Adds the sentences of a product in a language; of the show's frame without a product. */
  add(product: Product | undefined, language: string): void {
    const plan = this.plans.get(language);
    if (plan === undefined) return;
    const lists = product === undefined ? [this.frame()] : this.sentences(product, plan);
    for (const [list, planned] of lists.entries()) {
      const seen = new Map<string, number>();
      for (const one of planned) {
        const kind = `${language} ${product?.id ?? ''} ${list} ${one.about} ${one.names.join('+')}`;
        const number = seen.get(kind) ?? 0;
        seen.set(kind, number + 1);
        this.note(one, plan, `${kind} ${number}`);
      }
    }
  }

  /** Every wording of a sentence that has one of these; none for a line of another hand. */
  of(wordings: readonly string[]): readonly string[] {
    return this.find(wordings)?.all ?? [];
  }

  /** The key of the sentence that has one of these wordings. */
  keyOf(wordings: readonly string[]): string | undefined {
    return this.find(wordings)?.key;
  }

  /** Every wording of the sentence with that key. */
  withKey(key: string): readonly string[] {
    return this.byKey.get(key) ?? [];
  }

  private find(wordings: readonly string[]) {
    for (const one of wordings) {
      const found = this.byWording.get(one);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  private frame(): PlannedSentence[] {
    return (['welcome', 'goodbye'] as const).map((name) => sentence([name], {}, 'wave', 0, name));
  }

  private sentences(product: Product, plan: SentencePlan): PlannedSentence[][] {
    const others = this.products.filter((one) => one !== product);
    const language = listingLanguage(product, this.roomLanguage);
    const options = {
      plan,
      known: new KnownWords(this.plans),
      listingLanguage: language,
      others,
      random: () => 0,
      place: 0,
    };
    const titles = others.flatMap((one) => {
      const title = spokenName(one, { ...options, listingLanguage: listingLanguage(one, this.roomLanguage) });
      return title === undefined ? [] : [sentence(['next'], { title }, 'wave', 0, 'next')];
    });
    return [
      ...STYLES.map((style) => productSentences(product, { ...options, style })),
      [...titles, sentence(['nextPlain'], {}, 'wave', 0, 'next')],
    ];
  }

  private note({ names, slots, readsOut, literal, first }: PlannedSentence, plan: SentencePlan, key: string): void {
    if (literal !== undefined) {
      const plain = expandWordings([literal]);
      return this.keep(key, plain, withLeadIns(plain, plan.leadIns));
    }
    for (const name of names) {
      const templates = readsOut ? readingOut(plan.sentences[name]) : plan.sentences[name];
      const plain = expandWordings(templates);
      const more = WITHOUT_LEAD_IN.has(name) ? [] : withLeadIns(plain, plan.leadIns);
      const fill = (list: readonly string[]): string[] => list.map((one) => fillSentence(one, slots));
      this.keep(`${key} ${name}`, [...(first === undefined ? [] : [first]), ...fill(plain)], fill(more));
    }
  }

  private keep(key: string, plain: readonly string[], more: readonly string[]): void {
    const all = [...plain, ...more];
    this.byKey.set(key, all);
    for (const one of plain) if (!this.byWording.has(one)) this.byWording.set(one, { key, all });
  }
}
