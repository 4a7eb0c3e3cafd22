import { type Attribute, completeListing, type Listing, type QuestionAnswer } from '../listing.js';
import { isEngineError } from '../../core/errors.js';
import { type PageNotes, PageTree, PageValue, parsePageJson, plainText } from '../page-tree.js';

/** A page's data for search engines: JSON-LD, microdata and Open Graph (schema.org/Product, ogp.me), each that names a product. */
export function readStructuredData(
  html: string,
  where: string,
  { link, notes }: { link?: string | undefined; notes?: PageNotes | undefined } = {},
): { readonly place: string; readonly listing: Listing }[] {
  const page = PageTree.read(html);
  const absolute = (url: string): string => {
    const base = link ?? page.attrOf('base[href]', 'href') ?? page.attrOf('link[rel=canonical]', 'href');
    return base !== undefined && URL.canParse(url, base) ? new URL(url, base).href : url;
  };
  const languages = Object.fromEntries(
    page
      .all('link[rel=alternate][hreflang][href]')
      .map((one) => [one.attr('hreflang')!, absolute(one.attr('href')!)] as const)
      .filter(([language]) => language !== 'x-default'),
  );
  const found = [
    { place: 'JSON-LD', listing: fromJsonLd(page, where, notes) },
    { place: 'microdata', listing: fromMicrodata(page) },
    { place: 'Open Graph', listing: fromOpenGraph(page) },
  ];
  return found.flatMap(({ place, listing }) => {
    if (listing === undefined) return [];
    const pictures = [...new Set(listing.pictures.map(absolute))];
    return [{ place, listing: { ...listing, pictures, languages, ...(link !== undefined && { link }) } }];
  });
}

function fromJsonLd(page: PageTree, where: string, notes?: PageNotes): Listing | undefined {
  const nodes: PageValue[] = [];
  for (const script of page.all('script[type="application/ld+json"]')) {
    const text = script.text.trim();
    if (text === '') continue;
    try {
      collect(parsePageJson(text, `${where}: JSON-LD`, notes), nodes, 0);
    } catch (error) {
      // One broken block says nothing about the next.
      notes?.unread('JSON-LD', isEngineError(error) ? (error.found ?? '') : String(error));
    }
  }
  const group = nodes.find((one) => isType(one, 'ProductGroup'));
  const product = nodes.find((one) => isType(one, 'Product')) ?? group;
  const title = plainText(group?.at('name').text ?? product?.at('name').text);
  if (product === undefined || title === '') return undefined;
  const offers = offersOf(group ?? product);
  const prices = offers.flatMap(offerPrice);
  const offer = offers[0] ?? new PageValue(undefined);
  const brand = product.at('brand');
  return completeListing({
    source: 'structured-data',
    id: product.at('sku').text ?? product.at('productID').text ?? product.at('mpn').text,
    title,
    categories: (product.at('category').text ?? '').split(/\s*[>/]\s*/).filter((one) => one !== ''),
    currency: currencyOf(offer),
    priceLadder: prices.length === 0 ? [] : [{ from: 1, price: Math.min(...prices) }],
    minimumOrder: offer.at('eligibleQuantity', 'minValue').number,
    attributes: [
      ...priceRange(offers),
      ...properties(product),
      ...['color', 'material', 'size', 'weight', 'pattern'].flatMap((name) => {
        if (group !== undefined && VARYING.includes(name)) return [];
        const value = product.at(name).text ?? product.at(name, 'value').text;
        return value === undefined ? [] : [{ name, value }];
      }),
    ],
    variants: variantsOf(group),
    certificates: listOf(product.at('hasCertification')).flatMap((one) => {
      const name = one.at('name').text;
      return name === undefined ? [] : [{ name, number: one.at('certificationIdentification').text }];
    }),
    faq: nodes.filter((one) => isType(one, 'FAQPage')).flatMap(questions),
    pictures: listOf(product.at('image')).flatMap(
      (one) => one.text ?? one.at('url').text ?? one.at('contentUrl').text ?? [],
    ),
    stock:
      offers.length > 0 && offers.every((one) => SOLD_OUT.test(one.at('availability').text ?? ''))
        ? 'sold-out'
        : 'on-sale',
    description: plainText(product.at('description').text),
    brand: brand.text ?? brand.at('name').text,
  });
}

/** Members of a variant that set it apart from the others of its group. */
const VARYING: readonly string[] = ['color', 'size', 'material', 'pattern'];

const currencyOf = (offer: PageValue): string | undefined =>
  offer.at('priceCurrency').text ?? listOf(offer.at('priceSpecification'))[0]?.at('priceCurrency').text;

/** Prices of variants that differ; the card shows the lowest. */
function priceRange(offers: readonly PageValue[]): Attribute[] {
  const currency = offers.map(currencyOf).find((one) => one !== undefined);
  const prices = [...new Set(offers.flatMap((one) => [...offerPrice(one), one.at('highPrice').number ?? []].flat()))];
  if (prices.length < 2 || currency === undefined) return [];
  prices.sort((a, b) => a - b);
  return [
    {
      name: 'Prices',
      value: prices
        .slice(0, 12)
        .map((one) => `${one} ${currency}`)
        .join(', '),
    },
  ];
}

const SOLD_OUT = /(OutOfStock|SoldOut|Discontinued)$/;
const MAX_NODES = 2000;

/** Flattens `@graph`, lists and nested entities. */
function collect(value: PageValue, into: PageValue[], depth: number): void {
  if (depth > 6 || into.length > MAX_NODES) return;
  for (const one of value.list) collect(one, into, depth + 1);
  if (!value.at('@type').exists && !value.at('@graph').exists) return;
  into.push(value);
  for (const key of ['@graph', 'mainEntity', 'mainEntityOfPage', 'hasVariant']) collect(value.at(key), into, depth + 1);
}

const isType = (value: PageValue, type: string): boolean =>
  listOf(value.at('@type')).some((one) => one.text?.replace(/^https?:\/\/schema\.org\//, '') === type);

const listOf = (value: PageValue): readonly PageValue[] =>
  value.list.length > 0 ? value.list : value.exists ? [value] : [];

function offersOf(product: PageValue): PageValue[] {
  const direct = listOf(product.at('offers'));
  const nested = direct.flatMap((one) => listOf(one.at('offers')));
  const ofVariants = listOf(product.at('hasVariant')).flatMap((one) => listOf(one.at('offers')));
  return [...nested, ...direct, ...ofVariants];
}

const offerPrice = (offer: PageValue): number[] => {
  const price =
    offer.at('price').number ??
    offer.at('lowPrice').number ??
    listOf(offer.at('priceSpecification'))[0]?.at('price').number;
  return price === undefined ? [] : [price];
};

const properties = (product: PageValue): Attribute[] =>
  listOf(product.at('additionalProperty')).flatMap((one) => {
    const name = one.at('name').text;
    const unit = one.at('unitText').text;
    const value = one.at('value').text;
    return name === undefined || value === undefined
      ? []
      : [{ name, value: unit === undefined ? value : `${value} ${unit}` }];
  });

function variantsOf(group: PageValue | undefined): { name: string; values: { name: string }[] }[] {
  if (group === undefined) return [];
  const byName = new Map<string, Set<string>>();
  for (const variant of listOf(group.at('hasVariant')))
    for (const name of VARYING) {
      const value = variant.at(name).text;
      if (value !== undefined) byName.set(name, (byName.get(name) ?? new Set()).add(value));
    }
  return [...byName].map(([name, values]) => ({ name, values: [...values].map((one) => ({ name: one })) }));
}

const questions = (page: PageValue): QuestionAnswer[] =>
  listOf(page.at('mainEntity')).flatMap((one) => {
    const question = plainText(one.at('name').text);
    const answer = plainText(one.at('acceptedAnswer', 'text').text);
    return question === '' || answer === '' ? [] : [{ question, answer }];
  });

function fromMicrodata(page: PageTree): Listing | undefined {
  const product = page.first('[itemscope][itemtype*="schema.org/Product"]');
  if (product === undefined) return undefined;
  const value = (name: string): string | undefined => {
    const found = product.first(`[itemprop="${name}"]`);
    const text = found?.attr('content') ?? found?.attr('href') ?? found?.attr('src') ?? found?.text;
    return text?.trim() || undefined;
  };
  const title = plainText(value('name'));
  if (title === '') return undefined;
  const price = new PageValue(value('price') ?? value('lowPrice')).number;
  return completeListing({
    source: 'structured-data',
    id: value('sku') ?? value('productID'),
    title,
    currency: value('priceCurrency'),
    priceLadder: price === undefined ? [] : [{ from: 1, price }],
    pictures: product
      .all('[itemprop="image"]')
      .flatMap((one) => one.attr('content') ?? one.attr('src') ?? one.attr('href') ?? []),
    attributes: ['color', 'material', 'size', 'weight'].flatMap((name) => {
      const text = value(name);
      return text === undefined ? [] : [{ name, value: text }];
    }),
    brand: value('brand'),
    description: plainText(value('description')),
    stock: SOLD_OUT.test(value('availability') ?? '') ? 'sold-out' : 'on-sale',
  });
}

function fromOpenGraph(page: PageTree): Listing | undefined {
  const meta = (name: string): string | undefined =>
    page.attrOf(`meta[property="${name}"], meta[name="${name}"]`, 'content')?.trim() || undefined;
  const amount = new PageValue(meta('product:price:amount') ?? meta('og:price:amount')).number;
  const isProduct = /product/.test(meta('og:type') ?? '') || amount !== undefined;
  const title = plainText(meta('og:title'));
  if (!isProduct || title === '') return undefined;
  return completeListing({
    source: 'structured-data',
    id: meta('product:retailer_item_id'),
    title,
    currency: meta('product:price:currency') ?? meta('og:price:currency'),
    priceLadder: amount === undefined ? [] : [{ from: 1, price: amount }],
    pictures: page
      .all('meta[property="og:image"], meta[property="og:image:secure_url"]')
      .flatMap((one) => one.attr('content') ?? []),
    brand: meta('product:brand'),
    description: plainText(meta('og:description')),
    stock: /oos|out of stock|sold/i.test(meta('product:availability') ?? '') ? 'sold-out' : 'on-sale',
  });
}
