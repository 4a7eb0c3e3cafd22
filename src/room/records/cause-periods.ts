import type { Period } from '../../store/store-records.js';

/** A long period is stored in pieces, so that a killed engine loses one at most; a report joins them again. */
const MAX_PIECE_MS = 60_000;

/** Turns the causes that hold at each look into periods with begin and end. */
export class CausePeriods {
  private readonly since = new Map<string, number>();

  constructor(
    private readonly kind: Period['kind'],
    private readonly store: (period: Period) => void,
  ) {}

  look(causes: readonly string[], nowMs: number): void {
    for (const cause of causes) if (!this.since.has(cause)) this.since.set(cause, nowMs);
    for (const [cause, atMs] of this.since) {
      const over = !causes.includes(cause);
      if (!over && nowMs - atMs < MAX_PIECE_MS) continue;
      this.store({ kind: this.kind, cause, atMs, untilMs: nowMs });
      if (over) this.since.delete(cause);
      else this.since.set(cause, nowMs);
    }
  }
}
