import type { Product } from '../config/sections/product.js';
import { EngineError } from '../core/errors.js';
import { faqFacts } from '../moderation/index.js';
import type { Attribute, Listing, PriceStep, QuestionAnswer } from './listing.js';

/** Words that end the name of a product and begin its keywords. */
const ENDS = /\s(?:for|with|from|used|suitable|perfect|ideal|including|by)\s|\s*[,;|/–—(（【[]/i;
/** Sellers' words about themselves; they state nothing about the product. */
const SLOGANS =
  /\b(?:hot[- ]?(?:sale|selling)|best[- ]?(?:sell(?:ing|er)|quality|price)|top[- ]?(?:quality|selling|grade)|high[- ]?quality|wholesale|factory (?:direct|price|supply)|cheap(?:est)?|new (?:arrivals?|design|style|fashion)|20[12]\d(?: new(?: (?:design|style|fashion|arrivals?))?)?|free (?:shipping|sample)s?|custom(?:i[sz]ed?)? logo|oem|odm|amazon)\b/gi;
const CHINESE_SLOGANS =
  /(?:厂家直销|批发|包邮|新款|爆款|热卖|热销|跨境|现货|一件代发|源头工厂|高档|高端|奢华|时尚|网红(?:同款)?|外贸|亚马逊|20[12]\d年?)/g;
/** Praise before the name; beside words that it is a part of ("New Year", "Best Friend") it stays. */
const PRAISE_BEFORE =
  /^(?:(?:luxur(?:y|ious)|premium|latest|trending|popular|fashion(?:able)?|promotional|custom(?:i[sz]ed?)?|personali[sz]ed|new(?! (?:year|zealand|york|england|mexico|delhi|orleans|jersey|guinea|age|moon|born|balance)\b)|best(?! (?:friend|man|dad|mum|mom)))s? )+/i;
const PRAISE_AFTER = /(?: (?:new|latest|luxury|premium|fashion|trending|popular))+$/i;
/** Seldom the name: "{BPA Free}", "[2024 New]". */
const BRACED = /\{[^}]*\}|\[[^\]]*\]|【[^】]*】|｛[^｝]*｝/g;
const BRACES = /[{}[\]【】｛｝]/g;
const MAX_WORDS = 8;
const MIN_WORDS = 2;
const MAX_HAN = 24;

/** A title without the slogans and keywords that sellers stuff it with: at most eight words, cut at the first preposition or bracket. */
export function cleanTitle(title: string): string {
  const plain = tidy(title.replace(BRACED, ' ').replace(BRACES, ' ')) || tidy(title.replace(BRACES, ' '));
  if (/\p{Script=Han}/u.test(plain)) {
    const short = plain
      .replace(CHINESE_SLOGANS, '')
      .replace(/[【[（(][^】\])）]*[】\])）]/g, '')
      .trim();
    return Array.from(short.split(/[，,。|/]/)[0]!.trim() || plain)
      .slice(0, MAX_HAN)
      .join('')
      .trim();
  }
  const kept =
    tidy(plain.replace(SLOGANS, ' '))
      .replace(/^[\s,;|/-]+/, '')
      .replace(PRAISE_BEFORE, '')
      .trim() || plain;
  const words = kept.split(' ');
  const at = words.slice(0, MIN_WORDS).join(' ').length;
  const end = ENDS.exec(kept.slice(at));
  const cut = end === null ? kept : kept.slice(0, at + end.index);
  return cut
    .split(' ')
    .slice(0, MAX_WORDS)
    .join(' ')
    .replace(/[\s,;|/–—-]+$/, '')
    .replace(PRAISE_AFTER, '');
}

const tidy = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** Attributes that say nothing to a buyer, or that the rules do not let anybody say. */
const LEFT_OUT =
  /^(?:place of origin code|model number|brand name|private mold|customized support|payment terms?|is_customized|货号|是否.*|可授权.*|品牌类型|主要下游.*|主要销售地区|加印logo|跨境.*|建议零售价)$/i;
/** Ranks, slogans and superlatives stay on the page: the rules do not let a show repeat them. */
const SLOGAN =
  /#\s?1\b|\bno\.?\s?1\b|\bbest\b|\bhot sell|\bhigh[- ]quality\b|\btop[- ](?:quality|selling)|\bperfect\b|\bhighest\b|第一|最[好佳大高]|爆款|热卖|顶级|极致/i;
/** Contacts in a value, such as a web address or a long number, are never taken over. */
const CONTACT = /https?:|www\.|@\w|\bwhats ?app\b|wechat|微信|\+?\d[\d\s-]{8,}\d/i;

export const MAX_PICTURES = 12;
const MAX_FACTS = 40;
const MAX_FACT_CHARS = 200;
const MAX_SUBTITLE_CHARS = 80;

export interface ToProductOptions {
  /** Where the listing came from, for messages. */
  readonly where: string;
  /** Name within the room; made from the title when it is left out. */
  readonly id?: string;
  /** The main picture, relative to the room file. */
  readonly image: string;
  readonly images?: readonly string[];
  /** Pictures of variants that were kept: address to path, relative to the room file. */
  readonly variantImages?: ReadonlyMap<string, string>;
  /** ISO 4217 code for a listing that names none. */
  readonly currency?: string;
  /** The currency is that of whoever saved the page, and nobody has confirmed it. */
  readonly isOfVisitor?: boolean;
}

/**
 * A listing as a product of a room. `facts` hold exactly what the script may claim, one statement each. Throws E_LISTING_INVALID
 * where the listing has no price, since a room's card, script and rules need one.
 */
export function toProduct(listing: Listing, options: ToProductOptions): Product {
  const title = cleanTitle(listing.title).slice(0, 200);
  const ladder = tidyLadder(listing);
  const price = ladder[0]?.price;
  if (price === undefined)
    throw new EngineError('E_LISTING_INVALID', {
      where: options.where,
      expected: 'a price',
      found: 'none on the page',
      todo: 'add a line such as "Price: US $4.80" to the pasted text, or save the page while its price is visible',
    });
  const currency = (listing.currency ?? options.currency)?.toUpperCase();
  if (currency === undefined || !/^[A-Z]{3}$/.test(currency))
    throw new EngineError('E_LISTING_INVALID', {
      where: options.where,
      expected: 'the currency of the price',
      found: currency ?? 'none on the page',
      todo: 'name it: --currency USD',
    });
  const attributes = tidyText(listing.attributes);
  const certificates = listing.certificates
    .filter((one) => !CONTACT.test(one.name))
    .slice(0, 20)
    .map((one) => ({
      name: one.name.slice(0, 120),
      ...(one.number && { number: one.number.slice(0, 80) }),
      ...(one.issuer && { issuer: one.issuer.slice(0, 120) }),
      ...(one.region && { region: one.region.slice(0, 120) }),
    }));
  const unit = (listing.unit ?? '').slice(0, 40);
  const faq = answered(listing.faq);
  const { samplePrice, sampleDays, ownLogoFrom } = faqFacts(faq, currency);
  const sample = listing.sample ?? (samplePrice === undefined ? undefined : { price: samplePrice, quantity: 1 });
  const leadTime = listing.leadTime
    .filter((one) => one.days > 0 && one.days <= 1000)
    .slice(0, 12)
    .map(({ from, to, days }) => ({ from: whole(from), ...(to !== undefined && { to: whole(to) }), days }));
  return {
    id: options.id ?? productId(title),
    title,
    subtitle: subtitleOf(attributes),
    image: options.image,
    price: { amount: price, currency, ...(options.isOfVisitor === true && { ofVisitor: true as const }), unit },
    minimumOrder: minimumText(listing),
    facts: factsOf(
      attributes,
      certificates.map((one) => one.name),
    ),
    ...(listing.link !== undefined && /^https?:/.test(listing.link) && { link: listing.link }),
    stock: listing.stock,
    priceLadder: ladder.length > 1 ? ladder : [],
    leadTime,
    variants: listing.variants.slice(0, 6).flatMap(({ name, values }) => {
      const kept = values.filter((one) => !CONTACT.test(one.name)).slice(0, 40);
      return kept.length === 0
        ? []
        : [
            {
              name: name.slice(0, 60),
              values: kept.map((one) => {
                const image = one.picture === undefined ? undefined : options.variantImages?.get(one.picture);
                return { name: one.name.slice(0, 80), ...(image !== undefined && { image }) };
              }),
            },
          ];
    }),
    attributes,
    certificates,
    packing: tidyText(listing.packing).slice(0, 20),
    faq,
    ...(sample !== undefined && {
      sample: {
        price: sample.price,
        quantity: whole(sample.quantity),
        ...(sampleDays !== undefined && sampleDays <= 1000 && { days: sampleDays }),
      },
    }),
    ...(ownLogoFrom !== undefined && { customisation: { from: ownLogoFrom } }),
    images: (options.images ?? []).slice(0, MAX_PICTURES),
    languages: Object.fromEntries(Object.entries(listing.languages).filter(([, url]) => /^https?:/.test(url))),
  } as Product;
}

const SENTENCES = /(?<=[.!?]\s|[。！？।؟])/u;

/** Answers without their sentences that are slogans; a contact takes the whole pair away. */
function answered(faq: readonly QuestionAnswer[]): { question: string; answer: string }[] {
  return faq
    .filter((one) => !CONTACT.test(one.question) && !CONTACT.test(one.answer))
    .map(({ question, answer }) => ({
      question: question.slice(0, 300),
      answer: answer
        .split(SENTENCES)
        .filter((one) => !SLOGAN.test(one))
        .join('')
        .trim()
        .slice(0, 600),
    }))
    .filter(({ answer }) => answer !== '')
    .slice(0, 40);
}

const whole = (value: number): number => Math.max(1, Math.round(value));

/** Ascending, without repeats, each step ending where the next begins, none below the minimum order. */
function tidyLadder(listing: Listing): PriceStep[] {
  const minimum = listing.minimumOrder ?? 1;
  const steps = [...listing.priceLadder]
    .map((step) => ({ ...step, from: whole(step.from) }))
    .filter((step) => step.to === undefined || step.to >= minimum)
    .sort((a, b) => a.from - b.from)
    .filter((step, i, all) => i === 0 || step.from !== all[i - 1]!.from)
    .slice(0, 12);
  return steps.map((step, i) => {
    const next = steps[i + 1];
    const to = next !== undefined ? next.from - 1 : step.to;
    return { from: step.from, ...(to !== undefined && { to }), price: step.price };
  });
}

function minimumText(listing: Listing): string {
  const count = listing.minimumOrder ?? listing.priceLadder[0]?.from;
  if (count === undefined || count <= 1) return '';
  const unit = listing.unitPlural ?? plural(listing.unit);
  const chinese = unit !== undefined && /\p{Script=Han}/u.test(unit);
  return (unit === undefined ? String(count) : `${count}${chinese ? '' : ' '}${unit}`).slice(0, 60);
}

/** English names of units that shops write in the singular. */
const plural = (unit: string | undefined): string | undefined =>
  unit?.replace(/^(piece|pair|set|unit|bag|carton|roll|lot)$/i, '$1s').replace(/^(box)$/i, '$1es');

function tidyText(list: readonly Attribute[]): Attribute[] {
  return (
    list
      .filter((one) => !LEFT_OUT.test(one.name.trim()) && !SLOGAN.test(one.value) && !CONTACT.test(one.value))
      // "Oven safe: No" answers a viewer; "none" says nothing.
      .filter((one) => !/^(?:-|\/|n\/?a|none|other|其他)$/i.test(one.value.trim()))
      .map((one) => ({ name: one.name.slice(0, 80), value: one.value.slice(0, 300) }))
      .slice(0, 80)
  );
}

const WORTH_A_SUBTITLE = /^(?:material|材质|capacity|容量|power|功率|size|尺寸|feature|功能|类型|type)$/i;

function subtitleOf(attributes: readonly Attribute[]): string {
  const found = attributes.find((one) => WORTH_A_SUBTITLE.test(one.name));
  if (found === undefined || found.value.length <= MAX_SUBTITLE_CHARS) return found?.value ?? '';
  return found.value.slice(0, MAX_SUBTITLE_CHARS).replace(/[,;，、\s][^,;，、]*$/, '');
}

const factsOf = (attributes: readonly Attribute[], certificates: readonly string[]): string[] =>
  [...attributes.map((one) => `${one.name}: ${one.value}`), ...certificates]
    .map((fact) => fact.slice(0, MAX_FACT_CHARS))
    .slice(0, MAX_FACTS);

/** Letters, digits and dashes of a title; a hash of it where it has none. */
function productId(title: string): string {
  const plain = title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40)
    .replace(/-+$/, '');
  if (plain.length >= 3) return plain;
  let hash = 0;
  for (const letter of title) hash = (hash * 31 + letter.codePointAt(0)!) >>> 0;
  return `product-${hash.toString(36)}`;
}
