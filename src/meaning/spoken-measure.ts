import type { LanguageTable } from './meaning-tables.js';

/** How listings write the units that Intl names in every language. */
const INTL: Readonly<Record<string, string>> = {
  ml: 'milliliter',
  cc: 'milliliter',
  毫升: 'milliliter',
  milliliter: 'milliliter',
  milliliters: 'milliliter',
  l: 'liter',
  lt: 'liter',
  liter: 'liter',
  liters: 'liter',
  litre: 'liter',
  litres: 'liter',
  升: 'liter',
  g: 'gram',
  gr: 'gram',
  gram: 'gram',
  grams: 'gram',
  克: 'gram',
  kg: 'kilogram',
  kgs: 'kilogram',
  kilogram: 'kilogram',
  kilograms: 'kilogram',
  千克: 'kilogram',
  公斤: 'kilogram',
  lb: 'pound',
  lbs: 'pound',
  oz: 'ounce',
  mm: 'millimeter',
  毫米: 'millimeter',
  cm: 'centimeter',
  厘米: 'centimeter',
  m: 'meter',
  meter: 'meter',
  meters: 'meter',
  米: 'meter',
  km: 'kilometer',
  公里: 'kilometer',
  inch: 'inch',
  inches: 'inch',
  '"': 'inch',
  '”': 'inch',
  in: 'inch',
  英寸: 'inch',
  寸: 'inch',
  h: 'hour',
  hr: 'hour',
  hrs: 'hour',
  hour: 'hour',
  hours: 'hour',
  小时: 'hour',
  min: 'minute',
  mins: 'minute',
  minute: 'minute',
  minutes: 'minute',
  分钟: 'minute',
  day: 'day',
  days: 'day',
  天: 'day',
  month: 'month',
  months: 'month',
  个月: 'month',
  year: 'year',
  years: 'year',
  y: 'year',
  yr: 'year',
  yrs: 'year',
  年: 'year',
  岁: 'year',
  '°c': 'celsius',
  '℃': 'celsius',
  '°f': 'fahrenheit',
  '℉': 'fahrenheit',
  'km/h': 'kilometer-per-hour',
  kmh: 'kilometer-per-hour',
  kph: 'kilometer-per-hour',
  gb: 'gigabyte',
  tb: 'terabyte',
  '%': 'percent',
};
const OWN: Readonly<Record<string, 'watt' | 'volt' | 'decibel' | 'lumen'>> = {
  w: 'watt',
  watt: 'watt',
  watts: 'watt',
  瓦: 'watt',
  v: 'volt',
  volt: 'volt',
  volts: 'volt',
  伏: 'volt',
  db: 'decibel',
  分贝: 'decibel',
  lm: 'lumen',
  lumen: 'lumen',
  lumens: 'lumen',
  流明: 'lumen',
};
/** Signs that are the same everywhere. */
const SIGNS: Readonly<Record<string, string>> = {
  kw: 'kW',
  mah: 'mAh',
  毫安: 'mAh',
  毫安时: 'mAh',
  ah: 'Ah',
  wh: 'Wh',
  hz: 'Hz',
  khz: 'kHz',
  ghz: 'GHz',
  rpm: 'rpm',
  k: 'K',
  a: 'A',
  ma: 'mA',
  mp: 'MP',
  bar: 'bar',
  pa: 'Pa',
  kpa: 'kPa',
  gsm: 'gsm',
  'g/m2': 'gsm',
  mbps: 'Mbps',
  nm: 'Nm',
  ohm: 'Ω',
  ω: 'Ω',
  psi: 'psi',
  d: 'D',
  spf: 'SPF',
  kcal: 'kcal',
  kj: 'kJ',
};
const CHINESE_SIGNS: Readonly<Record<string, string>> = {
  mah: '毫安时',
  毫安: '毫安时',
  毫安时: '毫安时',
  wh: '瓦时',
  kw: '千瓦',
  rpm: '转每分',
  k: 'K',
};
const NUMBER = String.raw`-?\d{1,7}(?:[.,]\d{1,3})?`;
const UNIT = String.raw`[\p{L}°℃℉"”%][\p{L}\d/°]{0,11}`;
const MEASURE = new RegExp(
  String.raw`^(${NUMBER})(?:\s*(?:${UNIT})?\s*(?:-|–|—|~|～|to|至|到)\s*(${NUMBER}))?\s*(${UNIT})$`,
  'iu',
);
const SIZE = new RegExp(
  String.raw`^(${NUMBER}(?:\s*(?:mm|cm|m)?\s*[x×*]\s*${NUMBER}){1,2})\s*(mm|cm|m|inch|in)$`,
  'iu',
);

/** A figure with its unit as one language says it: "600 watts", "110 to 240 volts"; undefined for anything else. */
export function spokenMeasure(value: string, { language, units }: LanguageTable): string | undefined {
  const plain = value
    .normalize('NFKC')
    .replaceAll('°C', '℃')
    .replace(/(?<=\d),(?=\d{3}(?!\d))/g, '')
    .trim();
  const numbers = new Intl.NumberFormat(language, {
    numberingSystem: 'latn',
    useGrouping: false,
    maximumFractionDigits: 3,
  });
  const said = (figure: string): string => numbers.format(Number(figure.replace(',', '.')));
  const size = SIZE.exec(plain);
  if (size !== null) {
    const figures = size[1]!.split(/[x×*]/iu).map((one) => said(one.replace(/\s*(?:mm|cm|m)\s*$/iu, '').trim()));
    const last = withUnit(
      Number(size[1]!.match(/[\d.]+(?=\D*$)/u)?.[0] ?? 2),
      size[2]!.toLowerCase(),
      language,
      units,
      said,
    );
    return last?.replace(figures.at(-1)!, figures.join(' × '));
  }
  const found = MEASURE.exec(plain);
  if (found === null) return undefined;
  const [, from, to, unit] = found;
  const one = withUnit(Number((to ?? from)!.replace(',', '.')), unit!.toLowerCase(), language, units, said);
  if (one === undefined || to === undefined) return one;
  const range = units.range.replace('{a}', said(from!)).replace('{b}', said(to));
  return one.replace(said(to), range);
}

function withUnit(
  count: number,
  spelled: string,
  language: string,
  units: LanguageTable['units'],
  said: (figure: string) => string,
): string | undefined {
  const figure = said(String(count));
  if (Object.hasOwn(OWN, spelled)) {
    const forms = units[OWN[spelled]!];
    const form = forms[new Intl.PluralRules(language).select(count)] ?? forms.other!;
    return form.startsWith('#') ? form.replace('#', figure) : `${figure} ${form}`;
  }
  if (language === 'zh' && Object.hasOwn(CHINESE_SIGNS, spelled)) return figure + CHINESE_SIGNS[spelled]!;
  if (Object.hasOwn(SIGNS, spelled)) return `${figure} ${SIGNS[spelled]!}`;
  if (!Object.hasOwn(INTL, spelled)) return undefined;
  const long = new Intl.NumberFormat(language, {
    style: 'unit',
    unit: INTL[spelled]!,
    unitDisplay: 'long',
    numberingSystem: 'latn',
    useGrouping: false,
    maximumFractionDigits: 3,
  }).format(count);
  if (language === 'ja') return long.replace(/(?<=\d)\s(?=[\p{Script=Han}\p{Script=Katakana}])/gu, '');
  // After a figure 千 is a thousand: 0.3千克 is heard as 300 grams.
  return language === 'zh' ? long.replace('千克', '公斤') : long;
}
