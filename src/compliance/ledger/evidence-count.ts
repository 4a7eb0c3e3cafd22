import type { VerdictRecord } from '../../config/api/room-handle.js';
import { checkEvidence, type EvidenceState } from './check-evidence.js';
import type { LedgerPlace } from './ledger-snapshot.js';

/** The state of the evidence that a ledger names. */
export interface EvidenceFound {
  /** Present and unchanged. */
  readonly whole: number;
  /** Removed since, by budget or age. */
  readonly gone: number;
  /** Never written, according to a later line. */
  readonly unwritten: number;
  /** Changed or unreadable. */
  readonly changed: readonly LedgerPlace[];
}

/** Action of the ledger line that reports an unwritten piece of evidence. */
export const NOT_KEPT = 'not-kept';

/** Counts the evidence by state; each file is checked once, however many lines name it. */
export class EvidenceCount {
  private readonly seen = new Map<string, EvidenceState>();
  private readonly unwritten = new Set<string>();
  private readonly changed: LedgerPlace[] = [];

  constructor(private readonly ledgerFile: string) {}

  count(): EvidenceFound {
    const count = { whole: 0, gone: 0, unwritten: 0 };
    for (const [key, state] of this.seen) {
      if (state === 'gone') count[this.unwritten.has(key) ? 'unwritten' : 'gone'] += 1;
      else if (state === 'whole') count.whole += 1;
    }
    return { ...count, changed: this.changed };
  }

  async take({ file, action }: VerdictRecord, at: LedgerPlace): Promise<void> {
    if (file === undefined) return;
    const key = `${file.name} ${file.sha256}`;
    if (action === NOT_KEPT) return void this.unwritten.add(key);
    if (this.seen.has(key)) return;
    const state = await checkEvidence(this.ledgerFile, file);
    this.seen.set(key, state);
    if (state === 'changed') this.changed.push(at);
  }
}
