import { type Attribute, completeListing, type Listing, type PriceStep } from '../listing.js';
import type { ListingPlace } from '../script-places.js';
import { largestPicture, PageValue } from '../page-tree.js';

const isItem = (context: PageValue): boolean => context.at('loaderData').exists;

/** A Taobao or Tmall item page of a PC: the loader's data of the page framework. */
export const TAOBAO_PLACES: readonly ListingPlace[] = [
  {
    name: 'window.__ICE_APP_CONTEXT__',
    pattern: /window\.__ICE_APP_CONTEXT__\s*=\s*(?=\{)/y,
    fits: isItem,
    read: readTaobaoData,
  },
  { name: '__ICE_APP_CONTEXT__', pattern: /var\s+b\s*=\s*(?=\{)/y, isGuess: true, fits: isItem, read: readTaobaoData },
];

/** The data of the page, as it stands there or as the browser extension sends it. */
export function readTaobaoData(context: PageValue): Listing {
  const res = context.at('loaderData', 'home', 'data', 'res');
  const item = res.at('item');
  const skus = res.at('skuCore', 'sku2info').entries.filter(([id]) => id !== '0');
  const stock = skus.map(([, sku]) => sku.at('quantity').number).filter((n): n is number => n !== undefined);
  return completeListing({
    source: 'taobao',
    id: item.at('itemId').text,
    title: item.at('title').text ?? '',
    currency: 'CNY',
    priceLadder: lowestPrice(
      skus.map(([, sku]) => sku),
      res.at('componentsVO', 'priceVO', 'price'),
    ),
    unit: '件',
    minimumOrder: 1,
    variants: res.at('skuBase', 'props').list.flatMap((one) => {
      const name = one.at('name').text;
      const values = one.at('values').list.flatMap((value) => {
        const label = value.at('name').text;
        const picture = value.at('image').text;
        return label === undefined ? [] : [{ name: label, ...(picture && { picture: largestPicture(picture) }) }];
      });
      return name === undefined || values.length === 0 ? [] : [{ name, values }];
    }),
    attributes: [
      ...pricesOf(skus.map(([, sku]) => sku)),
      ...res.at('componentsVO', 'extensionInfoVO', 'infos').list.flatMap((one) => one.at('items').list),
      ...res.at('plusViewVO', 'industryParamVO', 'basicParamList').list,
    ].flatMap((one) => {
      if (!(one instanceof PageValue)) return [one];
      const name = one.at('title').text ?? one.at('propertyName').text;
      const value = one.at('text', 0).text ?? one.at('text').text ?? one.at('valueName').text;
      return name === undefined || value === undefined ? [] : [{ name, value }];
    }),
    pictures: item.at('images').list.flatMap((one) => (one.text === undefined ? [] : [largestPicture(one.text)])),
    stock: stock.length > 0 && stock.every((n) => n === 0) ? 'sold-out' : 'on-sale',
  });
}

function priceOf(sku: PageValue): number[] {
  const now = sku.at('subPrice', 'priceMoney').exists ? sku.at('subPrice') : sku.at('price');
  const fen = now.at('priceMoney').number;
  const price = fen === undefined ? now.at('priceText').number : fen / 100;
  return price === undefined ? [] : [price];
}

/** Prices of variants that differ; the card shows the lowest. */
function pricesOf(skus: readonly PageValue[]): Attribute[] {
  const prices = [...new Set(skus.flatMap(priceOf))].sort((a, b) => a - b);
  return prices.length < 2
    ? []
    : [
        {
          name: '各款价格',
          value: prices
            .slice(0, 12)
            .map((one) => `${one}元`)
            .join('、'),
        },
      ];
}

/** `priceMoney` is in fen; the entry "0" is the price "from", never a variant's. */
function lowestPrice(skus: readonly PageValue[], shown: PageValue): PriceStep[] {
  const prices = skus.flatMap(priceOf);
  const fallback = shown.at('priceMoney').number;
  const price =
    prices.length > 0 ? Math.min(...prices) : fallback === undefined ? shown.at('priceText').number : fallback / 100;
  return price === undefined ? [] : [{ from: 1, price }];
}
