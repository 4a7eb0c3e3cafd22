import { type Attribute, completeListing, type Listing, type PriceStep, type VariantGroup } from '../listing.js';
import { PageTree, largestPicture, plainText } from '../page-tree.js';
import { PageValue } from '../page-value.js';

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
