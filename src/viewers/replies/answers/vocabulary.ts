import { readFileSync } from 'node:fs';
import { templatePath } from '../../../core/files/paths.js';

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
export class Vocabulary {
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
export function vocabulary(): Vocabulary {
  own ??= new Vocabulary(readFileSync(templatePath('languages/vocabulary.bin')));
  return own;
}
