import type { Product } from '../../config/product.js';
import type { Found } from './found.js';
import { normalise } from './normalise.js';
import { withFigures } from './number-words.js';
import { type Quantity, quantities } from './quantities.js';
import { originalRange, type TextView } from './text-view.js';

/**
 * What is said against what the listing says: a price it does not have (5.5), a discount, gift, stock or
 * warranty it does not give (5.1), a measure that contradicts one it states (2.1). What the listing is silent
 * about is not a contradiction, except for money and promises.
 */

const DISCOUNT =
  /(?:off|discount|save|cheaper|coupon|rabatt|descuento|desconto|sconto|reduction|remise|скидк|diskon|indirim|giam|ลด|割引|オフ|할인|छूट|znizk|rabat|korting|خصم|优惠|立减|减免|便宜|省|折扣|降价|直降)/;
const MINIMUM = /(?:moq|minimum order|min order|at least|起订|起批|起售|minimo|minima|mindest|минимальн|minimum)/;
const WARRANTY =
  /(?:warranty|guarantee|质保|保修|三包|garantia|garantie|garanzia|гаранти|garansi|garanti|bao hanh|รับประกัน|保証|보증|वारंटी|gwarancj|ضمان)/;
const LIFETIME =
  /(?:lifetime (?:warranty|guarantee)|终身(?:质保|保修|保固)|garantia de por vida|garantia vitalicia|garantie a vie|lebenslange garantie)/g;
const SHIPPING =
  /(?:free shipping|包邮|envio gratis|frete gratis|livraison gratuite|kostenloser versand|spedizione gratuita|бесплатн\S{0,4} доставк|gratis ongkir|送料無料|무료배송)/g;
const TENTHS = /(?<![\d.])(\d(?:\.\d)?)\s?折/g;
const SAME = 0.005;
const NEAR_CHARS = 24;

interface Entry {
  readonly text: string;
  readonly products: readonly Product[];
  readonly quantities: readonly Quantity[];
  readonly figures: ReadonlySet<number>;
}

const cache = new WeakMap<readonly Product[], Entry>();

function readEntry(products: readonly Product[]): Entry {
  let entry = cache.get(products);
  if (entry === undefined) {
    const text = products.map((p) => [p.title, p.subtitle, p.minimumOrder, ...p.facts].join(' \n ')).join(' \n ');
    const view = withFigures(normalise(text).folded);
    const figures = new Set<number>(
      [...view.text.matchAll(/\d{1,9}(?:[.,]\d{1,3})?/g)].map((m) => Number(m[0].replace(',', '.'))),
    );
    entry = { text: view.text, products, quantities: quantities(view.text), figures };
    cache.set(products, entry);
  }
  return entry;
}

const same = (a: number, b: number): boolean => Math.abs(a - b) <= Math.max(SAME, Math.abs(b) * 1e-4);

function isListedPrice(value: number, entry: Entry, others: readonly number[]): boolean {
  if (entry.quantities.some((q) => q.family === 'money' && same(q.value, value))) return true;
  for (const { price } of entry.products) {
    if (same(price.amount, value) || (price.was !== undefined && same(price.was, value))) return true;
    if (others.some((n) => n >= 2 && Number.isInteger(n) && same(price.amount * n, value))) return true;
  }
  return false;
}

function isListedDiscount(value: number, percent: boolean, entry: Entry): boolean {
  if (entry.quantities.some((q) => q.family === (percent ? 'percent' : 'money') && same(q.value, value))) return true;
  return entry.products.some(({ price }) => {
    if (price.was === undefined || price.was <= 0) return false;
    return percent
      ? Math.abs((1 - price.amount / price.was) * 100 - value) <= 1
      : same(price.was - price.amount, value);
  });
}

/** `gifts` and `scarcity` are original ranges of words such as "free gift" and "only … left". */
export function detectEntryConflicts(
  folded: TextView,
  products: readonly Product[],
  gifts: readonly { start: number; end: number }[],
  scarcity: readonly { start: number; end: number }[],
): Found[] {
  const entry = readEntry(products);
  const view = withFigures(folded);
  const text = view.text;
  const found: Found[] = [];
  const add = (rule: string, kind: string, start: number, end: number): void => {
    found.push({ rule, kind, ...originalRange(view, start, end) });
  };
  const said = quantities(text);
  const around = (q: Quantity): string => text.slice(Math.max(0, q.start - NEAR_CHARS), q.end + NEAR_CHARS);
  for (const q of said) {
    const context = around(q);
    if (q.family === 'money') {
      const counts = said.filter((o) => o.family === 'pieces').map((o) => o.value);
      if (DISCOUNT.test(context) && isListedDiscount(q.value, false, entry)) continue;
      if (!isListedPrice(q.value, entry, counts)) add(DISCOUNT.test(context) ? '5.1' : '5.5', 'price', q.start, q.end);
    } else if (q.family === 'percent' && DISCOUNT.test(context)) {
      if (!isListedDiscount(q.value, true, entry)) add('5.1', 'discount', q.start, q.end);
    } else if (q.family === 'pieces') {
      if (!MINIMUM.test(text.slice(Math.max(0, q.start - NEAR_CHARS), q.end + 6))) continue;
      const minimum = entry.products
        .map((p) => /\d{1,9}/.exec(p.minimumOrder.replace(/[,. ](?=\d{3})/g, '')))
        .filter((m) => m !== null);
      if (minimum.length > 0 && !minimum.some((m) => same(Number(m[0]), q.value)))
        add('5.5', 'minimum-order', q.start, q.end);
    } else if (q.family === 'years' && WARRANTY.test(context)) {
      if (!entry.figures.has(q.value)) add('5.1', 'warranty', q.start, q.end);
    } else {
      const stated = entry.quantities.filter((o) => o.family === q.family);
      if (stated.length > 0 && !stated.some((o) => Math.abs(o.value - q.value) <= Math.abs(o.value) * 0.011))
        add('2.1', 'spec', q.start, q.end);
    }
  }
  for (const m of text.matchAll(TENTHS)) {
    if (!isListedDiscount(100 - Number(m[1]) * 10, true, entry)) add('5.1', 'discount', m.index, m.index + m[0].length);
  }
  for (const pattern of [LIFETIME, SHIPPING]) {
    for (const m of text.matchAll(pattern)) {
      if (!entry.text.includes(m[0])) add('5.1', 'promise', m.index, m.index + m[0].length);
    }
  }
  if (
    !/gift|free |bonus|赠|送|regalo|brinde|cadeau|geschenk|omaggio|подар|هديه|hediye|hadiah|qua tang|ของแถม|おまけ|プレゼント|사은품|उपहार|prezent|gratis|cadeau/.test(
      entry.text,
    )
  ) {
    for (const g of gifts) found.push({ rule: '5.1', kind: 'gift', ...g });
  }
  for (const s of scarcity) {
    const number = said.find((q) => {
      const r = originalRange(view, q.start, q.end);
      return r.start < s.end + 12 && r.end > s.start - 12;
    });
    if (number !== undefined && number.family !== 'pieces') continue;
    const figures = [...text.matchAll(/\d{1,7}/g)].map((m) => ({
      value: Number(m[0]),
      ...originalRange(view, m.index, m.index + m[0].length),
    }));
    const near = figures.find((f) => f.start < s.end + 14 && f.end > s.start - 14);
    const value = number?.value ?? near?.value;
    if (value !== undefined && !entry.figures.has(value))
      found.push({
        rule: '5.1',
        kind: 'stock',
        start: Math.min(s.start, near?.start ?? s.start),
        end: Math.max(s.end, near?.end ?? s.end),
      });
  }
  return found;
}
