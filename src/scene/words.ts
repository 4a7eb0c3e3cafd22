/** The engine's own words on the picture, by language. */
import { findLanguage, formatPrice } from '../config/languages/language-table.js';
import type { RoomConfig } from '../config/room-config.js';
import type { Product } from '../config/sections/product.js';

/** True when a text uses a field of the current product. */
export const namesProduct = (text: string): boolean => /\{\{\s*product\./.test(text);

/** Fills in {{product.…}} and {{room.name}}; unknown fields become empty. */
export function fillTemplate(text: string, room: RoomConfig, product: Product | null): string {
  return text.replace(/\{\{\s*([a-z.]+)\s*\}\}/gi, (all, name: string) => {
    switch (name) {
      case 'room.name':
        return room.title === '' ? room.name : room.title;
      case 'product.title':
        return product?.title ?? '';
      case 'product.subtitle':
        return product?.subtitle ?? '';
      case 'product.minimumOrder':
        return product?.minimumOrder ?? '';
      case 'product.price':
        return product === null ? '' : formatPrice(product.price.amount, product.price.currency, room.language);
      default:
        return all;
    }
  });
}

export const primary = (language: string): string => {
  const tag = language.toLowerCase();
  if (/^(zh-(.*-)?(hant|tw|hk|mo)|yue)\b/.test(tag)) return 'zh-hant';
  const first = tag.split(/[-_]/)[0]!;
  return ALIASES[first] ?? first;
};
const ALIASES: Readonly<Record<string, string>> = { cmn: 'zh', nb: 'no', nn: 'no', tl: 'fil', iw: 'he', in: 'id' };

const pick = (table: Readonly<Record<string, string>>, language: string): string =>
  table[primary(language)] ?? table['en']!;

/** The AI label in a language; English where the language is unknown. */
export const aiLabel = (language: string): string => (findLanguage(language) ?? findLanguage('en')!).label;

const MINIMUM_ORDER: Readonly<Record<string, string>> = {
  ar: 'الحد الأدنى للطلب',
  cs: 'Min. objednávka',
  de: 'Mindestmenge',
  el: 'Ελάχ. παραγγελία',
  en: 'Min. order',
  es: 'Pedido mín.',
  fr: 'Commande min.',
  he: 'מינימום הזמנה',
  hi: 'न्यूनतम ऑर्डर',
  hu: 'Min. rendelés',
  id: 'Min. pesanan',
  it: 'Ordine min.',
  ja: '最小注文数',
  ko: '최소 주문',
  ms: 'Pesanan min.',
  nl: 'Min. bestelling',
  pl: 'Min. zamówienie',
  pt: 'Pedido mín.',
  ro: 'Comandă min.',
  ru: 'Мин. заказ',
  th: 'สั่งซื้อขั้นต่ำ',
  tr: 'Min. sipariş',
  uk: 'Мін. замовлення',
  vi: 'Đặt tối thiểu',
  zh: '起订量',
  'zh-hant': '起訂量',
};

/** "Minimum order" as the price card says it. */
export const minimumOrderWord = (language: string): string => pick(MINIMUM_ORDER, language);
