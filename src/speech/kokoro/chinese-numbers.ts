import type { SpokenText } from '../spoken-text.js';

/**
 * Writes out numbers, units, times and ranges as a Chinese speaker reads them: `1.7L` is 一点七升, `200件` 两百件,
 * `15-20天` 十五到二十天, `30%` 百分之三十, `9:30` 九点三十分, a year or a long number digit by digit.
 */
const DIGITS = '零一二三四五六七八九';
const UNITS: Readonly<Record<string, string>> = {
  ml: '毫升',
  l: '升',
  kg: '公斤',
  g: '克',
  mg: '毫克',
  cm: '厘米',
  mm: '毫米',
  m: '米',
  km: '公里',
  w: '瓦',
  kw: '千瓦',
  v: '伏',
  mah: '毫安时',
  hz: '赫兹',
  pcs: '件',
  '℃': '摄氏度',
  '°c': '摄氏度',
  '°': '度',
  '㎡': '平方米',
};
const MEASURES = '件个只条台种款双套把张位次年天米分元块瓶盒箱袋升公斤色层片根支本倍小时周箱';
const NUMBER = String.raw`\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?`;
const PATTERN = new RegExp(
  [
    String.raw`(?<hour>\d{1,2})[:：](?<minute>[0-5]\d)(?!\d)`,
    String.raw`(?<year>(?:19|20)\d{2})(?=\s?年)`,
    String.raw`(?<steel>304|316|201)(?=\s?不锈钢)`,
    String.raw`(?<percent>${NUMBER})\s?[%％]`,
    String.raw`(?<number>${NUMBER})(?:\s?(?<unit>mAh|ml|mg|kg|km|kW|cm|mm|Hz|pcs|℃|°C|°|㎡|[lgmwv])(?![A-Za-z]))?(?<range>\s?[-–—~～至]\s?(?=\d))?`,
  ].join('|'),
  'giu',
);

export function chineseNumbers(text: string): SpokenText {
  let out = '';
  const offsets: number[] = [];
  const put = (piece: string, at: number, isSpread = false): void => {
    for (let i = 0; i < piece.length; i += 1) offsets.push(isSpread ? at + i : at);
    out += piece;
  };
  let done = 0;
  for (const match of text.matchAll(PATTERN)) {
    const { index } = match;
    put(text.slice(done, index), done, true);
    done = index + match[0].length;
    const groups = match.groups as Record<string, string | undefined>;
    if (groups['hour'] !== undefined) {
      const minute = Number(groups['minute']);
      const said = minute === 0 ? '点' : `点${minute < 10 ? '零' : ''}${whole(String(minute))}分`;
      put(`${Number(groups['hour']) === 2 ? '两' : whole(groups['hour'])}${said}`, index);
    } else if (groups['year'] !== undefined) put(byDigit(groups['year']), index);
    else if (groups['steel'] !== undefined) put(byDigit(groups['steel']), index);
    else if (groups['percent'] !== undefined) put(`百分之${spoken(groups['percent'], '')}`, index);
    else {
      const number = groups['number']!;
      const unit = groups['unit'] === undefined ? '' : (UNITS[groups['unit'].toLowerCase()] ?? '');
      const isCode = /[A-Za-z]/.test(text[index - 1] ?? '') && number.length > 2;
      put(isCode ? byDigit(number) : spoken(number, unit === '' ? text.slice(done).trimStart() : unit), index);
      put(unit, index);
      if (groups['range'] !== undefined) put('到', done - 1);
    }
  }
  put(text.slice(done), done, true);
  return { text: out, offsets: Int32Array.from(offsets) };
}

const byDigit = (number: string): string =>
  [...number].map((digit) => (digit === '.' ? '点' : (DIGITS[Number(digit)] ?? ''))).join('');

/** @param next what follows, since 二 is 两 before a measure word */
function spoken(number: string, next: string): string {
  const [integer = '', fraction] = number.replaceAll(',', '').split('.');
  if (fraction === undefined && (integer.length > 8 || (integer.length > 1 && integer.startsWith('0'))))
    return byDigit(integer);
  const said = whole(integer);
  if (fraction !== undefined) return `${said}点${byDigit(fraction)}`;
  return said === '二' && MEASURES.includes(next[0] ?? ' ') ? '两' : said;
}

/** A whole number below a trillion. */
function whole(digits: string): string {
  let rest = Number(digits);
  if (rest === 0) return '零';
  const groups: number[] = [];
  for (; rest > 0; rest = Math.floor(rest / 10_000)) groups.push(rest % 10_000);
  let out = '';
  let gap = false;
  for (let i = groups.length - 1; i >= 0; i -= 1) {
    const group = groups[i]!;
    if (group === 0) {
      gap = out !== '';
      continue;
    }
    if (out !== '' && (gap || group < 1000)) out += '零';
    const said = below10000(group, out === '');
    out += (i > 0 && said === '二' ? '两' : said) + ['', '万', '亿'][i]!;
    gap = false;
  }
  return out;
}

function below10000(n: number, isFirst: boolean): string {
  let out = '';
  let gap = false;
  for (const [unit, name] of [
    [1000, '千'],
    [100, '百'],
    [10, '十'],
    [1, ''],
  ] as const) {
    const digit = Math.floor(n / unit) % 10;
    if (digit === 0) {
      gap = out !== '';
      continue;
    }
    if (gap) out += '零';
    gap = false;
    if (unit === 10 && digit === 1 && out === '' && isFirst) out += '十';
    else out += (digit === 2 && unit >= 100 && isFirst && out === '' ? '两' : DIGITS[digit]!) + name;
  }
  return out;
}
