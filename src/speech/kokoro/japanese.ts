import type { JapaneseWord } from '../../models/index.js';
import type { SpokenText } from '../spoken-text.js';
import type { ReadLatin } from './chinese.js';
import { ipaOf, type KokoroSymbol } from './symbols.js';

const VOWELS = 'aiɯeo';
/** Consonants of the rows of kana, for each of the five vowels. */
const ROWS: readonly (readonly [kana: string, consonants: readonly string[], vowels?: string])[] = [
  ['アイウエオ', ['', '', '', '', '']],
  ['カキクケコ', ['k', 'kʲ', 'k', 'k', 'k']],
  ['ガギグゲゴ', ['ɡ', 'ɡʲ', 'ɡ', 'ɡ', 'ɡ']],
  ['サシスセソ', ['s', 'ɕ', 's', 's', 's'], 'aiɨeo'],
  ['ザジズゼゾ', ['ʣ', 'ʥ', 'z', 'ʣ', 'ʣ'], 'aiɨeo'],
  ['タチツテト', ['t', 'ʨ', 'ʦ', 't', 't'], 'aiɨeo'],
  ['ダヂヅデド', ['d', 'ʥ', 'z', 'd', 'd'], 'aiɨeo'],
  ['ナニヌネノ', ['n', 'ɲ', 'n', 'n', 'n']],
  ['ハヒフヘホ', ['h', 'ç', 'ɸ', 'h', 'h']],
  ['バビブベボ', ['b', 'bʲ', 'b', 'b', 'b']],
  ['パピプペポ', ['p', 'pʲ', 'p', 'p', 'p']],
  ['マミムメモ', ['m', 'mʲ', 'm', 'm', 'm']],
  ['ラリルレロ', ['ɾ', 'ɾʲ', 'ɾ', 'ɾ', 'ɾ']],
  ['ワヰ\0ヱヲ', ['β', '', '', '', '']],
];
const SMALL: Readonly<Record<string, string>> = { ァ: 'a', ィ: 'i', ゥ: 'ɯ', ェ: 'e', ォ: 'o' };
const GLIDES: Readonly<Record<string, string>> = { ャ: 'a', ュ: 'ɯ', ョ: 'o' };
const MORAS: ReadonlyMap<string, readonly [consonant: string, vowel: string]> = new Map([
  ...ROWS.flatMap(([kana, consonants, vowels = VOWELS]) =>
    [...kana].map((one, i) => [one, [consonants[i]!, vowels[i]!]] as const),
  ),
  ['ヤ', ['j', 'a']],
  ['ユ', ['j', 'ɯ']],
  ['ヨ', ['j', 'o']],
  ['ヴ', ['v', 'ɯ']],
]);
const PUNCTUATION: Readonly<Record<string, string>> = {
  '。': '.',
  '、': ',',
  '，': ',',
  '！': '!',
  '？': '?',
  '：': ':',
  '；': ';',
  '…': '…',
  '「': '“',
  '」': '”',
  '『': '“',
  '』': '”',
  '（': '(',
  '）': ')',
};

/** @param spokenText written text without markup, with its offsets */
export async function japaneseSymbols(
  { text, offsets }: SpokenText,
  wordsOf: (text: string) => Promise<readonly JapaneseWord[]>,
  readLatin: ReadLatin,
): Promise<KokoroSymbol[]> {
  const said = japaneseNumbers(text);
  const charAt = (unit: number): number => offsets[said.offsets[Math.min(unit, said.offsets.length - 1)] ?? 0] ?? 0;
  const out: KokoroSymbol[] = [];
  const space = (char: number): void => {
    if (out.length > 0 && out.at(-1)!.text !== ' ') out.push({ text: ' ', ipa: '', char, first: false });
  };
  for (const { written, at, said: reading, leans } of await wordsOf(said.text)) {
    const char = charAt(at);
    const mark = [...written].map((one) => PUNCTUATION[one] ?? (/^[,.!?;:…—"()]$/u.test(one) ? one : '')).join('');
    if (mark !== '') {
      if (out.at(-1)?.text === ' ') out.pop();
      if (out.length > 0) out.push({ text: mark[0]!, ipa: '', char, first: false });
      continue;
    }
    const kana = [reading, toKatakana(written)].find((one) => /^[ァ-ヴー]+$/u.test(one));
    if (kana !== undefined) {
      // Particles and endings belong to the word before them.
      if (!leans) space(char);
      put(out, kanaSymbols(kana), char);
    } else if (/[A-Za-z]/.test(written)) {
      space(char);
      for (const one of await readLatin(written)) out.push({ ...one, char });
    }
  }
  return out;
}

function put(out: KokoroSymbol[], letters: string, char: number): void {
  let first = true;
  for (const letter of letters) {
    out.push({ text: letter, ipa: ipaOf(letter), char, first });
    first = false;
  }
}

export function kanaSymbols(kana: string): string {
  let out = '';
  const signs = [...kana];
  for (const [i, sign] of signs.entries()) {
    const next = signs[i + 1];
    const mora = MORAS.get(sign);
    if (sign === 'ー') out += 'ː';
    else if (sign === 'ッ') out += 'ʔ';
    else if (sign === 'ン') out += nasalBefore(MORAS.get(next ?? '')?.[0] ?? '');
    else if (mora !== undefined && next !== undefined && GLIDES[next] !== undefined)
      out += (/[ɕʥʨɲçʲ]$/u.test(mora[0]) ? mora[0] : `${mora[0]}j`) + GLIDES[next];
    else if (mora !== undefined && next !== undefined && SMALL[next] !== undefined)
      out += (mora[0] === '' ? 'β' : mora[0].replace('ʲ', '')) + SMALL[next];
    else if (mora !== undefined) out += mora[0] + mora[1];
  }
  return out;
}

function nasalBefore(consonant: string): string {
  if (/^[pbm]/u.test(consonant)) return 'm';
  if (/^[kɡ]/u.test(consonant)) return 'ŋ';
  if (/^[ɲʨʥ]/u.test(consonant)) return 'ɲ';
  return /^[ntdɾʣʦz]/u.test(consonant) ? 'n' : 'ɴ';
}

const toKatakana = (text: string): string =>
  text.replaceAll(/[ぁ-ゖ]/gu, (one) => String.fromCharCode(one.charCodeAt(0) + 0x60));

const NUMBER = /(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?(つ|\s?(?:ml|kg|km|cm|mm|mAh|[%％℃Lgmw])(?![A-Za-z]))?/giu;
const COUNTED = ['', 'ひとつ', 'ふたつ', 'みっつ', 'よっつ', 'いつつ', 'むっつ', 'ななつ', 'やっつ', 'ここのつ'];
const UNITS: Readonly<Record<string, string>> = {
  '%': 'パーセント',
  '％': 'パーセント',
  '℃': 'ド',
  cm: 'センチ',
  g: 'グラム',
  kg: 'キロ',
  km: 'キロ',
  l: 'リットル',
  m: 'メートル',
  mah: 'ミリアンペアアワー',
  ml: 'ミリリットル',
  mm: 'ミリ',
  w: 'ワット',
};
const DIGITS = ['ゼロ', 'いち', 'に', 'さん', 'よん', 'ご', 'ろく', 'なな', 'はち', 'きゅう'];
const THOUSANDS: Readonly<Record<number, string>> = { 1: 'せん', 3: 'さんぜん', 8: 'はっせん' };
const HUNDREDS: Readonly<Record<number, string>> = { 1: 'ひゃく', 3: 'さんびゃく', 6: 'ろっぴゃく', 8: 'はっぴゃく' };
const GROUPS = ['', 'まん', 'おく'];

/** Numbers as they are said, with their places. */
export function japaneseNumbers(text: string): SpokenText {
  let out = '';
  const offsets: number[] = [];
  let done = 0;
  const plain = (to: number): void => {
    for (; done < to; done += 1) offsets.push(done);
  };
  for (const { 0: all, 1: integer = '', 2: fraction, 3: unit = '', index } of text.matchAll(NUMBER)) {
    out += text.slice(done, index);
    plain(index);
    const digits = integer.replaceAll(',', '');
    const isCode = digits.length > 12 || (digits.length > 1 && digits.startsWith('0'));
    const read =
      (isCode ? byDigit(digits) : whole(Number(digits))) + (fraction === undefined ? '' : `てん${byDigit(fraction)}`);
    const isCount = unit === 'つ' && digits.length === 1 && digits !== '0' && fraction === undefined;
    const said = isCount ? COUNTED[Number(digits)]! : toKatakana(read) + (UNITS[unit.trim().toLowerCase()] ?? unit);
    for (let i = 0; i < said.length; i += 1) offsets.push(index);
    out += said;
    done = index + all.length;
  }
  out += text.slice(done);
  plain(text.length);
  return { text: out, offsets: Int32Array.from(offsets) };
}

const byDigit = (digits: string): string => [...digits].map((one) => DIGITS[Number(one)]!).join('');

function whole(value: number): string {
  if (value === 0) return DIGITS[0]!;
  let out = '';
  for (let rest = value, group = 0; rest > 0; rest = Math.floor(rest / 10_000), group += 1)
    if (rest % 10_000 > 0) out = below10000(rest % 10_000, group > 0) + (GROUPS[group] ?? '') + out;
  return out;
}

function below10000(value: number, counts: boolean): string {
  const [thousand, hundred, ten, one] = [1000, 100, 10, 1].map((unit) => Math.floor(value / unit) % 10) as [
    number,
    number,
    number,
    number,
  ];
  const of = (digit: number, name: string, own: Readonly<Record<number, string>> = {}): string =>
    digit === 0 ? '' : (own[digit] ?? `${digit === 1 ? '' : DIGITS[digit]!}${name}`);
  const said = of(thousand, 'せん', THOUSANDS) + of(hundred, 'ひゃく', HUNDREDS) + of(ten, 'じゅう');
  return said + (one === 0 ? '' : one === 1 && counts && said === '' ? 'いち' : DIGITS[one]!);
}
