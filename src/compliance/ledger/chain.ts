import { GENESIS, hashLine, type LedgerLine, parseLine } from './ledger-line.js';

/** Where a chain stands: behind this line. */
export interface ChainPlace {
  /** SHA-256 of the line, in hex; undefined where nobody knows it, such as at the beginning of a later file. */
  readonly hash: string | undefined;
  readonly seq: number | undefined;
}

export interface ChainStep {
  readonly record: LedgerLine;
  /** Lines before it that were cut off, which it names. */
  readonly torn: number;
}

const NOT_NAMED = 'not a record, and no later line says that it was cut off';
const NEWLINE = Buffer.from('\n');

/**
 * Follows the lines of a ledger one by one. A line that does not follow waits: a later one may say that it was
 * cut off by a crash, and all lines since the last whole one with it. What waits at the end breaks the chain.
 */
export class Chain {
  private readonly waiting: Buffer[] = [];
  /** Why the first line that waits does not follow. */
  reason: string | undefined;

  constructor(private at: ChainPlace = { hash: GENESIS, seq: undefined }) {}

  get hash(): string | undefined {
    return this.at.hash;
  }

  /** Lines that wait. */
  get loose(): number {
    return this.waiting.length;
  }

  /** Takes the next line, without its newline; undefined while it waits. */
  take(line: Buffer): ChainStep | undefined {
    const record = parseLine(line.toString('utf8'));
    const reason = record === undefined ? NOT_NAMED : this.faultOf(record);
    if (record === undefined || reason !== undefined) {
      if (this.reason === undefined || this.reason === NOT_NAMED) this.reason = reason;
      this.waiting.push(line);
      return undefined;
    }
    const torn = this.waiting.length;
    this.waiting.length = 0;
    this.reason = undefined;
    this.at = { hash: hashLine(line), seq: record.seq };
    return { record, torn };
  }

  private faultOf(record: LedgerLine): string | undefined {
    const { hash, seq } = this.at;
    // Old files may have been removed by retention: then the first line says what it goes on from.
    const free = hash === undefined || (seq === undefined && record.continues !== undefined);
    if (this.waiting.length > 0) {
      if (record.torn === undefined) return 'not a record, and the next line does not say that it was cut off';
      const bytes = Buffer.concat(this.waiting.flatMap((line, i) => (i === 0 ? [line] : [NEWLINE, line])));
      const named = (record.torn.lines ?? 1) === this.waiting.length && record.prev === hashLine(bytes);
      if (!named || !(free || record.torn.after === hash)) return 'a cut-off line that is not the one named';
    } else if (record.prev !== hash && !free) {
      return 'the hash of the line before does not agree: one of the two was changed, removed or added';
    }
    if (seq === undefined) return undefined;
    const next = seq + 1 + (record.lost ?? 0);
    if (record.unlike === undefined ? record.seq === next : record.seq >= next) return undefined;
    return `number ${record.seq} follows number ${seq}`;
  }
}
