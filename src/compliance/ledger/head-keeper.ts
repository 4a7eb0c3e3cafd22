import { type LedgerHead, writeHead } from './ledger-head.js';
import type { LineMarks } from './ledger-line.js';

/** The head of a ledger that is being written. */
export class HeadKeeper {
  last: LedgerHead['last'] = null;
  first: LedgerHead['first'] = { seq: 0 };
  /** A head exists on disk. */
  there = false;
  /** The head on disk is older than the ledger. */
  behind = false;

  constructor(private readonly ledgerFile: string) {}

  /** Marks for the first line of a run or of a file. */
  get mark(): LineMarks {
    return this.there ? { headed: true } : {};
  }

  async write(): Promise<void> {
    this.behind = true;
    await writeHead(this.ledgerFile, { version: 1, last: this.last, first: this.first });
    this.behind = false;
    this.there = true;
  }
}
