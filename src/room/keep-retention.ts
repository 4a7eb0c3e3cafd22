import type { EvidenceStore } from '../compliance/ledger/evidence-store.js';
import type { Ledger } from '../compliance/ledger/ledger.js';
import type { Closeable } from '../core/closeable.js';
import { repeatedly } from '../core/sleep.js';

/** The clock is trusted after a day of running, so the check runs more often than that. */
const PRUNE_MS = 3_600_000;

/** Deletes entries and evidence past their retention, now and every hour. */
export async function keepRetention(
  ledger: Ledger,
  evidence: EvidenceStore,
  { ledgerDays, evidenceDays }: { ledgerDays: number; evidenceDays: number },
): Promise<Closeable> {
  const prune = async (): Promise<void> => {
    await ledger.retire(ledgerDays);
    await evidence.retire(evidenceDays, ledger.clock.trustedMs());
  };
  await prune();
  return repeatedly(PRUNE_MS, () => void prune());
}
