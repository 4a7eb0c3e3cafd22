/**
 * Writes templates/languages/vocabulary.bin: which words are common in each of the 18 languages, as one Bloom filter a
 * language. Answers of a language model may use these words, those of the listing, and those of the show's own sentences.
 *
 *     pip download --no-deps wordfreq pythainlp && unzip wordfreq-*.whl -d words && unzip pythainlp-*.whl -d words
 *     npm run tool -- write-vocabulary words
 *
 * The frequencies are those of wordfreq (Robyn Speer, data CC BY-SA 4.0) and, for Thai, of the Thai National Corpus in
 * PyThaiNLP (CC0). Left out are numbers, given names, words of other scripts, and the words of the rule packs that name or
 * lead to applications, accounts, addresses and shops elsewhere.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { templatePath } from '../../../src/core/files/paths.js';
import { foldWord, type VocabularyHeader, wordBits } from '../../../src/viewers/replies/answers/plain-words.js';
import { valueOfWord } from '../../../src/moderation/index.js';
import { loadRulePacks } from '../../../src/moderation/packs/index.js';

/** Words taken of each list; inflected languages need more of them. */
const WORDS: Readonly<Record<string, number>> = {
  en: 50_000, es: 90_000, pt: 90_000, fr: 80_000, de: 120_000, it: 90_000, nl: 90_000, pl: 200_000, ru: 280_000, ar: 90_000,
  tr: 40_000, id: 30_000, vi: 12_000, hi: 30_000, zh: 60_000, ja: 50_000, ko: 40_000, th: 25_000,
}; // prettier-ignore
const BITS_A_WORD = 12;
const HASHES = 7;
/** Single letters are words only among the most frequent. */
const MAX_LETTER_RANK = 120;
/** Single signs of Chinese and Japanese are words only among the frequent. */
const MAX_SIGN_RANK = 40_000;
/** Languages whose names cannot be told by their capitals. */
const WITHOUT_CAPITALS: ReadonlySet<string> = new Set('de ru ar hi th zh ja ko'.split(' '));
/** Words of listings that lead elsewhere in other company only. */
const KEPT: ReadonlySet<string> = new Set('handle contact interno contatto contacto contato kontakt'.split(' '));
/** A name that is a frequent word as well stays: rose, will. */
const MIN_NAME_RANK = 3000;
const SCRIPT_OF: Readonly<Record<string, RegExp>> = {
  ru: /^[\p{Script=Cyrillic}\p{M}'-]+$/u,
  ar: /^[\p{Script=Arabic}\p{M}]+$/u,
  hi: /^[\p{Script=Devanagari}\p{M}\u200c\u200d]+$/u,
  th: /^[\p{Script=Thai}\p{M}]+$/u,
  zh: /^\p{Script=Han}+$/u,
  ja: /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー々]+$/u,
  ko: /^\p{Script=Hangul}+$/u,
};
const LATIN = /^[\p{Script=Latin}\p{M}'’-]+$/u;
/** Sets of the packs whose words lead away from the show. */
const LEADING_AWAY = new Set(
  (
    'app-word account-word handle-word dot-tld at-word app-nick short-name soft-name bare-app spoken-sign plus-word search-engine there-word site-word contact-verb ' +
    'store-word find-us dial-verb reach-verb send-word phone-cue group-kind google-verb talk-on join-place spelled-app go-to scan code qr qr-use search-word ' +
    'number-label digits-word channel-name file-word bank-name account-cue offline colour-app app-icon own-app other-site video-site'
  ).split(' '),
);
/** The parts of an address said aloud, in the languages of the packs. */
const ADDRESS_PARTS =
  'abc xyz com net org www http https dot dash slash hyphen underscore minus colon punto ponto punkt point barra guion bindestrich punt kropka точка тире слэш дефис ком ру 点 杠 ドット コム 점 닷 컴 ดอท คอม จุด नुकता डॉट कॉम نقطة دوت كوم nokta tire titik chấm gạch official oficial officiel offiziell ufficiale officieel oficjalny официальный 官方 公式 공식 resmi رسمي';

interface Cursor {
  at: number;
}

/** The part of MessagePack that wordfreq uses. */
function unpack(bytes: Buffer, c: Cursor): unknown {
  const type = bytes[c.at++]!;
  const text = (length: number): string => bytes.toString('utf8', c.at, (c.at += length));
  const list = (length: number): unknown[] => Array.from({ length }, () => unpack(bytes, c));
  const map = (length: number): unknown =>
    Object.fromEntries(Array.from({ length }, () => [unpack(bytes, c), unpack(bytes, c)]));
  const uint = (size: 1 | 2 | 4): number => {
    const value = bytes.readUIntBE(c.at, size);
    c.at += size;
    return value;
  };
  if (type < 0x80) return type;
  if (type < 0x90) return map(type & 0xf);
  if (type < 0xa0) return list(type & 0xf);
  if (type < 0xc0) return text(type & 0x1f);
  if (type >= 0xe0) return type - 256;
  const sized: Readonly<Record<number, () => unknown>> = {
    0xc0: () => null, 0xc4: () => text(uint(1)), 0xcc: () => uint(1), 0xcd: () => uint(2), 0xce: () => uint(4),
    0xd0: () => uint(1), 0xd9: () => text(uint(1)), 0xda: () => text(uint(2)), 0xdb: () => text(uint(4)),
    0xdc: () => list(uint(2)), 0xdd: () => list(uint(4)), 0xde: () => map(uint(2)),
  }; // prettier-ignore
  const read = sized[type];
  if (read === undefined) throw new Error(`MessagePack type ${type} at ${c.at}`);
  return read();
}

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('expected the folder of the unpacked lists');

/** Words of a language, the most frequent first. */
function ranked(language: string): string[] {
  if (language === 'th')
    return readFileSync(join(folder!, 'pythainlp/corpus/tnc_freq.txt'), 'utf8')
      .split('\n')
      .map((line) => line.split('\t'))
      .toSorted((a, b) => Number(b[1] ?? 0) - Number(a[1] ?? 0))
      .map(([word]) => word!);
  const file = ['large', 'small']
    .map((size) => join(folder!, 'wordfreq/data', `${size}_${language}.msgpack.gz`))
    .find((path) => existsSync(path))!;
  const bins = unpack(gunzipSync(readFileSync(file)), { at: 0 }) as unknown[];
  return bins.slice(1).flatMap((bin) => bin as string[]);
}

const packs = loadRulePacks();
const names = new Set(
  readFileSync(templatePath('names/given-names.txt'), 'utf8')
    .split(/\s+/u)
    .map((name) => foldWord(name)),
);

/** Single words of the rule packs that are forbidden, or lead elsewhere. */
function refused(language: string): Set<string> {
  const words = packs
    .filter((pack) => pack.language === language || pack.language === 'any')
    .flatMap(({ rule, say, sets }) => [
      ...(/^(?:1\.|3\.|4\.|P)/.test(rule) ? Object.values(say).flat() : []),
      ...Object.entries(sets).flatMap(([set, terms]) => (LEADING_AWAY.has(set) ? terms : [])),
    ]);
  return new Set([...words, ...ADDRESS_PARTS.split(' ')].map((word) => foldWord(word.replace('*', ''), language)));
}

const filters: Buffer[] = [];
const header: VocabularyHeader = { hashes: HASHES, languages: {} };
for (const [language, most] of Object.entries(WORDS)) {
  const away = refused(language);
  const script = SCRIPT_OF[language] ?? LATIN;
  const isDense = ['zh', 'ja', 'ko'].includes(language);
  const words = new Set<string>();
  for (const [rank, raw] of ranked(language).entries()) {
    if (words.size >= most) break;
    const word = foldWord(raw, language);
    if (!script.test(word) || (away.has(word) && !KEPT.has(word))) continue;
    if ((valueOfWord(word, language) ?? 1) !== 1) continue;
    const length = [...word].length;
    if (length === 1 && rank > (isDense ? MAX_SIGN_RANK : MAX_LETTER_RANK)) continue;
    if (WITHOUT_CAPITALS.has(language) && rank > MIN_NAME_RANK && names.has(word)) continue;
    words.add(word);
  }
  const bits = Math.ceil((words.size * BITS_A_WORD) / 8) * 8;
  const filter = Buffer.alloc(bits / 8);
  for (const word of words) for (const bit of wordBits(word, bits, HASHES)) filter[bit >> 3]! |= 1 << (bit & 7);
  header.languages[language] = { bits, words: words.size };
  filters.push(filter);
  process.stdout.write(`${language}: ${words.size} words\n`);
}
const head = Buffer.from(`${JSON.stringify(header)}\n`);
writeFileSync(templatePath('languages/vocabulary.bin'), Buffer.concat([head, ...filters]));
