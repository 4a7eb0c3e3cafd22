export interface AlarmTiming {
  /** A fault that lasts this long raises the alarm. */
  readonly afterMs: number;
  /** A fault that is gone this long clears it. */
  readonly clearMs: number;
  /** A lasting alarm is repeated after this time; 0: never. */
  readonly repeatMs: number;
}

export type AlarmChange = 'raised' | 'repeated' | 'cleared';

/** Maximum time counted per step, so that sleep or a stall of the machine does not count as a fault. */
const MAX_STEP_MS = 2000;
const HAIR = 1e-9;

/**
 * One alarm with hysteresis.
 *
 * Problem: faults come and go (an output that connects and is rejected, a slate for a moment). An alarm that follows
 * each change wakes people for nothing; an alarm that needs an unbroken fault never sounds.
 * Rule: a level from 0 to 1 rises during the fault and falls otherwise; 1 raises the alarm, 0 clears it.
 * Numbers: `afterMs` to rise, `clearMs` to fall.
 */
export class Alarm {
  private level = 0;
  private lastMs: number | undefined;
  private toldMs = 0;
  private on = false;

  constructor(private readonly timing: AlarmTiming) {}

  get active(): boolean {
    return this.on;
  }

  /** The level is 0 and the alarm is not raised, so the object can be dropped. */
  get idle(): boolean {
    return !this.on && this.level === 0;
  }

  /** Call it about once a second. */
  update(trouble: boolean, nowMs: number): AlarmChange | undefined {
    const { afterMs, clearMs, repeatMs } = this.timing;
    const stepMs = Math.min(MAX_STEP_MS, Math.max(0, nowMs - (this.lastMs ?? nowMs)));
    this.lastMs = nowMs;
    if (trouble) this.level = afterMs === 0 ? 1 : Math.min(1, this.level + stepMs / afterMs);
    else this.level = clearMs === 0 ? 0 : Math.max(0, this.level - stepMs / clearMs);
    // Sums of tenths miss 0 and 1 by a rounding error.
    if (this.level > 1 - HAIR) this.level = 1;
    if (this.level < HAIR) this.level = 0;
    if (!this.on && this.level === 1) {
      this.on = true;
      this.toldMs = nowMs;
      return 'raised';
    }
    if (this.on && this.level === 0) {
      this.on = false;
      return 'cleared';
    }
    if (this.on && trouble && repeatMs > 0 && nowMs - this.toldMs >= repeatMs) {
      this.toldMs = nowMs;
      return 'repeated';
    }
    return undefined;
  }
}
