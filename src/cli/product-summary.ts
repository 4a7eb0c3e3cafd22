import type { Product } from '../config/sections/product.js';
import type { TakenProduct, Warning } from '../intake/take-product.js';
import type { Listing } from '../listing/listing.js';
import { onOneLine } from './print-lines.js';
import type { TerminalLanguage } from './terminal/terminal-language.js';

type Words = Readonly<Record<TerminalLanguage, string>>;
const word = (en: string, zh: string): Words => ({ en, zh });

const NAMES = {
  price: word('Price', '价格'),
  minimumOrder: word('Minimum order', '起订量'),
  leadTime: word('Lead time', '交货期'),
  sample: word('Sample', '样品'),
  certificates: word('Certificates', '证书'),
  attributes: word('Attributes', '属性'),
  faq: word('Questions', '问答'),
  pictures: word('Pictures', '图片'),
  stock: word('Stock', '库存'),
} as const;
const SOLD_OUT = word('sold out', '已售罄');
const DAYS = word('days', '天');
const MAX_VALUES = 8;
const MAX_ATTRIBUTES = 6;

const range = ({ from, to }: { from: number; to?: number | undefined }): string =>
  to === undefined ? `≥ ${from}` : from === to ? String(from) : `${from}–${to}`;

/** The product for a person to read: one line a field, without empty fields. */
export function productSummary(product: Product, language: TerminalLanguage): string[] {
  const money = (amount: number): string =>
    new Intl.NumberFormat(language, { style: 'currency', currency: product.price.currency }).format(amount);
  const rows: [string, string][] = [];
  const add = (name: string, value: string): void => {
    if (value !== '') rows.push([name, value]);
  };
  const { unit } = product.price;
  const ladder = product.priceLadder.map((step) => `${range(step)}: ${money(step.price)}`);
  add(
    NAMES.price[language],
    ladder.length > 0 ? ladder.join('  ') : `${money(product.price.amount)}${unit === '' ? '' : ` / ${unit}`}`,
  );
  add(NAMES.minimumOrder[language], product.minimumOrder);
  add(
    NAMES.leadTime[language],
    product.leadTime.map((step) => `${range(step)}: ${step.days} ${DAYS[language]}`).join('  '),
  );
  if (product.sample !== undefined) add(NAMES.sample[language], money(product.sample.price));
  for (const { name, values } of product.variants)
    add(
      name,
      some(
        values.map((one) => one.name),
        MAX_VALUES,
      ),
    );
  add(NAMES.certificates[language], product.certificates.map((one) => one.name).join(', '));
  add(
    NAMES.attributes[language],
    some(
      product.attributes.map((one) => `${one.name}: ${one.value}`),
      MAX_ATTRIBUTES,
    ),
  );
  if (product.faq.length > 0) add(NAMES.faq[language], String(product.faq.length));
  if (product.stock === 'sold-out') add(NAMES.stock[language], SOLD_OUT[language]);
  return [
    onOneLine(product.title, 200),
    ...rows.map(([name, value]) => `  ${onOneLine(name, 60)}: ${onOneLine(value, 400)}`),
  ];
}

const some = (values: readonly string[], max: number): string =>
  values.length <= max ? values.join(', ') : `${values.slice(0, max).join(', ')} … (${values.length})`;

const WARNINGS: Readonly<Record<Warning['kind'], Words>> = {
  'picture-left-out': word('Picture left out', '未采用图片'),
  'no-picture': word(
    'No picture could be shown: a plain one was drawn; put your own in its place',
    '没有可用的图片：已生成占位图，请换成自己的图片',
  ),
  'visitor-currency': word(
    'Prices are in the currency of whoever saved the page, which the seller did not choose; --currency with its code confirms it',
    '价格是保存网页者所在地的货币，卖家并未选择；加上 --currency 和货币代码即表示确认',
  ),
  'dropped-key': word('A key that programs must not take over was left out', '已忽略不安全的键'),
  'unread-place': word('Could not be read', '无法读取'),
  'sold-out': word('The listing says that it is sold out', '商品页显示已售罄'),
};

export function warningText(warning: Warning, language: TerminalLanguage): string {
  const text = WARNINGS[warning.kind][language];
  if (warning.kind === 'dropped-key') return `${text}: ${onOneLine(warning.what, 200)}`;
  if (warning.kind === 'picture-left-out' || warning.kind === 'unread-place')
    return `${text}: ${onOneLine(warning.what, 200)}: ${onOneLine(warning.reason, 200)}`;
  return warning.what === '' || warning.kind !== 'visitor-currency' ? text : `${text} (${warning.what})`;
}

const TAKEN = word('Taken from', '数据来源');
const FROM_TEXT = word('the text', '文本');

/** Where on the page the product was found. */
export function originsText({ origins }: Pick<Listing, 'origins'>, language: TerminalLanguage): string {
  const colon = language === 'zh' ? '：' : ': ';
  const [first, ...others] = origins;
  if (first === undefined) return `${TAKEN[language]}${colon}${FROM_TEXT[language]}`;
  return `${TAKEN[language]}${colon}${[first.place, ...others.map((one) => `${one.place} (${one.fields.join(', ')})`)].join('; ')}`;
}

const WRITTEN = word('Written to', '已写入');
const NEXT = word('Next', '下一步');

/** Where it went, and the next step. */
export function writtenText({ file, product }: TakenProduct, isRoom: boolean, language: TerminalLanguage): string[] {
  if (file === undefined) return [];
  const pictures = 1 + product.images.length;
  const colon = language === 'zh' ? '：' : ': ';
  const lines = [`${WRITTEN[language]}${colon}${file} (${product.id}; ${NAMES.pictures[language]} ${pictures})`];
  if (isRoom)
    lines.push(`${NEXT[language]}${colon}engine check ${/[^\w./-]/.test(file) ? JSON.stringify(file) : file}`);
  return lines;
}
