import { GENESIS, hashLine, type LedgerLine, parseLine } from './ledger-line.js';

/** A position in a chain: after this line. */
export interface ChainPlace {
  /** SHA-256 of the line, in hex; undefined when unknown, as at the beginning of a later file. */
  readonly hash: string | undefined;
  readonly seq: number | undefined;
}

export interface ChainStep {
  readonly record: LedgerLine;
  /** Number of truncated lines before it that it names. */
  readonly torn: number;
}

const NOT_NAMED = 'not a record, and no later line declares it truncated';
const NEWLINE = Buffer.from('\n');

/**
 * Follows the lines of a ledger one by one. A line that does not follow is held back: a later line may declare it
 * truncated by a crash, together with all lines since the last whole one. Lines held back at the end break the chain.
 */
export class Chain {
  private readonly waiting: Buffer[] = [];
  /** Why the first held-back line does not follow. */
  reason: string | undefined;

  constructor(private at: ChainPlace = { hash: GENESIS, seq: undefined }) {}

  get hash(): string | undefined {
    return this.at.hash;
  }

  /** Number of held-back lines. */
  get loose(): number {
    return this.waiting.length;
  }

  /** Takes the next line, without its newline; undefined while it is held back. */
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
    // Retention may have removed older files: then the first line names the file that it continues.
    const free = hash === undefined || (seq === undefined && record.continues !== undefined);
    if (this.waiting.length > 0) {
      if (record.torn === undefined) return 'not a record, and the next line does not declare it truncated';
      const bytes = Buffer.concat(this.waiting.flatMap((line, i) => (i === 0 ? [line] : [NEWLINE, line])));
      const named = (record.torn.lines ?? 1) === this.waiting.length && record.prev === hashLine(bytes);
      if (!named || !(free || record.torn.after === hash)) return 'a truncated line other than the named one';
    } else if (record.prev !== hash && !free) {
      return 'the hash of the line before does not match: one of the two was changed, removed or added';
    }
    if (seq === undefined) return undefined;
    const next = seq + 1 + (record.lost ?? 0);
    if (record.unlike === undefined ? record.seq === next : record.seq >= next) return undefined;
    return `number ${record.seq} follows number ${seq}`;
  }
}
