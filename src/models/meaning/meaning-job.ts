import type { Tensor } from 'onnxruntime-common';
import { modelFile, integers, openNetwork } from '../onnx.js';
import { MAX_TEXTS, MEANING_SIZE, type MeaningDone, type MeaningJob } from '../model-messages.js';
import { readFileSync } from 'node:fs';
import { EngineError } from '../../core/errors.js';

/** Comments are shorter; the rest of a longer text says nothing new about what it asks. */
const MAX_CHARS = 200;
/** The sign that stands for a space. */
const SPACE = '\u2581';

interface PieceTable {
  /** Numbers of the model's own signs. */
  readonly unknown: number;
  readonly begin: number;
  readonly end: number;
  /** Cost of a character without a piece. */
  readonly unknownScore: number;
  readonly normalise: Readonly<Record<string, string>>;
  /** By number. */
  readonly pieces: readonly (readonly [piece: string, score: number])[];
}

/** Throws E_ASSET_INVALID for a file that is not a table of pieces. Checked by hand: a schema library is a tenth of the process. */
export function readPieceTable(path: string): PieceTable {
  const table = JSON.parse(readFileSync(path, 'utf8')) as Partial<PieceTable>;
  const { unknown, begin, end, unknownScore, normalise, pieces } = table;
  const isTable =
    [unknown, begin, end].every(Number.isInteger) &&
    Number.isFinite(unknownScore) &&
    typeof normalise === 'object' &&
    Array.isArray(pieces) &&
    pieces.every((one) => typeof one?.[0] === 'string' && Number.isFinite(one[1]));
  if (isTable) return table as PieceTable;
  throw new EngineError('E_ASSET_INVALID', {
    where: path,
    expected: 'a table of pieces of words with their scores',
    found: Object.keys(table).join(', '),
    todo: 'install the package again; this file comes with it',
  });
}

/**
 * Splits a text into the pieces of words that the sentence model knows: the path with the highest sum of scores over
 * the table (a unigram model). A character without a piece counts as unknown.
 *
 * The 80,000 pieces lie in one array behind a hash table: as strings in a map they would take four times as much.
 */
export class PieceSplitter {
  /** UTF-16 units of all pieces, one behind the other, and where each begins. */
  private readonly units: Uint16Array;
  private readonly starts: Uint32Array;
  /** A piece's number plus 1; 0 is free. */
  private readonly slots: Uint32Array;
  private readonly scores: Float64Array;
  private readonly longest: number;
  private readonly signs: Omit<PieceTable, 'pieces'>;

  constructor({ pieces, ...signs }: PieceTable) {
    this.signs = signs;
    this.scores = Float64Array.from(pieces, ([, score]) => score);
    this.units = new Uint16Array(pieces.reduce((sum, [piece]) => sum + piece.length, 0));
    this.starts = new Uint32Array(pieces.length + 1);
    this.slots = new Uint32Array(2 ** Math.ceil(Math.log2(pieces.length * 1.5)));
    let longest = 1;
    let at = 0;
    for (const [id, [piece]] of pieces.entries()) {
      this.starts[id] = at;
      let hash = HASH_START;
      for (let i = 0; i < piece.length; i += 1) {
        this.units[at + i] = piece.charCodeAt(i);
        hash = hashed(hash, piece.charCodeAt(i));
      }
      at += piece.length;
      this.starts[id + 1] = at;
      // The first four are signs of the model, not text.
      if (id <= signs.unknown) continue;
      let slot = this.slotOf(hash);
      while (this.slots[slot] !== 0) slot = (slot + 1) % this.slots.length;
      this.slots[slot] = id + 1;
      longest = Math.max(longest, piece.length);
    }
    this.longest = longest;
  }

  /** Numbers of the pieces of a question, between the signs for begin and end. */
  split(text: string): number[] {
    const { begin, end, unknown, unknownScore } = this.signs;
    const letters = this.normalised(`query: ${text.slice(0, MAX_CHARS)}`);
    const best = new Float64Array(letters.length + 1).fill(-Infinity);
    const from = new Int32Array(letters.length + 1);
    const ids = new Int32Array(letters.length + 1);
    best[0] = 0;
    for (let at = 0; at < letters.length; at += sizeAt(letters, at)) {
      const next = at + sizeAt(letters, at);
      const until = Math.min(letters.length, at + this.longest);
      let isKnown = false;
      let hash = HASH_START;
      for (let to = at + 1; to <= until; to += 1) {
        hash = hashed(hash, letters.charCodeAt(to - 1));
        const id = this.find(hash, letters, at, to);
        if (id === undefined) continue;
        if (to === next) isKnown = true;
        const score = best[at]! + this.scores[id]!;
        if (score > best[to]!) [best[to], from[to], ids[to]] = [score, at, id];
      }
      if (!isKnown && best[at]! + unknownScore > best[next]!)
        [best[next], from[next], ids[next]] = [best[at]! + unknownScore, at, unknown];
    }
    const found: number[] = [];
    for (let at = letters.length; at > 0; at = from[at]!) found.push(ids[at]!);
    return [begin, ...found.toReversed(), end];
  }

  private find(hash: number, text: string, from: number, to: number): number | undefined {
    for (let slot = this.slotOf(hash); this.slots[slot] !== 0; slot = (slot + 1) % this.slots.length) {
      const id = this.slots[slot]! - 1;
      const start = this.starts[id]!;
      if (this.starts[id + 1]! - start !== to - from) continue;
      let i = from;
      while (i < to && this.units[start + i - from] === text.charCodeAt(i)) i += 1;
      if (i === to) return id;
    }
    return undefined;
  }

  private slotOf(hash: number): number {
    return (hash >>> 0) % this.slots.length;
  }

  private normalised(text: string): string {
    const { normalise } = this.signs;
    let plain = '';
    for (const sign of text) plain += Object.hasOwn(normalise, sign) ? normalise[sign]! : sign;
    const spaced = plain.replace(/\s+/gu, ' ').trim().replaceAll(' ', SPACE);
    return SPACE + spaced;
  }
}

/** FNV-1a over UTF-16 units. */
const HASH_START = 0x811c9dc5;
const hashed = (hash: number, unit: number): number => Math.imul(hash ^ unit, 0x01000193);
/** Units of the character there. */
const sizeAt = (text: string, at: number): number => (text.codePointAt(at)! > 0xffff ? 2 : 1);

/** The sentence model: texts in, their meanings as vectors out. One text at a time, since padding costs more than a call. */
export async function loadMeaning(): Promise<(job: MeaningJob) => Promise<MeaningDone>> {
  const network = await openNetwork(modelFile('meaning', 'e5-small.onnx'));
  const splitter = new PieceSplitter(readPieceTable(modelFile('meaning', 'pieces.json')));
  return async ({ texts }) => {
    if (texts.length === 0 || texts.length > MAX_TEXTS)
      throw new RangeError(`expected 1 to ${MAX_TEXTS} texts, found ${texts.length}`);
    const vectors = new Float32Array(texts.length * MEANING_SIZE);
    for (const [i, text] of texts.entries()) {
      const ids = splitter.split(text);
      const { embedding } = await network.run({ ids: integers(ids, [1, ids.length]) });
      vectors.set((embedding as Tensor).data as Float32Array, i * MEANING_SIZE);
    }
    return { vectors };
  };
}
