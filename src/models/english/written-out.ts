import { readFileSync } from 'node:fs';
import { modelFile } from '../onnx.js';

/** A text that is rewritten step by step; each UTF-16 unit remembers its place in the original. */
class TrackedText {
  private places: number[];

  constructor(public text: string) {
    this.places = Array.from({ length: text.length }, (_, i) => i);
  }

  /** The place in the original of a unit, or of the end. */
  placeOf(at: number): number {
    return this.places[Math.min(at, this.places.length - 1)] ?? 0;
  }

  /**
   * Replaces every match. What the new piece has in common with the old at either end keeps its places; the rest counts
   * for the first unit that it replaces, so places never run backwards.
   */
  replace(pattern: RegExp, by: (match: RegExpMatchArray) => string): void {
    let text = '';
    const places: number[] = [];
    let done = 0;
    for (const match of this.text.matchAll(pattern)) {
      const [old] = match;
      const { index } = match;
      const piece = by(match);
      if (piece === old) continue;
      for (let i = done; i < index; i += 1) places.push(this.places[i]!);
      text += this.text.slice(done, index) + piece;
      let head = 0;
      while (head < Math.min(old.length, piece.length) && old[head] === piece[head]) head += 1;
      let tail = 0;
      while (
        tail < Math.min(old.length, piece.length) - head &&
        old[old.length - 1 - tail] === piece[piece.length - 1 - tail]
      )
        tail += 1;
      const between = this.places[index + Math.min(head, old.length - 1)]!;
      for (let i = 0; i < piece.length; i += 1) {
        if (i < head) places.push(this.places[index + i]!);
        else if (i >= piece.length - tail) places.push(this.places[index + old.length - (piece.length - i)]!);
        else places.push(between);
      }
      done = index + old.length;
    }
    for (let i = done; i < this.text.length; i += 1) places.push(this.places[i]!);
    this.text = text + this.text.slice(done);
    this.places = places;
  }
}

/**
 * English as it is read out: times, dates, amounts, measures, ranges, sizes and abbreviations become words. Plain
 * numbers, ordinals and years stay for the lexicon. Places in the written text are kept.
 */
type Pair = readonly [one: string, many: string];

interface Tables {
  readonly months: Readonly<Record<string, string>>;
  readonly titles: Readonly<Record<string, string>>;
  readonly abbreviations: Readonly<Record<string, string>>;
  readonly units: Readonly<Record<string, Pair>>;
  readonly symbols: Readonly<Record<string, string>>;
  readonly currency: Readonly<Record<string, Pair>>;
  readonly roman_cardinal: readonly string[];
  readonly roman_ordinal: readonly string[];
}

export interface TradeWords {
  readonly units: Readonly<Record<string, Pair>>;
  /** Measures after a slash: "$5/pc". */
  readonly per: Readonly<Record<string, string>>;
  readonly short: Readonly<Record<string, string>>;
  /** Acronyms that are spelled although they could be said. */
  readonly spelled: string;
  readonly said: Readonly<Record<string, string>>;
}

const table = <T>(name: string): T => JSON.parse(readFileSync(modelFile('heart', name), 'utf8')) as T;
export const TRADE = table<TradeWords>('trade-words.json');
const TABLES = table<Tables>('normalize.json');
const UNITS: Readonly<Record<string, Pair>> = { ...TABLES.units, ...TRADE.units };
// "no." alone is a word and the end of a sentence; with a number after it, a rule below reads it.
const { 'no.': _no, 'nos.': _nos, ...known } = TABLES.abbreviations;
const SHORT: Readonly<Record<string, string>> = { ...known, ...TRADE.short };

const anyOf = (words: readonly string[]): string =>
  words
    .toSorted((a, b) => b.length - a.length)
    .map((word) => word.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`))
    .join('|');
const pattern = (source: string, flags = 'gu'): RegExp => new RegExp(source, flags);

const MONTH_NAMES = Object.values(TABLES.months);
const MONTH = anyOf([...MONTH_NAMES, ...MONTH_NAMES.map((name) => name.slice(0, 3)), 'Sept']);
const UNIT = anyOf(Object.keys(UNITS));
const NUM = String.raw`\d+(?:,\d{3})*(?:\.\d+)?`;
const ALONE = String.raw`(?<![\p{L}\p{N}_.]|\d/)`;
const END = String.raw`(?![\p{L}\p{N}_])`;
const MONEY = '(?:US |Hong Kong |Taiwan |Australian |Canadian |Singapore )?(?:dollars|euros|pounds|yuan|reais)';
const CENTS: Readonly<Record<string, Pair>> = { pounds: ['penny', 'pence'] };
const BIG: Readonly<Record<string, string>> = { k: 'thousand', m: 'million', b: 'billion' };
const HALVES = ['half', 'third', 'quarter', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth'];
const ROMAN_NUMERAL = '((?=[IVXLC])M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3}))';
const ROMAN: Readonly<Record<string, number>> = { I: 1, V: 5, X: 10, L: 50, C: 100, D: 500, M: 1000 };

const plural = (number: string, [one, many]: Pair): string =>
  /^-?1(?:\.0+)?$/.test(number.replaceAll(',', '')) ? one : many;

const ONES = (
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen ' +
  'eighteen nineteen'
).split(' ');
const TENS = ['', '', 'twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'];
const SCALES = ['', ' thousand', ' million', ' billion', ' trillion', ' quadrillion'];
const ORDINALS: Readonly<Record<string, string>> = {
  one: 'first',
  two: 'second',
  three: 'third',
  five: 'fifth',
  eight: 'eighth',
  nine: 'ninth',
  twelve: 'twelfth',
};

function below1000(n: number): string {
  const words: string[] = [];
  let rest = n;
  if (rest >= 100) {
    words.push(ONES[Math.floor(rest / 100)]!, 'hundred');
    rest %= 100;
  }
  if (rest >= 20) words.push(TENS[Math.floor(rest / 10)] + (rest % 10 > 0 ? `-${ONES[rest % 10]}` : ''));
  else if (rest > 0 || words.length === 0) words.push(ONES[rest]!);
  return words.join(' ');
}

/** `1234` → `one thousand two hundred thirty-four`. */
export function cardinal(n: number): string {
  if (n < 0) return `minus ${cardinal(-n)}`;
  if (n < 1000) return below1000(n);
  const groups: string[] = [];
  for (let rest = n, scale = 0; rest > 0 && scale < SCALES.length; rest = Math.floor(rest / 1000), scale += 1)
    if (rest % 1000 > 0) groups.unshift(below1000(rest % 1000) + SCALES[scale]);
  return groups.join(' ');
}

/** `21` → `twenty-first`. */
export function ordinal(n: number): string {
  return cardinal(n).replace(/[a-z]+$/, (last) => {
    const irregular = ORDINALS[last];
    if (irregular !== undefined) return irregular;
    return last.endsWith('y') ? `${last.slice(0, -1)}ieth` : `${last}th`;
  });
}

/** Four digits in pairs: `1905` → `nineteen oh-five`, `2500` → `twenty-five hundred`. */
export function year(n: number): string {
  const high = Math.floor(n / 100);
  const low = n % 100;
  if (high === 0 || (high % 10 === 0 && low < 10) || high >= 100) return cardinal(n);
  if (low === 0) return `${cardinal(high)} hundred`;
  return `${cardinal(high)} ${low < 10 ? 'oh-' : ''}${cardinal(low)}`;
}

/** `3.14` → `three point one four`. */
export function decimal(written: string): string {
  const [whole, fraction = ''] = written.split('.');
  const words = cardinal(Number(whole));
  return fraction === '' ? words : `${words} point ${Array.from(fraction, (digit) => ONES[Number(digit)]).join(' ')}`;
}

function date(year: string | undefined, month: number, day: number): string | undefined {
  if (month < 1 || month > 12 || day < 1 || day > 31) return undefined;
  return `${MONTH_NAMES[month - 1]} ${ordinal(day)}${year === undefined ? '' : `, ${year}`}`;
}

function time([whole, hours, minutes, seconds, half]: RegExpMatchArray): string {
  const [h, m] = [Number(hours), Number(minutes)];
  if (h > 24 || m > 59 || Number(seconds ?? 0) > 59) return whole;
  let words = cardinal(h);
  if (m > 0) words += ` ${m < 10 ? 'oh ' : ''}${cardinal(m)}`;
  else if (half === undefined && seconds === undefined) words += " o'clock";
  if (seconds !== undefined) words += ` and ${cardinal(Number(seconds))} ${seconds === '01' ? 'second' : 'seconds'}`;
  return half === undefined ? words : `${words} ${half.toUpperCase()}M`;
}

/** `29.99 dollars` → `29 dollars and 99 cents`. */
function amount(number: string, money: string): string {
  const [whole, cents = ''] = number.split('.');
  const kind = money.split(' ').at(-1)!;
  const one = kind === 'reais' || kind === 'yuan' ? kind : kind.slice(0, -1);
  const named = (count: string): string => `${count} ${count === '1' ? money.replace(kind, one) : money}`;
  if (/^0*$/.test(cents)) return named(whole!);
  if (cents.length !== 2 || kind === 'yuan' || kind === 'reais') return `${number} ${money}`;
  const small = `${Number(cents)} ${plural(String(Number(cents)), CENTS[kind] ?? ['cent', 'cents'])}`;
  return Number(whole) === 0 ? small : `${named(whole!)} and ${small}`;
}

function roman(numeral: string): number {
  const values = Array.from(numeral, (letter) => ROMAN[letter]!);
  return values.reduce((sum, value, i) => sum + (value < (values[i + 1] ?? 0) ? -value : value), 0);
}

/**
 * V8 drops a pattern's code at each full collection and compiles it again, up to a millisecond for one with classes of
 * Unicode. So a rule has a cheap pattern of what its matches need, and is left out of texts without it.
 */
type Rule = readonly [find: RegExp, by: (match: RegExpMatchArray) => string, needs?: RegExp];

const AMOUNT = /dollars|euros|pounds|yuan|reais/;
const CODE = /USD|EUR|GBP|RMB|CNY/;
const MONTH_NEAR = /\d.*(?:Ja|Fe|Ma|Ap|Ju|Au|Se|Oc|No|De)|(?:Ja|Fe|Ma|Ap|Ju|Au|Se|Oc|No|De).*\d/s;

const RULES: readonly Rule[] = [
  [/\s+/gu, () => ' '],
  [/[’]/gu, () => "'"],
  [/[‒]/gu, () => '-'],
  [/―/gu, () => '—'],
  [/\b24\/7\b/gu, () => 'twenty-four seven'],
  [/\b(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\s?([AaPp])(?:\.[Mm]\.(?=\s\p{Ll})|\.?[Mm]\b))?(?!\d)/gu, time, /\d:\d/],
  [
    /\b(\d{1,2})\s?([AaPp])(?:\.[Mm]\.(?=\s\p{Ll})|\.?[Mm]\b)(?=\s|$|[,;:.!?-])/gu,
    ([, hour, half]) => `${hour} ${half!.toUpperCase()}M`,
    /\d\s?[AaPp]/,
  ],
  [/\b(\d{4})-(\d{2})-(\d{2})\b/gu, ([whole, y, m, d]) => date(y, Number(m), Number(d)) ?? whole, /\d-\d/],
  [
    /\b(\d{1,2})\/(\d{1,2})\/(\d{4}|\d{2})\b/gu,
    ([whole, a, b, y]) => {
      const year = y!.length === 4 ? y : `${Number(y) > 30 ? '19' : '20'}${y}`;
      const [month, day] = Number(a) <= 12 ? [a, b] : [b, a];
      return date(year, Number(month), Number(day)) ?? whole;
    },
    /\d\/\d/,
  ],
  // Amounts come with the money's name after the number.
  [pattern(`${ALONE}(USD|EUR|GBP|RMB|CNY)\\s?(${NUM})`), ([, name, number]) => `${number} ${MONEY_NAMES[name!]}`, CODE],
  [pattern(`(${NUM})\\s?(USD|EUR|GBP|RMB|CNY)${END}`), ([, number, name]) => `${number} ${MONEY_NAMES[name!]}`, CODE],
  [
    pattern(`(${NUM}) (${MONEY})\\s?(?:([kKmMbB])${END}|(hundred|thousand|million|billion)${END})`),
    ([, number, money, letter, word]) => `${number} ${word ?? BIG[letter!.toLowerCase()]} ${money}`,
    AMOUNT,
  ],
  [
    pattern(`(${NUM})(?: (${MONEY}))?\\s?[-–—~]\\s?(${NUM}) (${MONEY})`),
    ([, from, , to, money]) => `${from} to ${to} ${money}`,
    AMOUNT,
  ],
  [
    pattern(`(${NUM}) (${MONEY})\\s?[-–~]\\s?(${NUM})(?! ?%|\\d)`),
    ([, from, money, to]) => `${from} to ${to} ${money}`,
    AMOUNT,
  ],
  [pattern(`(?<![\\d.,])(${NUM}) (${MONEY})${END}`), ([, number, money]) => amount(number!, money!), AMOUNT],
  [pattern(`${ALONE}(${NUM})\\s?¢`), ([, number]) => `${number} ${plural(number!, ['cent', 'cents'])}`, /¢/],
  [
    pattern(`(?<=\\p{L}|\\d)\\s?/\\s?(${anyOf(Object.keys(TRADE.per))})${END}`),
    ([, measure]) => ` per ${TRADE.per[measure!]}`,
    /\//,
  ],
  // Sizes: 10 x 15 cm, 10×15×20 cm.
  [pattern(`(?<=\\d)\\s?(?:${UNIT})?\\s?[x×*]\\s?(?=\\d)`), () => ' by ', /[x×*]\s?\d/],
  [pattern(`(?<![\\p{L}\\p{N}_.])(\\d+)\\s?[xX×](?![\\p{L}\\p{N}_])`), ([, times]) => `${times} times`, /\d\s?[xX×]/],
  [pattern(`(?<![\\p{L}\\p{N}_.])[x×](\\d+)${END}`), ([, times]) => `times ${times}`, /[x×]\d/],
  // Ranges, also before a unit or a percent sign; 1-2-3 and 555-0134 are none.
  [
    pattern(`(?<![\\p{L}\\p{N}_.,-])(${NUM})(%?)\\s?[-–~]\\s?(${NUM})(?![\\d,-]*\\d|-\\p{L}?\\d)`),
    ([whole, from, percent, to]) => (from!.length === 3 && to!.length === 4 ? whole : `${from}${percent} to ${to}`),
    /\d%?\s?[-–~]\s?\d/,
  ],
  [
    pattern(`${ALONE}(-?${NUM})\\s?°\\s?([CF])?${END}`),
    ([, number, scale]) =>
      `${number} ${plural(number!, ['degree', 'degrees'])}${scale === undefined ? '' : scale === 'C' ? ' Celsius' : ' Fahrenheit'}`,
    /°/,
  ],
  [pattern(`${ALONE}(-?${NUM})-?(?:″|"(?=\\s|$|[,.;!?]))`), ([, number]) => `${number}-inch`, /\d-?[″"]/],
  [
    pattern(`${ALONE}(-?${NUM})([-\\s]?)(${UNIT})${END}(?!['’])`),
    ([whole, number, gap, unit]) => {
      // "5 A" and "10 s" are rarely measures; one letter must touch its number, or be one of few.
      if (gap === ' ' && unit!.length === 1 && !'gWVLlhm'.includes(unit!)) return whole;
      const names = UNITS[unit!]!;
      return gap === '-' ? `${number} ${names[0]}` : `${number} ${plural(number!, names)}`;
    },
    /\d/,
  ],
  [
    pattern(`\\b(${MONTH})\\.? (\\d{1,2})(?:st|nd|rd|th)?\\b(?![\\d:%])(,? \\d{4}\\b)?`),
    ([whole, month, day, year = '']) =>
      Number(day) < 1 || Number(day) > 31
        ? whole
        : `${TABLES.months[month!.toLowerCase().slice(0, 3)]} ${ordinal(Number(day))}${year}`,
    MONTH_NEAR,
  ],
  [
    pattern(`\\b(the )?(\\d{1,2})(?:st|nd|rd|th)? (?:of )?(${MONTH})\\b\\.?`),
    ([whole, , day, month]) =>
      Number(day) < 1 || Number(day) > 31
        ? whole
        : `the ${ordinal(Number(day))} of ${TABLES.months[month!.toLowerCase().slice(0, 3)]}`,
    MONTH_NEAR,
  ],
  [
    pattern(`\\b(${anyOf(Object.keys(TABLES.titles))})\\. (?=[A-Z])`),
    ([, title]) => `${TABLES.titles[title!]} `,
    /\. [A-Z]/,
  ],
  [/\b(No|Nos)\. ?(?=\d)/gu, ([, no]) => (no === 'No' ? 'Number ' : 'Numbers ')],
  [
    pattern(`(?<![\\p{L}\\p{N}_.])(${anyOf(Object.keys(SHORT))})(?![\\p{L}\\p{N}_])`),
    (m) => SHORT[m[1]!] + (m[1]!.endsWith('.') && /^\s*$/.test(m.input!.slice(m.index! + m[0].length)) ? '.' : ''),
  ],
  [/(?<![\p{L}\p{N}_&])#(?=\d)/gu, () => 'number ', /#\d/],
  [
    pattern(`\\b(${anyOf(TABLES.roman_cardinal)}) ${ROMAN_NUMERAL}\\b(?![.'’][\\p{L}])`),
    ([whole, word, numeral]) => (numeral === '' ? whole : `${word} ${roman(numeral!)}`),
    / [IVXLCDM]/,
  ],
  [
    pattern(`\\b(${anyOf(TABLES.roman_ordinal)}) ${ROMAN_NUMERAL}\\b(?![.'’][\\p{L}])`),
    ([whole, word, numeral]) => (numeral === '' ? whole : `${word} the ${ordinal(roman(numeral!))}`),
    / [IVXLCDM]/,
  ],
  [
    /(?<![\p{L}\p{N}_.-])(?:\d{3}-)?\d{3}-\d{4}(?![\p{L}\p{N}_.-])/gu,
    ([whole]) => Array.from(whole.replaceAll('-', ',')).join(' '),
    /\d-\d/,
  ],
  [
    /(?<![\p{L}\p{N}_./])(\d{1,2})\/(\d{1,2})(?!\.?[\p{L}\p{N}_/])/gu,
    ([, above, below]) => {
      const [a, b] = [Number(above), Number(below)];
      if (a > 0 && a < b && b <= 10) {
        if (b === 2) return 'one half';
        return `${cardinal(a)} ${HALVES[b - 2]}${a === 1 ? '' : 's'}`;
      }
      return date(undefined, a, b) ?? `${above} slash ${below}`;
    },
    /\d\/\d/,
  ],
  [/(?<![\p{L}\p{N}_+])\+(?=\d)/gu, () => 'plus ', /\+\d/],
];
const MONEY_NAMES: Readonly<Record<string, string>> = {
  USD: 'dollars',
  EUR: 'euros',
  GBP: 'pounds',
  RMB: 'yuan',
  CNY: 'yuan',
};
const SYMBOLS: readonly Rule[] = Object.entries(TABLES.symbols)
  .filter(([sign]) => sign !== '#')
  .map(([sign, word]): Rule => {
    const quoted = anyOf([sign]);
    const source = '=<>~'.includes(sign) ? `(?<=\\S) ?${quoted} ?(?=\\S)` : quoted;
    return [pattern(source), () => (word.trim() === '' ? ' ' : ` ${word.trim()} `), new RegExp(quoted)];
  });
const LAST: readonly Rule[] = [
  [/\s+/gu, () => ' '],
  [/ +(?=[,.;:!?])/gu, () => ''],
];

/** @param spoken the text without markup, its amounts in spoken order */
export function writtenOut(spoken: string): TrackedText {
  const text = new TrackedText(spoken);
  for (const [find, by, needs] of [...RULES, ...SYMBOLS, ...LAST])
    if (needs === undefined || needs.test(text.text)) text.replace(find, by);
  return text;
}
