import { templateJson } from '../core/files/paths.js';
import { foldName, type LanguageTable, type MeaningTables, meaningTables, nameWithUnit } from './meaning-tables.js';

type Words = Readonly<Record<string, string>>;
interface ListedUnits {
  /** Spellings in listings by unit. */
  readonly intl: Readonly<Record<string, readonly string[]>>;
  readonly own: Readonly<Record<'watt' | 'volt' | 'decibel' | 'lumen', readonly string[]>>;
  readonly signs: Readonly<Record<string, readonly string[]>>;
  readonly chineseSigns: Readonly<Record<string, readonly string[]>>;
  readonly sockets: Readonly<Record<string, readonly string[]>>;
  readonly chineseSockets: Words;
  readonly yes: readonly string[];
  readonly no: readonly string[];
}

const LISTED = templateJson<ListedUnits>('meaning', 'units.json');
const bySpelling = <U extends string>(spellings: Readonly<Record<U, readonly string[]>>): Readonly<Record<string, U>> =>
  Object.fromEntries((Object.keys(spellings) as U[]).flatMap((unit) => spellings[unit].map((one) => [one, unit])));
const INTL = bySpelling(LISTED.intl);
const OWN = bySpelling(LISTED.own);
const SIGNS = bySpelling(LISTED.signs);
const CHINESE_SIGNS = bySpelling(LISTED.chineseSigns);
const SOCKETS = bySpelling(LISTED.sockets);
const CHINESE_SOCKETS = LISTED.chineseSockets;
const YES = new Set(LISTED.yes.map(foldName));
const NO = new Set(LISTED.no.map(foldName));

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

export interface ListedAttribute {
  readonly name: string;
  readonly value: string;
}

export interface SpokenOptions {
  /** The listing is written in the language that is spoken, so its own words will do. */
  readonly isOwn: boolean;
  /** Further words that are said in every language, such as the writer's materials and colours. */
  readonly translate?: (word: string, language: string) => string | undefined;
  /** "12 pieces". */
  readonly pieces?: (count: number, language: string) => string | undefined;
}

/** Words of values that deny the attribute. */
const DENYING = new Set(['unscented']);
const PLAIN_NUMBER = /^\d{1,3}$/;
const NUMBER_RANGE = /^(\d{1,4}(?:[.,]\d)?)\s*(?:-|–|—|~|～)\s*(\d{1,4}(?:[.,]\d)?)$/;
/** People have years of their own where Intl counts calendar years. */
const YEARS_OF_AGE: Readonly<Record<string, readonly [RegExp, string]>> = {
  zh: [/年/, '岁'],
  ja: [/\s?年/, '歳'],
  ko: [/년/, '세'],
  vi: [/năm/, 'tuổi'],
};
const SEPARATOR = /\s*[,，、;；|]\s*|\s+(?:and|&)\s+|\s+\/\s+|(?<=\p{L}{2})\/(?=\p{L}{2})/u;
/** Names that have one form everywhere: "USB-C", "IP67", "Bluetooth 5.3", "CE". */
const CODE = /^(?=.*(?:\d|^[A-Z][A-Z0-9+./&-]{0,11}$))[A-Za-z0-9][A-Za-z0-9 .+/&×x*%"°-]{0,31}$/;
/** Words of English in what looks like a code. */
const WORDS =
  /\b(?!USB\b|Type\b|Bluetooth\b|Wi-?Fi\b|Android\b|iOS\b|iPhone\b|Windows\b|Full\b|HD\b|LED\b|Micro\b|Lightning\b|HDMI\b)[A-Za-z]*[a-z]{3,}\b/;
/** Their values are names, the same in all languages with Latin letters around them. */
const NAMED = new Set(['brand', 'model-number', 'hs-code', 'compatibility', 'port', 'certificate', 'connection']);
const MAX_PARTS = 8;

/** Whether the value denies the attribute. */
export const isDenied = (value: string): boolean => NO.has(foldName(value));
/** Whether the value affirms the attribute and says no more. */
export const isAffirmed = (value: string): boolean => YES.has(foldName(value));

/** "Yes, it folds." without the word that answers: "It folds." */
export function withoutAnswer(sentence: string, language: string): string {
  const units = meaningTables().languages.get(language)?.units;
  const first = /^([^\s,，、،]{1,8})[,，、،]\s*/u.exec(sentence);
  if (units === undefined || first === null) return sentence;
  const word = foldName(first[1]!);
  if (word !== foldName(units.yes) && word !== foldName(units.no)) return sentence;
  const rest = sentence.slice(first[0].length);
  return rest.replace(/^\p{Ll}/u, (letter) => letter.toLocaleUpperCase(language));
}

/** Says the attributes of a listing in each language of the tables. */
export class SpokenAttributes {
  private readonly words = new Map<string, string>();

  constructor(private readonly tables: MeaningTables) {
    for (const { words } of tables.languages.values())
      for (const [key, word] of Object.entries(words)) this.words.set(foldName(word), key);
    for (const [key, names] of Object.entries(tables.wordAliases))
      for (const name of names) this.words.set(foldName(name), key);
  }

  /** The answer to a question about the attribute; undefined where this language has no sure words for the value. */
  sentence(id: string, listed: ListedAttribute, language: string, options: SpokenOptions): string | undefined {
    const table = this.tables.languages.get(language);
    const entry = table?.attributes[id];
    if (table === undefined || entry === undefined) return undefined;
    const plain = foldName(listed.value);
    if (YES.has(plain)) return entry.yes;
    if (NO.has(plain)) return entry.no;
    if (entry.no !== undefined && DENYING.has(this.words.get(plain) ?? '')) return entry.no;
    const value = this.value(id, listed, language, options);
    if (value === undefined) return undefined;
    return this.sentenceFor(id, listed, table, value).replace('{value}', () => value);
  }

  /** The sentence that fits the kind of value: a measure, a list of names or a plain number. */
  private sentenceFor(id: string, listed: ListedAttribute, table: LanguageTable, value: string): string {
    const { sentence, list, count } = table.attributes[id]!;
    if (count !== undefined && PLAIN_NUMBER.test(value) && Number(value) > 1) return count;
    return list === undefined || this.measure(id, listed, table) !== undefined ? sentence : list;
  }

  /** A figure with its unit, of the value or of the name. */
  private measure(id: string, { name, value }: ListedAttribute, table: LanguageTable): string | undefined {
    const { unit } = nameWithUnit(name);
    const listed = tidy(value);
    const whole = /^[\d.,\s~–-]+$/.test(listed) && unit !== undefined ? `${listed}${unit}` : listed;
    const said = spokenMeasure(whole, table);
    if (said === undefined || id !== 'age') return said;
    const [calendar, own] = YEARS_OF_AGE[table.language] ?? [];
    return calendar === undefined ? said : said.replace(calendar, own!);
  }

  /** The value as this language says it. */
  value(id: string, attribute: ListedAttribute, language: string, options: SpokenOptions): string | undefined {
    const table = this.tables.languages.get(language);
    if (table === undefined) return undefined;
    const listed = tidy(attribute.value);
    if (listed === '') return undefined;
    const plain = foldName(listed);
    if (YES.has(plain)) return table.units.yes;
    if (NO.has(plain)) return table.units.no;
    const measure = this.measure(id, attribute, table);
    if (measure !== undefined) return measure;
    const range = table.attributes[id]?.list === undefined ? null : NUMBER_RANGE.exec(listed);
    if (range !== null) return table.units.range.replace('{a}', range[1]!).replace('{b}', range[2]!);
    const known = this.word(foldName(listed), table, options, listed);
    if (known !== undefined) return known;
    const parts = listed.split(SEPARATOR).filter((one) => one !== '');
    if (parts.length <= MAX_PARTS) {
      const said = parts.map((part) => this.part(id, part, table, options));
      if (said.every((one) => one !== undefined))
        return new Intl.ListFormat(language, { type: 'conjunction' }).format(said);
    }
    return options.isOwn && listed.length <= 160 ? listed : undefined;
  }

  private part(id: string, part: string, table: LanguageTable, options: SpokenOptions): string | undefined {
    const folded = foldName(part);
    if (id === 'plug') {
      const socket = SOCKETS[folded.replace(/\s*(?:plug|standard|插头|插|type)$/u, '').trim()];
      if (socket !== undefined) return table.language === 'zh' ? CHINESE_SOCKETS[socket] : socket;
    }
    if (this.tables.attributes.get(id)?.value === 'count') {
      const count = /^(\d{1,6})\s*(?:pcs?|pieces?|件|个|套|只)?$/iu.exec(part.trim());
      const said = count === null ? undefined : options.pieces?.(Number(count[1]), table.language);
      if (said !== undefined) return said;
    }
    const named = table.language === 'zh' ? part.replace(/^bluetooth\s*/iu, '蓝牙') : part;
    if (named !== part) return named;
    return (
      spokenMeasure(part, table) ??
      this.word(folded, table, options, part) ??
      ((NAMED.has(id) && /^[\p{Script=Latin}\d .+/&-]{2,32}$/u.test(part)) || (CODE.test(part) && !WORDS.test(part))
        ? part
        : undefined) ??
      (options.isOwn ? part : undefined)
    );
  }

  private word(folded: string, table: LanguageTable, options: SpokenOptions, part: string): string | undefined {
    const key = this.words.get(folded);
    return (key === undefined ? undefined : table.words[key]) ?? options.translate?.(part, table.language);
  }
}

const tidy = (value: string): string =>
  value
    .replace(/[\s\u00a0]+/g, ' ')
    .trim()
    .replace(/[.。]$/, '');
