import { sleep } from '../../core/sleep.js';

/**
 * Starts rooms of one worker one after the other.
 *
 * Problem: a start takes all cores for seconds, and rooms that start together send their IDRs together for ever, which
 * is a burst at every GOP.
 * Rule: at most two rooms start at once, and never two within 400 ms. Each launch waits for the phase of the GOP that is
 * farthest from those of the rooms that are on; a start takes about the same time for each, so that their IDRs stay
 * apart.
 * Numbers: a wait for the phase of at most one GOP (2 s).
 */
export class StartGate {
  private starting = 0;
  private lastMs = Number.NEGATIVE_INFINITY;
  private readonly phases = new Map<string, number>();
  private turn: Promise<void> = Promise.resolve();

  constructor(
    private readonly nowMs: () => number,
    private readonly parallel = 2,
    private readonly pauseMs = 400,
    private readonly gopMs = 2000,
  ) {}

  /** Resolves when the room may be launched; call the result when it is on air or has failed. */
  async enter(room: string, signal: AbortSignal): Promise<() => void> {
    const before = this.turn;
    let next!: () => void;
    this.turn = new Promise((resolve) => (next = resolve));
    await before;
    try {
      while (!signal.aborted && (this.starting >= this.parallel || this.nowMs() - this.lastMs < this.pauseMs))
        await sleep(50, signal);
      const waitMs = this.untilFreePhase(this.nowMs());
      // A room that failed over has waited long enough.
      if (!signal.aborted && waitMs > 0 && this.phases.size > 0) await sleep(Math.min(waitMs, this.gopMs / 2), signal);
      this.lastMs = this.nowMs();
      this.phases.set(room, this.lastMs % this.gopMs);
      this.starting += 1;
    } finally {
      next();
    }
    let isLeft = false;
    return () => {
      if (!isLeft) this.starting -= 1;
      isLeft = true;
    };
  }

  leave(room: string): void {
    this.phases.delete(room);
  }

  /** Time until the middle of the largest gap between the phases that are taken. */
  untilFreePhase(nowMs: number): number {
    const taken = [...this.phases.values()].sort((a, b) => a - b);
    const last = taken.at(-1);
    if (last === undefined) return 0;
    let [gap, middle] = [-1, 0];
    let before = last - this.gopMs;
    for (const phase of taken) {
      if (phase - before > gap) [gap, middle] = [phase - before, (phase + before) / 2];
      before = phase;
    }
    const target = (middle + this.gopMs) % this.gopMs;
    return (target - (nowMs % this.gopMs) + this.gopMs) % this.gopMs;
  }
}
