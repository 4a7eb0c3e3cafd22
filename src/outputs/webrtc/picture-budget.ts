import { TICKS_PER_SECOND } from '../../core/time.js';

/**
 * Drops pictures of one viewer to fit its bandwidth.
 *
 * Rule: pictures go out while the budget lasts, then none until an IDR the budget can pay for, so everything that
 * arrives can be decoded. The budget fills at the limit as media time passes.
 * Numbers: at most one second's worth is saved up.
 */
export class PictureBudget {
  private bits = 0;
  private atTicks = -1;
  private passing = false;

  /** Pictures are being dropped. */
  get thin(): boolean {
    return this.passing;
  }

  /** Whether to send a picture. `limitKbps` undefined: no limit. */
  takes(picture: { pts: number; key: boolean; bytes: number }, limitKbps: number | undefined): boolean {
    const { pts, key, bytes } = picture;
    if (key) this.passing = false;
    if (limitKbps === undefined) {
      this.atTicks = -1;
      return !this.passing;
    }
    const second = limitKbps * 1000;
    const filled = this.atTicks < 0 ? second : this.bits + ((pts - this.atTicks) * second) / TICKS_PER_SECOND;
    this.bits = Math.min(second, filled);
    this.atTicks = pts;
    if (this.bits < 0) this.passing = true;
    if (this.passing) return false;
    this.bits -= bytes * 8;
    return true;
  }
}
