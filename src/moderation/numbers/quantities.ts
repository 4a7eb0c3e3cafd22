/** Figures with their units in a folded text. */
export interface Quantity {
  readonly start: number;
  readonly end: number;
  readonly value: number;
  /** `money`, `percent`, `length`, `mass`… */
  readonly family: string;
}

/** Unit → family and factor to the family's base unit. */
const UNITS: readonly (readonly [family: string, factor: number, spellings: string])[] = [
  ['length', 0.001, 'mm|millimet(?:er|re)s?|毫米|мм|มม|मिमी'],
  ['length', 0.01, 'cm|centimet(?:er|re)s?|厘米|公分|см|ซม|सेमी|سم'],
  ['length', 1, 'm|met(?:er|re)s?|metros?|metri|米|м|метр(?:а|ов)?|เมตร'],
  ['length', 0.0254, 'in(?=\\s*(?:$|[.,;)x]))|inch(?:es)?|寸|英寸'],
  ['mass', 0.001, 'g|gr|grams?|克|гр?|กรัม|ग्राम'],
  ['mass', 1, 'kg|kgs|kilos?|kilograms?|kilogrammes?|公斤|千克|кг|кило|килограмм(?:а|ов)?|กก|किलो|キロ|킬로'],
  ['mass', 0.5, '斤'],
  ['mass', 0.4536, 'lbs?|pounds?'],
  ['volume', 0.001, 'ml|millilit(?:er|re)s?|毫升|мл|มล'],
  ['volume', 1, 'l|lit(?:er|re)s?|litros?|litri|升|л|литр(?:а|ов)?|ลิตร|リットル|리터|लीटर|لتر'],
  ['volume', 0.02957, 'oz|ounces?'],
  ['power', 1, 'w|watts?|vatios|wat(?:ow|y)?|瓦|вт|ватт|ワット|와트|वाट|واط|วัตต์'],
  ['power', 1000, 'kw|kilowatts?|千瓦|квт'],
  ['voltage', 1, 'v|volts?|伏|в'],
  ['charge', 1, 'mah|milliamp(?:ere)?[ -]hours?|milliamps?|毫安时?|мач'],
  ['memory', 1, 'gb'],
  ['memory', 1000, 'tb'],
  ['hours', 1, 'h|hrs?|hours?|小时|ساعات|घंटे|saat|godzin|часов|часа|heures|horas|stunden|ore|jam|giờ|ชั่วโมง|時間|시간'],
  [
    'minutes',
    1,
    'min|mins|minutes?|分钟|分鐘|minutos?|minuten|minuti|минут[аы]?|دقائق|dakika|menit|phut|นาที|分で|분|मिनट|minuty?|minuten',
  ],
  [
    'months',
    1,
    'months?|个月|mes(?:es)?|mois|monate?n?|mesi|месяц(?:а|ев)?|اشهر|ay(?![a-z])|bulan|thang|เดือน|ヶ月|か月|개월|महीने|miesiecy|miesiace|maanden',
  ],
  ['days', 1, 'days?|天|日|суток|сутки|ايام|दिन|дней|дня|jours|dias|tagen?|giorni|hari|gun|ngay|วัน|일|dni|dagen'],
  [
    'years',
    1,
    'years?|年|лет|года?|ans?|anos?|jahren?|jahre?|anni|anno|tahun|yil|nam|ปี|년|साल|سنوات|سنه|lat|lata|jaar',
  ],
  [
    'percent',
    1,
    '%|percent|per cent|por cien|por 100|pour 100|per 100|процент(?:ов|а)?|por ciento|por cento|pour cent|prozent|per cento|persen|yuzde|phan tram|เปอร์เซ็นต์|パーセント|퍼센트',
  ],
  [
    'pieces',
    1,
    'pcs|pieces?|pezzi|piezas|cups?|units?|sets?|pairs?|件|个|只|套|双|台|箱|штук|шт|piezas|unidades|pecas|stuck|pezzi|buah|adet|cai|chiec|ชิ้น|個|개|sztuk|stuks|पीस|قطعه|قطع',
  ],
  [
    'grade',
    1,
    '(?:stainless|不锈钢|不銹鋼|ステンレス|스테인리스|нержаве\\p{L}*|acero inoxidable|edelstahl|inox|paslanmaz)',
  ],
];
const MONEY_BEFORE = '(?:us\\s?\\$|hk\\s?\\$|[$€£¥₹₽₩฿₫]|usd|eur|gbp|cny|rmb|inr|idr|vnd|thb|aed|sar|rp)';
const MONEY_AFTER =
  '(?:usd|us dollars?|dollars?|bucks|eur|euros?|gbp|cny|rmb|yuan|[$€£¥₹₽₩฿₫]|元|块钱?|美元|美金|欧元|刀|円|米ドル|ドル|원|달러|บาท|ดอลลาร์|руб(?:лей|ля|ль)?|долларов|доллара?|دولارات|دولار|ريال|درهم|dolares|dolary|dolarow|dolara|dolar|dollari|dollaro|do la|do(?= (?:mot|1|moi|cai)|$)|pesos|reais|rupiah|rupees?|lira|tl|zl|zlotych|dong|ringgit|रुपये|डॉलर)';
const NUMBER = '\\d{1,9}(?:[,.]\\d{3}(?!\\d)){0,3}(?:[.,]\\d{1,3})?';
const QUANTITY = new RegExp(
  `(${MONEY_BEFORE})\\s?(${NUMBER})|(?<![\\d.,])(${NUMBER})\\s?-?(?:(${MONEY_AFTER})|${UNITS.map(([, , s]) => `(${s})`).join('|')})(?![a-z\\u0430-\\u044f\\u0900-\\u097f])`,
  'gu',
);

/** Value of a figure with either convention for thousands and decimals. */
export function figure(text: string): number {
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
    else if (m[4] !== undefined) found.push({ start, end, value: figure(m[3]), family: 'money' });
    else {
      const u = UNITS.findIndex((_, i) => m[5 + i] !== undefined);
      found.push({ start, end, value: figure(m[3]) * UNITS[u][1], family: UNITS[u][0] });
    }
  }
  return found;
}
