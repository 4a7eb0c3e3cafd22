import type { LedgerHead } from './ledger-head.js';
import type { LedgerLine } from './ledger-line.js';
import type { LedgerPlace } from './ledger-snapshot.js';

export interface HeadFault extends Partial<LedgerPlace> {
  readonly reason: string;
}

/**
 * Compares the lines of a ledger with its head: the first line, the line named as synced, and any recorded mismatch. A
 * ledger that never had a head passes.
 */
export class HeadCheck {
  /** Number of the first line, when it is not 0. */
  begins: { seq: number; why: 'retention' | 'unknown' } | undefined;
  private readonly faults: HeadFault[] = [];
  private firstSeq: number | undefined;
  private lastSeq: number | undefined;
  private marked = false;
  private seen = false;

  constructor(private readonly head: LedgerHead | undefined | 'damaged') {}

  take(record: LedgerLine, hash: string, place: LedgerPlace): void {
    this.firstSeq ??= record.seq;
    this.lastSeq = record.seq;
    this.marked ||= record.headed === true;
    if (record.unlike !== undefined) {
      this.faults.push({ ...place, reason: `the engine found that the ledger had been changed: ${record.unlike.why}` });
    }
    const last = typeof this.head === 'object' ? this.head.last : null;
    if (last === null || record.seq !== last.seq) return;
    this.seen = true;
    if (hash === last.hash) return;
    this.faults.push({ ...place, reason: `#${last.seq} is not the line that the head names: it was changed` });
  }

  /** The mismatches; `whole` when all lines could be followed to the end. */
  end(whole: boolean): readonly HeadFault[] {
    const { head, firstSeq, lastSeq, faults } = this;
    if (head === 'damaged') return [...faults, { reason: 'the head beside the ledger is damaged' }];
    if (head === undefined) {
      if (firstSeq !== undefined && firstSeq > 0) this.begins = { seq: firstSeq, why: 'unknown' };
      return this.marked ? [...faults, { reason: 'the head beside the ledger is gone' }] : faults;
    }
    const { first, last } = head;
    const begins = firstSeq ?? (last === null ? 0 : last.seq + 1);
    if (begins > 0) this.begins = { seq: begins, why: first.why === 'retention' ? 'retention' : 'unknown' };
    const more: HeadFault[] = [];
    if (begins > first.seq) {
      more.push({ reason: `the oldest lines are gone: it begins at #${begins}, its head says at #${first.seq}` });
    }
    if (whole && last !== null && !this.seen && first.seq <= last.seq) {
      const ends = lastSeq === undefined ? 'it has no lines' : `it ends at #${lastSeq}`;
      more.push({ reason: `#${last.seq}, the newest line that its head names, is gone: ${ends}` });
    }
    return [...faults, ...more];
  }
}
