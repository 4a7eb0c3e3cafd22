import { readFileSync } from 'node:fs';
import { EngineError } from '../../core/errors.js';

/** Comments are shorter; the rest of a longer text says nothing new about what it asks. */
const MAX_CHARS = 200;
/** The sign that stands for a space. */
const SPACE = '\u2581';

export interface PieceTable {
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
 */
export class PieceSplitter {
  private readonly ids = new Map<string, number>();
  private readonly scores: Float64Array;
  private readonly longest: number;
  private readonly signs: Omit<PieceTable, 'pieces'>;

  constructor({ pieces, ...signs }: PieceTable) {
    this.signs = signs;
    this.scores = Float64Array.from(pieces, ([, score]) => score);
    let longest = 1;
    for (const [id, [piece]] of pieces.entries()) {
      // The first four are signs of the model, not text.
      if (id <= signs.unknown) continue;
      this.ids.set(piece, id);
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
    for (let at = 0; at < letters.length; at += 1) {
      const until = Math.min(letters.length, at + this.longest);
      let isKnown = false;
      for (let to = at + 1; to <= until; to += 1) {
        const id = this.ids.get(letters.slice(at, to).join(''));
        if (id === undefined) continue;
        if (to === at + 1) isKnown = true;
        const score = best[at]! + this.scores[id]!;
        if (score > best[to]!) [best[to], from[to], ids[to]] = [score, at, id];
      }
      if (!isKnown && best[at]! + unknownScore > best[at + 1]!)
        [best[at + 1], from[at + 1], ids[at + 1]] = [best[at]! + unknownScore, at, unknown];
    }
    const found: number[] = [];
    for (let at = letters.length; at > 0; at = from[at]!) found.push(ids[at]!);
    return [begin, ...found.toReversed(), end];
  }

  private normalised(text: string): string[] {
    const { normalise } = this.signs;
    let plain = '';
    for (const sign of text) plain += Object.hasOwn(normalise, sign) ? normalise[sign]! : sign;
    const spaced = plain.replace(/\s+/gu, ' ').trim().replaceAll(' ', SPACE);
    return Array.from(SPACE + spaced);
  }
}
