import { load } from 'cheerio/slim';
import { type Attribute, completeListing, type Listing, type PriceStep } from '../listing.js';
import { PageValue } from '../page-value.js';
import { largestPicture, plainText } from '../page-text.js';

/** Whether a saved page is the drawn part of an Alibaba.com product, whose scripts the browser left out. */
export const isAlibabaDom = (html: string): boolean =>
  /data-testid="?(pc-purchase-|ladder-price|range-price|module-attribute)/.test(html);

/**
 * The drawn page: title, price steps, minimum order, attributes, lead time, pictures. Prices are in the visitor's currency,
 * which the price text names.
 */
export function readAlibabaDom(html: string): Listing {
  const $ = load(html);
  const texts = (selector: string): string[] =>
    $(selector)
      .toArray()
      .map((one) => plainText($(one).text()))
      .filter((text) => text !== '');
  const tiers = texts('[data-testid^="pc-purchase-price-tier"], [data-testid="ladder-price"] .price-item');
  const shown = texts('[data-testid="pc-purchase-current-price"], [data-testid="range-price"]');
  const steps = tiers.flatMap((text) => priceStep(text));
  const single = shown.map(money).find((one) => one !== undefined);
  const names = texts('[data-testid="module-attribute-name"]');
  const values = texts('[data-testid="module-attribute-value"]');
  const minimum = texts('[data-testid="pc-purchase-effective-moq"]').join(' ');
  return completeListing({
    source: 'alibaba',
    title: $('h1[title]').attr('title')?.trim() ?? plainText($('h1').first().text()),
    currency: currencyOf([...tiers, ...shown].join(' ')),
    priceLadder: steps.length > 0 ? steps : single === undefined ? [] : [{ from: 1, price: single }],
    minimumOrder: new PageValue(/\d[\d,]*/.exec(minimum)?.[0]).number,
    attributes: names.flatMap((name, i): Attribute[] => (values[i] === undefined ? [] : [{ name, value: values[i] }])),
    leadTime: leadTime(
      $('.lead-list table tr')
        .toArray()
        .map((row) =>
          $(row)
            .find('td, th')
            .toArray()
            .map((cell) => plainText($(cell).text())),
        ),
    ),
    pictures: $('img[src*="alicdn.com"]')
      .toArray()
      .flatMap((one) => $(one).attr('src') ?? [])
      .filter((url) => /\/kf\//.test(url))
      .map(largestPicture)
      .filter((url, i, all) => all.indexOf(url) === i),
  });
}

const money = (text: string): number | undefined => {
  const found = /\d[\d,]*(?:\.\d+)?/.exec(text.replace(/^[^\d]*≥?\s*/, ''));
  return found === null ? undefined : new PageValue(found[0]).number;
};

/** "6 - 499 pieces $3.87" and "≥ 500 pieces US$2.99". */
function priceStep(text: string): PriceStep[] {
  const found =
    /(?:≥|>=)?\s*(\d[\d,]*)\s*(?:[-–]\s*(\d[\d,]*))?\s*[^\d]*?(?:[A-Z]{2,3}\s?)?\p{Sc}\s*(\d[\d,]*(?:\.\d+)?)/u.exec(
      text,
    );
  if (found === null) return [];
  const [from, to, price] = found.slice(1).map((one) => new PageValue(one).number);
  return from === undefined || price === undefined ? [] : [{ from, ...(to !== undefined && { to }), price }];
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

/** First row: quantities, second row: days. */
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
