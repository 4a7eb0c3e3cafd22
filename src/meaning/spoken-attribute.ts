import { foldName, nameWithUnit } from './fold-name.js';
import type { LanguageTable, MeaningTables } from './meaning-tables.js';
import { spokenMeasure } from './spoken-measure.js';

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

const YES = new Set(
  [
    'yes',
    'y',
    'true',
    'support',
    'supported',
    'available',
    '是',
    '有',
    '支持',
    '可以',
    'はい',
    '네',
    'sí',
    'si',
    'oui',
    'ja',
    'да',
    'evet',
  ].map(foldName),
);
const NO = new Set(
  [
    'no',
    'n',
    'false',
    'not supported',
    'without',
    '否',
    '无',
    '没有',
    '不支持',
    'いいえ',
    '아니요',
    'non',
    'nein',
    'нет',
    'hayır',
    'não',
  ].map(foldName),
);
const SEPARATOR = /\s*[,，、;；|]\s*|\s+(?:and|&)\s+|\s+\/\s+|(?<=\p{L}{2})\/(?=\p{L}{2})/u;
/** Names that have one form everywhere: "USB-C", "IP67", "Bluetooth 5.3", "CE". */
const CODE = /^(?=.*(?:\d|^[A-Z][A-Z0-9+./&-]{0,11}$))[A-Za-z0-9][A-Za-z0-9 .+/&×x*%"°-]{0,31}$/;
/** Words of English in what looks like a code. */
const WORDS =
  /\b(?!USB\b|Type\b|Bluetooth\b|Wi-?Fi\b|Android\b|iOS\b|iPhone\b|Windows\b|Full\b|HD\b|LED\b|Micro\b|Lightning\b|HDMI\b)[A-Za-z]*[a-z]{3,}\b/;
/** Their values are names, the same in all languages with Latin letters around them. */
const NAMED = new Set(['brand', 'model-number', 'compatibility', 'port', 'certificate', 'connection']);
const MAX_PARTS = 8;
const SOCKETS: Readonly<Record<string, string>> = {
  eu: 'EU',
  us: 'US',
  uk: 'UK',
  au: 'AU',
  欧规: 'EU',
  美规: 'US',
  英规: 'UK',
  澳规: 'AU',
  国标: 'CN',
  cn: 'CN',
};

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
    const value = this.value(id, listed, language, options);
    return value === undefined ? undefined : entry.sentence.replace('{value}', value);
  }

  /** The value as this language says it. */
  value(id: string, { name, value }: ListedAttribute, language: string, options: SpokenOptions): string | undefined {
    const table = this.tables.languages.get(language);
    if (table === undefined) return undefined;
    const { unit } = nameWithUnit(name);
    const listed = value
      .replace(/[\s\u00a0]+/g, ' ')
      .trim()
      .replace(/[.。]$/, '');
    if (listed === '') return undefined;
    const plain = foldName(listed);
    if (YES.has(plain)) return table.units.yes;
    if (NO.has(plain)) return table.units.no;
    const whole = /^[\d.,\s~–-]+$/.test(listed) && unit !== undefined ? `${listed}${unit}` : listed;
    const measure = spokenMeasure(whole, table);
    if (measure !== undefined) return measure;
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
      if (socket !== undefined) return socket;
    }
    if (this.tables.attributes.get(id)?.value === 'count') {
      const count = /^(\d{1,6})\s*(?:pcs?|pieces?|件|个|套|只)?$/iu.exec(part.trim());
      const said = count === null ? undefined : options.pieces?.(Number(count[1]), table.language);
      if (said !== undefined) return said;
    }
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
