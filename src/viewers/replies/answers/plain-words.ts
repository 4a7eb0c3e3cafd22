/**
 * Decides whether an answer of a language model has plain words alone.
 *
 * Problem: a comment can make a model say an account, an address or a name, in words that no list forbids.
 * Rule: every word is one of the listing, of the show's own sentences, or common in the answer's language. Names, handles,
 * and Latin words within other scripts are not common; a word with a capital inside a sentence is a name (but for German).
 * A number word needs its figure in the listing.
 */
import type { Product } from '../../../config/sections/product.js';
import { valueOfWord } from '../../../moderation/index.js';
import { SpokenValues } from '../../../writer/spoken-values.js';
import { expandWordings } from '../../../writer/expand-wordings.js';
import type { SentencePlans } from '../../../writer/plan-schema.js';
import type { ReplyPacks } from '../comments/reply-packs.js';
import { readFileSync } from 'node:fs';
import { templatePath } from '../../../core/files/paths.js';

const WORD = /[\p{L}\p{M}\p{N}]+(?:['’][\p{L}\p{M}]+)*['’]?/gu;
/** Languages without blanks: their words are found by Intl.Segmenter. */
const SEGMENTED: ReadonlySet<string> = new Set(['zh', 'ja', 'th']);
const LATIN_LANGUAGES: ReadonlySet<string> = new Set('en es pt fr de it nl pl tr id vi'.split(' '));
const LATIN = /\p{Script=Latin}/u;
/** Letters before a figure are one name with it: kettle77. */
const FIGURES_APART = /(?<!\p{L}\p{M}*)\p{N}+(?=\p{L})|.+/gu;
const SCRIPTS_APART = /\p{N}+|\p{Script=Latin}+|(?:(?![\p{N}\p{Script=Latin}.,]).)+/gu;
const OTHER = /(?![\p{Script=Latin}\p{M}\p{N}'’])./u;
/** Measures that may stand right behind a figure. */
const UNITS = /^(?:mm|cm|m|km|ml|cl|l|g|kg|mg|w|kw|v|a|mah|hz|oz|lb|lbs|in|ft|°c|h|min|s|x|%|pcs)$/;
/** Endings of inflected words, without which a word is looked for again. */
const ENDINGS: Readonly<Record<string, string>> = {
  en: "s es ed ing er ly d r 's s' est ness", es: 's es mente lo la los las le les se me te nos lo', pt: 's es mente', fr: 's es e ment', it: 'mente lo la li le gli ne ci si mi ti vi', de: 's es n en er e em st te ten', nl: 's en e',
  pl: 'a u em ie y i ę ą ów om ami ach', ru: 'а у ом е ы и ов ам ами ах ой ую ая ого ему ым ый ие ых', id: 'nya lah kah an kan',
  tr: 'lar ler ın in un ün ı i u ü a e da de ta te dan den tan ten ya ye yı yi yu yü sı si su sü nın nin nun nün na ne ca ce lık lik luk lük lı li lu lü dır dir dur dür tır tir tur tür m mız miz imiz ımız umuz ümüz nız niz ır ir ur ür ar er r ıyor iyor uyor üyor abil ebil yabil yebil maz mez ma me dık dik duk dük tık tik ıl il ul ül ıcı ici ucu ücü cı ci cu cü ız iz uz üz lan len lat let acak ecek mış miş muş müş sınız siniz tı ti dı di du dü la le',
  hi: 'ों ें ी ा े ियाँ ियों', ar: 'ه ها هم كم نا ي ك ات ون ين ة',
  ko: '은 는 이 가 을 를 에 에서 로 으로 의 도 와 과 만 까지 부터 입니다 이에요 예요 합니다 됩니다 하세요 있습니다 이며 하며 하고 이고 해요 돼요 에는 에도 으로도 라서 이라서 인데 이나 나 마다 처럼 보다 씩 당 용 형 요 니다 습니다 세요 할 한 하는 된 되는 어서 아서 여서 해서 워서 러워서 해 어 아 여 어도 고 며 면 지 히 게 히게 들 하지 않습니다 지는 기 는지 니까 서 하게 하고 울 운 웠',
}; // prettier-ignore
/** Particles that Arabic writes before a word. */
const ARABIC_BEFORE = /^(?:[وفبلك]?ال|لل|[وفبلك]|وب|ول)/u;
const MIN_STEM: Readonly<Record<string, number>> = { ko: 1, tr: 2, ar: 2, hi: 2, zh: 1, ja: 1, th: 1 };
const DEFAULT_MIN_STEM = 3;
const SAMPLE_COUNTS = [1, 1.5, 2, 3, 5, 10, 20, 100];
/** Number words that are mostly something else: "open", "on". */
const AMBIGUOUS: Readonly<Record<string, string>> = { ko: '열', tr: 'on', it: 'sei', fr: 'neuf', pt: 'meia' };
/** Korean ㅂ becomes 우 before these endings: 매끄럽다, 매끄러워서. */
const SOFTENED = /^(.*[가-힣])(?:워서|워요|워|우면|운|울)$/u;
const FINAL_P = 17;
const MAX_PIECES = 6;
const MAX_ENDINGS = 4;
const HAN_SIGN = /^\p{Script=Han}$/u;
const MAX_SINGLES = 3;
const MIN_PART = 5;
const KATAKANA = /^[\p{Script=Katakana}ー]+$/u;
const KATAKANA_RUN = /[\p{Script=Katakana}ー]+/gu;

/** First line of vocabulary.bin; the filters follow in the same order. */
export interface VocabularyHeader {
  readonly hashes: number;
  readonly languages: Record<string, { readonly bits: number; readonly words: number }>;
}

/** A word as the filters hold it. Turkish has a capital İ of i, and a small ı of I. */
export const foldWord = (word: string, language = 'en'): string =>
  (language === 'tr' ? word.normalize('NFKC').toLocaleLowerCase('tr') : word.normalize('NFKC').toLowerCase())
    .replaceAll('’', "'")
    .replace(/[\u064b-\u0652\u0640]/gu, '');

/** The bits of a word in a Bloom filter, by two hashes. */
export function wordBits(word: string, bits: number, hashes: number): number[] {
  let a = 0x811c9dc5;
  let b = 0x9e3779b9;
  for (let i = 0; i < word.length; i += 1) {
    const unit = word.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x01000193) >>> 0;
    b = (Math.imul(b, 33) ^ unit) >>> 0;
  }
  const step = (b | 1) >>> 0;
  return Array.from({ length: hashes }, (_, n) => (a + n * step) % bits);
}

/** The common words of 18 languages. About one word in three hundred that is not common counts as one. */
class Vocabulary {
  private readonly filters = new Map<string, { bits: number; filter: Uint8Array }>();
  private readonly hashes: number;

  constructor(file: Buffer) {
    const end = file.indexOf('\n');
    const header = JSON.parse(file.toString('utf8', 0, end)) as VocabularyHeader;
    this.hashes = header.hashes;
    let at = end + 1;
    for (const [language, { bits }] of Object.entries(header.languages)) {
      this.filters.set(language, { bits, filter: file.subarray(at, at + bits / 8) });
      at += bits / 8;
    }
  }

  knows(language: string): boolean {
    return this.filters.has(language);
  }

  has(word: string, language: string): boolean {
    const found = this.filters.get(language);
    if (found === undefined) return false;
    return wordBits(foldWord(word, language), found.bits, this.hashes).every(
      (bit) => (found.filter[bit >> 3]! & (1 << (bit & 7))) !== 0,
    );
  }
}

let own: Vocabulary | undefined;

/** The project's vocabulary, read once. */
function vocabulary(): Vocabulary {
  own ??= new Vocabulary(readFileSync(templatePath('languages/vocabulary.bin')));
  return own;
}

export class PlainWords {
  private readonly ownWords = new Map<string, ReadonlySet<string>>();
  private readonly listed = new WeakMap<Product, Map<string, Listed>>();

  constructor(
    private readonly packs: ReplyPacks,
    private readonly plans: SentencePlans,
  ) {}

  /** The first word that is not plain; undefined when all are. */
  stray(answer: string, product: Product, language: string): string | undefined {
    if (!vocabulary().knows(language)) return answer;
    const { words: listed, figures } = this.listedIn(product, language);
    const known = { own: this.ownOf(language), listed, figures, language };
    let isStart = true;
    let end = 0;
    let singles = 0;
    for (const { word, at } of wordsOf(answer, language)) {
      isStart ||= /[.!?。！？।؟:：]/u.test(answer.slice(end, at));
      if (!isPlain(word, isStart, answer.slice(0, at), known)) return word;
      // A number or a name is spelled sign by sign: 妖三拔铃铃.
      const isSingle = HAN_SIGN.test(word) && !known.own.has(word) && at === end;
      singles = isSingle ? singles + 1 : 0;
      if (singles > MAX_SINGLES) return answer.slice(at - singles, at + 1);
      isStart = false;
      end = at + word.length;
    }
    return undefined;
  }

  private ownOf(language: string): ReadonlySet<string> {
    let own = this.ownWords.get(language);
    if (own === undefined) {
      const pack = this.packs.get(language);
      const plan = this.plans.get(language);
      const texts = textsIn([
        pack?.sentences,
        pack?.asked,
        pack?.reactions,
        plan?.sentences,
        plan?.words,
        plan?.topics,
        plan?.units,
        plan?.leadIns,
      ]);
      this.ownWords.set(
        language,
        (own = allWords(
          texts.flatMap((text) => expandWordings([text])),
          language,
        )),
      );
    }
    return own;
  }

  /** Sums, measures and times as the show words them in this language. */
  private valuesOf(product: Product, language: string): readonly string[] {
    const plan = this.plans.get(language);
    if (plan === undefined) return [];
    const values = new SpokenValues(plan);
    const measured = [...product.attributes, ...product.packing].flatMap(({ value }) => values.measure(value) ?? []);
    const sums = SAMPLE_COUNTS.map((amount) => values.money(amount, product.price.currency));
    return [...measured, ...sums, ...SAMPLE_COUNTS.map((count) => values.days(count))];
  }

  private listedIn(product: Product, language: string): Listed {
    const languages = this.listed.get(product) ?? new Map<string, Listed>();
    this.listed.set(product, languages);
    let listed = languages.get(language);
    if (listed === undefined) {
      const texts = [...textsIn({ ...product, image: '' }), ...this.valuesOf(product, language)];
      const figures = texts.flatMap((text) => text.match(/\d+(?:[.,]\d+)*/gu) ?? []).map(Number);
      languages.set(
        language,
        (listed = {
          words: new Set([...allWords(texts, 'en'), ...allWords(texts, language)]),
          figures: new Set(figures),
        }),
      );
    }
    return listed;
  }
}

interface Listed {
  readonly words: ReadonlySet<string>;
  /** Whole numbers alone. */
  readonly figures: ReadonlySet<number>;
}

interface Known {
  readonly own: ReadonlySet<string>;
  readonly listed: ReadonlySet<string>;
  readonly language: string;
  readonly figures: ReadonlySet<number>;
}

function isPlain(word: string, isStart: boolean, before: string, known: Known): boolean {
  const { own, listed, language } = known;
  const folded = foldWord(word, language);
  const isGiven = (one: string): boolean => own.has(one) || listed.has(one);
  if (isGiven(folded)) return true;
  if (/^\p{N}+$/u.test(word)) return true;
  const value = valueOfWord(word, language);
  if (folded === AMBIGUOUS[language]) return true;
  if (value !== undefined && value !== 1) return known.figures.has(value);
  if (UNITS.test(folded) && /\p{N}\s?$/u.test(before)) return true;
  if (/\p{N}/u.test(word)) return false;
  const isLatin = LATIN.test(word);
  if (isLatin && (OTHER.test(word) || !LATIN_LANGUAGES.has(language))) return false;
  // A name, or a word that is shouted: both are the listing's or nobody's.
  if (isLatin && /\p{Lu}/u.test(word.slice(isStart || language === 'de' ? 1 : 0)) && !/^I(?:['’]\p{Ll}+)?$/u.test(word))
    return false;
  const has = (one: string): boolean => isGiven(one) || vocabulary().has(one, language);
  if (has(folded)) return true;
  if (/['’]/u.test(folded)) return folded.split(/['’]/u).every((part) => part === '' || has(part) || part.length <= 2);
  return (
    isInflected(folded, language, has) ||
    isCompound(folded, known, has) ||
    isPieced(folded, language, KATAKANA.test(word) ? isGiven : has)
  );
}

function isInflected(word: string, language: string, has: (word: string) => boolean): boolean {
  const min = MIN_STEM[language] ?? DEFAULT_MIN_STEM;
  const stems = (one: string): string[] =>
    (ENDINGS[language] ?? '')
      .split(' ')
      .filter((ending) => ending !== '' && one.endsWith(ending) && one.length - ending.length >= min)
      .map((ending) => one.slice(0, -ending.length));
  // Turkish and Korean put one ending behind another: bas-abil-ir-iz.
  const rounds = language === 'tr' || language === 'ko' ? MAX_ENDINGS : 1;
  let rest = [word];
  for (let n = 0; n < rounds && rest.length > 0; n += 1) {
    rest = rest.flatMap(stems);
    if (rest.some(has)) return true;
  }
  const softened = language === 'ko' ? SOFTENED.exec(word)?.[1] : undefined;
  if (softened !== undefined)
    return has(softened.slice(0, -1) + String.fromCharCode(softened.charCodeAt(softened.length - 1) + FINAL_P));
  if (language !== 'ar') return false;
  const bare = word.replace(ARABIC_BEFORE, '');
  return bare !== word && bare.length >= min && (has(bare) || stems(bare).some(has));
}

/** "Edelstahlflasche" where the listing has a bottle: German and Dutch write such words as one. */
function isCompound(word: string, { own, listed, language }: Known, has: (word: string) => boolean): boolean {
  if (language !== 'de' && language !== 'nl') return false;
  for (let at = 4; at <= word.length - 4; at += 1) {
    const last = word.slice(at);
    const first = word.slice(0, at);
    const isKnown = own.has(last) || listed.has(last);
    const begins = [first, first.replace(/(?:s|n|en)$/u, '')].some(has);
    if (begins && (isKnown || (at >= MIN_PART && word.length - at >= MIN_PART && has(last)))) return true;
  }
  return false;
}

/** A run that Intl.Segmenter parts otherwise than the list does. */
function isPieced(word: string, language: string, has: (word: string) => boolean): boolean {
  if (!SEGMENTED.has(language)) return false;
  let pieces = 0;
  for (let at = 0; at < word.length;) {
    let length = word.length - at;
    while (length > 0 && !has(word.slice(at, at + length))) length -= 1;
    pieces += 1;
    if (length === 0 || length === word.length || pieces > MAX_PIECES) return false;
    at += length;
  }
  return true;
}

/** Words of a text. A figure is a word of its own, and so are Latin letters in a language of another script but Cyrillic. */
function* wordsOf(text: string, language: string): Generator<{ word: string; at: number }> {
  const parts = LATIN_LANGUAGES.has(language) || language === 'ru' ? FIGURES_APART : SCRIPTS_APART;
  for (const { word, at } of unpartedWords(text, language))
    for (const match of word.matchAll(parts)) yield { word: match[0], at: at + match.index };
}

function* unpartedWords(text: string, language: string): Generator<{ word: string; at: number }> {
  if (!SEGMENTED.has(language)) {
    for (const match of text.matchAll(WORD)) yield { word: match[0], at: match.index };
    return;
  }
  for (const { segment, index, isWordLike } of new Intl.Segmenter(language, { granularity: 'word' }).segment(text))
    if (isWordLike === true && !KATAKANA.test(segment)) yield { word: segment, at: index };
  // Foreign names are written in katakana: a run of it is one word, wherever the segmenter parts it.
  if (language === 'ja') for (const match of text.matchAll(KATAKANA_RUN)) yield { word: match[0], at: match.index };
}

const allWords = (texts: readonly string[], language: string): ReadonlySet<string> =>
  new Set(texts.flatMap((text) => [...wordsOf(text, language)].map(({ word }) => foldWord(word, language))));

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'number') return [String(value)];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}
