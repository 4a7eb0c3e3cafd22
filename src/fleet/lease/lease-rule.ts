/**
 * When a worker may publish a room.
 *
 * Problem: a stream key must never have two publishers, whatever freezes, dies or loses its network; and a Redis that is
 * restarted, slow, full or gone must not end shows.
 * Rule: a room's BullMQ job lock is its lease. A renewal counts from the moment it was sent, not from its answer, and the
 * worker's own deadline lies before the lock's end. A worker that cannot renew claims its rooms in the shared store
 * before the deadline; whoever gets the lock afterwards reads the claims first and waits while one is renewed. A claim
 * that was not confirmed in time does not count: the room ends at its deadline.
 * Numbers: locks of 4 s renewed every 0.8 s; claimed after 1.8 s without a renewal; claims of 6 s renewed every 1.5 s;
 * rooms end 0.5 s before either would. docs/decisions/021 has the reasons.
 */
export interface LeaseTimes {
  readonly lockMs: number;
  readonly renewMs: number;
  /** Without a renewal for so long, the rooms are claimed in the store. */
  readonly claimAfterMs: number;
  readonly claimMs: number;
  readonly claimEveryMs: number;
  /** From the deadline to the lock's end. */
  readonly marginMs: number;
  /** Between two looks for locks that have ended. */
  readonly stalledMs: number;
}

export const LEASE_TIMES: LeaseTimes = {
  lockMs: 4000,
  renewMs: 800,
  claimAfterMs: 1800,
  claimMs: 6000,
  claimEveryMs: 1500,
  marginMs: 500,
  stalledMs: 750,
};

/** One room's lease on a worker, on the worker's own clock. */
export class Lease {
  private lockUntil: number;
  private claimUntil = Number.NEGATIVE_INFINITY;
  private renewedMs: number;

  /** `sentMs`: when the request that took the lock was sent. */
  constructor(
    private readonly times: LeaseTimes,
    sentMs: number,
  ) {
    this.renewedMs = sentMs;
    this.lockUntil = this.end(sentMs, times.lockMs);
  }

  /** The lock was renewed by a request sent at `sentMs`. */
  renewed(sentMs: number): void {
    this.renewedMs = Math.max(this.renewedMs, sentMs);
    this.lockUntil = Math.max(this.lockUntil, this.end(sentMs, this.times.lockMs));
  }

  /**
   * The store has confirmed a claim sent at `sentMs`. Returns false when it came after the deadline, and so does not
   * count.
   */
  claimed(sentMs: number, nowMs: number): boolean {
    if (nowMs >= this.untilMs) return false;
    this.claimUntil = Math.max(this.claimUntil, this.end(sentMs, this.times.claimMs));
    return true;
  }

  /** The room must have ended by then. */
  get untilMs(): number {
    return Math.max(this.lockUntil, this.claimUntil);
  }

  /** The room goes on by its claim alone. */
  isClaimed(nowMs: number): boolean {
    return this.claimUntil > Math.max(nowMs, this.lockUntil);
  }

  /** The lock is gone although its time is not over: a claim is due now. */
  forgetRenewal(): void {
    this.renewedMs = Number.NEGATIVE_INFINITY;
  }

  /** The lock has not been renewed for long. */
  needsClaim(nowMs: number): boolean {
    return nowMs - this.renewedMs >= this.times.claimAfterMs;
  }

  private readonly end = (sentMs: number, lengthMs: number): number => sentMs + lengthMs - this.times.marginMs;
}

/** What one worker claims in the store. */
export interface Claim {
  readonly worker: string;
  /** Counts up at each renewal. */
  readonly count: number;
  readonly rooms: readonly string[];
}

/**
 * Another worker's claim, as seen by whoever has the room's lock. Clocks of machines are not compared: a claim has ended
 * when it was seen unchanged for its whole length.
 */
export class ClaimWatch {
  private readonly seen = new Map<string, { readonly count: number; readonly sinceMs: number }>();

  constructor(private readonly times: LeaseTimes) {}

  /** The worker whose claim still holds this room; undefined when the room is free. */
  holder(room: string, claims: readonly Claim[], nowMs: number): string | undefined {
    for (const { worker, count, rooms } of claims) {
      if (!rooms.includes(room)) continue;
      const before = this.seen.get(worker);
      if (before?.count !== count) {
        this.seen.set(worker, { count, sinceMs: nowMs });
        return worker;
      }
      if (nowMs - before.sinceMs < this.times.claimMs) return worker;
    }
    return undefined;
  }
}
