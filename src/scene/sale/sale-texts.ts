import { formatPrice, localeOf } from '../../config/languages/language-table.js';
import type { RoomConfig } from '../../config/room-config.js';
import type { Layer, LayerOf } from '../../config/sections/layer.js';
import type { Product } from '../../config/sections/product.js';
import { templateJson } from '../../core/files/paths.js';
import { AttributeNames, meaningTables, SpokenAttributes } from '../../meaning/index.js';
import { fillTemplate, primary } from '../words.js';

/** The engine's own words on the layers of a sale. `{x}` stands for an amount of money. */
interface SaleWords {
  readonly flashSale: string;
  /** Abbreviation after a number of days. */
  readonly days: string;
  readonly coupon: string;
  /** Under the value of a coupon. */
  readonly off: string;
  readonly ordersFrom: string;
  readonly claim: string;
  readonly byQuantity: string;
  readonly attributes: string;
  readonly soldOut: string;
}

const WORDS = templateJson<Readonly<Record<string, SaleWords>>>('texts', 'sale.json');

/** Panel labels in a language; English for languages without labels of their own. */
export const saleWords = (language: string): SaleWords => WORDS[primary(language)] ?? WORDS['en']!;

/** The texts that the layers of a sale show. The layers draw them, and the judge reads them. */

interface CouponTexts {
  readonly value: string;
  readonly off: string;
  readonly title: string;
  readonly condition: string;
  readonly how: string;
}

const DEFAULT_CURRENCY = 'USD';

export function couponTexts(layer: LayerOf<'coupon'>, room: RoomConfig, product: Product | null): CouponTexts {
  const { language } = room;
  const words = saleWords(language);
  const currency = layer.currency ?? (product ?? room.products[0])?.price.currency ?? DEFAULT_CURRENCY;
  const value =
    layer.amount === undefined
      ? formatShare(layer.percent ?? 0, language)
      : roundPrice(layer.amount, currency, language);
  const spend = layer.minimumSpend === undefined ? '' : roundPrice(layer.minimumSpend, currency, language);
  const fill = (text: string): string => fillTemplate(text, room, product).trim();
  return {
    value,
    off: words.off,
    title: words.coupon,
    condition: fill(layer.condition ?? (spend === '' ? '' : words.ordersFrom.replace('{x}', spend))),
    how: fill(layer.how ?? words.claim),
  };
}

/** Without the zeros of a whole amount. */
const roundPrice = (amount: number, currency: string, language: string): string =>
  formatPrice(amount, currency, language).replace(/[.,٫][0٠]{2}(?!\p{Nd})/u, '');

const formatShare = (percent: number, language: string): string =>
  new Intl.NumberFormat(localeOf(language), { style: 'percent', maximumFractionDigits: 1 }).format(percent / 100);

interface ShownAttribute {
  readonly name: string;
  readonly value: string;
  /** The name in the listing. */
  readonly listed: string;
}

let spoken: { readonly names: AttributeNames; readonly values: SpokenAttributes } | undefined;

/** The attributes that a table shows, in its order and in the room's language where that has words for them. */
export function shownAttributes(
  layer: LayerOf<'attributes'>,
  product: Product,
  roomLanguage: string,
): ShownAttribute[] {
  const chosen =
    layer.names.length === 0
      ? product.attributes
      : layer.names.flatMap((name) => product.attributes.filter((one) => one.name === name).slice(0, 1));
  return chosen.slice(0, layer.maxRows).map((one) => inLanguage(one, roomLanguage.split('-')[0]!));
}

const HAN = /\p{Script=Han}/u;

/** Listings are in Chinese or English; a room in the same language shows them as the seller wrote them. */
function inLanguage({ name: listed, value }: Product['attributes'][number], language: string): ShownAttribute {
  const own = { name: listed, value, listed };
  const isHan = HAN.test(listed);
  if ((language === 'en' && !isHan) || (language === 'zh' && isHan)) return own;
  const tables = meaningTables();
  spoken ??= { names: new AttributeNames(tables), values: new SpokenAttributes(tables) };
  const id = spoken.names.of(listed);
  const name = id === undefined ? undefined : tables.languages.get(language)?.attributes[id]?.name;
  if (id === undefined || name === undefined) return own;
  return { name, value: spoken.values.value(id, own, language, { isOwn: false }) ?? value, listed };
}

/** Each text of a sale layer as viewers read it with this product; empty for other layers. */
export function saleTexts(layer: Layer, room: RoomConfig, product: Product | null): readonly string[] {
  const words = saleWords(room.language);
  const fill = (text: string): string => fillTemplate(text, room, product).trim();
  switch (layer.type) {
    case 'countdown':
      return [layer.title ?? words.flashSale, layer.offer, layer.ended ?? ''].map(fill);
    case 'coupon': {
      const { value, off, title, condition, how } = couponTexts(layer, room, product);
      return [`${title}: ${value} ${off}`, condition, how];
    }
    case 'ladder':
      return product === null || product.priceLadder.length === 0 ? [] : [fill(layer.title ?? words.byQuantity)];
    case 'attributes':
      return product === null
        ? []
        : [
            fill(layer.title ?? words.attributes),
            ...shownAttributes(layer, product, room.language).map(({ name, value }) => `${name}: ${value}`),
          ];
    case 'question':
      return [layer.user, layer.text];
    case 'announcement':
      return [fill(layer.text)];
    case 'bubble':
    case 'caption':
    case 'card':
    case 'image':
    case 'label':
    case 'media':
    case 'assistant':
    case 'presenter':
    case 'shape':
    case 'sticker':
    case 'text':
    case 'ticker':
      return [];
  }
}
