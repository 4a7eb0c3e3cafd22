import type { Ticks90k } from '../../core/time.js';

const NTP_UNIX_SECONDS = 2_208_988_800;
const wrap = (n: number): number => ((n % 0x1_0000_0000) + 0x1_0000_0000) % 0x1_0000_0000;

/**
 * One viewer's mapping between packet times, RTP timestamps and NTP time.
 *
 * A receiver synchronizes picture and sound by the sender reports alone (RFC 3550, 6.4.1). Both streams' reports come
 * from this one line through (time of day, packet time), so media of the same packet time gets the same NTP time
 * whenever it left.
 */
export class MediaClock {
  private anchorMs = -1;
  private anchorPts = 0;

  constructor(
    private readonly videoOffset: number,
    private readonly audioOffset: number,
  ) {}

  get running(): boolean {
    return this.anchorMs >= 0;
  }

  /** Packet time `pts` is "now" for this viewer. `nowMs` is any monotonic clock. */
  start(pts: Ticks90k, nowMs: number): void {
    this.anchorMs = nowMs;
    this.anchorPts = pts;
  }

  /** RTP timestamp, 90 kHz. */
  video(pts: number): number {
    return wrap(pts + this.videoOffset);
  }
  /** RTP timestamp, 48 kHz (RFC 7587). */
  audio(pts: number): number {
    return wrap(Math.floor((pts * 8) / 15) + this.audioOffset);
  }

  /** Contents of the sender reports at `nowMs`; `unixMs` is the matching time of day. */
  report(nowMs: number, unixMs: number): { ntp: bigint; video: number; audio: number } {
    const pts = Math.round(this.anchorPts + (nowMs - this.anchorMs) * 90);
    return { ntp: toNtp(unixMs), video: this.video(pts), audio: this.audio(pts) };
  }
}

/** Milliseconds since 1970 as 64-bit NTP time: seconds since 1900 and a binary fraction. */
export function toNtp(unixMs: number): bigint {
  const seconds = Math.floor(unixMs / 1000);
  const fraction = Math.floor(((unixMs - seconds * 1000) / 1000) * 0x1_0000_0000);
  return (BigInt(seconds + NTP_UNIX_SECONDS) << 32n) | BigInt(fraction);
}
