import { type Attribute, completeListing, type Listing, type PriceStep, type QuestionAnswer } from '../listing.js';
import { PageValue } from '../page-tree.js';

const CURRENCIES: readonly (readonly [RegExp, string])[] = [
  [/US\s?\$|USD|dollars?/i, 'USD'],
  [/€|EUR|euros?/i, 'EUR'],
  [/£|GBP/i, 'GBP'],
  [/¥|￥|元|RMB|CNY/i, 'CNY'],
  [/₹|INR/i, 'INR'],
  [/₽|RUB/i, 'RUB'],
  [/\$/, 'USD'],
];
const PRICE = /^(?:price|unit price|价格|单价|precio|prix|preis|preço|prezzo|цена|가격|価格)$/i;
const MINIMUM = /^(?:moq|min(?:imum)?\.? order(?: quantity)?|最小起订量|起订量|pedido mínimo|mindestbestellmenge)$/i;
const TITLE = /^(?:title|name|product|标题|品名|产品名称|título|titel|titre)$/i;
const QUESTION = /^(?:q|question|问|pregunta|frage)$/i;
const ANSWER = /^(?:a|answer|答|respuesta|antwort)$/i;
const LEAD_TIME = /^(?:lead time|delivery time|交货期|发货时间|plazo de entrega|lieferzeit)$/i;
/** "100-499 pieces: $4.20", "≥ 500 pieces: $4", "500 pieces or more: $4", "500件以上：4元". */
const STEP =
  /^(?:≥|>=|from|ab|desde|à partir de|a partir de|da|от)?\s*(\d[\d,]*)\s*(?:[-–~]\s*(\d[\d,]*))?\s*\+?\s*([\p{L}]+?)?(?:\s+(?:or|and) (?:more|above|up|over)|\s+y más|\s+o más|\s+et plus|\s+und mehr|\s+ou mais|\s+o più|\s+и более|\s*及?以上|\s*起)?\s*[:：]\s*(.*\d.*)$/iu;
const MAX_LINES = 400;
const MAX_LINE_CHARS = 1000;

/** The steps, below them the price that stands alone. */
function ladderOf(steps: readonly PriceStep[], price: number | undefined, minimumOrder: number): PriceStep[] {
  const sorted = [...steps].sort((a, b) => a.from - b.from);
  const first = sorted[0];
  if (price === undefined || (first !== undefined && first.from <= minimumOrder)) return sorted;
  return [{ from: minimumOrder, ...(first !== undefined && { to: first.from - 1 }), price }, ...sorted];
}

/**
 * Text that a seller pasted: the first line is the title; then lines such as "Price: US $4.80", "MOQ: 50 pieces", "Material: steel",
 * "Q: … A: …", and steps such as "100-499 pieces: $4.20".
 */
export function readPastedText(text: string): Listing {
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.slice(0, MAX_LINE_CHARS).replace(/\s+/g, ' ').trim())
    .filter((line) => line !== '')
    .slice(0, MAX_LINES);
  let title = '';
  let currency: string | undefined;
  let price: number | undefined;
  let minimumOrder: number | undefined;
  let unit: string | undefined;
  const steps: { from: number; to?: number; price: number }[] = [];
  const attributes: Attribute[] = [];
  const faq: QuestionAnswer[] = [];
  const leadTime: { from: number; days: number }[] = [];
  let question: string | undefined;
  const moneyOf = (value: string): number | undefined => {
    currency ??= CURRENCIES.find(([sign]) => sign.test(value))?.[1];
    return new PageValue(/\d[\d,]*(?:\.\d+)?/.exec(value)?.[0]).number;
  };
  for (const line of lines) {
    const step = STEP.exec(line);
    if (step !== null) {
      const amount = moneyOf(step[4]!);
      const from = new PageValue(step[1]).number;
      const to = new PageValue(step[2]).number;
      if (amount !== undefined && from !== undefined) {
        steps.push({ from, ...(to !== undefined && { to }), price: amount });
        unit ??= step[3]?.toLowerCase();
        continue;
      }
    }
    const pair = /^([^:：]{1,60})[:：]\s*(.+)$/.exec(line);
    if (pair === null) {
      if (title === '') title = line;
      continue;
    }
    const [, name, value] = pair as unknown as [string, string, string];
    if (TITLE.test(name)) title = value;
    else if (PRICE.test(name)) price = moneyOf(value);
    else if (MINIMUM.test(name)) {
      minimumOrder = new PageValue(/\d[\d,]*/.exec(value)?.[0]).number;
      unit ??= /\d\s*([\p{L}]+)/u.exec(value)?.[1]?.toLowerCase();
    } else if (LEAD_TIME.test(name)) {
      const days = new PageValue(/\d+/.exec(value)?.[0]).number;
      if (days !== undefined) leadTime.push({ from: 1, days });
    } else if (QUESTION.test(name)) question = value;
    else if (ANSWER.test(name) && question !== undefined) {
      faq.push({ question, answer: value });
      question = undefined;
    } else if (title === '') title = line;
    else attributes.push({ name: name.trim(), value });
  }
  return completeListing({
    source: 'pasted-text',
    title,
    currency,
    priceLadder: ladderOf(steps, price, minimumOrder ?? 1),
    minimumOrder,
    unit: unit?.replace(/^(pieces|pcs|pc)$/, 'piece'),
    unitPlural: unit !== undefined && /^(pieces|pcs|pc|piece)$/.test(unit) ? 'pieces' : undefined,
    attributes,
    faq,
    leadTime,
  });
}
