const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export interface RetentionClockOptions {
  /** Wall time in ms since 1970. */
  readonly now: () => number;
  /** Monotonic clock in milliseconds. */
  readonly steady: () => number;
  /** Wall time of the newest line of an earlier run; undefined without one. */
  readonly newestMs: () => number | undefined;
}

/**
 * The clock that decides which files are old enough to be removed.
 *
 * Problem: a machine that boots with its clock ten years ahead would remove everything.
 * Rule: a single reading is not trusted. Time is no later than the newest line of an earlier run, until the clock has
 * run for a day without a jump.
 */
export class RetentionClock {
  private fromWall: number;
  private fromSteady: number;

  constructor(private readonly options: RetentionClockOptions) {
    this.fromWall = options.now();
    this.fromSteady = options.steady();
  }

  trustedMs(): number {
    const { now, steady, newestMs } = this.options;
    const [wall, ran] = [now(), steady()];
    const jump = wall - this.fromWall - (ran - this.fromSteady);
    if (Math.abs(jump) > HOUR_MS) [this.fromWall, this.fromSteady] = [wall, ran];
    if (ran - this.fromSteady >= DAY_MS) return wall;
    return Math.min(wall, newestMs() ?? -Infinity);
  }
}
