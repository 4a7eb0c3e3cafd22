import { type Attribute, completeListing, type Listing, type PriceStep } from '../listing.js';
import type { ListingPlace } from '../script-places.js';
import { largestPicture, type PageValue } from '../page-tree.js';

const isOffer = (payload: PageValue): boolean =>
  payload.at('result', 'data').exists || payload.at('data').exists || payload.at('globalData').exists;

/** A 1688 offer, of the desktop or of the mobile page. Its payload is no JSON: some keys are bare numbers. */
export const PLACES_OF_1688: readonly ListingPlace[] = [
  {
    name: 'window.context',
    // The payload is the second argument of the call that ends the assignment.
    pattern: /window\.contextPath\s*,\s*(?=\{)/y,
    bareKeys: true,
    fits: isOffer,
    read: read1688Data,
  },
  {
    name: 'window.__INIT_DATA',
    pattern: /window\.__INIT_DATA(?:__)?\s*=\s*(?=\{)/y,
    bareKeys: true,
    fits: isOffer,
    read: read1688Data,
  },
];

/** The data of the page, as it stands there or as the browser extension sends it. */
export function read1688Data(payload: PageValue): Listing {
  const context = payload.at('result').exists ? payload.at('result') : payload;
  const data = context.at('data');
  // The mobile page has the same models one level up.
  const desktop = data.at('Root', 'fields', 'dataJson');
  const root = desktop.exists ? desktop : context.at('globalData');
  const order = root.at('orderParamModel', 'orderParam');
  const gallery = data.at('gallery', 'fields');
  const named = context.at('global', 'globalData', 'model', 'offerDetail');
  const detail = named.exists ? named : root.at('offerDetail');
  const price = priceLadder(data, order.at('skuParam', 'skuRangePrices'), order.at('beginNum').number ?? 1);
  return completeListing({
    source: '1688',
    id: root.at('tempModel', 'offerId').text ?? detail.at('offerId').text,
    title:
      data.at('productTitle', 'fields', 'title').text ??
      gallery.at('subject').text ??
      root.at('tempModel', 'offerTitle').text ??
      '',
    currency: 'CNY',
    priceLadder: price,
    unit: root.at('tempModel', 'offerUnit').text ?? order.at('unit').text,
    minimumOrder: order.at('beginNum').number,
    variants: root.at('skuModel', 'skuProps').list.flatMap((one) => {
      const name = one.at('prop').text;
      const values = one.at('value').list.flatMap((value) => {
        const label = value.at('name').text;
        const picture = value.at('imageUrl').text;
        return label === undefined ? [] : [{ name: label, ...(picture && { picture: largestPicture(picture) }) }];
      });
      return name === undefined || values.length === 0 ? [] : [{ name, values }];
    }),
    attributes: detail.at('featureAttributes').list.flatMap((one) => pair(one.at('name'), one.at('value'))),
    packing: data
      .at('productPackInfo', 'fields', 'pieceWeightScale', 'pieceWeightScaleInfo')
      .list.slice(0, 1)
      .flatMap((one) => [
        ...measure('重量', one.at('weight').number, 'g'),
        ...measure('长', one.at('length').number, 'cm'),
        ...measure('宽', one.at('width').number, 'cm'),
        ...measure('高', one.at('height').number, 'cm'),
      ]),
    pictures: pictures(gallery, root.at('images')),
    stock: order.at('canBookCount').number === 0 ? 'sold-out' : 'on-sale',
  });
}

function priceLadder(data: PageValue, ranges: PageValue, minimumOrder: number): PriceStep[] {
  const others = data.entries.map(([, part]) =>
    part.at('fields', 'finalPriceModel', 'tradeWithoutPromotion', 'offerPriceRanges'),
  );
  for (const list of [ranges, data.at('mainPrice', 'fields', 'priceModel', 'currentPrices'), ...others]) {
    const steps = list.list.flatMap((one) => {
      const price = one.at('price').number;
      const from = one.at('beginAmount').number ?? minimumOrder;
      return price === undefined ? [] : [{ from, price }];
    });
    if (steps.length === 0) continue;
    steps.sort((a, b) => a.from - b.from);
    return steps.map((step, i) => (i + 1 < steps.length ? { ...step, to: steps[i + 1]!.from - 1 } : step));
  }
  return [];
}

const pair = (name: PageValue, value: PageValue): Attribute[] =>
  name.text === undefined || value.text === undefined ? [] : [{ name: name.text, value: value.text }];

const measure = (name: string, value: number | undefined, unit: string): Attribute[] =>
  value === undefined || value <= 0 ? [] : [{ name, value: `${value} ${unit}` }];

function pictures(gallery: PageValue, mobile: PageValue): string[] {
  const list = gallery.at('offerImgList').list.map((one) => one.text ?? one.at('fullPathImageURI').text);
  const main = gallery.at('mainImage').list.map((one) => one.text ?? one.at('fullPathImageURI').text);
  const others = mobile.list.map((one) => one.at('fullPathImageURI').text);
  return [
    ...new Set([...main, ...list, ...others].filter((url): url is string => url !== undefined).map(largestPicture)),
  ];
}
