/**
 * Counts the bytes the server says have arrived (RTMP 1.0, 5.4.3): bytes since the connection began, modulo 2³².
 *
 * Servers differ: some never acknowledge, some count from another start, some acknowledge far less often than asked.
 * The count is followed by its steps, and trusted while the largest step is at most four times the requested window.
 */
export class Acknowledgements {
  /** Bytes that have arrived. */
  acked = 0;
  /** Largest step seen. */
  widest = 0;
  private lastField = 0;
  private seen = false;

  /** @param window the requested acknowledgement interval in bytes */
  constructor(readonly window: number) {}

  /** Whether the server acknowledges as often as requested. */
  get trusted(): boolean {
    return this.seen && this.widest <= 4 * this.window;
  }

  take(field: number): void {
    const step = (field - this.lastField) >>> 0;
    this.lastField = field;
    // Some servers count from another start; a step back then looks like one of nearly 2³².
    const sound = step < 0x8000_0000;
    if (this.seen && sound) this.widest = Math.max(this.widest, step);
    this.acked = this.seen && sound ? this.acked + step : field;
    this.seen = true;
  }
}
