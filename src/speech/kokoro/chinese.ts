import { customPinyin, pinyin } from 'pinyin-pro';
import { templateJson } from '../../core/files/paths.js';
import type { SpokenText } from '../spoken-text.js';
import { ipaOf, type KokoroSymbol } from './symbols.js';

type Words = Readonly<Record<string, string>>;
const {
  units: UNITS,
  initials: INITIALS,
  finals: FINALS,
  zero: ZERO,
  punctuation: PUNCTUATION,
} = templateJson<{
  readonly units: Words;
  readonly initials: Words;
  readonly finals: Readonly<Record<string, readonly [vowel: string, coda: string]>>;
  readonly zero: Words;
  readonly punctuation: Words;
}>('languages', 'kokoro-chinese.json');

/**
 * Writes out numbers, units, times and ranges as a Chinese speaker reads them: `1.7L` is 一点七升, `200件` 两百件,
 * `15-20天` 十五到二十天, `30%` 百分之三十, `9:30` 九点三十分, a year or a long number digit by digit.
 */
const DIGITS = '零一二三四五六七八九';
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

/** English words of a Chinese text, as symbols. */
export type ReadLatin = (text: string) => Promise<readonly KokoroSymbol[]>;

const TONES = ['', '→', '↗', '↓', '↘'];
const HAN = /\p{Script=Han}/u;
/** After these 儿 is a syllable of its own. */
const CHILD = /[女婴幼孤少健胎宠男小孩]/u;
/** Words whose 得, 地 and 的 are not what their dictionary entry says: after a verb or adjective 得 is light. */
const RESULT = /[^不舍值获取所心记觉认懂晓\s，。！？、](?:得)(?=[最很更非太特挺多好快慢久早晚高低大小远近漂干清])/gu;

interface Syllable {
  readonly initial: string;
  readonly vowel: string;
  readonly coda: string;
  tone: number;
}

/** @param spokenText written text without markup, with its offsets */
export async function chineseSymbols({ text, offsets }: SpokenText, readLatin: ReadLatin): Promise<KokoroSymbol[]> {
  const numbered = chineseNumbers(text);
  const said = numbered.text;
  const charAt = (unit: number): number => offsets[numbered.offsets[unit] ?? 0] ?? 0;
  const syllables = syllablesOf(said);
  const out: KokoroSymbol[] = [];
  const put = (letters: string, char: number, isFirst: boolean): void => {
    let first = isFirst;
    for (const letter of letters) {
      out.push({ text: letter, ipa: ipaOf(letter), char, first });
      first = false;
    }
  };
  const space = (char: number): void => {
    if (out.length > 0 && out.at(-1)!.text !== ' ') put(' ', char, false);
  };
  for (const { segment, index } of chineseWords(said)) {
    if (HAN.test(segment)) {
      space(charAt(index));
      let unit = index;
      for (const letter of segment) {
        const syllable = syllables.get(unit);
        const next = syllables.get(unit + letter.length);
        const rhotic = next?.vowel === 'ɚ' && isErhua(said, unit, letter);
        if (letter === '儿' && unit > 0 && isErhua(said, unit - 1, said[unit - 1]!)) put('ɚ', charAt(unit), true);
        else if (syllable !== undefined) put(written(syllable, rhotic), charAt(unit), true);
        unit += letter.length;
      }
      continue;
    }
    const mark = PUNCTUATION[segment] ?? (/^[,.!?;:…—"()]$/u.test(segment) ? segment : undefined);
    if (mark !== undefined) {
      if (out.at(-1)?.text === ' ') out.pop();
      if (out.length > 0) put(mark, charAt(index), false);
    }
  }
  return weave(out, said, charAt, readLatin);
}

const words = new Intl.Segmenter('zh', { granularity: 'word' });
/** Single characters that stay words of their own. */
const ALONE =
  /[的了吗呢吧啊呀嘛是在和与或也就都还又再很最更太我你您他她它这那哪有没不要会能可把被给让跟从到对为以及而但若如请先别]/u;
/** Single characters that end the word before them. */
const ENDS = /[量线间度省市区期价款色们性率型号机器店家者品壶杯罐箱盖边里上下内外后前]/u;
const NUMERAL = /^[零一二两三四五六七八九十百千万亿点]+$/u;

interface Word {
  readonly segment: string;
  readonly index: number;
}

/** Words as they are spoken together: the dictionary of ICU cuts off single characters that belong to a neighbour. */
function chineseWords(said: string): Word[] {
  const out: Word[] = [];
  for (const { segment, index } of words.segment(said)) {
    const last = out.at(-1);
    const isNext = last !== undefined && last.index + last.segment.length === index;
    if (isNext && HAN.test(last.segment) && HAN.test(segment) && joins(last.segment, segment))
      out[out.length - 1] = { segment: last.segment + segment, index: last.index };
    else out.push({ segment, index });
  }
  return out;
}

function joins(before: string, here: string): boolean {
  if (here === '儿') return !ALONE.test(before);
  if (NUMERAL.test(before) && NUMERAL.test(here)) return before.length + here.length <= 4;
  if (here.length > 1 || ALONE.test(here)) return false;
  if (NUMERAL.test(here)) return false;
  if (ENDS.test(here)) return !ALONE.test(before) && before.length <= 3;
  return before.length === 1 && !ALONE.test(before);
}

/** Puts the English words of a text between its Chinese ones. */
async function weave(
  han: readonly KokoroSymbol[],
  said: string,
  charAt: (unit: number) => number,
  readLatin: ReadLatin,
): Promise<KokoroSymbol[]> {
  const out = [...han];
  for (const match of said.matchAll(/[A-Za-zÀ-ɏ][A-Za-zÀ-ɏ0-9'’&+.-]*(?:\s+[A-Za-zÀ-ɏ][A-Za-zÀ-ɏ0-9'’&+-]*)*/gu)) {
    const char = charAt(match.index);
    const read = (await readLatin(match[0].replace(/[.-]+$/u, ''))).map((one) => ({
      ...one,
      char: charAt(match.index + one.char),
    }));
    if (read.length === 0) continue;
    const found = out.findIndex((one) => one.char > char || (one.char === char && one.text !== ' '));
    const at = found === -1 ? out.length : found;
    const gap = (where: KokoroSymbol | undefined): KokoroSymbol[] =>
      where === undefined || where.text === ' ' ? [] : [{ text: ' ', ipa: '', char, first: false }];
    const follows = out[at];
    const after = follows !== undefined && /[,.!?;:…—)”]/u.test(follows.text) ? [] : gap(follows);
    out.splice(at, 0, ...gap(out[at - 1]), ...read, ...after);
  }
  return out;
}

/** Readings that pinyin-pro's dictionary lacks. */
customPinyin({
  倒水: 'dào shuǐ',
  倒茶: 'dào chá',
  倒出: 'dào chū',
  倒入: 'dào rù',
  倒进: 'dào jìn',
  起订量: 'qǐ dìng liàng',
  订货量: 'dìng huò liàng',
});
/** Before and after these 量 is the verb, in its second tone; else it is an amount. */
const CHINESE_MEASURES = /[商测衡打丈思考估掂端]/u;
const MEASURED = /[一身体尺]/u;

/** Syllables by UTF-16 offset, with the changes of tones in their context. */
function syllablesOf(said: string): Map<number, Syllable> {
  const out = new Map<number, Syllable>();
  const light = new Set<number>();
  for (const match of said.matchAll(RESULT)) light.add(match.index + match[0].length - 1);
  let unit = 0;
  for (const { origin, pinyin: read, num } of pinyin(said, { type: 'all', toneType: 'none', v: true })) {
    const at = said.indexOf(origin, unit);
    if (at < 0) continue;
    unit = at + origin.length;
    const syllable = HAN.test(origin) ? syllableOf(light.has(at) ? 'de' : read, light.has(at) ? 0 : num) : undefined;
    if (syllable === undefined) continue;
    const [before, after] = [said.charAt(at - 1), said.charAt(at + 1)];
    if (
      origin === '量' &&
      HAN.test(before) &&
      !CHINESE_MEASURES.test(before) &&
      !MEASURED.test(after) &&
      !/[量]/u.test(said[at - 2] ?? '')
    )
      syllable.tone = 4;
    out.set(at, syllable);
  }
  for (const [at, syllable] of out) {
    // Light in 看一看 alone; pinyin-pro leaves it so in 一样一样, too.
    if (said[at] !== '一' || syllable.tone !== 0 || isTried(said, at)) continue;
    syllable.tone = out.get(at + 1)?.tone === 4 ? 2 : 4;
  }
  thirdTones(said, out);
  return out;
}

const isTried = (said: string, at: number): boolean => said[at - 1] === said[at + 1] && said[at - 2] !== '一';

function syllableOf(read: string, tone: number): Syllable | undefined {
  const plain = read.toLowerCase().replace(/u:|v/g, 'ü');
  const zero = ZERO[plain];
  const found = /^(zh|ch|sh|[bpmfdtnlgkhjqxrzcs])?(.*)$/u.exec(plain)!;
  const initial = zero === undefined ? (found[1] ?? '') : '';
  let final = zero ?? found[2]!;
  if (/^[jqx]$/.test(initial) && final.startsWith('u')) final = `ü${final.slice(1)}`;
  if (/^(?:zh|ch|sh|r|z|c|s)$/.test(initial) && final === 'i')
    return { initial: INITIALS[initial]!, vowel: 'ɨ', coda: '', tone };
  const parts = FINALS[final];
  if (parts === undefined) return undefined;
  const vowel = initial === '' && final === 'o' ? 'ɔ' : parts[0];
  return { initial: INITIALS[initial] ?? '', vowel, coda: parts[1], tone };
}

/** A third tone before another one in the same word rises. */
function thirdTones(said: string, syllables: ReadonlyMap<number, Syllable>): void {
  for (const { segment, index } of chineseWords(said)) {
    for (let unit = index + segment.length - 1; unit > index; unit -= 1) {
      const [before, here] = [syllables.get(unit - 1), syllables.get(unit)];
      if (before?.tone === 3 && here?.tone === 3) before.tone = 2;
    }
  }
}

const isErhua = (said: string, unit: number, letter: string): boolean =>
  said[unit + letter.length] === '儿' &&
  HAN.test(letter) &&
  !CHILD.test(letter) &&
  !/[童子科女歌孙媳]/u.test(said[unit + letter.length + 1] ?? '');

const written = ({ initial, vowel, coda, tone }: Syllable, isRhotic: boolean): string =>
  `${initial}${vowel}${TONES[tone] ?? ''}${isRhotic ? '' : coda}`;
