import type { RepliesConfig } from '../../config/sections/replies.js';
import type { Product } from '../../config/sections/product.js';
import type { CommentReader } from './comments/comment-reader.js';
import { FaqIndex } from './faq-index.js';
import type { ListingAnswer, ListingAnswers } from './listing-answers.js';
import type { ReplyPacks } from './comments/load-reply-packs.js';
import { NamedProduct } from './comments/named-product.js';
import { askedQuantity, readQuantity } from './comments/read-quantity.js';
import type { Intent } from './comments/reply-pack-schema.js';
import type { UnderstoodQuestion } from './understood-question.js';

const MAX_CACHED = 300;

/** A comment as understood: its language, product and intent. */
export interface Finding {
  readonly language: string;
  readonly product: Product | undefined;
  readonly intent: Intent | undefined;
  readonly isQuestion: boolean;
  /** What the show may say of it. */
  readonly asked: UnderstoodQuestion;
  /** Undefined when neither listing nor its questions have an answer. */
  readonly answer?: {
    readonly path: 'intent' | 'faq';
    readonly about: string;
    /** Equal questions have equal keys. */
    readonly key: string;
    readonly wordings: readonly string[];
  };
}

export interface AnswerFinderOptions {
  readonly config: Pick<RepliesConfig, 'fromListing' | 'faq'>;
  /** As they are now. */
  readonly products: () => readonly Product[];
  readonly comments: CommentReader;
  readonly listing: ListingAnswers;
  readonly packs: ReplyPacks;
  /** Id of the product on screen. */
  readonly productNow: () => string | null;
}

/** Finds the answer to a comment in the listings. */
export class AnswerFinder {
  private known: readonly Product[];
  private named: NamedProduct;
  private readonly faqs = new Map<Product, FaqIndex>();
  private readonly answers = new Map<string, ListingAnswer>();

  constructor(private readonly options: AnswerFinderOptions) {
    this.known = options.products();
    this.named = new NamedProduct(this.known);
  }

  find(comment: string): Finding {
    const { comments, config } = this.options;
    const { language, intent, isQuestion } = comments.read(comment);
    const product = this.productOf(comment);
    const quantity = isCounted(intent) ? askedQuantity(comment) : undefined;
    const asked = { language, product, intent, quantity, attribute: undefined, faq: undefined };
    const found = { language, product, intent, isQuestion, asked };
    const listed =
      config.fromListing && intent !== undefined ? this.fromListing(comment, intent, product, language) : undefined;
    if (listed !== undefined) return { ...found, answer: listed };
    const faq =
      config.faq && isQuestion && product !== undefined ? this.fromFaq(comment, intent, product, language) : undefined;
    return faq === undefined ? found : { ...found, asked: { ...asked, faq: Number(faq.about) - 1 }, answer: faq };
  }

  /** The listings as they are now: another array after each change. */
  get listings(): readonly Product[] {
    return this.products;
  }

  /** Whether the listing has an answer to this by its questions, in whatever language. */
  isAnswered({ intent, product }: Finding): boolean {
    return intent !== undefined && product !== undefined && this.options.listing.questionAbout(intent, product) >= 0;
  }

  /** "It is on the product's page". */
  inListing(language: string): readonly string[] {
    return this.options.listing.sentences('inListing', language);
  }

  /** "The listing does not say that". */
  notListed(language: string): readonly string[] {
    return this.options.listing.sentences('notListed', language);
  }

  /** The product on screen, or the room's only one. */
  current(): Product | undefined {
    const { productNow } = this.options;
    const { products } = this;
    return products.length === 1 ? products[0] : products.find(({ id }) => id === productNow());
  }

  private productOf(comment: string): Product | undefined {
    return (this.products.length > 1 ? this.named.in(comment) : undefined) ?? this.current();
  }

  /** Answers by former listings are forgotten. */
  private get products(): readonly Product[] {
    const now = this.options.products();
    if (now !== this.known) {
      this.known = now;
      this.named = new NamedProduct(now);
      this.faqs.clear();
      this.answers.clear();
    }
    return now;
  }

  private fromListing(
    comment: string,
    intent: Intent,
    product: Product | undefined,
    language: string,
  ): Finding['answer'] {
    const { listing } = this.options;
    if (product === undefined) {
      if (intent !== 'ai' && intent !== 'who') return undefined;
      return {
        path: 'intent',
        about: intent,
        key: `${intent} ${language}`,
        wordings: listing.sentences(intent, language),
      };
    }
    const quantity = isCounted(intent) ? readQuantity(comment) : undefined;
    const key = `${intent} ${product.id} ${language} ${quantity ?? ''}`;
    let answer = this.answers.get(key);
    if (answer === undefined) {
      this.answers.set(key, (answer = listing.answer(intent, product, language, quantity)));
      if (this.answers.size > MAX_CACHED) this.answers.delete(this.answers.keys().next().value!);
    }
    return answer.isListed ? { path: 'intent', about: intent, key, wordings: answer.wordings } : undefined;
  }

  /** In the listing's language only: nobody has translated the answers. */
  private fromFaq(comment: string, intent: Intent | undefined, product: Product, language: string): Finding['answer'] {
    const own = this.options.listing.languageOf(product);
    if (product.faq.length === 0 || own !== language) return undefined;
    let index = this.faqs.get(product);
    if (index === undefined) {
      const pack = this.options.packs.get(own);
      this.faqs.set(product, (index = new FaqIndex(product.faq, [...(pack?.stop ?? []), ...(pack?.ask ?? [])])));
    }
    const found =
      index.find(comment) ?? index.at(intent === undefined ? -1 : this.options.listing.questionAbout(intent, product));
    if (found === undefined) return undefined;
    const about = String(found.index + 1);
    return { path: 'faq', about, key: `faq ${product.id} ${about}`, wordings: [found.answer] };
  }
}

/** Whether the answer depends on a number of pieces. */
const isCounted = (intent: Intent | undefined): boolean => intent === 'price' || intent === 'leadTime';
