/**
 * How well one output gets its packets through, for whoever chooses the bitrate. Every figure is about the present
 * connection; an output that is not connected says nothing about the way.
 */
export interface OutputCongestion {
  readonly id: string;
  readonly state: 'connecting' | 'live' | 'degraded' | 'wedged' | 'backoff' | 'stopped';
  /** Media time that waits, in the ring and on the way without being acknowledged. */
  readonly queueMs: number;
  readonly queueBytes: number;
  /** Packets jumped over since the room began; it only grows. */
  readonly dropped: number;
  /** What the far side takes, over the last seconds; undefined before two readings. */
  readonly takenKbps: number | undefined;
  /** What the far side says it could take (REMB); undefined where it does not. */
  readonly estimateKbps: number | undefined;
}

/** The same of a viewer over WebRTC. */
export interface ViewerCongestion {
  readonly id: string;
  /** Packets passed over; it only grows. */
  readonly dropped: number;
  /** What its way carries, where it says so and loses what is more. */
  readonly limitKbps: number | undefined;
}
