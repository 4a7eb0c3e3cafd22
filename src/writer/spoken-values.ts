import type { Product } from '../config/sections/product.js';
import { baseLanguage } from '../moderation/index.js';
import { listingLanguage } from './listing-language.js';
import {
  type SentencePlan,
  type SentencePlans,
  sentencePlans,
  type Topic,
  TOPICS,
  type Unit,
  UNITS,
} from './plan-schema.js';

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

/** Units of measures that Intl has names for in every language. */
const INTL_UNITS: Readonly<Record<string, string>> = {
  ml: 'milliliter',
  l: 'liter',
  g: 'gram',
  kg: 'kilogram',
  mm: 'millimeter',
  cm: 'centimeter',
  m: 'meter',
};
/** Signs that are the same everywhere. */
const SIGNS: Readonly<Record<string, string>> = { w: 'W', kw: 'kW', v: 'V', mah: 'mAh', wh: 'Wh', gb: 'GB' };
/** How listings write the units. */
const SPELLINGS: Readonly<Record<string, string>> = {
  毫升: 'ml',
  升: 'l',
  克: 'g',
  千克: 'kg',
  公斤: 'kg',
  毫米: 'mm',
  厘米: 'cm',
  米: 'm',
  瓦: 'w',
  伏: 'v',
  毫安: 'mah',
  毫安时: 'mah',
};
/** Currencies that sellers call by another name than Intl does. */
const SPOKEN_MONEY: Readonly<Record<string, string>> = { 'zh CNY': '元' };
const NUMBER = String.raw`\d{1,6}(?:\.\d{1,3})?`;
const MEASURE = new RegExp(String.raw`^(${NUMBER})\s?(\p{L}{1,4})$`, 'u');
const SIZE = new RegExp(String.raw`^(${NUMBER}(?:\s?[x×*]\s?${NUMBER}){1,2})\s?(mm|cm|m)$`, 'iu');

/** Figures, amounts and counts as one language says them. Digits are always Latin, as a listing prints them. */
export class SpokenValues {
  private readonly plurals: Intl.PluralRules;
  private readonly numbers: Intl.NumberFormat;

  constructor(private readonly plan: SentencePlan) {
    this.plurals = new Intl.PluralRules(plan.language);
    this.numbers = new Intl.NumberFormat(plan.language, { numberingSystem: 'latn', useGrouping: false });
  }

  /** "4.20 US dollars". */
  money(amount: number, currency: string): string {
    const whole = Number.isInteger(amount);
    const own = SPOKEN_MONEY[`${this.plan.language} ${currency}`];
    if (own !== undefined) return `${whole ? amount : amount.toFixed(2)}${own}`;
    const said = new Intl.NumberFormat(this.plan.language, {
      style: 'currency',
      currency,
      currencyDisplay: 'name',
      numberingSystem: 'latn',
      useGrouping: false,
      ...(whole ? { minimumFractionDigits: 0, maximumFractionDigits: 0 } : {}),
    }).format(amount);
    // Intl writes Portuguese currencies large, as no one does within a sentence.
    return this.plan.language === 'pt' ? said.toLowerCase() : said;
  }

  days(count: number): string {
    return this.joined(
      new Intl.NumberFormat(this.plan.language, {
        style: 'unit',
        unit: 'day',
        unitDisplay: 'long',
        numberingSystem: 'latn',
      }).format(count),
    );
  }

  /** "500 pieces"; `after` a word such as "from" the case may differ. */
  quantity(count: number, unit: Unit, after = false): string {
    const forms = (after ? this.plan.unitsOf : undefined)?.[unit] ?? this.plan.units[unit];
    return this.counted(count, forms);
  }

  /** "piece": a unit without a number, as a price names it. */
  unit(unit: Unit): string {
    return this.quantity(1, unit)
      .replace(/^\s*1\s*/, '')
      .trim();
  }

  /** "4.20": a further amount in a currency that was named. */
  amount(amount: number): string {
    return new Intl.NumberFormat(this.plan.language, {
      numberingSystem: 'latn',
      useGrouping: false,
      ...(Number.isInteger(amount) ? {} : { minimumFractionDigits: 2, maximumFractionDigits: 2 }),
    }).format(amount);
  }

  /** "red, green or blue". */
  either(names: readonly string[]): string {
    const { language } = this.plan;
    if (language === 'zh') return this.list(names);
    if (language === 'ja' || language === 'ko' || language === 'th') return this.steps(names);
    return new Intl.ListFormat(this.plan.language, { type: 'disjunction' }).format(names);
  }

  /** Steps that follow one another, as they are read out. */
  steps(each: readonly string[]): string {
    if (this.plan.language === 'zh') return each.join('，');
    if (this.plan.language === 'ja') return each.join('、');
    if (this.plan.language === 'ko') return each.join(', ');
    return this.plan.language === 'th' ? each.join(' ') : this.list(each);
  }

  list(names: readonly string[]): string {
    return new Intl.ListFormat(this.plan.language, { type: 'conjunction' }).format(names);
  }

  /** A measure such as "350 ml" or "20 x 30 cm" in this language; undefined for anything else. */
  measure(value: string): string | undefined {
    const plain = value.trim();
    const size = SIZE.exec(plain);
    if (size !== null) return `${size[1]!.replace(/\s?[x×*]\s?/g, ' × ')} ${this.shortUnit(size[2]!.toLowerCase())}`;
    const found = MEASURE.exec(plain);
    if (found === null) return undefined;
    const spelled = found[2]!.toLowerCase();
    const unit = SPELLINGS[spelled] ?? spelled;
    const sign = Object.hasOwn(SIGNS, unit) ? SIGNS[unit] : undefined;
    if (sign !== undefined) return `${this.numbers.format(Number(found[1]))} ${sign}`;
    if (!Object.hasOwn(INTL_UNITS, unit)) return undefined;
    const said = new Intl.NumberFormat(this.plan.language, {
      style: 'unit',
      unit: INTL_UNITS[unit]!,
      unitDisplay: 'long',
      numberingSystem: 'latn',
      useGrouping: false,
      maximumFractionDigits: 3,
    }).format(Number(found[1]));
    // After a figure 千 is a thousand: 0.3千克 is heard as 300 grams.
    return this.joined(this.plan.language === 'zh' ? said.replace('千克', '公斤') : said);
  }

  /** Japanese has no blank between a number and its unit: 7日. */
  private joined(said: string): string {
    return this.plan.language === 'ja' ? said.replace(/(?<=\d) /g, '') : said;
  }

  /** "cm", "см". */
  private shortUnit(unit: string): string {
    const parts = new Intl.NumberFormat(this.plan.language, {
      style: 'unit',
      unit: INTL_UNITS[unit]!,
      unitDisplay: 'short',
    }).formatToParts(1);
    return parts.find(({ type }) => type === 'unit')?.value ?? unit;
  }

  /** "3 colours". */
  counted(count: number, forms: Partial<Record<Intl.LDMLPluralRule, string>>): string {
    const form = forms[this.plurals.select(count)] ?? forms.other!;
    // "#件" joins the number, "pieces" stands behind it, "=قطعتان" says it by itself.
    if (form.startsWith('=')) return form.slice(1);
    const number = this.numbers.format(count);
    return form.includes('#') ? form.replace('#', number) : `${number} ${form}`;
  }
}

/**
 * A product for a room in another language than its page: unit and minimum order as that language writes them, where
 * they are known words ("6 pieces" becomes "6 piezas").
 */
export function withLocalQuantities(product: Product, roomLanguage: string): Product {
  const plans = sentencePlans();
  const language = baseLanguage(roomLanguage);
  const plan = plans.get(language);
  if (plan === undefined || listingLanguage(product, language) === language) return product;
  const known = new KnownWords(plans);
  const values = new SpokenValues(plan);
  const unit = known.unitOf(product.price.unit);
  const minimum = known.quantityOf(product.minimumOrder);
  return {
    ...product,
    price: unit === undefined ? product.price : { ...product.price, unit: values.unit(unit) },
    minimumOrder: minimum === undefined ? product.minimumOrder : values.quantity(minimum.count, minimum.unit),
  };
}
