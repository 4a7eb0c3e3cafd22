import type { RepliesConfig } from '../../config/sections/replies.js';
import type { Product } from '../../config/sections/product.js';
import { isNoQuestion } from '../../meaning/index.js';
import { type CommentReader, foldComment } from './comments/comment-reader.js';
import { FaqIndex } from './faq-index.js';
import type { ListingAnswer, ListingAnswers } from './listing-answers.js';
import type { ReplyPacks, Intent } from './comments/reply-packs.js';
import { INTENT_OF_MEANING, type Reading } from './meaning/comment-meanings.js';
import {
  asksOtherMark,
  type MeaningAnswer,
  type MeaningAnswers,
  type ProductMeanings,
} from './meaning/meaning-answers.js';
import type { UnderstoodQuestion } from './pending-answer.js';

/** "2k", "1.5万", "五百": how chats write round numbers. */
const FACTORS: Readonly<Record<string, number>> = {
  k: 1e3,
  千: 1e3,
  万: 1e4,
  萬: 1e4,
  百: 100,
  만: 1e4,
  천: 1e3,
  พัน: 1e3,
  หมื่น: 1e4,
};
const HAN_DIGITS: Readonly<Record<string, number>> = {
  一: 1,
  两: 2,
  二: 2,
  三: 3,
  四: 4,
  五: 5,
  六: 6,
  七: 7,
  八: 8,
  九: 9,
};
const FIGURE =
  /(?<![\p{L}\p{N}.,])(\d{1,3}(?:[.,\u00a0 ]\d{3})+|\d{1,7}(?:[.,]\d{1,2})?)\s?(k|千|万|萬|百|만|천|พัน|หมื่น)?(?![\d%])\s?(\p{L}*)/giu;
const HAN = /([一两二三四五六七八九])(百|千|万)/u;
/** Units of measures: their figures are no quantities. */
const MEASURES =
  /^(ml|cl|l|lt|litre|liter|litro|g|gr|kg|gram|mm|cm|m|meter|w|watt|v|volt|mah|inch|oz|day|dia|tag|jour|giorn|dag|dni|gun|hari|ngay|year|jahr|ano|usd|dollar|euro|eur|年|天|日|元|块|毫升|升|厘米|克|瓦|дн|руб|days|años|anni)/iu;
const MAX_QUANTITY = 10_000_000;

/** The number of pieces that a comment asks about; undefined without one. */
function readQuantity(comment: string): number | undefined {
  const text = comment.normalize('NFKC');
  for (const [, figure, factor, unit] of text.matchAll(FIGURE)) {
    if (unit !== undefined && unit !== '' && MEASURES.test(unit)) continue;
    const value = Number(figure!.replace(/[.,\u00a0 ](?=\d{3}(?!\d))/g, '').replace(',', '.'));
    const count = Math.round(value * (FACTORS[factor?.toLowerCase() ?? ''] ?? 1));
    if (count >= 1 && count <= MAX_QUANTITY) return count;
  }
  const han = HAN.exec(text);
  return han === null ? undefined : HAN_DIGITS[han[1]!]! * FACTORS[han[2]!]!;
}

const FIGURES = /\p{Nd}+(?:[.,\u00a0 ]\p{Nd}{3}(?!\p{Nd}))*/gu;

/**
 * The quantity of a question as the show may say it. A comment with a second figure has none: "13800 13800" is no
 * quantity, and nobody needs to know which of two was meant.
 */
function askedQuantity(comment: string): number | undefined {
  const figures = comment.normalize('NFKC').match(FIGURES) ?? [];
  return figures.length > 1 ? undefined : readQuantity(comment);
}

const DENSE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;
const MIN_LETTERS = 4;
const SIGNS_OF_A_WORD = 2;

/** Finds the product that a comment names by words of its title. */
class NamedProduct {
  private readonly stems: readonly { product: Product; own: ReadonlySet<string> }[];

  constructor(products: readonly Product[]) {
    const all = products.map((product) => ({ product, words: stemsOf(product.title) }));
    // A word in two titles names neither.
    this.stems = all.map(({ product, words }) => ({
      product,
      own: new Set(
        [...words].filter((word) => all.every((other) => other.product === product || !other.words.has(word))),
      ),
    }));
  }

  /** The product with the most title words in the comment; undefined when none or two have. */
  in(comment: string): Product | undefined {
    const folded = foldComment(comment);
    const tight = folded.replaceAll(' ', '');
    let best: Product | undefined;
    let most = 0;
    let isShared = false;
    for (const { product, own } of this.stems) {
      let count = 0;
      for (const stem of own)
        if (DENSE.test(stem) ? tight.includes(stem) : ` ${folded}`.includes(` ${stem}`)) count += 1;
      if (count > most) [best, most, isShared] = [product, count, false];
      else if (count === most && count > 0) isShared = true;
    }
    return isShared ? undefined : best;
  }
}

/** Beginnings of words that survive inflection; pairs of characters for scripts without spaces. */
function stemsOf(title: string): Set<string> {
  const stems = new Set<string>();
  for (const word of foldComment(title).split(' ')) {
    if (DENSE.test(word)) {
      for (let i = 0; i + SIGNS_OF_A_WORD <= word.length; i += 1) stems.add(word.slice(i, i + SIGNS_OF_A_WORD));
    } else if (word.length >= MIN_LETTERS && !/\d/.test(word)) {
      stems.add(word.slice(0, Math.max(MIN_LETTERS, Math.ceil(word.length * 0.75))));
    }
  }
  return stems;
}

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

/** Answered from the listing, or whether the host is an AI: no word of the comment goes any further. */
export const isAnsweredMeaning = ({ intent, meaning, answer }: Finding): boolean =>
  intent === 'ai' || (meaning !== undefined && answer !== undefined);

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
    const own = isQuestion ? this.ownQuestion(comment, product, language, meanings, labels) : undefined;
    if (own !== undefined) {
      const asksOwn = {
        ...asked,
        intent: undefined,
        meaning: undefined,
        quantity: undefined,
        faq: Number(own.about) - 1,
      };
      return { language, product, intent: undefined, isQuestion, asked: asksOwn, answer: own };
    }
    if (label === undefined) return { language, product, intent: undefined, isQuestion, asked };
    const found = { language, product, intent, isQuestion: true, meaning: label, asked };
    if (!config.fromListing) return found;
    if (product === undefined) {
      const answer = intent === undefined ? undefined : this.fromListing(comment, intent, product, language);
      return answer === undefined ? found : { ...found, answer };
    }
    const each = labels.slice(0, MAX_ANSWERS).flatMap((one) => {
      if (one === 'certificate' && asksOtherMark(comment, product)) return [];
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

  /**
   * The listing's own question that the comment asks in its words, where it is about something else than was understood: "how much
   * is a spare lid" is not the price.
   */
  private ownQuestion(
    comment: string,
    product: Product | undefined,
    language: string,
    { faq }: ProductMeanings,
    labels: readonly (string | undefined)[],
  ): Finding['answer'] {
    const { config } = this.options;
    if (!config.faq || !config.fromListing || product === undefined) return undefined;
    const found = this.fromFaq(comment, undefined, product, language);
    return found === undefined || labels.includes(faq.get(Number(found.about) - 1) ?? '') ? undefined : found;
  }

  private findByWords(comment: string): Finding {
    const { comments, config } = this.options;
    const { language, intent, isQuestion } = comments.read(comment);
    const product = this.productOf(comment);
    const quantity = isCounted(intent) ? askedQuantity(comment) : undefined;
    const asked = { language, product, intent, quantity, attribute: undefined, faq: undefined };
    const found = { language, product, intent, isQuestion, asked };
    const isOther = intent === 'certificate' && product !== undefined && asksOtherMark(comment, product);
    if (isOther) return found;
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
