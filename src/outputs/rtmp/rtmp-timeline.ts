import type { Ticks90k } from '../../core/time.js';

/**
 * The zero of an RTMP clock, and how far the far side is known to have taken it. One for each connection, where every
 * connection begins at 0; one for all connections of an output, or of both ingests of a stream, where time goes on.
 */
export class RtmpTimeline {
  private zero: Ticks90k | undefined;
  private taken: Ticks90k | undefined;

  /** Time of the packet that stands at 0; the first packet asked for sets it. */
  zeroFor(pts: Ticks90k): Ticks90k {
    return (this.zero ??= pts);
  }

  /** Everything up to this time has arrived. */
  arrived(pts: Ticks90k): void {
    if (this.taken === undefined || pts > this.taken) this.taken = pts;
  }

  /** Where another connection goes on without a gap; undefined before anything arrived. */
  get resumeAt(): Ticks90k | undefined {
    return this.taken;
  }
}
