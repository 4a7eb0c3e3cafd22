import type { Product } from '../../config/sections/product.js';
import type { Match } from '../match.js';
import { originalRange, type TextView } from '../normalise/text-view.js';
import { wordTable } from '../words/word-table.js';

const range = ({ from, to }: { from: number; to?: number | undefined }): string =>
  to === undefined ? `from ${from}` : `${from} to ${to}`;

/** The texts of a product that a line is compared with, apart from amounts by quantity. */
export const describing = (product: Product): string[] => [
  ...product.facts,
  ...product.attributes.map(({ name, value }) => `${name}: ${value}`),
  ...product.variants.map(({ name, values }) => `${name}: ${values.map((one) => one.name).join(', ')}`),
  ...product.certificates.map((one) => [one.name, one.number, one.issuer, one.region].filter(Boolean).join(', ')),
  ...product.packing.map(({ name, value }) => `${name}: ${value}`),
  ...product.faq.flatMap(({ question, answer }) => [question, answer]),
];

/** Every text that a product states, its title first. Amounts by quantity are written out, so that their figures count as stated. */
export function statements(product: Product): string[] {
  const { price, sample, customisation } = product;
  const money = (amount: number): string => `${amount} ${price.currency}`;
  return [
    product.title,
    product.subtitle,
    product.minimumOrder,
    ...describing(product),
    ...product.priceLadder.map((step) => `${range(step)} pcs: ${money(step.price)}`),
    ...product.leadTime.map((step) => `${range(step)} pcs: ${step.days} days`),
    ...(sample === undefined ? [] : [`Sample: ${money(sample.price)}`]),
    ...(sample?.days === undefined ? [] : [`Sample: ${sample.days} days`]),
    ...(customisation === undefined ? [] : [`Logo: from ${customisation.from} pcs`]),
  ].filter((text) => text !== '');
}

const WORDS = wordTable('detect-certificates');

/** A certificate that is claimed and that the listing does not print (2.1). */

interface Mark {
  readonly name: RegExp;
  /** Also a word or a part of one: counts only beside a word of certifying. */
  readonly needsWord?: true;
  /** Also an everyday word: a listing prints it only where this matches one of its statements. */
  readonly printed?: RegExp;
}

const word = (pattern: string): RegExp =>
  new RegExp(`(?<![\\p{L}\\p{N}])(?:${pattern})(?![\\p{L}\\p{N}]|-\\p{L})`, 'gu');
const han = (pattern: string): RegExp => new RegExp(`(?<![a-z0-9])(?:${pattern})(?![a-z0-9])`, 'gu');

const MARKS: readonly Mark[] = [
  // "Ce" is French for "this": it is the mark only before a sign, the end, or a word that goes with marks.
  {
    name: han(
      'ce(?![a-z0-9])(?= ?(?:$|[^a-z\\s]|mark|certifi(?:ed|cation)|certificates?\\b|approv|complian|zert|zeichen|kennz|sertif|belge|rohs|fcc|(?:and|und|et|y|e) (?:fcc|rohs|fda|reach|ul)\\b))',
    ),
    needsWord: true,
  },
  { name: han('fcc') },
  { name: han('rohs|rosh|2011/65/eu') },
  {
    name: han('reach|1907/2006'),
    needsWord: true,
    // "Easy to reach" prints nothing; "REACH", "CE, REACH" and "Standard: REACH" do.
    printed: /1907\/2006|(?:^|[,:;/+&(、，：]) ?reach(?= ?(?:$|[,;/+&)、，]|\d))/u,
  },
  { name: han('fda'), needsWord: true },
  { name: han('ul'), needsWord: true },
  { name: /(?<![a-z0-9])ul[- ]listed(?![a-z0-9])/gu, printed: /(?<![a-z0-9])ul(?![a-z0-9])/u },
  { name: han('etl'), needsWord: true },
  { name: han('gs'), needsWord: true },
  { name: han('tuv|tuev') },
  { name: han('ccc|3c'), needsWord: true },
  { name: han('sgs'), needsWord: true },
  { name: han('bsci') },
  { name: han('iso ?-?9001') },
  { name: han('iso ?-?14001') },
  { name: han('iso ?-?13485') },
  { name: han('iso ?-?22000') },
  { name: han('ukca') },
  { name: han('pse'), needsWord: true },
  { name: han('kc'), needsWord: true },
  { name: han('eac'), needsWord: true },
  { name: han('saa'), needsWord: true },
  { name: han('csa'), needsWord: true },
  { name: han('lfgb') },
  { name: han('cpsia') },
  { name: han('cpc'), needsWord: true },
  { name: han('en ?-?71') },
  { name: han('oeko ?-?tex') },
  { name: han('gots'), needsWord: true },
  { name: han('grs'), needsWord: true },
  { name: han('fsc'), needsWord: true },
  { name: han('haccp') },
  { name: han('nsf'), needsWord: true },
  { name: han('un ?38\\.3') },
  { name: han('msds') },
  { name: word('halal|清真'), needsWord: true },
  { name: word('kosher'), needsWord: true },
  { name: word('energy star') },
];
/** Words of certifying in the languages, folded. */
const CERTIFYING = new RegExp(WORDS.any('certifying'));
/** Saying that the goods lack it is no claim. */
const LACKING = new RegExp(
  String.raw`\b(?:${WORDS.any('lacking')})\b|没有|沒有|不带|无|未|بدون|ليس|ไม่|なし|ません|없|नहीं|बिना`,
);
const NEAR_CHARS = 28;
const LACKING_CHARS = 16;

/** Words between the names of a list: "no CE, UL or FDA certificate". */
const JOINING = /(?<![\p{L}\p{N}])(?:and|or|nor|und|oder|et|ou|y|o|e|и|或|和)(?![\p{L}\p{N}])/gu;

/** `stated`: each statement of the listings, folded. */
export function detectCertificates(view: TextView, stated: readonly string[]): Match[] {
  const { text } = view;
  const found: Match[] = [];
  for (const mark of MARKS) {
    const { name, needsWord } = mark;
    if (!has(text, name) || stated.some((one) => isPrinted(one, mark))) continue;
    for (const m of text.matchAll(name)) {
      const end = m.index + m[0].length;
      const around = text.slice(Math.max(0, m.index - NEAR_CHARS), end + NEAR_CHARS);
      if (needsWord === true && !CERTIFYING.test(around)) continue;
      if (isLacked(text.slice(Math.max(0, m.index - LACKING_CHARS), m.index))) continue;
      found.push({ rule: '2.1', kind: 'certificate', ...originalRange(view, m.index, end) });
    }
  }
  return found;
}

/** One statement of a listing has the mark. Statements are read one by one: a mark may stand at the end of one. */
const isPrinted = (statement: string, { name, printed }: Mark): boolean =>
  printed === undefined
    ? has(statement, name)
    : printed.test(statement) || (has(statement, name) && CERTIFYING.test(statement));

function has(text: string, name: RegExp): boolean {
  name.lastIndex = 0;
  const found = name.test(text);
  name.lastIndex = 0;
  return found;
}

/** "No CE, UL or" before a mark; not "no lead," whose comma ends what is lacking. */
function isLacked(before: string): boolean {
  const lacking = LACKING.exec(before);
  if (lacking === null) return false;
  const between = before.slice(lacking.index + lacking[0].length);
  const list = /^(.*)[,;.!?，。；、]/u.exec(between)?.[1];
  if (list === undefined) return true;
  const rest = MARKS.reduce((left, { name }) => left.replace(name, ' '), ` ${list} `).replace(JOINING, ' ');
  // The name of this mark's predecessor may have lost the sign that makes it one.
  return !/\p{L}/u.test(rest.replace(/(?<![a-z0-9])ce(?![a-z0-9])/g, ' '));
}
