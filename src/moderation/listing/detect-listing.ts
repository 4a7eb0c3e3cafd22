import type { Product } from '../../config/sections/product.js';
import { detectListingColours } from './detect-listing-colours.js';
import { detectListingCounts } from './detect-listing-counts.js';
import { ladderQuantities, listingLines, statedPrices } from './listing-lines.js';
import type { Match } from '../match.js';
import { type LastingTimes, lastingTimes, outlasts } from '../rules/lasting-times.js';
import { normalise } from '../normalise/normalise.js';
import { withFigures } from '../numbers/number-words.js';
import { type Quantity, quantities } from '../numbers/quantities.js';
import { detectSaidMinimum } from '../rules/said-minimum.js';
import { originalRange, type TextView } from '../normalise/text-view.js';

/**
 * What is said against what the listing says: a price it does not have (5.5), a discount, gift, stock or
 * warranty it does not give (5.1), a measure that contradicts one it states (2.1). What the listing is silent
 * about is not a contradiction, except for money and promises.
 */

const DISCOUNT =
  /(?:off|discount|save|cheaper|coupon|rabatt|descuento|desconto|sconto|reduction|remise|скидк|diskon|indirim|giam|ลด|割引|オフ|할인|छूट|znizk|rabat|korting|процент|moins|meno il|خصم|giam gia|discount|خصم|优惠|立减|减免|便宜|省|折扣|降价|直降)/;
const MINIMUM =
  /(?:moq|minimum order|min order|at least|start with|start from|starting at|orders? from|起订|起批|起售|就能拿|起拿|起卖|起定|minimo|minima|mindest|минимальн|minimum|ab nur|desde|a partir d|от (?=\d)|最低注文|最小注文|최소|न्यूनतम|minimaln|الحد الادنى|ขั้นต่ำ|toi thieu|minimal)/;
/** "A hundred pieces, that's the minimum": no other figure follows. */
const MIN_BEHIND =
  /^[^\d.!?]{0,16}(?:moq|minimum|minimo|minima|mindest|минимум|минимальн|起订|起批|起定|ขั้นต่ำ|toi thieu|最低|최소|न्यूनतम)[^\d]*$/;
const WARRANTY =
  /(?:warranty|guarantee|质保|保修|保证|三包|garantia|garantie|garanzia|гаранти|garansi|garanti|bao hanh|รับประกัน|保証|보증|वारंटी|gwarancj|ضمان|waarborg|गारंटी)/;
const LIFETIME =
  /(?:lifetime (?:warranty|guarantee)|终身(?:质保|保修|保固)|garantia de por vida|garantia vitalicia|garantie a vie|lebenslange garantie)/g;
const SHIPPING =
  /(?:free shipping|包邮|envio gratis|frete gratis|livraison gratuite|kostenloser versand|spedizione gratuita|бесплатн\S{0,4} доставк|gratis ongkir|送料無料|무료배송|darmowa wysylka|gratis verzending|mien phi van chuyen|ส่งฟรี|ucretsiz kargo|kargo bedava|شحن مجاني|frete gratis|envio gratis|मुफ़्त डिलीवरी)/g;
const TENTHS = /(?<![\d.])(\d(?:\.\d)?)\s?折/g;
const SAME = 0.005;
const NEAR_CHARS = 24;
const CLAUSE_CHARS = 48;
/** A minimum without a unit: "MOQ is just 50", 起订量五十. */
const BARE_MINIMUM = /(?:moq|minimum order|起订量?|起批量?)[^\d.。]{0,12}(\d{1,6})(?!\d|\.\d)/g;
const HALF_PRICE =
  /(?:half price|half off|半价|半額|a mitad de precio|mitad de precio|metade do preco|moitie prix|halber preis|halben preis|meta prezzo|полцены|반값|nua gia|ครึ่งราคา|yari fiyat|setengah harga|आधी कीमत|आधे दाम|pol ceny|halve prijs|نصف السعر)/g;
const SHIPS =
  /(?:ship|deliver|lead time|dispatch|arrive|发货|到货|交期|出货|送达|envi|entreg|livr|liefer|versand|spedi|consegn|достав|отправ|теслим|teslim|kargo|kirim|giao|จัดส่ง|ส่งของ|発送|納期|届|배송|발송|डिलीवरी|wysyl|dostaw|verzend|lever|شحن|توصيل)/;
/** How tall somebody is says nothing of the goods. */
const TALL = /身高|女生|男生|个子|模特|主播|\btall\b|mide el modelo|рост|grossen? model|模型身長|身長|키가/;
/** What lasts is compared with the listing's only where both speak of the same thing. */
const TIMES: ReadonlySet<string> = new Set(['minutes', 'hours', 'days', 'months', 'years']);
const WORD = /[a-z\u0430-\u044f]{4,}|\p{Script=Han}{2}/gu;

interface Entry {
  readonly text: string;
  readonly products: readonly Product[];
  readonly quantities: readonly Quantity[];
  readonly figures: ReadonlySet<number>;
  /** The facts, folded. */
  readonly facts: readonly string[];
  /** The titles, folded. */
  readonly titles: readonly string[];
  /** Beginnings of the words in the facts that tell of a time. */
  readonly timed: ReadonlySet<string>;
  readonly lasting: LastingTimes;
}

const cache = new WeakMap<readonly Product[], Entry>();

const stems = (text: string): string[] =>
  [...text.matchAll(WORD)].flatMap((m) => (m[0].length > 2 ? [m[0].slice(0, 4)] : [m[0]]));
/** Pairs of Chinese characters at every place. */
const allStems = (text: string): string[] => [...stems(text), ...stems(text.replace(/\p{Script=Han}/u, ' '))];

function readEntry(products: readonly Product[], languages: ReadonlySet<string>): Entry {
  let entry = cache.get(products);
  if (entry === undefined) {
    const stated = products.flatMap(listingLines);
    const text = products
      .flatMap((p) => [p.title, p.subtitle, p.minimumOrder])
      .concat(stated)
      .join(' \n ');
    const view = withFigures(normalise(text).folded, languages);
    const facts = stated.map((f) => normalise(f).folded.text);
    const titles = products.map((p) => normalise(p.title).folded.text);
    const timed = stated.flatMap((fact) => {
      const { text: read } = withFigures(normalise(fact).folded, languages);
      const times = quantities(read).filter((q) => TIMES.has(q.family));
      return times.length > 0 ? allStems(without(read, times)) : [];
    });
    const lasting = new Map<string, number>();
    for (const fact of stated) {
      const { text: read } = withFigures(normalise(fact).folded, languages);
      lastingTimes(read, quantities(read), lasting);
    }
    const figures = new Set<number>(
      [...view.text.matchAll(/\d{1,9}(?:[.,]\d{1,3})?/g)].map((m) => Number(m[0].replace(',', '.'))),
    );
    entry = {
      text: view.text,
      products,
      quantities: quantities(view.text),
      figures,
      facts,
      titles,
      timed: new Set(timed),
      lasting,
    };
    cache.set(products, entry);
  }
  return entry;
}

/** The text without the quantities themselves. */
const without = (text: string, of: readonly Quantity[]): string =>
  of.reduceRight((t, q) => `${t.slice(0, q.start)} ${t.slice(q.end)}`, text);

/** What stands before a figure in its clause, as far as no other figure. */
const clauseBefore = (text: string, at: number): string =>
  /[^\d,.;:!?，。；：]*$/.exec(text.slice(Math.max(0, at - CLAUSE_CHARS), at))![0];

const same = (a: number, b: number): boolean => Math.abs(a - b) <= Math.max(SAME, Math.abs(b) * 1e-4);

function isListedPrice(value: number, entry: Entry, others: readonly number[]): boolean {
  if (entry.quantities.some((q) => q.family === 'money' && same(q.value, value))) return true;
  for (const product of entry.products) {
    const { price } = product;
    if (statedPrices(product).some((stated) => same(stated, value))) return true;
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

function isListedWarranty(q: Quantity, entry: Entry): boolean {
  const months = q.family === 'months' ? q.value : q.value * 12;
  return entry.quantities.some(
    (o) => (o.family === 'months' && same(o.value, months)) || (o.family === 'years' && same(o.value * 12, months)),
  );
}

const minimumsOf = (products: readonly Product[]): number[] =>
  products.flatMap((p) => {
    const figure = /\d{1,9}/.exec(p.minimumOrder.replace(/[,. ](?=\d{3})/g, ''));
    return figure === null ? [] : [Number(figure[0])];
  });

/** `languages`: those the text may be in. `gifts` and `scarcity` are original ranges of words such as "free gift" and "only … left". */
export function detectListingConflicts(
  folded: TextView,
  products: readonly Product[],
  gifts: readonly { start: number; end: number }[],
  scarcity: readonly { start: number; end: number }[],
  languages: ReadonlySet<string>,
): Match[] {
  const entry = readEntry(products, languages);
  const view = withFigures(folded, languages);
  const text = view.text;
  const found: Match[] = [];
  const add = (rule: string, kind: string, start: number, end: number): void => {
    found.push({ rule, kind, ...originalRange(view, start, end) });
  };
  const said = quantities(text);
  // "From 500 pieces 4.20 dollars" is a step of the price ladder, not the minimum order.
  const namesPrice = said.some((q) => q.family === 'money');
  const steps = products.flatMap(ladderQuantities);
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
      const before = text.slice(Math.max(0, q.start - NEAR_CHARS), q.end + 6);
      if (
        !MINIMUM.test(before) &&
        !MINIMUM.test(clauseBefore(text, q.start)) &&
        !MIN_BEHIND.test(text.slice(q.end, q.end + NEAR_CHARS + 6))
      )
        continue;
      const minimum = minimumsOf(products);
      if (namesPrice && steps.includes(q.value) && q.value >= Math.min(...minimum)) continue;
      if (minimum.length > 0 && !minimum.includes(q.value)) add('5.5', 'minimum-order', q.start, q.end);
    } else if ((q.family === 'years' || q.family === 'months') && WARRANTY.test(context)) {
      if (!isListedWarranty(q, entry)) add('5.1', 'warranty', q.start, q.end);
    } else if ((q.family === 'days' || q.family === 'hours') && SHIPS.test(context)) {
      const days = q.family === 'days' ? q.value : q.value / 24;
      const stated = entry.quantities.filter((o) => o.family === 'days');
      if (stated.length > 0 && !stated.some((o) => o.value <= days)) add('5.1', 'delivery', q.start, q.end);
    } else if (outlasts(text, q, entry.lasting)) {
      add('2.1', 'spec', q.start, q.end);
    } else if (q.family === 'length' && TALL.test(context)) {
      continue;
    } else if (TIMES.has(q.family) && !allStems(context).some((w) => entry.timed.has(w))) {
      continue;
    } else {
      const stated = entry.quantities.filter((o) => o.family === q.family);
      if (stated.length > 0 && !stated.some((o) => Math.abs(o.value - q.value) <= Math.abs(o.value) * 0.011))
        add('2.1', 'spec', q.start, q.end);
    }
  }
  const minima = minimumsOf(products);
  for (const m of text.matchAll(BARE_MINIMUM)) {
    const counted = said.some((q) => q.start < m.index + m[0].length && q.end > m.index);
    if (!counted && minima.length > 0 && !minima.includes(Number(m[1])))
      add('5.5', 'minimum-order', m.index, m.index + m[0].length);
  }
  for (const m of text.matchAll(HALF_PRICE)) {
    if (!isListedDiscount(50, true, entry)) add('5.1', 'discount', m.index, m.index + m[0].length);
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
  found.push(
    ...detectListingColours(view, entry.facts),
    ...detectListingCounts(view, entry.text, entry.titles, minima),
  );
  found.push(...detectSaidMinimum(view, minima));
  return found;
}
