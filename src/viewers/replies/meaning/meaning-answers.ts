import type { Product } from '../../../config/sections/product.js';
import {
  AttributeNames,
  isAffirmed,
  isDenied,
  type ListedAttribute,
  type MeaningTables,
  SpokenAttributes,
  type SpokenOptions,
} from '../../../meaning/index.js';
import { cleanValue, slotValue } from '../../../writer/spoken-name.js';
import { fillSentence } from '../../../writer/expand-wordings.js';
import { KnownWords } from '../../../writer/spoken-values.js';
import type { SentencePlans } from '../../../writer/plan-schema.js';
import type { Intent } from '../comments/reply-packs.js';
import type { ListingAnswers } from '../listing-answers.js';

/**
 * Marks and labels of goods that viewers ask for by name.
 *
 * Rule: a question for one of them is answered by certificates only where the listing prints that one. "Is it halal" is not
 * answered by "It has these certificates: CE".
 */
const LATIN = [
  'ce',
  'ukca',
  'fcc',
  'rohs',
  'reach',
  'fda',
  'ul',
  'etl',
  'gs',
  'tuv|tüv',
  'ccc|3c',
  'kc',
  'pse',
  'eac',
  'saa',
  'csa',
  'lfgb',
  'cpc',
  'cpsia',
  'en ?-?71',
  'astm',
  'oeko ?-?tex',
  'gots',
  'grs',
  'fsc',
  'haccp',
  'gmp',
  'nsf',
  'iso(?: ?-?\\d{4,5})?',
  'bsci',
  'sgs',
  'bifma',
  'bis|isi',
  'sni',
  'bpom',
  'inmetro',
  'anvisa',
  'msds',
  'un ?38\\.3',
];
const EDGE = String.raw`[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Arabic}\p{Script=Devanagari}\p{N}]`;
const wholeWord = (pattern: string): string => `(?<!${EDGE})(?:${pattern})(?!${EDGE})`;
const MARKS: readonly RegExp[] = [
  ...LATIN.map((one) => new RegExp(wholeWord(one), 'iu')),
  /มอก/u,
  new RegExp(`${wholeWord('halal|helal|халяль|حلال|हलाल')}|清真|ハラー?ル|할랄|ฮาลาล`, 'iu'),
  new RegExp(`${wholeWord('kosher|ko(?:sch|osj)er|koszern\\p{L}*|кошер\\p{L}*|koşer')}|犹太洁食|コーシャ|코셔`, 'iu'),
  new RegExp(`${wholeWord('v[eé]gan\\p{L}*|веган\\p{L}*|wega[nń]\\p{L}*|वीगन')}|纯素|[ヴビ]ィ?ーガン|비건|วีแกน`, 'iu'),
  new RegExp(
    `${wholeWord('org[aáâ]ni[ckq]\\p{L}*|ecol[oó]gic\\p{L}*|bio|biologi\\p{L}*|öko|органи\\p{L}*|عضوي\\p{L}*|ऑर्गेनिक|hữu cơ')}|有机|オーガニック|유기농|ออร์แกนิก`,
    'iu',
  ),
];

/** Whether the comment names marks, and the listing prints none of them. */
export function asksOtherMark(comment: string, { title, attributes, certificates, facts }: Product): boolean {
  const asked = MARKS.filter((mark) => mark.test(comment.normalize('NFKC')));
  if (asked.length === 0) return false;
  const printed = [title, ...certificates.map(({ name }) => name), ...attributes.map(({ value }) => value), ...facts];
  return !asked.some((mark) => printed.some((one) => mark.test(one)));
}

/** Labels that fields of the listing answer, before any attribute of that name. */
const FIELD: Readonly<Record<string, Intent>> = {
  price: 'price',
  discount: 'price',
  stock: 'stock',
  link: 'link',
  who: 'who',
  ai: 'ai',
  'minimum-order': 'moq',
  'lead-time': 'leadTime',
  sample: 'sample',
  logo: 'customisation',
};
const MAX_VALUES = 8;

export interface MeaningAnswer {
  readonly wordings: readonly string[];
  /** Language of the wordings, where it is not the viewer's. */
  readonly language?: string;
  /** Where the fact stands in the listing. */
  readonly source: string;
  /** The listing's name of the attribute. */
  readonly attribute?: string;
  /** Position of the listing's own question. */
  readonly faq?: number;
}

/** Canonical names of a listing's own attributes and questions, where their names alone do not say it. */
export interface ProductMeanings {
  readonly attributes: ReadonlyMap<string, string>;
  /** By position in `faq`. */
  readonly faq: ReadonlyMap<number, string>;
}
export const NO_MEANINGS: ProductMeanings = { attributes: new Map(), faq: new Map() };

/** Answers an understood question from the listing, in the viewer's language where there are sure words. */
export class MeaningAnswers {
  private readonly names: AttributeNames;
  private readonly spoken: SpokenAttributes;
  private readonly known: KnownWords;

  constructor(
    private readonly tables: MeaningTables,
    private readonly plans: SentencePlans,
    private readonly listing: ListingAnswers,
    private readonly roomLanguage: string,
  ) {
    this.names = new AttributeNames(tables);
    this.spoken = new SpokenAttributes(tables);
    this.known = new KnownWords(plans);
  }

  /** The listing's attributes by their canonical names: of its table, packing, variants and certificates. */
  attributes(product: Product, meanings: ProductMeanings = NO_MEANINGS): Map<string, ListedAttribute[]> {
    const found = new Map<string, ListedAttribute[]>();
    const add = (label: string | undefined, one: ListedAttribute): void => {
      if (label !== undefined) found.set(label, [...(found.get(label) ?? []), one]);
    };
    for (const { name, values } of product.variants)
      add(this.names.of(name), {
        name,
        value: values
          .slice(0, MAX_VALUES)
          .map((one) => one.name)
          .join(', '),
      });
    for (const one of [...product.attributes, ...product.packing])
      add(this.names.of(one.name) ?? meanings.attributes.get(one.name), one);
    if (product.certificates.length > 0)
      add('certificate', { name: 'Certificate', value: product.certificates.map(({ name }) => name).join(', ') });
    return found;
  }

  /** The canonical name of an attribute by its name in the listing. */
  labelOf(name: string): string | undefined {
    return this.names.of(name);
  }

  /** Labels that the listing answers. */
  listed(product: Product, meanings: ProductMeanings = NO_MEANINGS): Set<string> {
    const labels = new Set(['price', 'stock', 'link', 'who', 'ai', ...this.attributes(product, meanings).keys()]);
    if (product.priceLadder.length > 1) labels.add('discount');
    if (product.minimumOrder !== '') labels.add('minimum-order');
    if (product.leadTime.length > 0) labels.add('lead-time');
    if (product.sample !== undefined) labels.add('sample');
    if (product.customisation !== undefined) labels.add('logo');
    for (const label of meanings.faq.values()) labels.add(label);
    return labels;
  }

  answer(
    label: string,
    product: Product,
    language: string,
    { quantity, meanings = NO_MEANINGS }: { quantity?: number | undefined; meanings?: ProductMeanings } = {},
  ): MeaningAnswer | undefined {
    if (label === 'discount' && product.priceLadder.length < 2) return undefined;
    return (
      this.fromField(label, product, language, quantity) ??
      this.fromAttribute(label, product, language, meanings) ??
      this.fromQuestion(label, product, language, meanings)
    );
  }

  private fromField(
    label: string,
    product: Product,
    language: string,
    quantity: number | undefined,
  ): MeaningAnswer | undefined {
    const intent = FIELD[label];
    if (intent === undefined) return undefined;
    const { wordings, isListed } = this.listing.answer(intent, product, language, quantity);
    const page = new Set(this.listing.sentences('inListing', language));
    if (!isListed || wordings.every((one) => page.has(one))) return undefined;
    return { wordings, source: `field ${intent}` };
  }

  private fromAttribute(
    label: string,
    product: Product,
    language: string,
    meanings: ProductMeanings,
  ): MeaningAnswer | undefined {
    const all = this.attributes(product, meanings).get(label);
    if (all === undefined) return undefined;
    const own = this.listing.languageOf(product);
    const isOwn = own === language;
    const reader = this.listing.reader(product, language);
    const options = {
      isOwn,
      translate: (word: string, to: string): string | undefined => this.known.translate(word, to)?.[0],
      pieces: (count: number): string | undefined => reader?.values.quantity(count, 'piece'),
    };
    for (const one of all) {
      const clean = { name: cleanValue(one.name), value: cleanValue(one.value) };
      const sentence = this.spoken.sentence(label, clean, language, options);
      const fact = isOwn ? slotValue(`${clean.name}: ${clean.value}`) : undefined;
      // A host recites the listing only where there is no sentence for it.
      const wordings =
        sentence !== undefined
          ? [sentence, ...this.shortly(label, clean, language, options)]
          : fact === undefined
            ? []
            : this.listing.sentences('fact', language, { fact });
      if (wordings.length > 0) return { wordings, source: `attribute ${one.name}`, attribute: one.name };
    }
    return {
      wordings: this.listing.sentences('inListing', language),
      source: `attribute ${all[0]!.name}`,
      attribute: all[0]!.name,
    };
  }

  /** "Voltage: 110 to 240 volts." for viewers who ask again. */
  private shortly(label: string, one: ListedAttribute, language: string, options: SpokenOptions): string[] {
    const value =
      isAffirmed(one.value) || isDenied(one.value) ? undefined : this.spoken.value(label, one, language, options);
    const name = this.tables.languages.get(language)?.attributes[label]?.name;
    const pattern = this.plans.get(language)?.sentences.attribute.find((text) => /^\{topic\}\s?[:：]/.test(text));
    return value === undefined || name === undefined || pattern === undefined
      ? []
      : [fillSentence(pattern, { topic: name, value })];
  }

  /** By the listing's own questions: in the viewer's language, else in the room's, else where it stands. */
  private fromQuestion(
    label: string,
    product: Product,
    language: string,
    { faq }: ProductMeanings,
  ): MeaningAnswer | undefined {
    const at = [...faq].find(([, one]) => one === label)?.[0];
    return at === undefined ? undefined : this.ownAnswer(at, product, language);
  }

  /** The listing's answer to its own question. */
  ownAnswer(at: number, product: Product, language: string): MeaningAnswer | undefined {
    const answer = product.faq[at]?.answer;
    if (answer === undefined) return undefined;
    const own = this.listing.languageOf(product);
    const source = `question ${at + 1}`;
    const room = this.roomLanguage.split('-')[0];
    if (own === language || own === room)
      return { wordings: [cleanValue(answer)], source, faq: at, ...(own === language ? {} : { language: own }) };
    return { wordings: this.listing.sentences('inListing', language), source, faq: at };
  }
}
