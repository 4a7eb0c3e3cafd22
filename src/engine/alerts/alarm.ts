export interface AlarmTiming {
  /** Trouble that lasts this long raises the alarm. */
  readonly afterMs: number;
  /** Trouble that is gone for this long ends it. */
  readonly clearMs: number;
  /** An alarm that lasts is told again after this time; 0: never. */
  readonly repeatMs: number;
}

export type AlarmChange = 'raised' | 'repeated' | 'cleared';

/** A machine that slept or stalled does not count that time as trouble. */
const MAX_STEP_MS = 2000;
const HAIR = 1e-9;

/**
 * One alarm, debounced both ways.
 *
 * Problem: trouble comes and goes (an output that connects and is thrown out, a slate for a moment); an alarm that
 * follows each change wakes people for nothing, and one that wants unbroken trouble never sounds. Rule: a level from 0 to 1 fills
 * while there is trouble and drains while there is none; full raises, empty ends. Numbers: `afterMs` to fill, `clearMs`
 * to drain.
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

  /** Nothing of it is left: it can be forgotten. */
  get idle(): boolean {
    return !this.on && this.level === 0;
  }

  /** To be called every second or so. */
  look(trouble: boolean, nowMs: number): AlarmChange | undefined {
    const { afterMs, clearMs, repeatMs } = this.timing;
    const stepMs = Math.min(MAX_STEP_MS, Math.max(0, nowMs - (this.lastMs ?? nowMs)));
    this.lastMs = nowMs;
    if (trouble) this.level = afterMs === 0 ? 1 : Math.min(1, this.level + stepMs / afterMs);
    else this.level = clearMs === 0 ? 0 : Math.max(0, this.level - stepMs / clearMs);
    // Sums of tenths miss 0 and 1 by a hair.
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
