import {
  type Attribute,
  type Certificate,
  completeListing,
  type Listing,
  type PriceStep,
  type VariantGroup,
} from '../listing.js';
import { largestPicture, PageTree, PageValue, plainText } from '../page-tree.js';
import type { ListingPlace } from '../script-places.js';

/** Whether a saved page is the drawn part of an Alibaba.com product, whose scripts the browser left out. */
export const isAlibabaDom = (html: string): boolean =>
  /data-testid="?(pc-purchase-|ladder-price|range-price|module-attribute)/.test(html);

/**
 * The drawn page: title, price steps, minimum order, attributes, variants, lead time, pictures. Prices are in the visitor's
 * currency, which the price text names.
 */
export function readAlibabaDom(html: string): Listing {
  const page = PageTree.read(html);
  const texts = (selector: string): string[] =>
    page
      .all(selector)
      .map((one) => plainText(one.html))
      .filter((text) => text !== '');
  const tiers = texts('[data-testid^="pc-purchase-price-tier"], [data-testid="ladder-price"] .price-item');
  const shown = texts('[data-testid="pc-purchase-current-price"], [data-testid="range-price"]');
  const steps = tiers.flatMap((text) => priceStep(text));
  const single = shown.map(money).find((one) => one !== undefined);
  const minimum = texts('[data-testid="pc-purchase-effective-moq"]').join(' ');
  const minimumOrder = new PageValue(/\d[\d,]*/.exec(minimum)?.[0]).number ?? steps[0]?.from;
  const sample = money(texts('[data-testid="fortifiedSample"]').join(' '));
  const units = /\d\s*(\p{L}+)/u.exec(tiers[0] ?? minimum)?.[1]?.toLowerCase();
  const [attributes, packing] = attributeGroups(page);
  return completeListing({
    source: 'alibaba',
    title: page.attrOf('h1[title]', 'title')?.trim() ?? plainText(page.textOf('h1')),
    categories: texts('nav[aria-label="breadcrumb"] a').filter((name) => !/^home$/i.test(name)),
    currency: currencyOf([...tiers, ...shown].join(' ')),
    priceLadder: steps.length > 0 ? steps : single === undefined ? [] : [{ from: minimumOrder ?? 1, price: single }],
    unit: units?.replace(/^(piece|pair|set|unit|box|bag|carton)(?:e?s)$/, '$1'),
    unitPlural: units,
    minimumOrder,
    attributes,
    packing,
    variants: variants(page),
    leadTime: leadTime(
      page.all('.lead-list table tr').map((row) => row.all('td, th').map((cell) => plainText(cell.text))),
    ),
    sample: sample === undefined ? undefined : { price: sample, quantity: 1 },
    pictures: pictures(page),
  });
}

/** Attributes, and those of the group "Packaging and delivery". */
function attributeGroups(page: PageTree): [Attribute[], Attribute[]] {
  const attributes: Attribute[] = [];
  const packing: Attribute[] = [];
  for (const one of page.all('[data-testid="module-attribute-name"]')) {
    const name = plainText(one.text);
    const value = plainText(one.next('[data-testid="module-attribute-value"]')?.text);
    const group = plainText(
      one.closest('[data-testid="module-attribute-group"]')?.textOf('[data-testid="module-attribute-group-title"]'),
    );
    if (name !== '' && value !== '') (/packag|delivery/i.test(group) ? packing : attributes).push({ name, value });
  }
  return [attributes, packing];
}

/** A colour without a picture has no name on the drawn page. */
function variants(page: PageTree): VariantGroup[] {
  return page.all('[data-testid="sku-list"]').flatMap((list): VariantGroup[] => {
    const name = plainText(list.textOf('[data-testid="sku-list-title"]')).split(':')[0]!.trim();
    const values = list.all('[data-testid="non-last-sku-item"], [data-testid="last-sku-item"]').flatMap((item) => {
      const picture = item.attrOf('img', 'src');
      const label = (item.attrOf('img', 'alt') ?? plainText(item.text)).trim();
      return label === '' ? [] : [{ name: label, ...(picture && { picture: largestPicture(picture) }) }];
    });
    return name === '' || values.length === 0 ? [] : [{ name, values }];
  });
}

/** The gallery; an older page has no mark on it, and then the pictures of goods without the seller's logo. */
function pictures(page: PageTree): string[] {
  const gallery = page.all('[data-testid="media-image"] img');
  const all = gallery.length > 0 ? gallery : page.all('img[src*="alicdn.com"]:not([class*="logo"])');
  const found = all
    .map((one) => one.attr('src') ?? '')
    .filter((url) => (/^(?:https?:)?\/\//.test(url) ? /\/kf\//.test(url) : url !== ''))
    .map(largestPicture);
  return [...new Set(found)];
}

const money = (text: string): number | undefined =>
  new PageValue(/\p{Sc}\s*(\d[\d,]*(?:\.\d+)?)/u.exec(text)?.[1]).number;

/** "6 - 499 pieces $3.87" and "≥ 500 pieces US$2.99". */
function priceStep(text: string): PriceStep[] {
  const range = /(\d[\d,]*)\s*(?:[-–]\s*(\d[\d,]*))?/.exec(text);
  const price = money(text);
  if (range === null || price === undefined) return [];
  const from = new PageValue(range[1]).number;
  const to = new PageValue(range[2]).number;
  return from === undefined ? [] : [{ from, ...(to !== undefined && { to }), price }];
}

const SIGNS: readonly (readonly [RegExp, string])[] = [
  [/US\s?\$/, 'USD'],
  [/GH₵/, 'GHS'],
  [/€/, 'EUR'],
  [/£/, 'GBP'],
  [/CA\s?\$/, 'CAD'],
  [/A\s?\$|AU\s?\$/, 'AUD'],
  [/₹/, 'INR'],
  [/¥|￥/, 'CNY'],
  [/₽/, 'RUB'],
  [/R\$/, 'BRL'],
  [/\$/, 'USD'],
];
const currencyOf = (text: string): string | undefined => SIGNS.find(([sign]) => sign.test(text))?.[1];

/** First row: quantities, second row: days; "To be negotiated" is no number of days. */
function leadTime(rows: readonly (readonly string[])[]): { from: number; to?: number; days: number }[] {
  const [quantities, days] = rows;
  if (quantities === undefined || days === undefined) return [];
  return quantities.slice(1).flatMap((text, i) => {
    const range = /(\d[\d,]*)\s*(?:[-–]\s*(\d[\d,]*))?/.exec(text);
    const count = new PageValue(/\d+/.exec(days[i + 1] ?? '')?.[0]).number;
    const from = new PageValue(range?.[1]).number;
    const to = new PageValue(range?.[2]).number;
    return from === undefined || count === undefined ? [] : [{ from, ...(to !== undefined && { to }), days: count }];
  });
}

/** Keys of `globalSeoUrl` and the languages they stand for. */
const SEO_LANGUAGES: Readonly<Record<string, string>> = {
  english: 'en',
  german: 'de',
  spanish: 'es',
  french: 'fr',
  italian: 'it',
  portuguese: 'pt',
  russian: 'ru',
  japanese: 'ja',
  korean: 'ko',
  arabic: 'ar',
  hebrew: 'he',
  turkish: 'tr',
  thai: 'th',
  vietnamese: 'vi',
  dutch: 'nl',
  hindi: 'hi',
  indonesian: 'id',
  polish: 'pl',
};
const MAX_ATTRIBUTES = 80;

/** An Alibaba.com product page has everything in this assignment. */
export const ALIBABA_PLACES: readonly ListingPlace[] = [
  {
    name: 'window.detailData',
    pattern: /window\.detailData\s*=\s*(?=\{)/y,
    fits: (data) => data.at('globalData', 'product').exists,
    read: readAlibabaData,
  },
];

/** The data of the page, as it stands there or as the browser extension sends it. */
export function readAlibabaData(data: PageValue): Listing {
  const global = data.at('globalData');
  const product = global.at('product');
  const nodes = data.at('nodeMap');
  const sorted = sortedAttributes(nodes);
  const attributes = mergeAttributes([
    ...pricesByVariant(product),
    ...printedMarks(global.at('certification')),
    ...attributeList(product.at('productKeyIndustryProperties')),
    ...attributeList(product.at('productBasicProperties')),
    ...attributeList(product.at('productOtherProperties')),
    ...sorted.filter((group) => !group.packing).flatMap((group) => group.attributes),
  ]);
  const packing = mergeAttributes([
    ...sorted.filter((group) => group.packing).flatMap((group) => group.attributes),
    ...logistics(global.at('trade', 'logisticInfo')),
  ]);
  const sample = nodes.at('module_sample_new', 'privateData');
  const description = nodes.at('module_description', 'privateData');
  const category = global.at('seo', 'breadCrumb', 'pathList').list.map((one) => one.at('hrefObject', 'name').text);
  return completeListing({
    source: 'alibaba',
    id: product.at('productId').text,
    title: product.at('subject').text ?? '',
    categories: category.filter((name): name is string => name !== undefined && !/^home$/i.test(name)),
    currency: 'USD',
    priceLadder: priceLadder(product),
    unit: product.at('price', 'unit').text?.toLowerCase(),
    unitPlural: product.at('price', 'unitEven').text?.toLowerCase(),
    minimumOrder: product.at('moq').number ?? sample.at('orderQuantity', 'minOrder', 'minOrderQuantity').number,
    leadTime: global.at('trade', 'leadTimeInfo', 'ladderPeriodList').list.flatMap((one) => {
      const from = one.at('minQuantity').number;
      const days = one.at('processPeriod').number ?? one.at('day').number;
      if (from === undefined || days === undefined || days < 0) return [];
      return [{ from, ...openEnd(one.at('maxQuantity').number), days }];
    }),
    variants: product.at('sku', 'skuAttrs').list.flatMap((one) => {
      const values = one.at('values').list.flatMap((value) => {
        const name = value.at('name').text;
        const picture = value.at('originImage').text;
        return name === undefined ? [] : [{ name, ...(picture && { picture: largestPicture(picture) }) }];
      });
      const name = one.at('name').text;
      return name === undefined || values.length === 0 ? [] : [{ name, values }];
    }),
    attributes,
    certificates: certificates(global.at('certification')),
    packing,
    faq: description.at('faqInfo', 'details').list.flatMap((one) => {
      const question = plainText(one.at('question').text);
      const answer = plainText(one.at('answer').text);
      return question === '' || answer === '' ? [] : [{ question, answer }];
    }),
    sample: samplePrice(product, sample),
    pictures: product.at('mediaItems').list.flatMap((one) => {
      const url = one.at('imageUrl', 'big').text ?? one.at('imageUrl', 'normal').text;
      return url === undefined ? [] : [largestPicture(url)];
    }),
    stock: isSoldOut(global) ? 'sold-out' : 'on-sale',
    languages: Object.fromEntries(
      global.at('seo', 'globalSeoUrl').entries.flatMap(([key, url]) => {
        const language = SEO_LANGUAGES[key];
        return language === undefined || url.text === undefined ? [] : [[language, url.text]];
      }),
    ),
    description: plainText(
      description
        .at('productDescription', 'details')
        .list.filter((one) => one.at('type').text === 'text')
        .map((one) => one.at('text').text ?? '')
        .join('\n'),
    ),
  });
}

/** −1 and 0 stand for an open end. */
const openEnd = (to: number | undefined): { to?: number } => (to === undefined || to <= 0 ? {} : { to });

/** In US dollars: `price` is in the visitor's currency, `dollarPrice` is not. */
function priceLadder(product: PageValue): PriceStep[] {
  const moq = product.at('moq').number ?? 1;
  const steps = product.at('price', 'productLadderPrices').list.flatMap((one) => {
    const from = one.at('min').number ?? one.at('minQuantity').number;
    const price = one.at('dollarPrice').number;
    if (from === undefined || price === undefined || price < 0) return [];
    return [{ from, ...openEnd(one.at('max').number ?? one.at('maxQuantity').number), price }];
  });
  if (steps.length > 0) return steps.sort((a, b) => a.from - b.from);
  const range = product.at('price', 'productRangePrices');
  const low = range.at('dollarPriceRangeLow').number;
  const perVariant = product
    .at('sku', 'skuInfoMap')
    .entries.flatMap(([, sku]) => sku.at('dollarPrice').number ?? sku.at('price').number ?? []);
  const price = low ?? (perVariant.length > 0 ? Math.min(...perVariant) : undefined);
  return price === undefined ? [] : [{ from: moq, price }];
}

/** Names of a variant's values by the key of `skuInfoMap`, such as "191288010:3331116;". */
function pricesByVariant(product: PageValue): Attribute[] {
  if (product.at('price', 'productLadderPrices').list.length > 0) return [];
  const names = new Map<string, string>();
  for (const group of product.at('sku', 'skuAttrs').list)
    for (const value of group.at('values').list)
      names.set(`${group.at('id').text}:${value.at('id').text}`, value.at('name').text ?? '');
  const prices = product.at('sku', 'skuInfoMap').entries.flatMap(([key, sku]) => {
    const price = sku.at('dollarPrice').number;
    const name = key
      .split(';')
      .map((part) => names.get(part) ?? '')
      .filter((part) => part !== '')
      .join(' ');
    return price === undefined || name === '' ? [] : [`${name} US$${price}`];
  });
  return prices.length < 2 ? [] : [{ name: 'Price by variant', value: prices.slice(0, 12).join('; ') }];
}

/** Certificates as the page prints them, "CE Certified": a bare name such as "RED" means nothing to a viewer. */
function printedMarks(list: PageValue): Attribute[] {
  const marks = list.list.flatMap((one) => one.at('summary', 'sellingPoint').text ?? []);
  return marks.length === 0 ? [] : [{ name: 'Certified', value: [...new Set(marks)].slice(0, 8).join(', ') }];
}

/** A product has a report for each of its variants: one of a name is enough. */
function certificates(list: PageValue): Certificate[] {
  const byName = new Map<string, Certificate>();
  for (const one of list.list) {
    const name = one.at('certName').text ?? one.at('certType').text;
    if (name === undefined || byName.has(name)) continue;
    const regions = one.at('summary', 'applicableRegions');
    const region = regions.text ?? regions.list.flatMap((r) => r.text ?? []).join(', ');
    const issuer = one.at('issuingAuthority').text;
    const number = one.at('certNo').text;
    byName.set(name, {
      name,
      ...(number !== undefined && { number }),
      ...(issuer !== undefined && !/^other$/i.test(issuer) && { issuer }),
      ...(region !== '' && { region }),
    });
  }
  return [...byName.values()];
}

/** In US dollars, as the ladder; the sample's own module has the visitor's currency only. */
function samplePrice(product: PageValue, sample: PageValue): { price: number; quantity: number } | undefined {
  const info = product.at('sampleInfo');
  const dollars = info.at('skuList').list.flatMap((one) => one.at('dollarPrice').number ?? []);
  if (dollars.length > 0) return { price: Math.min(...dollars), quantity: info.at('maxQuantity').number ?? 1 };
  const first = sample.at('priceList', 0);
  const local = first.at('price').number;
  const rate = product.at('price', 'currencyRule', 'rate').number;
  if (local === undefined || rate === undefined || rate <= 0) return undefined;
  return { price: Math.round((local / rate) * 100) / 100, quantity: first.at('minQuantity').number ?? 1 };
}

const attributeList = (list: PageValue): Attribute[] =>
  list.list.flatMap((one) => {
    const name = one.at('attrName').text ?? one.at('attribute').text;
    const value = one.at('attrValue').text ?? one.at('value').text;
    return name === undefined || value === undefined ? [] : [{ name, value }];
  });

function sortedAttributes(nodes: PageValue): { packing: boolean; attributes: Attribute[] }[] {
  return nodes.at('module_sorted_attribute', 'privateData', 'productSortedProperties').list.map((group) => ({
    packing: /packag|delivery/i.test(group.at('title').text ?? ''),
    attributes: attributeList(group.at('attributeList')),
  }));
}

const logistics = (info: PageValue): Attribute[] =>
  [
    { name: 'Single package size', value: info.at('unitSize').text },
    { name: 'Single gross weight', value: info.at('unitWeight').text },
  ].filter((one): one is Attribute => one.value !== undefined);

/** Each name once; the first value stays. */
function mergeAttributes(list: readonly Attribute[]): Attribute[] {
  const byName = new Map<string, Attribute>();
  for (const one of list) if (!byName.has(one.name.toLowerCase())) byName.set(one.name.toLowerCase(), one);
  return [...byName.values()].slice(0, MAX_ATTRIBUTES);
}

/** Every variant has a stock figure, and each is zero. */
function isSoldOut(global: PageValue): boolean {
  const counts = global
    .at('inventory', 'skuInventory')
    .entries.map(([, sku]) =>
      sku.at('warehouseInventoryList').list.reduce((sum, one) => sum + (one.at('inventoryCount').number ?? 0), 0),
    );
  return counts.length > 0 && counts.every((count) => count === 0);
}
