import { rewrite, type TextView } from './text-view.js';

/** Numbers said in Chinese and English words turned into figures: 九十九块九 → 99.9块, "twenty five dollars" → "25 dollars". */

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

/** Value of a Chinese numeral, NaN for what is none. */
export function chineseNumber(text: string): number {
  const [whole, fraction] = text.split('点');
  let total = 0;
  let section = 0;
  let digit = 0;
  let lastUnit = 1;
  for (const c of whole) {
    if (c in ZH_DIGITS) digit = ZH_DIGITS[c];
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
  const bare = whole.length >= 2 && lastUnit >= 100 && !whole.includes('零') ? (digit * lastUnit) / 10 : digit;
  let value = total + section + (whole[whole.length - 2] in ZH_UNITS ? bare : digit);
  if (fraction !== undefined) value += Number(`0.${Array.from(fraction, (c) => ZH_DIGITS[c] ?? 0).join('')}`);
  return value;
}

const EN_SMALL =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const EN_TENS = 'x x twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');

/** Value of an English number in words, NaN for what is none. */
export function englishNumber(text: string): number {
  let total = 0;
  let part = 0;
  for (const w of text.split(/[\s-]+/)) {
    if (w === 'and' || w === 'a' || w === '') continue;
    const small = EN_SMALL.indexOf(w);
    const tens = EN_TENS.indexOf(w);
    if (small >= 0) part += small;
    else if (tens >= 2) part += tens * 10;
    else if (w === 'hundred') part = Math.max(1, part) * 100;
    else if (w === 'thousand') {
      total += Math.max(1, part) * 1000;
      part = 0;
    } else return Number.NaN;
  }
  return total + part;
}

const EN_WORD = `(?:${[...EN_SMALL, ...EN_TENS.slice(2), 'hundred', 'thousand'].join('|')})`;
const EN = new RegExp(`(?<![a-z])${EN_WORD}(?:[ -](?:and )?${EN_WORD}){0,7}(?![a-z])`, 'g');
const ZH_KUAI =
  /([零一二两三四五六七八九十百千万点]{1,12})(块|元)([一二三四五六七八九])(?![零一二两三四五六七八九十百千万个件双套米])/g;
const ZH =
  /[零一二两三四五六七八九十百千万]{1,12}(?:点[零一二三四五六七八九]{1,4})?(?=块|元|美元|美金|欧元|折|件|个|套|双|天|年|厘米|毫米|米|克|公斤|千克|升|毫升|瓦|伏|小时|寸)/g;
const KUAI_FIGURES = /(\d{1,9})(块|元)([1-9])(?![\d个件双套米])/g;

/** A view with such numbers as figures. */
export function withFigures(folded: TextView): TextView {
  let view = rewrite(folded, ZH_KUAI, (m) => `${chineseNumber(m[1])}.${chineseNumber(m[3])}${m[2]}`);
  view = rewrite(view, KUAI_FIGURES, (m) => `${m[1]}.${m[3]}${m[2]}`);
  view = rewrite(view, ZH, (m) => {
    const value = chineseNumber(m[0]);
    return Number.isNaN(value) ? undefined : String(value);
  });
  return rewrite(view, EN, (m) => {
    const value = englishNumber(m[0]);
    return Number.isNaN(value) ? undefined : String(value);
  });
}
