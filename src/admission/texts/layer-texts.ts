import { findDrawnCode } from '../../moderation/index.js';
import type { Layer } from '../../config/sections/layer.js';
import type { Product } from '../../config/sections/product.js';
import type { RoomConfig } from '../../config/room-config.js';
import { fillTemplate } from '../../scene/words.js';
import { couponTexts, shownAttributes } from '../../scene/sale/sale-texts.js';

const TEXTS: Readonly<Record<string, string>> = {
  ar: 'سنعود بعد لحظات',
  de: 'Wir sind gleich zurück',
  en: 'We will be right back',
  es: 'Volvemos enseguida',
  fr: 'Nous revenons tout de suite',
  hi: 'हम अभी लौटते हैं',
  id: 'Kami segera kembali',
  it: 'Torniamo subito',
  ja: 'まもなく再開します',
  ko: '잠시 후 다시 시작합니다',
  ms: 'Kami akan kembali sebentar lagi',
  nl: 'We zijn zo terug',
  pl: 'Zaraz wracamy',
  pt: 'Voltamos já',
  ru: 'Скоро вернёмся',
  th: 'สักครู่เรากลับมา',
  tr: 'Birazdan döneceğiz',
  vi: 'Chúng tôi sẽ trở lại ngay',
  zh: '马上回来',
};

/** The text of a room's slate. */
export const slateOf = ({ compliance, language }: RoomConfig): string => compliance.slateText ?? slateText(language);

/** The slate's text in a language (BCP-47); English for languages without one. */
const slateText = (language: string): string => TEXTS[language.toLowerCase().split('-')[0]!] ?? TEXTS['en']!;

const WORDY = /[\p{L}\p{N}]/u;

/** A text on the picture, with its place in the room file. */
export interface ShownText {
  readonly where: string;
  readonly text: string;
  /** Shown only while this product is presented. */
  readonly product?: string;
}

/** A layer's own texts; texts filled in by the product are in `productTexts`. */
export function layerTexts(layer: Layer, where: string): ShownText[] {
  const texts = writtenOn(layer, where);
  const { product } = layer;
  return product === undefined ? texts : texts.map((text) => ({ ...text, product }));
}

function writtenOn(layer: Layer, where: string): ShownText[] {
  switch (layer.type) {
    case 'text':
    case 'bubble':
      return [{ where: `${where}.text`, text: layer.text }];
    case 'label':
      return layer.text === undefined ? [] : [{ where: `${where}.text`, text: layer.text }];
    case 'ticker': {
      const items = layer.items.map((text, i) => ({ where: `${where}.items[${i}]`, text }));
      // Of signs it only parts the items; with letters, or as a part of a drawing, it stands between any two of them.
      const separator = { where: `${where}.separator`, text: layer.separator };
      const isRead = WORDY.test(layer.separator) || findDrawnCode(layer.separator) !== undefined;
      return isRead ? items.flatMap((item) => [item, separator]) : items;
    }
    case 'countdown':
      return [
        ...optional(`${where}.title`, layer.title),
        { where: `${where}.offer`, text: layer.offer },
        ...optional(`${where}.ended`, layer.ended),
      ];
    case 'coupon':
      return [...optional(`${where}.condition`, layer.condition), ...optional(`${where}.how`, layer.how)];
    case 'ladder':
    case 'attributes':
      return optional(`${where}.title`, layer.title);
    case 'question':
      return [
        ...(layer.user === '' ? [] : [{ where: `${where}.user`, text: layer.user }]),
        { where: `${where}.text`, text: layer.text },
      ];
    case 'announcement':
      return [{ where: `${where}.text`, text: layer.text }];
    case 'image':
    case 'sticker':
    case 'shape':
    case 'media':
    case 'card':
    case 'caption':
    case 'assistant':
    case 'presenter':
      return [];
  }
}

const optional = (where: string, text: string | undefined): ShownText[] =>
  text === undefined || text === '' ? [] : [{ where, text }];

/** Texts that a layer makes from products: a coupon's value, a table of attributes. */
export function composedTexts(layer: Layer, where: string, room: RoomConfig): ShownText[] {
  if (layer.type === 'coupon') {
    const { value, off, title, condition } = couponTexts(layer, room, room.products[0] ?? null);
    const text = [`${title}: ${value} ${off}`, layer.condition === undefined ? condition : ''].join('. ').trim();
    return [{ where, text, ...(layer.product === undefined ? {} : { product: layer.product }) }];
  }
  if (layer.type !== 'attributes') return [];
  return room.products
    .filter(({ id }) => layer.product === undefined || layer.product === id)
    .flatMap((product) =>
      shownAttributes(layer, product, room.language).map(({ name, value, listed }) => ({
        where: `product "${product.id}".attributes "${listed}"`,
        text: `${name}: ${value}`,
        product: product.id,
      })),
    );
}

/** The texts of a product that its card shows. */
export const productTextsOf = (p: Product, where: string): ShownText[] =>
  [
    ...(['title', 'subtitle', 'minimumOrder'] as const).map((key) => ({ where: `${where}.${key}`, text: p[key] })),
    { where: `${where}.price.unit`, text: p.price.unit },
  ].filter(({ text }) => text !== '');

const productTexts = (room: RoomConfig): ShownText[] =>
  room.products.flatMap((p, i) => productTextsOf(p, `products[${i}]`));

/** Texts as viewers read them: a template filled with each possible product. */
export function filledTexts(texts: readonly ShownText[], room: RoomConfig): ShownText[] {
  return texts.flatMap((shown) => {
    const { text } = shown;
    if (!text.includes('{{')) return [shown];
    const fills = room.products.filter(({ id }) => shown.product === undefined || id === shown.product);
    const products = fills.length === 0 ? [null] : fills;
    const filled = new Set(products.map((product) => fillTemplate(text, room, product)));
    return [...filled].map((one) => ({ ...shown, text: one }));
  });
}

/** The room's title, shown on the slate and in templates. */
const roomName = ({ title, name }: RoomConfig): ShownText =>
  title === '' ? { where: 'name', text: name } : { where: 'title', text: title };

/** All texts on the picture except captions, including the slate. */
export const shownTexts = (room: RoomConfig): ShownText[] => [
  roomName(room),
  ...room.layers.flatMap((l, i) => [...layerTexts(l, `layers[${i}]`), ...composedTexts(l, `layers[${i}]`, room)]),
  ...productTexts(room),
  ...(room.compliance.slateText === undefined
    ? []
    : [{ where: 'compliance.slateText', text: room.compliance.slateText }]),
];
