const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export interface RetentionClockOptions {
  /** Wall time in ms since 1970. */
  readonly now: () => number;
  /** Milliseconds of a clock that does not jump. */
  readonly steady: () => number;
  /** Wall time of the newest line that an earlier run wrote; undefined when there is none. */
  readonly newestMs: () => number | undefined;
}

/**
 * The time by which files are old enough to be removed.
 *
 * Problem: a machine that comes up with its clock ten years ahead would remove all it has, for ever. So one
 * reading is not believed: time is no later than the newest line of an earlier run, until the clock has gone on for
 * a day of running without a jump.
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
