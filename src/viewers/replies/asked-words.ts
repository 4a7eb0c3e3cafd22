import type { Product } from '../../config/sections/product.js';
import { meaningTables } from '../../meaning/index.js';
import { cleanValue, slotValue } from '../../writer/clean-value.js';
import { fillSlots } from '../../writer/expand-wordings.js';
import type { ReplyPacks } from './comments/load-reply-packs.js';
import type { Intent } from './comments/reply-pack-schema.js';
import type { ListingAnswers } from './listing-answers.js';
import { isPlainQuantity, type UnderstoodQuestion } from './understood-question.js';

/** Intents that are not about one product. */
const ABOUT_THE_SHOW: ReadonlySet<Intent> = new Set<Intent>(['ai', 'who', 'link']);

/** Says an understood question in the show's own words: those of the reply packs and of the listing. */
export class AskedWords {
  constructor(
    private readonly packs: ReplyPacks,
    private readonly listing: ListingAnswers,
    /** Id of the product on screen. */
    private readonly productNow: () => string | null,
  ) {}

  /** "A viewer asks for the price of 500 pieces."; undefined for a question that was not understood. */
  of(asked: UnderstoodQuestion): string | undefined {
    const { product, intent } = asked;
    const said = this.sentence(asked);
    if (said === undefined || product === undefined || (intent !== undefined && ABOUT_THE_SHOW.has(intent)))
      return said;
    const now = this.productNow();
    const name = now === null || now === product.id ? undefined : this.listing.nameOf(product, asked.language);
    return name === undefined ? said : `${name}: ${said}`;
  }

  /** "A question from a viewer:", before an answer to a question that `of` has no words for. */
  anybody(language: string): string | undefined {
    return this.packs.get(language)?.asked.other;
  }

  private sentence({
    language,
    intent,
    product,
    quantity,
    attribute,
    meaning,
    faq,
  }: UnderstoodQuestion): string | undefined {
    const asked = this.packs.get(language)?.asked;
    if (asked === undefined) return undefined;
    if (faq !== undefined && product !== undefined) return listedQuestion(product, faq);
    const canonical = meaning === undefined ? undefined : meaningTables().languages.get(language)?.attributes[meaning];
    if (intent === undefined && canonical !== undefined)
      return fillSlots(asked.attribute, { attribute: canonical.name });
    if (attribute !== undefined && product !== undefined) {
      const name = listedAttribute(product, attribute);
      if (name !== undefined) return fillSlots(asked.attribute, { attribute: name });
    }
    if (intent === undefined) return undefined;
    const pieces = quantity === undefined ? undefined : this.pieces(product, language, quantity);
    if (pieces !== undefined && intent === 'price') return fillSlots(asked.priceAt, { quantity: pieces });
    if (pieces !== undefined && intent === 'leadTime') return fillSlots(asked.leadTimeAt, { quantity: pieces });
    return asked[intent];
  }

  /** "500 pieces" in the unit of the listing. */
  private pieces(product: Product | undefined, language: string, count: number): string | undefined {
    const reader = product && this.listing.reader(product, language);
    return reader === undefined || !isPlainQuantity(count) ? undefined : reader.values.quantity(count, reader.unit);
  }
}

const listedQuestion = ({ faq }: Product, at: number): string | undefined => {
  const question = faq[at]?.question;
  return question === undefined ? undefined : cleanValue(question);
};

/** The name as the listing has it, and only if it has it. */
function listedAttribute({ attributes, packing }: Product, wanted: string): string | undefined {
  const found = [...attributes, ...packing].find(({ name }) => name === wanted);
  return found && slotValue(cleanValue(found.name));
}
