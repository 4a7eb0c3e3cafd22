import { withSpokenNumbers } from './spoken-numbers.js';
import { rewrite, type TextView } from '../normalise/text-view.js';

/** Converts number words to figures: 九十九块九 → 99.9块, "twenty five dollars" → "25 dollars". */

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
