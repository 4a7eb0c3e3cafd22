import type { Product } from '../config/sections/product.js';
import { cleanValue, slotValue, spokenTitle } from './clean-value.js';
import { type Goods, goodsTable } from './goods.js';
import type { KnownWords } from './known-words.js';
import type { SentencePlan } from './plan-schema.js';

export interface SpokenNameOptions {
  readonly plan: SentencePlan;
  readonly known: KnownWords;
  /** Language the listing is written in. */
  readonly listingLanguage: string;
  readonly goods?: Goods;
}

/** Words of a search title that no host says. */
const KEYWORDS =
  /^(?:custom(?:i[sz]ed)?|personali[sz]ed|logo|wholesale|factory|manufacturer|supplier|oem|odm|hot|selling|sale|new|arrival|latest|luxury|premium|high|quality|best|cheap|free|bpa|direct|price|low|moq|amazon|top|popular|trending|fashion|design|promotional|style|stock|ready|to|ship|custom-made|diy|unisex|\d{4}|\d+(?:\.\d+)?(?:ml|l|oz|w|v|inch|mm|cm|pcs)?)$/iu;
const ZH_KEYWORDS =
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
      return word.length >= 4 && !KEYWORDS.test(word) ? [word] : [];
    const signs = Array.from(word);
    return signs.slice(1).map((sign, i) => signs[i]! + sign);
  });
}

function shortTitle(title: string, language: string, goods: Goods): string | undefined {
  const clean = cleanValue(title);
  const found = goods.find(clean, language);
  if (found === undefined) return undefined;
  if (language === 'zh') return chineseName(clean, found.from, found.to);
  return language === 'en' ? englishName(clean, found.from, found.to, goods) : undefined;
}

/** "Custom Logo Foldable Silicone Kettle BPA Free Travel": foldable silicone kettle. */
function englishName(title: string, from: number, to: number, goods: Goods): string | undefined {
  const before: string[] = [];
  const words = title.slice(0, from).trim().split(/\s+/);
  for (const word of words.toReversed()) {
    if (before.length >= MAX_WORDS_BEFORE || word === '' || /[,;|/(:]$/.test(word) || KEYWORDS.test(word)) break;
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
    .replace(ZH_KEYWORDS, ' ')
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
