import { normalise } from '../normalise/normalise.js';
import { DIGIT_WORDS } from '../normalise/spread-digits.js';
import { rewrite, type TextView, ViewBuilder } from '../normalise/text-view.js';
import { wordTable } from '../words/word-table.js';

const WORDS = wordTable('number-tables');

/**
 * Number words by language, without accents as in a folded text. Regular forms (German compounds, Italian elisions)
 * are added by `numberWords`.
 */
const TABLES: ReadonlyMap<string, readonly string[]> = new Map(WORDS.groups('numbers'));

const ITALIAN_ONES = 'due tre quattro cinque sei sette'.split(' ');
const ITALIAN_TENS = 'venti trenta quaranta cinquanta sessanta settanta ottanta novanta'.split(' ');
interface CompoundNames {
  readonly and: string;
  readonly hundred: string;
  readonly thousand: string;
}
const NAMES: Readonly<Record<string, CompoundNames>> = {
  de: { and: 'und', hundred: 'hundert', thousand: 'tausend' },
  nl: { and: 'en', hundred: 'honderd', thousand: 'duizend' },
};

const made = new Map<string, ReadonlyMap<string, number>>();

/** Words for whole numbers of one language; empty for a language without a table. */
export function numberWords(language: string): ReadonlyMap<string, number> {
  const kept = made.get(language);
  if (kept !== undefined) return kept;
  const words = new Map<string, number>();
  for (const pair of TABLES.get(language) ?? []) {
    const [word, value] = pair.split('=');
    words.set(word!, Number(value));
  }
  const names = NAMES[language];
  if (names !== undefined) addCompounds(words, names);
  if (language === 'it') {
    for (const [t, tens] of ITALIAN_TENS.entries()) {
      const stem = tens.slice(0, -1);
      words.set(`${stem}uno`, t * 10 + 21);
      words.set(`${stem}otto`, t * 10 + 28);
      words.set(`${tens}nove`, t * 10 + 29);
      for (const [o, one] of ITALIAN_ONES.entries()) words.set(`${tens}${one}`, t * 10 + 22 + o);
    }
    for (const [o, one] of [...ITALIAN_ONES, 'otto', 'nove'].entries()) {
      words.set(`${one}cento`, (o + 2) * 100);
      words.set(`${one}mila`, (o + 2) * 1000);
    }
    words.set('diecimila', 10_000);
  }
  made.set(language, words);
  return words;
}

/** fünfundzwanzig, zweihundert, dreihundertfünfzig. */
function addCompounds(words: Map<string, number>, { and, hundred, thousand }: CompoundNames): void {
  const simple = [...words].filter(([, v]) => v > 0 && v < 100);
  const ones = simple.filter(([, v]) => v < 10);
  const tens = simple.filter(([, v]) => v >= 20);
  for (const [one, o] of ones) for (const [ten, t] of tens) words.set(`${one}${and}${ten}`, o + t);
  const below = [...words].filter(([, v]) => v > 0 && v < 100);
  for (const [one, o] of ones) {
    words.set(`${one}${thousand}`, o * 1000);
    words.set(`${one}${hundred}`, o * 100);
    for (const [rest, r] of below) words.set(`${one}${hundred}${rest}`, o * 100 + r);
  }
  for (const [rest, r] of below) words.set(`${hundred}${rest}`, 100 + r);
}

/** Converts number words to figures: 九十九块九 → 99.9块, "twenty five dollars" → "25 dollars". */

const LANGUAGES = ['en', 'es', 'pt', 'fr', 'de', 'nl', 'it', 'ru', 'pl', 'tr', 'id', 'vi', 'hi', 'ar', 'ko'];
/** Digits of Chinese as it is written in Latin letters. */
const PINYIN = new Set('ling yi er san si wu liu qi ba jiu yao dong guai liang shi bai qian wan'.split(' '));
const SIGNS: Readonly<Record<string, number>> = {
  零: 0, 〇: 0, 一: 1, 二: 2, 三: 3, 四: 4, 五: 5, 六: 6, 七: 7, 八: 8, 九: 9, 十: 10, 百: 100, 千: 1000, 万: 10_000, 亿: 100_000_000, 两: 2, 幺: 1,
  壹: 1, 贰: 2, 叁: 3, 肆: 4, 伍: 5, 陆: 6, 柒: 7, 捌: 8, 玖: 9, 拾: 10, 佰: 100, 仟: 1000, 廿: 20, 卅: 30,
}; // prettier-ignore

/** Whether a word is a number in any language: no viewer is called by it. */
export function isNumberWord(word: string): boolean {
  const { text } = normalise(word).folded;
  return (
    /^\p{N}+$/u.test(text) ||
    DIGIT_WORDS.has(text) ||
    PINYIN.has(text) ||
    text in SIGNS ||
    LANGUAGES.some((one) => numberWords(one).has(text))
  );
}

/** The value of a number word of one language; undefined for any other word. */
export function valueOfWord(word: string, language: string): number | undefined {
  const { text } = normalise(word).folded;
  return numberWords(language).get(text) ?? SIGNS[text];
}

const ZH_DIGITS: Readonly<Record<string, number>> = {
  零: 0,
  〇: 0,
  一: 1,
  二: 2,
  两: 2,
  三: 3,
  四: 4,
  五: 5,
  六: 6,
  七: 7,
  八: 8,
  九: 9,
};
const ZH_UNITS: Readonly<Record<string, number>> = { 十: 10, 百: 100, 千: 1000, 万: 10_000 };

/** Value of a Chinese numeral, NaN for other text. */
function chineseNumber(text: string): number {
  const [whole, fraction] = text.split('点');
  let total = 0;
  let section = 0;
  let digit = 0;
  let lastUnit = 1;
  for (const c of whole!) {
    if (c in ZH_DIGITS) digit = ZH_DIGITS[c]!;
    else {
      const unit = ZH_UNITS[c];
      if (unit === undefined) return Number.NaN;
      if (unit === 10_000) {
        total = (total + section + digit) * unit;
        section = 0;
      } else section += (digit === 0 && unit === 10 ? 1 : digit) * unit;
      digit = 0;
      lastUnit = unit;
    }
  }
  // 一百五 means 150.
  const bare = whole!.length >= 2 && lastUnit >= 100 && !whole!.includes('零') ? (digit * lastUnit) / 10 : digit;
  let value = total + section + (whole![whole!.length - 2]! in ZH_UNITS ? bare : digit);
  if (fraction !== undefined) value += Number(`0.${Array.from(fraction, (c) => ZH_DIGITS[c] ?? 0).join('')}`);
  return value;
}

const ZH_KUAI =
  /([零一二两三四五六七八九十百千万点]{1,12})(块|元)([一二三四五六七八九])(?![零一二两三四五六七八九十百千万个件双套米])/g;
const ZH =
  /[零一二两三四五六七八九十百千万]{1,12}(?:点[零一二三四五六七八九]{1,4})?(?=块|元|美元|美金|欧元|刀|折|件|个|個|套|双|天|年|个月|厘米|毫米|米|克|公斤|千克|斤|升|毫升|瓦|千瓦|伏|小时|分钟|分|秒|寸|セント|ドル|円|日|ヶ月|か月|ワット|リットル|パーセント|センチ|キロ)/g;
/** 百分之五十; "yüzde elli" is similar. */
const ZH_PERCENT = /百分之([零一二两三四五六七八九十百点]{1,8})/g;
const PERCENT_BEFORE = /(?:百分之|(?<![a-z])yuzde) ?(\d{1,4}(?:\.\d{1,2})?)/g;
/** 立减八十, 便宜四十: money without its unit. */
const ZH_OFF =
  /(立减|直降|便宜|优惠|减)([一二两三四五六七八九十百千]{1,6}|\d{1,5})(?![\d一二两三四五六七八九十百千块元折%点.件个])/g;
/** 一米六五. */
const ZH_METRES = /(\d)米([一二三四五六七八九\d])([零一二三四五六七八九\d])?(?![一二三四五六七八九十\d米])/g;
const JA_CENTS = /(\d{1,6})ドル(\d{2})セント/g;
/** 起订量五十: no unit follows. */
const ZH_MINIMUM = /(?<=起订量?|起批量?)[一二两三四五六七八九十百千]{1,8}(?=$|[,.。!?;])/g;
const KUAI_FIGURES = /(\d{1,9})(块|元)([1-9])(?![\d个件双套米])/g;

const digitOf = (c: string): string => (c in ZH_DIGITS ? String(ZH_DIGITS[c]) : c);

const WORD_VALUES = wordTable('spoken-numbers');

/**
 * Converts number words of the spoken languages to figures: "dos mil quinientos" → 2500, "four dollars eighty" → 4.80
 * dollars.
 */

/** Words between the parts of one number. */
const LINKS: ReadonlySet<string> = new Set(['y', 'e', 'et', 'and', 'und', 'en', 'и', 'i', 've', 'و', 'va']);
const POINT = WORD_VALUES.any('points');
const DECIMALS = new RegExp(`(\\d{1,9}) (?:${POINT}) (\\d{1,2})(?: (\\d)(?!\\d))?`, 'g');
const COINS = WORD_VALUES.any('coins');
const CHANGE_OF = '(?:and|con|e|y|et|und|en|i|и|ve|و)';
const NO_CHANGE = WORD_VALUES.any('no-change');
/** "Four dollars eighty", "trois dollars et quatre-vingt-dix". */
const SMALL_CHANGE = new RegExp(
  `(\\d{1,7}) (${COINS}),? (?:${CHANGE_OF} ?)?(\\d{2})(?![\\d.,:]| ?(?:${NO_CHANGE}))`,
  'gu',
);
/** "Just three ninety-nine". */
const BARE_PRICE =
  /(?<=(?:just|only|price is|costs?|pay) )(\d{1,3}) (\d{2})(?=$|[.,!?]| (?:today|each|a piece|per|now|tonight))|(?<![\d.,]|\d )(\d{1,3}) (\d{2})(?= (?:per|each|a) ?(?:set|piece|unit|pair|box|pack|$|[.,!?]))/g;
/** Dual forms: two in one word. */
const DUALS: readonly (readonly [RegExp, string])[] = [
  [/(?<!\p{L})سنتين(?!\p{L})/gu, '2 سنوات'],
  [/(?<!\p{L})دولارين(?!\p{L})/gu, '2 دولار'],
  [/(?<!\p{L})يومين(?!\p{L})/gu, '2 ايام'],
];
const HALF_A_KILO = /(?<!\p{L})(?:half a|medio|meio|un demi|ein halbes|mezzo|пол) ?(?=kilo|кило)/gu;
const FOUR_SCORE = /quatre[ -]vingts?(?![a-z])/g;
/** In Vietnamese five, without its accents, is also "year". */
const FIVE_OF_TENS = /(?<![a-z])nam(?= (?:muoi|tram|nghin|ngan)(?![a-z]))/g;
const THAI_VALUES: Readonly<Record<string, number>> = {
  หนึ่ง: 1, เอ็ด: 1, ยี่: 2, สอง: 2, สาม: 3, สี่: 4, ห้า: 5, หก: 6, เจ็ด: 7, แปด: 8, เก้า: 9, สิบ: 10, ร้อย: 100, พัน: 1000,
}; // prettier-ignore
const THAI = new RegExp(
  `(?:${Object.keys(THAI_VALUES).join('|')}){1,8}(?= ?(?:ปี|ชิ้น|เปอร์เซ็นต์|บาท|ดอลลาร์|วัน|วัตต์|ลิตร|เดือน|ชั่วโมง|นาที))`,
  'g',
);
const THAI_PART = new RegExp(Object.keys(THAI_VALUES).join('|'), 'g');
const KOREAN_ONES = '영일이삼사오육칠팔구';
const KOREAN_PLACES: Readonly<Record<string, number>> = { 십: 10, 백: 100, 천: 1000 };
const KOREAN =
  /(?<![가-힣])[일이삼사오육칠팔구십백천]{1,8}(?= ?(?:달러|년|개월|퍼센트|프로|와트|리터|원|시간|분|개|킬로|센티))/g;
const WORD = /[^\s\d.,;:!?()"-]+/g;
const MAX_WORDS = 12;

interface Run {
  readonly start: number;
  readonly end: number;
  readonly value: number;
}

/** Adds values in spoken order; false where another number begins. */
class Sum {
  #total = 0;
  #part = 0;
  /** Upper bound of the values that may still be added. */
  #room = Infinity;

  add(value: number): boolean {
    if (value === 100 || value === 1000) {
      if (value === 100 ? this.#part >= 100 : this.#total > 0) return false;
      if (value === 100) this.#part = Math.max(1, this.#part) * 100;
      else {
        this.#total = Math.max(1, this.#part) * 1000;
        this.#part = 0;
      }
      this.#room = value;
      return true;
    }
    if (value >= this.#room) return false;
    this.#part += value;
    // Seventy-five is sixty and fifteen in French.
    if (value % 100 === 0 && value > 0) this.#room = 100;
    else this.#room = value === 60 || value === 80 ? 20 : value >= 20 && value % 10 === 0 ? 10 : 0;
    return true;
  }

  /** "Dua puluh", "hai mươi": ten times the last digit. */
  tens(): void {
    this.#part += (this.#part % 10) * 9;
    this.#room = 10;
  }

  teens(): void {
    this.#part += 10;
  }

  get value(): number {
    return this.#total + this.#part;
  }
}

function runsOf(text: string, language: string): Run[] {
  const table = numberWords(language);
  if (table.size === 0) return [];
  const words = [...text.matchAll(WORD)].map((m) => ({ text: m[0], start: m.index, end: m.index + m[0].length }));
  const runs: Run[] = [];
  for (let i = 0; i < words.length; i += 1) {
    const sum = new Sum();
    let last = -1;
    for (let j = i; j < words.length && j - i < MAX_WORDS; j += 1) {
      const word = words[j]!.text;
      if (j > i && words[j]!.start - words[j - 1]!.end > 1) break;
      if (last >= 0 && last === j - 1 && LINKS.has(word)) continue;
      if (last >= 0 && (word === 'puluh' || (word === 'muoi' && language === 'vi'))) sum.tens();
      else if (last >= 0 && word === 'belas') sum.teens();
      else {
        const value = table.get(word);
        if (value === undefined || !sum.add(value)) break;
      }
      last = j;
    }
    if (last < 0) continue;
    runs.push({ start: words[i]!.start, end: words[last]!.end, value: sum.value });
    i = last;
  }
  return runs;
}

function replaced(view: TextView, runs: readonly Run[]): TextView {
  if (runs.length === 0) return view;
  const out = new ViewBuilder();
  let from = 0;
  const copy = (to: number): void => {
    for (; from < to; from += 1) out.push(view.text[from]!, view.start[from]!, view.end[from]!);
  };
  for (const { start, end, value } of runs) {
    copy(start);
    out.push(String(value), view.start[start]!, view.end[end - 1]!);
    from = end;
  }
  copy(view.text.length);
  return out.build();
}

function thaiNumber(text: string): number {
  let total = 0;
  let digit = 0;
  for (const [part] of text.matchAll(THAI_PART)) {
    const value = THAI_VALUES[part]!;
    if (value < 10) digit = value;
    else {
      total += Math.max(1, digit) * value;
      digit = 0;
    }
  }
  return total + digit;
}

function koreanNumber(text: string): number {
  let total = 0;
  let digit = 0;
  for (const c of text) {
    const place = KOREAN_PLACES[c];
    if (place === undefined) digit = KOREAN_ONES.indexOf(c);
    else {
      total += Math.max(1, digit) * place;
      digit = 0;
    }
  }
  return total + digit;
}

/** `languages`: those that the text may be in; a number in one language can be a pronoun in another. */
function withSpokenNumbers(folded: TextView, languages: ReadonlySet<string>): TextView {
  let view = rewrite(folded, HALF_A_KILO, () => '0.5 ');
  if (languages.has('fr')) view = rewrite(view, FOUR_SCORE, () => 'octante');
  if (languages.has('vi')) view = rewrite(view, FIVE_OF_TENS, () => 'lam');
  if (languages.has('ar')) for (const [dual, figures] of DUALS) view = rewrite(view, dual, () => figures);
  if (languages.has('th')) view = rewrite(view, THAI, (m) => String(thaiNumber(m[0])));
  if (languages.has('ko')) view = rewrite(view, KOREAN, (m) => String(koreanNumber(m[0])));
  for (const language of languages) view = replaced(view, runsOf(view.text, language));
  view = rewrite(view, DECIMALS, (m) => `${m[1]}.${m[2]}${m[3] ?? ''}`);
  view = rewrite(view, SMALL_CHANGE, (m) => `${m[1]}.${m[3]} ${m[2]}`);
  return rewrite(view, BARE_PRICE, (m) => `${m[1] ?? m[3]}.${m[2] ?? m[4]} dollars`);
}

/** A view with number words as figures. */
export function withFigures(folded: TextView, languages: ReadonlySet<string>): TextView {
  let view = rewrite(folded, ZH_KUAI, (m) => `${chineseNumber(m[1]!)}.${chineseNumber(m[3]!)}${m[2]}`);
  view = rewrite(view, KUAI_FIGURES, (m) => `${m[1]}.${m[3]}${m[2]}`);
  view = rewrite(view, ZH, (m) => {
    const value = chineseNumber(m[0]);
    return Number.isNaN(value) ? undefined : String(value);
  });
  view = rewrite(view, ZH_PERCENT, (m) => `${chineseNumber(m[1]!)}%`);
  view = rewrite(view, ZH_OFF, (m) => `${m[1]}${/\d/.test(m[2]!) ? m[2] : chineseNumber(m[2]!)}元`);
  view = rewrite(view, ZH_METRES, (m) => `${m[1]}.${digitOf(m[2]!)}${m[3] === undefined ? '' : digitOf(m[3])}米`);
  view = rewrite(view, JA_CENTS, (m) => `${m[1]}.${m[2]}ドル`);
  view = rewrite(view, ZH_MINIMUM, (m) => String(chineseNumber(m[0])));
  return rewrite(withSpokenNumbers(view, languages), PERCENT_BEFORE, (m) => `${m[1]}%`);
}
