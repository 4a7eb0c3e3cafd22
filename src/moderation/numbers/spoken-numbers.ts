import { numberWords } from './number-tables.js';
import { rewrite, type TextView, ViewBuilder } from '../normalise/text-view.js';
import { wordTable } from '../words/word-table.js';

const WORDS = wordTable('spoken-numbers');

/**
 * Converts number words of the spoken languages to figures: "dos mil quinientos" → 2500, "four dollars eighty" → 4.80
 * dollars.
 */

/** Words between the parts of one number. */
const LINKS: ReadonlySet<string> = new Set(['y', 'e', 'et', 'and', 'und', 'en', 'и', 'i', 've', 'و', 'va']);
const POINT = WORDS.any('points');
const DECIMALS = new RegExp(`(\\d{1,9}) (?:${POINT}) (\\d{1,2})(?: (\\d)(?!\\d))?`, 'g');
const COINS = WORDS.any('coins');
const CHANGE_OF = '(?:and|con|e|y|et|und|en|i|и|ve|و)';
const NO_CHANGE = WORDS.any('no-change');
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
export function withSpokenNumbers(folded: TextView, languages: ReadonlySet<string>): TextView {
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
