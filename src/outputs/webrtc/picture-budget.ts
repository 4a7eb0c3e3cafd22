import { TICKS_PER_SECOND } from '../../core/time.js';

/**
 * Thins the pictures of one viewer to what its way carries.
 *
 * Rule: pictures go out while the budget lasts, then none until the next IDR that the budget has recovered for, so that
 * what arrives can be decoded. It fills by the limit as media time goes on. Numbers: a second's worth may be saved up.
 */
export class PictureBudget {
  private bits = 0;
  private atTicks = -1;
  private passing = false;

  /** Pictures are passed over at the moment. */
  get thin(): boolean {
    return this.passing;
  }

  /** Whether a picture is to be sent. `limitKbps` undefined: there is no limit. */
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
