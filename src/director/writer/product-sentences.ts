import type { Product } from '../../config/sections/product.js';
import type { Gesture } from '../../config/sections/script.js';
import { cleanValue, slotValue, spokenTitle } from './clean-value.js';
import type { KnownWords } from './known-words.js';
import type { SentenceName, SentencePlan, Style, Unit } from './plan-schema.js';
import { SpokenValues } from './spoken-values.js';

/** One sentence of a show before it has words. */
export interface PlannedSentence {
  /** Names to try in turn: the second where the first has no clean wording. */
  readonly names: readonly SentenceName[];
  readonly slots: Readonly<Record<string, string>>;
  /** Its value is a clause of its own, so only wordings with a colon before it fit. */
  readonly readsOut?: true;
  /** Words that are said as the listing has them. */
  readonly literal?: string;
  readonly gesture: Gesture;
  /** Priority where the time is short. */
  readonly worth: number;
  /** The subject, for reports. */
  readonly about: string;
}

export interface ListingReaderOptions {
  readonly plan: SentencePlan;
  readonly known: KnownWords;
  /** Language the listing is written in. */
  readonly listingLanguage: string;
  /** Other products of the show: shared features are said last. */
  readonly others: readonly Product[];
  /** Seeded numbers in [0, 1). */
  readonly random: () => number;
}

export interface SentenceOptions extends ListingReaderOptions {
  readonly style: Style;
}

const MAX_ATTRIBUTES = 10;
const MAX_FACTS = 10;
const MAX_QUESTIONS = 6;
const MAX_LIST = 6;
const MAX_ANSWER_CHARS = 280;
const QUESTION_MARKS: Readonly<Record<string, string>> = { zh: '？', ja: '？', ar: '؟' };
const STOPS: Readonly<Record<string, string>> = { zh: '。', ja: '。', hi: '।', th: '' };
/** Which groups come in which order; the hook is always first and how to order always last. */
const ORDER: Readonly<Record<Style, readonly Group[]>> = {
  warm: ['attributes', 'facts', 'choices', 'faq', 'price', 'terms', 'sample', 'trust'],
  expert: ['attributes', 'facts', 'trust', 'choices', 'terms', 'price', 'sample', 'faq'],
  lively: ['price', 'choices', 'attributes', 'facts', 'terms', 'sample', 'trust', 'faq'],
};
type Group = 'attributes' | 'facts' | 'choices' | 'faq' | 'price' | 'terms' | 'sample' | 'trust';

/** The sentences about a product in one language, in the order of the style. */
export function productSentences(product: Product, options: SentenceOptions): PlannedSentence[] {
  const { style } = options;
  const reader = new ListingReader(product, options);
  const title = reader.title();
  const hook = sentence(['hook', 'hookPlain'], { title: title ?? '' }, 'present', 100, 'title');
  const opener = sentence([`opener-${style}`], {}, style === 'lively' ? 'wave' : 'nod', 30, 'opener');
  const middle =
    product.stock === 'sold-out'
      ? [sentence(['soldOut'], {}, 'nod', 99, 'stock'), ...reader.attributes()]
      : ORDER[style].flatMap((group) => reader[group]());
  const end = product.stock === 'sold-out' ? [] : [sentence(['order'], {}, 'thumbs-up', 85, 'order')];
  return [
    title === undefined ? { ...hook, names: ['hookPlain'] } : hook,
    opener,
    ...middle,
    sentence(['ask'], {}, 'think', 35, 'ask'),
    ...end,
  ];
}

export const sentence = (
  names: readonly SentenceName[],
  slots: Readonly<Record<string, string>>,
  gesture: Gesture,
  worth: number,
  about: string,
): PlannedSentence => ({ names, slots, gesture, worth, about });

/** Turns a listing, field by field, into sentences of one language. */
export class ListingReader {
  readonly values: SpokenValues;
  /** The listing is written in the language that is spoken. */
  readonly isOwn: boolean;
  readonly unit: Unit;

  constructor(
    private readonly product: Product,
    private readonly options: ListingReaderOptions,
  ) {
    this.values = new SpokenValues(options.plan);
    this.isOwn = options.plan.language === options.listingLanguage;
    this.unit =
      options.known.unitOf(product.price.unit) ??
      options.known.unitOf(product.minimumOrder.replace(/[\d.,\s]+/g, ' ').trim()) ??
      'piece';
  }

  /** A title in another script than the language's is not said: nobody would understand it. */
  title(): string | undefined {
    const title = spokenTitle(this.product.title);
    if (title === undefined || this.isOwn) return title;
    return /^[\p{Script=Latin}\p{N}\p{P}\p{Zs}\p{S}]+$/u.test(title) ? title : undefined;
  }

  attributes(): PlannedSentence[] {
    return this.ranked(this.product.attributes)
      .flatMap(({ name, value }) => this.attribute(name, value, 'point'))
      .slice(0, MAX_ATTRIBUTES)
      .map((one, i) => ({ ...one, gesture: i % 2 === 0 ? 'point' : 'none', worth: 78 - 4 * i }));
  }

  /** Facts are said in the listing's own words; those that only repeat an attribute or a certificate are not. */
  facts(): PlannedSentence[] {
    if (!this.isOwn) return [];
    const { facts, attributes, certificates } = this.product;
    const said = new Set([...attributes.map((a) => `${a.name}: ${a.value}`), ...certificates.map(({ name }) => name)]);
    return facts
      .filter((one) => !said.has(one))
      .slice(0, MAX_FACTS)
      .flatMap((one, i) => {
        const fact = slotValue(one);
        return fact === undefined
          ? []
          : [sentence(['fact'], { fact }, i % 2 === 0 ? 'point' : 'none', 72 - 3 * i, 'fact')];
      });
  }

  choices(): PlannedSentence[] {
    return this.product.variants.flatMap(({ name, values }, i) => {
      const worth = 60 - 10 * i;
      const about = `variants: ${name}`;
      const topic = this.topic(name);
      const names = values.slice(0, MAX_LIST).map((one) => one.name);
      const list = this.isOwn
        ? names.flatMap((one) => this.options.known.translate(one, this.options.plan.language) ?? slotValue(one) ?? [])
        : this.options.known.translate(names.join(', '), this.options.plan.language);
      if (values.length > 1 && values.length <= MAX_LIST && topic !== undefined && list?.length === values.length)
        return [sentence(['choices'], { topic, list: this.values.list(list) }, 'present', worth, about)];
      return values.length < 2
        ? []
        : [sentence(['choiceCount'], { count: this.values.variants(values.length) }, 'present', worth - 5, about)];
    });
  }

  price(): PlannedSentence[] {
    const { price, priceLadder } = this.product;
    const money = (amount: number): string => this.values.money(amount, price.currency);
    const steps = priceLadder.filter((step) => step.price > 0);
    if (steps.length === 0)
      return price.amount > 0 ? [sentence(['price'], { price: money(price.amount) }, 'point', 90, 'price')] : [];
    return steps.map(({ from, price: amount }, i) =>
      sentence(
        ['ladder'],
        { quantityOf: this.values.quantity(from, this.unit, true), price: money(amount) },
        i === 0 ? 'point' : 'none',
        i === 0 ? 90 : 74 - 2 * i,
        'price ladder',
      ),
    );
  }

  terms(): PlannedSentence[] {
    return [...this.minimumOrder(), ...this.leadTime()];
  }

  sample(): PlannedSentence[] {
    const { sample, price } = this.product;
    return sample === undefined || sample.price <= 0
      ? []
      : [sentence(['sample'], { price: this.values.money(sample.price, price.currency) }, 'present', 45, 'sample')];
  }

  trust(): PlannedSentence[] {
    const certificates = this.product.certificates.flatMap(({ name }, i) => {
      const said = slotValue(name);
      // Printed in Latin letters a certificate has one name everywhere: "CE", "LFGB".
      const isName = said !== undefined && (this.isOwn || /^[\p{Script=Latin}\d\s.:/-]{2,24}$/u.test(said));
      return isName ? [sentence(['certificate'], { name: said }, 'thumbs-up', 55 - 4 * i, 'certificate')] : [];
    });
    const packing = this.product.packing.flatMap(({ name, value }, i) =>
      this.attribute(name, value, 'none').map((one) => ({ ...one, worth: 42 - 4 * i, about: `packing: ${name}` })),
    );
    return [...certificates, ...packing];
  }

  /** Questions and answers are said in the listing's own words, so in its own language alone. */
  faq(): PlannedSentence[] {
    if (!this.isOwn) return [];
    return this.product.faq.slice(0, MAX_QUESTIONS).flatMap(({ question, answer }, i) => {
      const asked = slotValue(question);
      const said = cleanValue(answer);
      if (asked === undefined || said === '' || said.length > MAX_ANSWER_CHARS) return [];
      const worth = 50 - 4 * i;
      const mark = /[?？؟]$/u.test(asked) ? asked : `${asked}${QUESTION_MARKS[this.options.plan.language] ?? '?'}`;
      const ended = /[.!?。！？।؟]$/u.test(said) ? said : `${said}${STOPS[this.options.plan.language] ?? '.'}`;
      const pair = `faq ${i + 1}`;
      return [
        sentence(['question'], { question: mark }, 'think', worth, pair),
        { ...sentence([], {}, 'nod', worth, pair), literal: ended },
      ];
    });
  }

  minimumOrder(): PlannedSentence[] {
    const text = this.product.minimumOrder.trim();
    const known = this.options.known.quantityOf(text);
    if (known !== undefined) {
      const quantity = this.values.quantity(known.count, known.unit);
      return [sentence(['minimumOrder'], { quantity }, 'nod', 80, 'minimum order')];
    }
    const said = this.isOwn ? slotValue(text) : undefined;
    return said === undefined ? [] : [sentence(['minimumOrder'], { quantity: said }, 'nod', 80, 'minimum order')];
  }

  leadTime(): PlannedSentence[] {
    const { leadTime } = this.product;
    const quantity = (count: number): string => this.values.quantity(count, this.unit, true);
    return leadTime.map(({ from, to, days: count }, i) => {
      const days = this.values.days(count);
      const worth = 65 - 3 * i;
      if (leadTime.length === 1) return sentence(['leadTime'], { days }, 'none', worth, 'lead time');
      return to === undefined
        ? sentence(['leadTimeFrom'], { quantityOf: quantity(from), days }, 'none', worth, 'lead time')
        : sentence(['leadTimeUpTo'], { quantityOf: quantity(to), days }, 'none', worth, 'lead time');
    });
  }

  private attribute(name: string, value: string, gesture: Gesture): PlannedSentence[] {
    const topic = this.topic(cleanValue(name));
    const said = this.value(cleanValue(value));
    if (topic === undefined || said === undefined) return [];
    const one = sentence(['attribute'], { topic, value: said }, gesture, 0, `attribute: ${name}`);
    return [isClause(said) ? { ...one, readsOut: true } : one];
  }

  private topic(name: string): string | undefined {
    const { plan, known } = this.options;
    const topic = known.topicOf(name);
    if (topic !== undefined) return plan.topics[topic];
    if (!this.isOwn) return undefined;
    const own = slotValue(name);
    return own === undefined || plan.language === 'de' ? own : smallWords(own);
  }

  /** A value of an attribute as this language says it; undefined where it cannot. */
  value(value: string): string | undefined {
    const { plan, known } = this.options;
    const said = known.translate(value, plan.language);
    return (
      this.values.measure(value) ??
      (said && this.values.list(said)) ??
      (this.isOwn ? (plan.language === 'de' ? slotValue(value) : smallBeginning(slotValue(value))) : undefined)
    );
  }

  /** Those that set the product apart first; among equals the seed decides. */
  private ranked(list: Product['attributes']): Product['attributes'] {
    const { others, random } = this.options;
    const shared = new Set(others.flatMap((p) => p.attributes.map((a) => `${a.name}\n${a.value}`)));
    return list
      .map((one, i) => ({ one, rank: (shared.has(`${one.name}\n${one.value}`) ? 1000 : 0) + i + random() * 3 }))
      .toSorted((a, b) => a.rank - b.rank)
      .map(({ one }) => one);
  }
}

/** "Screw lid" is written small within a sentence; "Fujian, China" and "USB-C" keep their capitals. */
const smallBeginning = (value: string | undefined): string | undefined =>
  value !== undefined && /^\p{Lu}\p{Ll}+[ -]\p{Ll}/u.test(value) && !/[ -]\p{Lu}/u.test(value)
    ? value[0]!.toLowerCase() + value.slice(1)
    : value;

/** "Closure Type" is written small within a sentence, "USB Port" keeps its abbreviation. */
const smallWords = (name: string): string =>
  name.replace(/(?<!\p{L})\p{Lu}\p{Ll}+(?!\p{L})/gu, (word) => word.toLowerCase());

/** A value of many words is read out behind a colon: "As for the insulation, it is keeps drinks hot" is no sentence. */
const MAX_PLAIN_WORDS = 4;
const MAX_PLAIN_SIGNS = 12;
const isClause = (value: string): boolean =>
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u.test(value)
    ? Array.from(value).length > MAX_PLAIN_SIGNS
    : value.split(' ').length > MAX_PLAIN_WORDS;
