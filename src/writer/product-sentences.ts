import type { Product } from '../config/sections/product.js';
import type { Gesture } from '../config/sections/script.js';
import {
  AttributeNames,
  isAffirmed,
  isDenied,
  meaningTables,
  nameWithUnit,
  SpokenAttributes,
  type SpokenOptions,
  withoutAnswer,
} from '../meaning/index.js';
import { type Benefit, benefitsOf, isPlural, ofSeveral } from './benefits.js';
import { cleanValue, slotValue, spokenName } from './spoken-name.js';
import { fillSlots } from './expand-wordings.js';
import { type KnownWords, SpokenValues } from './spoken-values.js';
import { AXES, type BRIDGED, type SentenceName, type SentencePlan, type Style, type Unit } from './plan-schema.js';

/** One sentence of a show before it has words. */
export interface PlannedSentence {
  /** Names to try in turn: the second where the first has no clean wording. */
  readonly names: readonly SentenceName[];
  readonly slots: Readonly<Record<string, string>>;
  /** Its value is a clause of its own, so only wordings with a colon before it fit. */
  readonly readsOut?: true;
  /** Words that are said as the listing has them, or wordings of their own. */
  readonly literal?: string;
  /** A wording of its own, before those of the plan. */
  readonly first?: string;
  /** Nobody sells with it, so it is said only to those who ask. */
  readonly asked?: true;
  /** The group that this sentence begins, which a bridge may lead over to. */
  readonly begins?: (typeof BRIDGED)[number];
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
  /** The product's place in the show. */
  readonly place: number;
}

const MAX_ATTRIBUTES = 10;
const MAX_FACTS = 10;
const MAX_QUESTIONS = 6;
const MAX_LIST = 6;
const MAX_ANSWER_CHARS = 280;
const QUESTION_MARKS: Readonly<Record<string, string>> = { zh: '？', ja: '？', ar: '؟' };
const STOPS: Readonly<Record<string, string>> = { zh: '。', ja: '。', hi: '।', th: '' };
/**
 * In which order the groups come: products of one show take turns, so that two in a row are not told alike. The hook is always first
 * and how to order always last.
 */
const ORDERS: Readonly<Record<Style, readonly (readonly Group[])[]>> = {
  warm: [
    ['benefits', 'attributes', 'facts', 'engage', 'choices', 'faq', 'price', 'terms', 'sample', 'trust'],
    ['attributes', 'benefits', 'facts', 'choices', 'engage', 'price', 'sample', 'terms', 'trust', 'faq'],
    ['benefits', 'choices', 'attributes', 'facts', 'price', 'engage', 'terms', 'sample', 'faq', 'trust'],
  ],
  expert: [
    ['attributes', 'facts', 'trust', 'benefits', 'choices', 'terms', 'price', 'sample', 'engage', 'faq'],
    ['price', 'terms', 'attributes', 'facts', 'benefits', 'trust', 'choices', 'engage', 'sample', 'faq'],
  ],
  lively: [
    ['price', 'benefits', 'choices', 'engage', 'attributes', 'facts', 'terms', 'sample', 'trust', 'faq'],
    ['benefits', 'price', 'attributes', 'choices', 'engage', 'facts', 'sample', 'terms', 'trust', 'faq'],
  ],
};
type Group =
  | 'attributes'
  | 'benefits'
  | 'choices'
  | 'engage'
  | 'facts'
  | 'faq'
  | 'price'
  | 'sample'
  | 'terms'
  | 'trust';
const MAX_BENEFITS = 3;
/** A "no" that sells; any other is said only to those who ask. */
const SELLING_NO: ReadonlySet<string> = new Set(['assembly', 'sheer', 'scent']);

/** The sentences about a product in one language, in the order of the style. */
export function productSentences(product: Product, options: SentenceOptions): PlannedSentence[] {
  const { style, place } = options;
  const reader = new ListingReader(product, options);
  const title = reader.name();
  const orders = ORDERS[style];
  const order = orders[place % orders.length]!;
  const hook = sentence(['hook', 'hookPlain'], { title: title ?? '' }, 'present', 100, 'title');
  const opener = sentence([`opener-${style}`], {}, style === 'lively' ? 'wave' : 'nod', 30, 'opener');
  const middle =
    product.stock === 'sold-out'
      ? [sentence(['soldOut'], {}, 'nod', 99, 'stock'), ...reader.attributes().filter(isSaid)]
      : order.flatMap((group) => begun(group, reader[group]().filter(isSaid)));
  const end = product.stock === 'sold-out' ? [] : [sentence(['order'], {}, 'thumbs-up', 85, 'order')];
  return [
    title === undefined ? { ...hook, names: ['hookPlain'] } : hook,
    opener,
    ...middle,
    sentence(['ask'], {}, 'think', 35, 'ask'),
    ...end,
  ];
}

const isSaid = ({ asked }: PlannedSentence): boolean => asked !== true;

const isBridged = (group: Group): group is (typeof BRIDGED)[number] =>
  group === 'attributes' || group === 'choices' || group === 'price' || group === 'terms' || group === 'faq';

const begun = (group: Group, sentences: readonly PlannedSentence[]): readonly PlannedSentence[] =>
  isBridged(group) ? sentences.map((one, i) => (i === 0 ? { ...one, begins: group } : one)) : sentences;

let names: AttributeNames | undefined;
let spoken: SpokenAttributes | undefined;
const attributeNames = (): AttributeNames => (names ??= new AttributeNames(meaningTables()));
const spokenAttributes = (): SpokenAttributes => (spoken ??= new SpokenAttributes(meaningTables()));

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

  name(): string | undefined {
    return spokenName(this.product, this.options);
  }

  /** What the listing's own words are good for. */
  benefits(): PlannedSentence[] {
    return this.soldBy.map(({ key, sentence: literal }, i) => ({
      ...sentence([], {}, i === 0 ? 'present' : 'nod', 82 - 4 * i, `benefit: ${key}`),
      literal: this.isOfSeveral ? ofSeveral(literal) : literal,
    }));
  }

  private get soldBy(): readonly Benefit[] {
    return benefitsOf(this.product, this.options.plan.language).slice(0, MAX_BENEFITS);
  }

  /** English says "they" of earbuds and shoes. */
  private get isOfSeveral(): boolean {
    return this.options.plan.language === 'en' && isPlural(this.name() ?? '');
  }

  /** A question to the viewers. */
  engage(): PlannedSentence[] {
    return [sentence(['engage'], {}, 'think', 37, 'engage')];
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
    const { plan } = this.options;
    const varying = this.product.variants.filter(({ values }) => values.length > 1);
    return varying.flatMap(({ name, values }, i) => {
      const worth = 60 - 10 * i;
      const about = `variants: ${name}`;
      const list = this.choiceNames(
        name,
        values.map((one) => one.name),
      );
      const topic = this.topic(name);
      if (topic !== undefined && list !== undefined)
        return [
          sentence(
            ['choices'],
            { topic, list: this.values.either(list), all: this.values.list(list) },
            'present',
            worth,
            about,
          ),
        ];
      const axis = AXES.find((one) => one === this.options.known.topicOf(name));
      // Two colours by two plugs are no "two variants": only one that varies alone is counted so.
      const count =
        axis !== undefined
          ? this.values.counted(values.length, plan.axes[axis])
          : varying.length === 1
            ? this.values.counted(values.length, plan.variants)
            : undefined;
      return count === undefined ? [] : [sentence(['choiceCount'], { count }, 'present', worth - 5, about)];
    });
  }

  private choiceNames(axis: string, names: readonly string[]): readonly string[] | undefined {
    const { known, plan } = this.options;
    if (names.length > MAX_LIST) return undefined;
    const id = attributeNames().of(axis) ?? 'colour';
    const said = names.flatMap(
      (one) =>
        known.translate(one, plan.language)?.[0] ??
        spokenAttributes().value(id, { name: axis, value: cleanValue(one) }, plan.language, this.words) ??
        [],
    );
    return said.length === names.length ? said : undefined;
  }

  /** The price in one sentence, with the whole ladder. */
  price(): PlannedSentence[] {
    const { price } = this.product;
    const steps = this.ladder().map(({ from, price: amount }) => ({
      quantityOf: this.values.quantity(from, this.unit, true),
      price: this.values.money(amount, price.currency),
      amount: this.values.amount(amount),
    }));
    const [first, ...further] = steps;
    if (first === undefined || further.length === 0) return this.priceSteps();
    const more = this.values.steps(further.map((step) => fillSlots(this.options.plan.ladderMore, step)));
    const slots = { quantityOf: first.quantityOf, price: first.price, more };
    return [sentence(['ladderWhole', 'ladder'], slots, 'point', 90, 'price ladder')];
  }

  /** A sentence for each step of the ladder, or for the one price. */
  priceSteps(): PlannedSentence[] {
    const { price } = this.product;
    const money = (amount: number): string => this.values.money(amount, price.currency);
    const steps = this.ladder();
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

  private ladder(): Product['priceLadder'] {
    return this.product.priceLadder.filter((step) => step.price > 0);
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
    const named = this.product.certificates.flatMap(({ name }) => {
      const said = slotValue(name);
      // Printed in Latin letters a certificate has one name everywhere: "CE", "LFGB".
      return said !== undefined && (this.isOwn || /^[\p{Script=Latin}\d\s.:/-]{2,24}$/u.test(said)) ? [said] : [];
    });
    const certificates =
      named.length === 0
        ? []
        : [sentence(['certificate'], { name: this.values.list(named) }, 'thumbs-up', 55, 'certificate')];
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
      // One piece is no minimum.
      const asked = known.count > 1 ? {} : { asked: true as const };
      return [{ ...sentence(['minimumOrder'], { quantity }, 'nod', 80, 'minimum order'), ...asked }];
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
    const about = `attribute: ${name}`;
    const id = attributeNames().of(cleanValue(name));
    const own = cleanValue(value);
    const listed = { name: cleanValue(name), value: id !== undefined && PROPER.has(id) ? own : this.ownValue(own) };
    if (id !== undefined) {
      const { language } = this.options.plan;
      const kind = meaningTables().attributes.get(id);
      const table = meaningTables().languages.get(language)?.attributes[id];
      // A figure without a unit says nothing: "It weighs 0.780".
      const isBare = kind?.value === 'measure' && table?.list === undefined && isFigure(spokenFigure(listed));
      if (kind === undefined || isBare) return [];
      const isNo = isDenied(listed.value) && !SELLING_NO.has(id);
      const isTold = isAffirmed(listed.value) && this.soldBy.some(({ key }) => (SAYS[key] ?? key) === id);
      const asked = kind.say && !isNo && !isTold ? {} : { asked: true as const };
      const answer = spokenAttributes().sentence(id, listed, language, this.words);
      if (answer === undefined) return [];
      const told = withoutAnswer(answer, language);
      const first = this.isOfSeveral ? ofSeveral(told) : told;
      const said = spokenAttributes().value(id, listed, language, this.words);
      const topic = table?.name;
      const isAnswer = isAffirmed(listed.value) || isDenied(listed.value);
      if (isAnswer || said === undefined || topic === undefined || !first.includes(said) || first.startsWith(said))
        return [{ ...sentence([], {}, gesture, 0, about), ...asked, literal: first }];
      return [{ ...sentence(['attribute'], { topic, value: said }, gesture, 0, about), ...asked, first }];
    }
    const topic = this.topic(listed.name);
    const said = this.value(listed.value);
    if (topic === undefined || said === undefined) return [];
    const bare = isFigure(said) ? { asked: true as const } : {};
    const one = { ...sentence(['attribute'], { topic, value: said }, gesture, 0, about), ...bare };
    return [isClause(said) ? { ...one, readsOut: true } : one];
  }

  /** "Mesh" and "Mesh, nylon" are written small within a sentence of their own language. */
  private ownValue(value: string): string {
    if (!this.isOwn || this.options.plan.language === 'de') return value;
    return smallBeginning(value)!
      .split(/(\s*[,;]\s*)/)
      .map((part) => (/^\p{Lu}\p{Ll}+$/u.test(part) && !PLACES.test(part) ? part.toLowerCase() : part))
      .join('');
  }

  /** Words for values of attributes that the tables of meaning leave to the writer. */
  private get words(): SpokenOptions {
    const { known } = this.options;
    return {
      isOwn: this.isOwn,
      translate: (word, language) => known.translate(word, language)?.[0],
      pieces: (count) => this.values.quantity(count, 'piece'),
    };
  }

  private topic(name: string): string | undefined {
    const { plan, known } = this.options;
    const topic = known.topicOf(name);
    if (topic !== undefined) return plan.topics[topic];
    const id = attributeNames().of(name);
    const called = id === undefined ? undefined : meaningTables().languages.get(plan.language)?.attributes[id]?.name;
    if (called !== undefined) return called;
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

/** Their values are proper names. */
const PROPER: ReadonlySet<string> = new Set([
  'brand',
  'compatibility',
  'connection',
  'operating-system',
  'origin',
  'port',
]);

/** Attributes that a benefit has said, where it is not of their name. */
const SAYS: Readonly<Record<string, string>> = {
  'bpa-free': 'food-grade',
  app: 'app-control',
  leakproof: 'lid',
  'custom-logo': 'logo',
};

const isFigure = (said: string): boolean => /^[\d.,\sx×*~–-]+$/i.test(said);

/** The value with the unit that its name carries: "Power (W)", "600". */
const spokenFigure = ({ name, value }: { readonly name: string; readonly value: string }): string =>
  isFigure(value) ? value + (nameWithUnit(name).unit ?? '') : value;

/** Names of countries keep their capital. */
const PLACES =
  /^(?:China|Turkey|India|Vietnam|Japan|Korea|Germany|Italy|France|Spain|Taiwan|Thailand|Pakistan|Bangladesh)$/;

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
