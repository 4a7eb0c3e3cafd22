import type { TwoTexts } from '../../core/alarm-kinds.js';
import type { Warning } from '../../intake/take-product.js';

const WARNINGS: Readonly<Record<Warning['kind'], TwoTexts>> = {
  'picture-left-out': { en: 'A picture was left out', zh: '未采用一张图片' },
  'no-picture': {
    en: 'No picture could be shown, so a plain one was drawn. Put your own in its place.',
    zh: '没有可用的图片，已生成占位图。请换成自己的图片。',
  },
  'visitor-currency': {
    en: 'The prices are in the currency of whoever saved the page. Choose your currency to confirm them.',
    zh: '价格是保存网页者所在地的货币。请选择货币以确认。',
  },
  'dropped-key': { en: 'A key that programs must not take over was left out', zh: '已忽略不安全的键' },
  'unread-place': { en: 'A part of the page could not be read', zh: '页面有一处无法读取' },
  'sold-out': { en: 'The listing says that it is sold out', zh: '商品页显示已售罄' },
};

/** What was left out, and why. */
export function warningText(warning: Warning): TwoTexts {
  const { en, zh } = WARNINGS[warning.kind];
  const reason = 'reason' in warning ? warning.reason : '';
  return reason === '' ? { en, zh } : { en: `${en}: ${reason}`, zh: `${zh}：${reason}` };
}

export interface ReadField {
  readonly field: string;
  readonly name: TwoTexts;
  readonly value: string;
}

const NAMES: Readonly<Record<string, TwoTexts>> = {
  title: { en: 'Title', zh: '标题' },
  price: { en: 'Price', zh: '价格' },
  priceLadder: { en: 'Prices by quantity', zh: '阶梯价' },
  minimumOrder: { en: 'Minimum order', zh: '起订量' },
  leadTime: { en: 'Lead time', zh: '交货期' },
  sample: { en: 'Sample', zh: '样品' },
  variants: { en: 'Variants', zh: '规格' },
  attributes: { en: 'Attributes', zh: '属性' },
  certificates: { en: 'Certificates', zh: '证书' },
  packing: { en: 'Packing', zh: '包装' },
  faq: { en: 'Questions and answers', zh: '问答' },
  facts: { en: 'Facts', zh: '事实' },
  images: { en: 'Pictures', zh: '图片' },
};

/** What was read of a page, a line a field. */
export function readFields(product: Readonly<Record<string, unknown>>): ReadField[] {
  return Object.entries(NAMES).flatMap(([field, name]) => {
    const value = valueText(product, field);
    return value === '' ? [] : [{ field, name, value }];
  });
}

interface Range {
  readonly from: number;
  readonly to?: number;
}

const range = ({ from, to }: Range): string =>
  to === undefined ? `≥ ${from}` : from === to ? `${from}` : `${from}–${to}`;
const listOf = <T>(value: unknown): readonly T[] => (Array.isArray(value) ? (value as T[]) : []);

function valueText(product: Readonly<Record<string, unknown>>, field: string): string {
  const value = product[field];
  const {
    amount = 0,
    currency = '',
    unit = '',
  } = (product['price'] ?? {}) as {
    amount?: number;
    currency?: string;
    unit?: string;
  };
  switch (field) {
    case 'price':
      return `${amount} ${currency}${unit === '' ? '' : ` / ${unit}`}`;
    case 'priceLadder':
      return listOf<Range & { price: number }>(value)
        .map((step) => `${range(step)}: ${step.price}`)
        .join(' · ');
    case 'leadTime':
      return listOf<Range & { days: number }>(value)
        .map((step) => `${range(step)}: ${step.days} d`)
        .join(' · ');
    case 'sample':
      return value === undefined ? '' : `${(value as { price: number }).price} ${currency}`;
    case 'variants':
      return listOf<{ name: string; values: unknown[] }>(value)
        .map(({ name, values }) => `${name} (${values.length})`)
        .join(', ');
    case 'attributes':
      return listOf<{ name: string; value: string }>(value)
        .map((one) => `${one.name}: ${one.value}`)
        .join(' · ');
    case 'certificates':
      return listOf<{ name: string }>(value)
        .map(({ name }) => name)
        .join(', ');
    case 'faq':
    case 'facts':
      return listOf(value).length === 0 ? '' : String(listOf(value).length);
    case 'images':
      return String(listOf(value).length + (product['image'] === undefined ? 0 : 1));
    default:
      return typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
  }
}

/** Drawn where a product has no picture. */
export const NO_PICTURE =
  '<svg xmlns="http://www.w3.org/2000/svg" width="600" height="600"><rect width="600" height="600" fill="#eef1f4"/>' +
  '<path d="M150 240 300 165l150 75v180l-150 75-150-75zM150 240l150 75 150-75M300 315v180" fill="none" stroke="#9aa7b4" stroke-width="12"/></svg>\n';
