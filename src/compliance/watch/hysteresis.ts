// frame path
/**
 * A fault that counts only when it lasts. It is raised after `hold` frames of `bad` without a break and cleared after
 * `clear` frames of `good` without a break. With a gap between the two thresholds, a value that wavers in between
 * changes nothing.
 */
export class Hysteresis {
  active = false;
  /** Frame at which the present run of `bad` (or, while active, of `good`) began. */
  since = 0;
  private running = false;

  /** Both in frames; 0 acts at once. */
  constructor(
    private readonly hold: number,
    private readonly clear: number,
  ) {}

  /** 1 when the fault is raised, −1 when it is cleared, else 0. `n` never decreases. */
  step(n: number, bad: boolean, good: boolean): -1 | 0 | 1 {
    const turning = this.active ? good : bad;
    if (!turning) {
      this.running = false;
      return 0;
    }
    if (!this.running) {
      this.running = true;
      this.since = n;
    }
    if (n - this.since < (this.active ? this.clear : this.hold)) return 0;
    this.active = !this.active;
    this.running = false;
    return this.active ? 1 : -1;
  }
}
