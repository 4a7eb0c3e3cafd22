import type { Ticks90k } from '../../core/time.js';

/**
 * The zero of an RTMP clock, and how far the server is known to have received it. Either one per connection, so every
 * connection begins at 0; or one for all connections of an output, or of both ingests of a stream, so time continues.
 */
export class RtmpTimeline {
  private zero: Ticks90k | undefined;
  private taken: Ticks90k | undefined;

  /** Time of the packet at 0; set by the first packet. */
  zeroFor(pts: Ticks90k): Ticks90k {
    return (this.zero ??= pts);
  }

  /** Everything up to this time has arrived. */
  arrived(pts: Ticks90k): void {
    if (this.taken === undefined || pts > this.taken) this.taken = pts;
  }

  /** Where another connection continues without a gap; undefined before anything arrived. */
  get resumeAt(): Ticks90k | undefined {
    return this.taken;
  }
}
