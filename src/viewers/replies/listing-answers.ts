import type { Product } from '../../config/sections/product.js';
import { cleanValue, slotValue, spokenName, spokenTitle } from '../../writer/spoken-name.js';
import { expandWordings, fillSentence, fillSlots, readingOut } from '../../writer/expand-wordings.js';
import { KnownWords } from '../../writer/spoken-values.js';
import { listingLanguage } from '../../writer/listing-language.js';
import type { SentencePlans } from '../../writer/plan-schema.js';
import { ListingReader, type PlannedSentence } from '../../writer/product-sentences.js';
import type { CommentReader } from './comments/comment-reader.js';
import type { ReplyPacks, Intent, ReplySentence } from './comments/reply-packs.js';

/** Wordings of an answer, the best first. `isListed` is false when the listing lacks the field. */
export interface ListingAnswer {
  readonly wordings: readonly string[];
  readonly isListed: boolean;
}

/** More sentences are not an answer but a lecture. */
const MAX_SENTENCES = 2;
const MAX_NAMES = 4;

/** Answers questions from the fields of a listing, in the sentences of the script writer and the reply packs. */
export class ListingAnswers {
  private readonly known: KnownWords;
  private readonly languages = new Map<Product, string>();

  constructor(
    private readonly plans: SentencePlans,
    private readonly packs: ReplyPacks,
    private readonly comments: CommentReader,
    private readonly roomLanguage: string,
  ) {
    this.known = new KnownWords(plans);
  }

  /** The sentences about one product in one language; undefined without sentences in it. */
  reader(product: Product, language: string): ListingReader | undefined {
    const plan = this.plans.get(language);
    if (plan === undefined) return undefined;
    return new ListingReader(product, {
      plan,
      known: this.known,
      listingLanguage: this.languageOf(product),
      others: [],
      random: () => 0,
    });
  }

  /** What a host calls the product in this language, as the beginning of a sentence. */
  nameOf(product: Product, language: string): string | undefined {
    const plan = this.plans.get(language);
    const listingLanguage = this.languageOf(product);
    const name = plan && spokenName(product, { plan, known: this.known, listingLanguage });
    return (name ?? spokenTitle(product.title))?.replace(/^\p{Ll}/u, (letter) => letter.toLocaleUpperCase(language));
  }

  languageOf(product: Product): string {
    let language = this.languages.get(product);
    if (language === undefined) this.languages.set(product, (language = listingLanguage(product, this.roomLanguage)));
    return language;
  }

  answer(intent: Intent, product: Product, language: string, quantity?: number): ListingAnswer {
    const reader = this.reader(product, language);
    const listed = (wordings: readonly string[]): ListingAnswer => ({ wordings, isListed: true });
    if (intent === 'who' || intent === 'ai' || intent === 'link') return listed(this.sentences(intent, language));
    if (intent === 'stock' && product.stock === 'on-sale') return listed(this.sentences('onSale', language));
    if (product.stock === 'sold-out' && (intent === 'stock' || intent === 'price'))
      return listed(this.planned(language, [{ names: ['soldOut'], slots: {} }]));
    if (reader !== undefined) {
      const planned = this.planned(language, this.fields(intent, product, reader, quantity));
      const wordings = [planned, this.ownWords(intent, product, reader, language)].filter((list) => list.length > 0);
      if (wordings.length > 0) return listed(together(wordings));
    }
    return this.fromFacts(intent, product, language, reader);
  }

  /** Position of the listing's own question about the intent; −1 without one. */
  questionAbout(intent: Intent, product: Product): number {
    const matcher = this.comments.matcher(this.languageOf(product));
    return product.faq.findIndex(({ question }) => matcher.concerns(intent, question));
  }

  /** Wordings of one of the pack's own sentences. */
  sentences(name: ReplySentence, language: string, slots: Readonly<Record<string, string>> = {}): string[] {
    const pack = this.packs.get(language) ?? this.packs.get('en')!;
    return expandWordings(pack.sentences[name]).map((one) => fillSlots(one, slots));
  }

  /** Fields that only answers name: the script has no sentence for them. */
  private ownWords(
    intent: Intent,
    { sample, customisation }: Product,
    { values, unit }: ListingReader,
    language: string,
  ): string[] {
    if (intent === 'sample' && sample?.days !== undefined)
      return this.sentences('sampleDays', language, { days: values.days(sample.days) });
    if (intent === 'customisation' && customisation !== undefined)
      return this.sentences('ownLogo', language, { quantityOf: values.quantity(customisation.from, unit, true) });
    return [];
  }

  private fields(intent: Intent, product: Product, reader: ListingReader, quantity?: number): Sentence[] {
    switch (intent) {
      case 'price':
        return priceSentences(product, reader, quantity);
      case 'moq':
        return reader.minimumOrder();
      case 'leadTime':
        return leadTimes(product, reader, quantity);
      case 'sample':
        return reader.sample();
      case 'variants':
        return reader.choices();
      case 'certificate':
        return certificates(reader);
      case 'packing':
        return reader.trust().filter(({ about }) => about.startsWith('packing: '));
      case 'material':
        return this.attributes(['material'], reader);
      case 'size':
        return this.attributes(['size', 'capacity', 'weight'], reader);
      case 'ai':
      case 'who':
      case 'link':
      case 'stock':
      case 'shipping':
      case 'warranty':
      case 'customisation':
        return [];
    }
  }

  private attributes(topics: readonly string[], reader: ListingReader): Sentence[] {
    return reader
      .attributes()
      .filter(({ about }) => topics.includes(this.known.topicOf(about.slice('attribute: '.length)) ?? ''));
  }

  /**
   * A fact or an attribute about the intent, in the listing's own words; in another language where it stands. An answer
   * of the listing in its own language is found by its question.
   */
  private fromFacts(
    intent: Intent,
    product: Product,
    language: string,
    reader: ListingReader | undefined,
  ): ListingAnswer {
    const own = this.languageOf(product);
    const matcher = this.comments.matcher(own);
    const attributes = [...product.attributes, ...product.packing].filter(({ name }) => matcher.concerns(intent, name));
    const facts = product.facts.filter((fact) => matcher.concerns(intent, fact));
    const isAsked = this.questionAbout(intent, product) >= 0;
    if (attributes.length + facts.length === 0 && !(isAsked && own !== language))
      return { wordings: this.sentences('notListed', language), isListed: false };
    if (own !== language || reader === undefined)
      return { wordings: this.sentences('inListing', language), isListed: true };
    const said = [...attributes.map(({ name, value }) => `${cleanValue(name)}: ${cleanValue(value)}`), ...facts];
    const wordings = said.flatMap((one) => {
      const fact = slotValue(one);
      return fact === undefined ? [] : this.sentences('fact', language, { fact });
    });
    return { wordings: wordings.length > 0 ? wordings : this.sentences('inListing', language), isListed: true };
  }

  /** A wording joins its sentences in wordings that stand far apart in their lists, so that no two begin alike. */
  private planned(language: string, sentences: readonly Sentence[]): string[] {
    const plan = this.plans.get(language);
    if (plan === undefined) return [];
    const each = sentences.slice(0, MAX_SENTENCES).map(({ names, slots, readsOut, first, literal }) => {
      const [name] = names;
      const templates = name === undefined ? [] : plan.sentences[name];
      const filled = expandWordings(readsOut ? readingOut(templates) : templates).map((one) =>
        fillSentence(one, slots),
      );
      return [
        ...expandWordings(literal === undefined ? [] : [literal]),
        ...(first === undefined ? [] : [first]),
        ...filled,
      ];
    });
    const [first = []] = each;
    return first.map((_, i) =>
      joined(each.map((list, k) => list[(i + k * Math.ceil(list.length / each.length)) % list.length]!)),
    );
  }
}

/** Each wording of the first list with one of the second behind it. */
const together = ([first = [], second = []]: readonly (readonly string[])[]): string[] =>
  second.length === 0 ? [...first] : first.map((one, i) => joined([one, second[i % second.length]!]));

/** Behind a full stop these words read as an address: "each. Com". */
const ADDRESS_END = /^(com|net|org|info|shop|store|online|top|site|club)\b/i;

const joined = (sentences: readonly string[]): string =>
  sentences.map((one, i) => (ADDRESS_END.test(sentences[i + 1] ?? '') ? one.replace(/\.$/, ';') : one)).join(' ');

type Sentence = Pick<PlannedSentence, 'names' | 'slots' | 'readsOut' | 'first' | 'literal'>;

/** All names in one sentence. */
function certificates(reader: ListingReader): Sentence[] {
  const [first, ...rest] = reader.trust().filter(({ about }) => about === 'certificate');
  if (first === undefined) return [];
  const names = [first, ...rest].slice(0, MAX_NAMES).map(({ slots }) => slots['name']!);
  return [{ names: first.names, slots: { name: reader.values.list(names) } }];
}

/** Without a quantity the first and the last step of the ladder, with one its step; below the first the minimum. */
function priceSentences(product: Product, reader: ListingReader, quantity?: number): Sentence[] {
  const sentences = reader.priceSteps();
  const steps = product.priceLadder.filter(({ price }) => price > 0);
  if (steps.length < 2) return sentences;
  if (quantity === undefined) return [sentences[0]!, sentences.at(-1)!];
  const at = steps.findLastIndex(({ from }) => from <= quantity);
  return at >= 0 ? [sentences[at]!] : [sentences[0]!, ...reader.minimumOrder()];
}

function leadTimes(product: Product, reader: ListingReader, quantity?: number): Sentence[] {
  const sentences = reader.leadTime();
  if (sentences.length < 2) return sentences;
  if (quantity === undefined) return [sentences[0]!, sentences.at(-1)!];
  const at = product.leadTime.findLastIndex(({ from }) => from <= quantity);
  return [sentences[Math.max(0, at)]!];
}
