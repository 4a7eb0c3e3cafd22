/**
 * How well one output delivers its packets, for the choice of the bitrate. All figures describe the present connection;
 * a disconnected output reports nothing about the network.
 */
export interface OutputCongestion {
  readonly id: string;
  readonly state: 'connecting' | 'live' | 'degraded' | 'wedged' | 'backoff' | 'stopped';
  /** Media time queued in the ring and in flight without acknowledgement. */
  readonly queueMs: number;
  readonly queueBytes: number;
  /** Packets skipped since the room began; never decreases. */
  readonly dropped: number;
  /** Throughput to the receiver over the last seconds; undefined before two readings. */
  readonly takenKbps: number | undefined;
  /** The receiver's own estimate (REMB); undefined when it sends none. */
  readonly estimateKbps: number | undefined;
}

/** Congestion of one WebRTC viewer. */
export interface ViewerCongestion {
  readonly id: string;
  /** Packets skipped; never decreases. */
  readonly dropped: number;
  /** Estimated capacity, when the viewer reports one and loses packets above it. */
  readonly limitKbps: number | undefined;
}
