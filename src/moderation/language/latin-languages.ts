import { readFileSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';
import { EngineError } from '../../core/errors.js';
import { templatePath } from '../../core/files/paths.js';

/**
 * Classifies texts in Latin letters by their letter runs.
 *
 * A word is cut into runs of up to four bytes of UTF-8, each beginning three bytes after the one before, and the last
 * one aligned with the word's end. The weight of a run depends on whether it begins or ends the word. The table lists
 * for each run the languages in which it is frequent; a language's score is the mean over the text's distinct runs.
 * Method and frequencies: ELD, Efficient Language Detector (Nito T.M., 2023). The table takes 70 MB of heap as objects
 * and one megabyte as sorted numbers.
 */

interface Header {
  readonly languages: readonly string[];
  /** Usual score of texts in the language. */
  readonly usual: readonly number[];
  /** Keys in each section: runs within a word, at its end, at its beginning, whole words. */
  readonly sections: readonly number[];
  readonly entries: number;
}

const ENDS = 1;
const BEGINS = 2;
const RUN_BYTES = 4;
const STRIDE = 3;
const MAX_WORD_BYTES = 70;
/** Maximum bytes examined; more would not change the result. */
const MAX_TEXT_BYTES = 350;
/** Scales mean scores to 0 … 1. */
const SCALE = 25;
/** Minimum share of its usual score for the best language. */
const RELIABLE_SHARE = 0.75;
const MIN_RUNS = 3;
/** An apostrophe belongs to the word: "l'eau", "don't". */
const WORD = /[\p{L}'`’]+/gu;
const FILE = 'latin.bin';

export interface LatinGuess {
  /** ISO 639-1; empty when nothing was recognised. */
  readonly language: string;
  readonly reliable: boolean;
  /** 0 … 1 by language. */
  readonly scores: Readonly<Record<string, number>>;
}

export class LatinLanguages {
  private readonly header: Header;
  private readonly keys: Uint32Array;
  /** Start of each key's entries; one more than there are keys. */
  private readonly starts: Uint32Array;
  private readonly languageOf: Uint8Array;
  private readonly scoreOf: Uint8Array;
  /** Start of each section's keys. */
  private readonly sectionAt: readonly number[];
  private readonly encoder = new TextEncoder();
  private readonly bytes = new Uint8Array(MAX_TEXT_BYTES * 4);

  constructor(packed: Uint8Array) {
    const all = inflateRawSync(packed);
    const line = all.indexOf(10);
    this.header = JSON.parse(all.toString('utf8', 0, line)) as Header;
    const { sections, entries } = this.header;
    const count = sections.reduce((a, b) => a + b, 0);
    const steps = line + 1;
    const counts = steps + count * 4;
    this.keys = new Uint32Array(count);
    this.starts = new Uint32Array(count + 1);
    const sectionAt = [0];
    for (const size of sections) sectionAt.push(sectionAt.at(-1)! + size);
    this.sectionAt = sectionAt;
    for (let s = 0; s < sections.length; s += 1) {
      let key = 0;
      for (let i = sectionAt[s]!; i < sectionAt[s + 1]!; i += 1) {
        key += all.readUInt32LE(steps + i * 4);
        this.keys[i] = key;
        this.starts[i + 1] = this.starts[i]! + all[counts + i]!;
      }
    }
    // Copies, so that the inflated file can be freed.
    this.languageOf = Uint8Array.from(all.subarray(counts + count, counts + count + entries));
    this.scoreOf = Uint8Array.from(all.subarray(counts + count + entries, counts + count + 2 * entries));
    if (this.scoreOf.length !== entries || this.starts[count] !== entries)
      throw new RangeError('the table is truncated');
  }

  /** @throws EngineError E_ASSET_INVALID when the package is incomplete */
  static open(): LatinLanguages {
    const file = templatePath('languages', FILE);
    try {
      return new LatinLanguages(readFileSync(file));
    } catch (cause) {
      throw new EngineError('E_ASSET_INVALID', {
        where: file,
        expected: 'the table of languages',
        found: cause instanceof Error ? cause.message : String(cause),
        todo: 'install the package again',
        cause,
      });
    }
  }

  /** ISO 639-1 of the languages that it can tell from each other. */
  get languages(): readonly string[] {
    return this.header.languages;
  }

  guess(text: string): LatinGuess {
    const { languages, usual } = this.header;
    const runs = this.runsOf(text);
    const sums = new Float64Array(languages.length);
    for (const run of runs) this.add(run, sums);
    const scores: Record<string, number> = {};
    let best = -1;
    for (let i = 0; i < languages.length; i += 1) {
      const mean = sums[i]! / Math.max(1, runs.size);
      if (mean === 0) continue;
      scores[languages[i]!] = mean / (mean + SCALE);
      if (best < 0 || sums[i]! > sums[best]!) best = i;
    }
    if (best < 0) return { language: '', reliable: false, scores };
    const language = languages[best]!;
    const reliable = runs.size >= MIN_RUNS && scores[language]! >= usual[best]! * RELIABLE_SHARE;
    return { language, reliable, scores };
  }

  /** The distinct runs of a text, as section · 2³² + key. */
  private runsOf(text: string): Set<number> {
    const runs = new Set<number>();
    let seen = 0;
    for (const [word] of text.normalize('NFC').toLowerCase().matchAll(WORD)) {
      const { written } = this.encoder.encodeInto(word, this.bytes);
      const length = Math.min(written, MAX_WORD_BYTES);
      let at = 0;
      for (; at + RUN_BYTES < length; at += STRIDE) runs.add(this.run(at, at + RUN_BYTES, at === 0 ? BEGINS : 0));
      runs.add(this.run(Math.max(0, length - RUN_BYTES), length, ENDS | (at === 0 ? BEGINS : 0)));
      seen += length + 1;
      if (seen > MAX_TEXT_BYTES) break;
    }
    return runs;
  }

  private run(from: number, to: number, section: number): number {
    let key = 0;
    for (let i = from; i < to; i += 1) key = ((key << 8) | this.bytes[i]!) >>> 0;
    return section * 0x1_0000_0000 + key;
  }

  private add(run: number, sums: Float64Array): void {
    const section = Math.floor(run / 0x1_0000_0000);
    const key = run % 0x1_0000_0000;
    let low = this.sectionAt[section]!;
    const end = this.sectionAt[section + 1]!;
    let high = end;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.keys[middle]! < key) low = middle + 1;
      else high = middle;
    }
    if (low === end || this.keys[low] !== key) return;
    for (let i = this.starts[low]!; i < this.starts[low + 1]!; i += 1) sums[this.languageOf[i]!]! += this.scoreOf[i]!;
  }
}
