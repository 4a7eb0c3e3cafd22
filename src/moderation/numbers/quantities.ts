import { wordTable } from '../words/word-table.js';

const WORDS = wordTable('quantities');

/** Figures with their units in a folded text. */
export interface Quantity {
  readonly start: number;
  readonly end: number;
  readonly value: number;
  /** `money`, `percent`, `length`, `mass`… */
  readonly family: string;
}

/** Family, factor to the family's base unit, and list of spellings. */
const UNITS: readonly (readonly [family: string, factor: number, list: string])[] = [
  ['length', 0.001, 'millimetre'],
  ['length', 0.01, 'centimetre'],
  ['length', 1, 'metre'],
  ['length', 0.0254, 'inch'],
  ['mass', 0.001, 'gram'],
  ['mass', 1, 'kilogram'],
  ['mass', 0.5, 'jin'],
  ['mass', 0.4536, 'pound'],
  ['volume', 0.001, 'millilitre'],
  ['volume', 1, 'litre'],
  ['volume', 0.02957, 'ounce'],
  ['power', 1, 'watt'],
  ['power', 1000, 'kilowatt'],
  ['voltage', 1, 'volt'],
  ['charge', 1, 'milliampere-hour'],
  ['memory', 1, 'gigabyte'],
  ['memory', 1000, 'terabyte'],
  ['hours', 1, 'hours'],
  ['minutes', 1, 'minutes'],
  ['months', 1, 'months'],
  ['days', 1, 'days'],
  ['years', 1, 'years'],
  ['percent', 1, 'percent'],
  ['pieces', 1, 'pieces'],
  ['grade', 1, 'steel-grade'],
];
const MONEY_BEFORE = String.raw`(?:${WORDS.any('money-before')})`;
const MONEY_AFTER = String.raw`(?:${WORDS.any('money-after')})`;
const NUMBER = '\\d{1,9}(?:[,.]\\d{3}(?!\\d)){0,3}(?:[.,]\\d{1,3})?';
const QUANTITY = new RegExp(
  `(${MONEY_BEFORE})\\s?(${NUMBER})|(?<![\\d.]|\\d,)(${NUMBER})\\s?-?(?:(${MONEY_AFTER})|${UNITS.map(([, , list]) => `(${WORDS.any(list)})`).join('|')})(?![a-z\\u0430-\\u044f\\u0900-\\u097f])`,
  'gu',
);

/** Value of a figure with either convention for thousands and decimals. */
function figure(text: string): number {
  let t = text;
  if (/[.,]\d{3}(?:[.,]|$)/.test(t) && !/^0[.,]/.test(t)) t = t.replace(/[.,](?=\d{3}(?:[.,]|$))/g, '');
  return Number(t.replace(',', '.'));
}

export function quantities(text: string): Quantity[] {
  const found: Quantity[] = [];
  QUANTITY.lastIndex = 0;
  for (let m = QUANTITY.exec(text); m !== null; m = QUANTITY.exec(text)) {
    const start = m.index;
    const end = start + m[0].length;
    if (m[2] !== undefined) found.push({ start, end, value: figure(m[2]), family: 'money' });
    else if (m[4] !== undefined) found.push({ start, end, value: figure(m[3]!), family: 'money' });
    else {
      const u = UNITS.findIndex((_, i) => m[5 + i] !== undefined);
      found.push({ start, end, value: figure(m[3]!) * UNITS[u]![1], family: UNITS[u]![0] });
    }
  }
  return found;
}
