import type { RepliesConfig } from '../../config/sections/replies.js';
import type { Product } from '../../config/sections/product.js';
import type { CommentReader } from './comments/comment-reader.js';
import { FaqIndex } from './faq-index.js';
import type { ListingAnswer, ListingAnswers } from './listing-answers.js';
import type { ReplyPacks } from './comments/load-reply-packs.js';
import { isNoQuestion } from '../../meaning/index.js';
import { NamedProduct } from './comments/named-product.js';
import { askedQuantity, readQuantity } from './comments/read-quantity.js';
import type { Intent } from './comments/reply-pack-schema.js';
import { INTENT_OF_MEANING } from './meaning/meaning-rows.js';
import type { MeaningAnswer, MeaningAnswers } from './meaning/meaning-answers.js';
import type { Reading } from './meaning/comment-meanings.js';
import type { UnderstoodQuestion } from './understood-question.js';

const MAX_CACHED = 300;

/** A comment as understood: its language, product and intent. */
export interface Finding {
  readonly language: string;
  readonly product: Product | undefined;
  readonly intent: Intent | undefined;
  readonly isQuestion: boolean;
  /** What is asked by the meaning tables, where the sentence model was sure of it. */
  readonly meaning?: string;
  /** What the show may say of it. */
  readonly asked: UnderstoodQuestion;
  /** Undefined when neither listing nor its questions have an answer. */
  readonly answer?: {
    readonly path: 'intent' | 'faq';
    readonly about: string;
    /** Equal questions have equal keys. */
    readonly key: string;
    readonly wordings: readonly string[];
    /** Language of the wordings, where it is not the viewer's. */
    readonly language?: string;
    /** Where the facts stand in the listing. */
    readonly source?: string;
  };
}

export interface AnswerFinderOptions {
  readonly config: Pick<RepliesConfig, 'fromListing' | 'faq'>;
  /** As they are now. */
  readonly products: () => readonly Product[];
  readonly comments: CommentReader;
  readonly listing: ListingAnswers;
  readonly packs: ReplyPacks;
  /** Answers to questions that the sentence model understood. */
  readonly meanings?: MeaningAnswers;
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

  /** `reading`: what the sentence model says of it; without one known words decide. */
  find(comment: string, reading?: Reading): Finding {
    const { meanings } = this.options;
    return reading === undefined || meanings === undefined
      ? this.findByWords(comment)
      : this.findByMeaning(comment, reading, meanings);
  }

  /** The product that a comment is about: one that it names, or the one on screen. */
  productOf(comment: string): Product | undefined {
    return (this.products.length > 1 ? this.named.in(comment) : undefined) ?? this.current();
  }

  private findByMeaning(comment: string, { questions, meanings }: Reading, answers: MeaningAnswers): Finding {
    const { comments, config } = this.options;
    const words = comments.read(comment);
    const { language } = words;
    const product = this.productOf(comment);
    const labels = questions.map(({ label }) => label).filter((label) => label !== undefined && !isNoQuestion(label));
    const [label] = labels;
    const intent = label === undefined ? undefined : INTENT_OF_MEANING[label];
    const isCountedHere = label === 'price' || label === 'discount' || label === 'lead-time';
    const quantity = isCountedHere ? askedQuantity(comment) : undefined;
    const asked = { language, product, intent, quantity, attribute: undefined, meaning: label, faq: undefined };
    // Unsure or no question at all: known words alone do not overrule the model.
    const isQuestion = words.isQuestion && questions.every((one) => !isNoQuestion(one.ranked[0]?.label ?? ''));
    if (label === undefined) return { language, product, intent: undefined, isQuestion, asked };
    const found = { language, product, intent, isQuestion: true, meaning: label, asked };
    if (!config.fromListing) return found;
    if (product === undefined) {
      const answer = intent === undefined ? undefined : this.fromListing(comment, intent, product, language);
      return answer === undefined ? found : { ...found, answer };
    }
    const each = labels.slice(0, MAX_ANSWERS).flatMap((one) => {
      const answer = answers.answer(one!, product, language, {
        quantity: one === label && isCountedHere ? readQuantity(comment) : undefined,
        meanings,
      });
      return answer === undefined || (answer.faq !== undefined && !config.faq) ? [] : [{ label: one!, ...answer }];
    });
    const [first] = each;
    if (first === undefined) return found;
    return {
      ...found,
      asked: { ...asked, faq: each.length === 1 ? first.faq : undefined },
      answer: joinedAnswer(each, product, language, isCountedHere ? readQuantity(comment) : undefined),
    };
  }

  private findByWords(comment: string): Finding {
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

/** More answers at once are a lecture. */
const MAX_ANSWERS = 2;

/** The answers to each question of one comment, in one line. */
function joinedAnswer(
  each: readonly (MeaningAnswer & { readonly label: string })[],
  product: Product,
  language: string,
  quantity: number | undefined,
): NonNullable<Finding['answer']> {
  const [first, second] = each;
  const about = each.map(({ label }) => label).join(' + ');
  const isJoined = second !== undefined && first!.language === second.language;
  const { wordings } = first!;
  return {
    path: first!.faq === undefined ? 'intent' : 'faq',
    about,
    key: `${about} ${product.id} ${language} ${quantity ?? ''}`,
    wordings: isJoined ? wordings.map((one, i) => `${one} ${second.wordings[i % second.wordings.length]!}`) : wordings,
    source: each.map(({ source }) => source).join(', '),
    ...(first!.language === undefined ? {} : { language: first!.language }),
  };
}

/** Whether the answer depends on a number of pieces. */
const isCounted = (intent: Intent | undefined): boolean => intent === 'price' || intent === 'leadTime';
