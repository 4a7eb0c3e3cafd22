/**
 * What the far side says has arrived (RTMP 1.0, 5.4.3): bytes since the connection began, modulo 2³².
 *
 * Servers differ: some never acknowledge, some count from elsewhere, some answer far more seldom than they were asked to.
 * The count is followed by its steps, and trusted while the widest is not over four times what was asked for.
 */
export class Acknowledgements {
  /** Bytes that have arrived. */
  acked = 0;
  /** Widest step seen. */
  widest = 0;
  private lastField = 0;
  private seen = false;

  /** @param window what the far side was asked for: an acknowledgement after this many bytes */
  constructor(readonly window: number) {}

  /** Whether it acknowledges, and as often as it was asked to. */
  get trusted(): boolean {
    return this.seen && this.widest <= 4 * this.window;
  }

  take(field: number): void {
    const step = (field - this.lastField) >>> 0;
    this.lastField = field;
    // Some servers count from elsewhere; a step back then looks like one of nearly 2³².
    const sound = step < 0x8000_0000;
    if (this.seen && sound) this.widest = Math.max(this.widest, step);
    this.acked = this.seen && sound ? this.acked + step : field;
    this.seen = true;
  }
}
