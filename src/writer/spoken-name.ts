import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Product } from '../config/sections/product.js';
import { templatePath } from '../core/files/paths.js';
import type { KnownWords } from './spoken-values.js';
import type { SentencePlan } from './plan-schema.js';

/** Longest piece of a listing that is said in one sentence. */
const MAX_VALUE_CHARS = 140;

/** A text of a listing as words only: no tags, no controls, no line breaks, no signs that a template reads. */
export function cleanValue(text: string): string {
  return text
    .replace(/<[^>]{0,400}>/g, ' ')
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}{}<>[\]|\\^~`*_#]/gu, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[\s.,;:!?。，；：！？·-]+|[\s,;:，；：·-]+$/gu, '')
    .trim();
}

/** Value for a slot that ends no sentence; undefined where nothing is left or it is too long to say. */
export function slotValue(text: string): string | undefined {
  const clean = cleanValue(text).replace(/[.。!！]+$/u, '');
  return clean === '' || clean.length > MAX_VALUE_CHARS ? undefined : clean;
}

/** Words of a title that are said; buyers read the rest on the card. */
const MAX_TITLE_WORDS = 8;
const MAX_SIGNS = 26;
/** What follows comes with the goods, or says whom they are for. */
const ADDED = /\s(?:for|with|para|con|für|mit|met|voor|pour|avec|per|от|для)\s/iu;
const KEYWORDS = new RegExp(`${ADDED.source}|\\s*[,;，；|/(（【–—]`, 'iu');

/** A title as it is said: without the keywords that follow the name. */
export function spokenTitle(title: string): string | undefined {
  const clean = cleanValue(title);
  const at = KEYWORDS.exec(clean.slice(6));
  const name = at === null ? clean : clean.slice(0, 6 + at.index);
  const dense = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u.test(name);
  const short = dense
    ? Array.from(name).slice(0, MAX_SIGNS).join('')
    : name.split(' ').slice(0, MAX_TITLE_WORDS).join(' ');
  return slotValue(short);
}

const names = z.array(z.string().min(1).max(60)).min(1).max(20);
const table = z.record(z.string().regex(/^[a-z][a-z-]*$/), z.record(z.string().regex(/^[a-z]{2}$/), names));

/** A kind of goods, found in a listing. */
interface FoundGoods {
  readonly kind: string;
  /** Where its name stands in the text. */
  readonly from: number;
  readonly to: number;
}

const fold = (text: string): string => text.normalize('NFKC').toLowerCase();
const SPACELESS = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;
/** "the", "el", "l'": the tables hold names with their article. */
const ARTICLE = /^(?:el|la|los|las|le|les|l'|der|die|das|il|lo|l’|o|a|os|as|de|het)[\s']*(?=\S)/iu;

/**
 * Names of kinds of goods in the languages of the show (`templates/selling/goods.json`): a host calls a product "the silicone
 * kettle" and not by the search title of its page.
 */
class Goods {
  private readonly named = new Map<string, { readonly kind: string; readonly names: readonly string[] }[]>();

  constructor(private readonly table: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>) {}

  kinds(): readonly string[] {
    return Object.keys(this.table);
  }

  /** The name as a sentence of `language` holds it, with its article where the language has one. */
  name(kind: string, language: string): string | undefined {
    return this.table[kind]?.[language]?.[0];
  }

  /** All names of a kind in one language, without articles, folded. */
  words(kind: string, language: string): readonly string[] {
    return (this.table[kind]?.[language] ?? []).map((one) => fold(bare(one, language)));
  }

  /**
   * The goods that a title in `language` names, before what comes with them ("lamp with fabric shade" is a lamp): in English and
   * Chinese the last name counts ("silicone kettle lid" is a lid), in languages whose nouns come first the first one; among names
   * that overlap the longest.
   */
  find(title: string, language: string): FoundGoods | undefined {
    const text = fold(title);
    const found = this.namesIn(language).flatMap(({ kind, names }) =>
      names.flatMap((one) => placesOf(one, text, language === 'en').map((place) => ({ kind, ...place }))),
    );
    const whole = found.filter((one) => !found.some((other) => holds(other, one)));
    const nounLast = NOUN_LAST.has(language);
    const end = ADDED.exec(text)?.index ?? text.length;
    const before = whole.filter(({ to }) => to <= end);
    return (before.length > 0 ? before : whole).toSorted((a, b) => (nounLast ? b.to - a.to : a.from - b.from))[0];
  }

  private namesIn(language: string): { readonly kind: string; readonly names: readonly string[] }[] {
    let named = this.named.get(language);
    if (named === undefined) {
      named = this.kinds().map((kind) => ({ kind, names: this.words(kind, language) }));
      this.named.set(language, named);
    }
    return named;
  }
}

/** Languages in which what a thing is stands at the end of its name. */
const NOUN_LAST = new Set(['en', 'zh', 'de', 'nl', 'ja', 'ko', 'tr', 'hi']);

const bare = (name: string, language: string): string =>
  ['es', 'fr', 'de', 'it', 'pt', 'nl'].includes(language) ? name.replace(ARTICLE, '') : name;

const holds = (a: FoundGoods, b: FoundGoods): boolean =>
  a.from <= b.from && a.to >= b.to && a.to - a.from > b.to - b.from;

const IN_WORD = /[\p{L}\p{N}]/u;
const BETWEEN_WORDS = /[\s-]/;

/**
 * Where a folded name stands in a folded text as words of their own, with spaces or hyphens between them. Compared letter by letter:
 * a pattern for each of the hundreds of names takes a second to compile, while the show is on air.
 */
function placesOf(name: string, text: string, plurals: boolean): { readonly from: number; readonly to: number }[] {
  const words = name.split(' ');
  const isSpaced = !SPACELESS.test(name);
  const places = [];
  for (let from = text.indexOf(words[0]!); from >= 0; from = text.indexOf(words[0]!, from + 1)) {
    if (isSpaced && from > 0 && IN_WORD.test(lastSign(text, from))) continue;
    const to = endOf(words, text, from);
    if (to === undefined) continue;
    if (!isSpaced) places.push({ from, to });
    else {
      const end = (plurals ? ['es', 's', ''] : ['']).find(
        (ending) => text.startsWith(ending, to) && !IN_WORD.test(firstSign(text, to + ending.length)),
      );
      if (end !== undefined) places.push({ from, to: to + end.length });
    }
  }
  return places;
}

function endOf(words: readonly string[], text: string, from: number): number | undefined {
  let at = from;
  for (const [i, word] of words.entries()) {
    const began = at;
    if (i > 0) while (at < text.length && BETWEEN_WORDS.test(text[at]!)) at += 1;
    if ((i > 0 && at === began) || !text.startsWith(word, at)) return undefined;
    at += word.length;
  }
  return at;
}

const firstSign = (text: string, at: number): string =>
  at < text.length ? String.fromCodePoint(text.codePointAt(at)!) : '';
const lastSign = (text: string, end: number): string => Array.from(text.slice(Math.max(0, end - 2), end)).at(-1) ?? '';

let own: Goods | undefined;

/** The project's table, read once. */
export function goodsTable(): Goods {
  own ??= new Goods(table.parse(JSON.parse(readFileSync(templatePath('selling/goods.json'), 'utf8'))));
  return own;
}

interface SpokenNameOptions {
  readonly plan: SentencePlan;
  readonly known: KnownWords;
  /** Language the listing is written in. */
  readonly listingLanguage: string;
  readonly goods?: Goods;
}

/** Words of a search title that no host says. */
const SEARCH_WORDS =
  /^(?:custom(?:i[sz]ed)?|personali[sz]ed|logo|wholesale|factory|manufacturer|supplier|oem|odm|hot|selling|sale|new|arrival|latest|luxury|premium|high|quality|best|cheap|free|bpa|direct|price|low|moq|amazon|top|popular|trending|fashion|design|promotional|style|stock|ready|to|ship|custom-made|diy|unisex|\d{4}|\d+(?:\.\d+)?(?:ml|l|oz|w|v|inch|mm|cm|pcs)?)$/iu;
const CHINESE_SEARCH_WORDS =
  /定制|定做|批发|厂家|直销|直供|现货|新款|爆款|热销|热卖|跨境|外贸|亚马逊|工厂|源头|高档|高端|奢华|时尚|网红|同款|代发|一件|logo|LOGO|\d{4}年?/giu;
/** Words before what the thing is: "foldable silicone kettle". */
const MAX_WORDS_BEFORE = 3;
const MAX_SIGNS_BEFORE = 6;
const LATIN_ONLY = /^[\p{Script=Latin}\p{N}\p{P}\p{Zs}\p{S}]+$/u;

/**
 * What a host calls a product in one language: the seller's own name for it; else, in the listing's language, what the thing is with
 * the words before it; in another one the kind of goods with its material. undefined where the language has no name for it.
 */
export function spokenName(product: Product, options: SpokenNameOptions): string | undefined {
  const { plan, known, listingLanguage, goods = goodsTable() } = options;
  const { language } = plan;
  const chosen = product.name[language];
  if (chosen !== undefined) return slotValue(chosen);
  const title = spokenTitle(product.title);
  if (language === listingLanguage) return shortTitle(product.title, language, goods) ?? title;
  const found = findGoods(product.title, listingLanguage, goods);
  const name = found === undefined ? undefined : goods.name(found, language);
  if (name !== undefined) {
    const material = materialOf(product, known);
    const said = material === undefined ? undefined : (plan.madeOf.forms[material] ?? plan.words[material]);
    if (said === undefined) return name;
    return plan.madeOf.pattern.replace('{goods}', name).replace('{material}', said);
  }
  // A title in another script than the language's is not said: nobody would understand it.
  return title !== undefined && LATIN_ONLY.test(title) && LATIN_ONLY.test(plan.sentences.hookPlain[0]!)
    ? title
    : undefined;
}

/** Whether a line names the product: by its name, by what it is, or by a word of its title. */
export function namesProduct(
  text: string,
  product: Product,
  language: string,
  listingLanguage: string,
  goods: Goods = goodsTable(),
): boolean {
  const said = text.normalize('NFKC').toLowerCase();
  const kind = findGoods(product.title, listingLanguage, goods);
  const names = [product.name[language] ?? '', ...(kind === undefined ? [] : goods.words(kind, language))];
  if (names.some((one) => one !== '' && said.includes(one.normalize('NFKC').toLowerCase()))) return true;
  return titleWords(product.title).some((word) => said.includes(word));
}

const findGoods = (title: string, language: string, goods: Goods): string | undefined =>
  (goods.find(title, language) ?? goods.find(title, 'en') ?? goods.find(title, 'zh'))?.kind;

/** Words of a title that stand for the product: of four letters, or two signs where words are not spaced. */
function titleWords(title: string): string[] {
  const words =
    title
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.flatMap((word) => {
    if (!/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u.test(word))
      return word.length >= 4 && !SEARCH_WORDS.test(word) ? [word] : [];
    const signs = Array.from(word);
    return signs.slice(1).map((sign, i) => signs[i]! + sign);
  });
}

function shortTitle(title: string, language: string, goods: Goods): string | undefined {
  const clean = cleanValue(title);
  if (language === 'en') return englishName(clean, goods);
  const found = goods.find(clean, language);
  return found === undefined || language !== 'zh' ? undefined : chineseName(clean, found.from, found.to);
}

const TWO_GOODS = /\s(?:and|&)\s$/iu;

/** "Custom Logo Foldable Silicone Kettle BPA Free Travel": foldable silicone kettle; "Table Lamp with Fabric Shade": table lamp. */
function englishName(title: string, goods: Goods): string | undefined {
  const found = goods.find(title, 'en');
  if (found === undefined) return undefined;
  const { to } = found;
  const paired = title.slice(0, found.from).replace(TWO_GOODS, '');
  const first = paired.length === found.from ? undefined : goods.find(paired, 'en');
  const from = first?.to === paired.length ? first.from : found.from;
  const before: string[] = [];
  const words = title.slice(0, from).trim().split(/\s+/);
  for (const word of words.toReversed()) {
    if (before.length >= MAX_WORDS_BEFORE || word === '' || /[,;|/(:]$/.test(word) || SEARCH_WORDS.test(word)) break;
    if (/^(?:for|with|and|of|in|by|the|a)$/i.test(word) || goods.find(word, 'en') !== undefined) break;
    before.unshift(word);
  }
  const said = [...before, title.slice(from, to)]
    .join(' ')
    .replace(/(?<![\p{L}\d])\p{Lu}\p{Ll}+(?!\p{Ll}|-\p{Lu}(?!\p{Ll}))/gu, (word) => word.toLowerCase());
  return slotValue(said);
}

/** "定制LOGO硅胶折叠水壶 便携旅行": 硅胶折叠水壶. */
function chineseName(title: string, from: number, to: number): string | undefined {
  const parts = title
    .slice(0, from)
    .replace(CHINESE_SEARCH_WORDS, ' ')
    .split(/[\s,，、/|·-]+/u);
  const before = Array.from(parts.at(-1) ?? '')
    .slice(-MAX_SIGNS_BEFORE)
    .join('');
  return slotValue(before + title.slice(from, to));
}

/** The one material of a product, by the key that the plans have words for. */
function materialOf(product: Product, known: KnownWords): string | undefined {
  const stated = product.attributes.find(({ name }) => known.topicOf(cleanValue(name)) === 'material');
  if (stated !== undefined)
    return /[,，、;；]/u.test(stated.value) ? undefined : materialIn(cleanValue(stated.value), known);
  return materialIn(product.title, known);
}

/** "Food grade silicone": silicone. undefined where two materials are named, known ones or not. */
function materialIn(text: string, known: KnownWords): string | undefined {
  const words = text.split(/[\s,，、/]+/);
  const keys = words.flatMap(
    (word, i) => known.keyOf(`${word} ${words[i + 1] ?? ''}`.trim()) ?? known.keyOf(word) ?? [],
  );
  const materials = new Set(keys.filter((key) => MATERIALS.has(key)));
  return materials.size === 1 ? [...materials][0] : undefined;
}

const MATERIALS = new Set([
  'stainless-steel',
  'aluminium',
  'plastic',
  'glass',
  'ceramic',
  'wood',
  'bamboo',
  'cotton',
  'polyester',
  'silicone',
  'leather',
  'rubber',
  'paper',
  'nylon',
]);
