import type { OutputFile } from '../config/api/room-handle.js';

/** State of an output's present connection. */
export interface OutputProgress {
  /** False until the peer has accepted the stream. */
  readonly accepted: boolean;
  /** Bytes handed to the network. */
  readonly bytesSent: number;
  /**
   * Bytes that have demonstrably arrived: acknowledged by the peer where the protocol supports it, otherwise accepted
   * by the operating system. Liveness is judged by this.
   */
  readonly bytesDelivered: number;
  /** How much a healthy peer may leave unacknowledged; 96 KiB by default. */
  readonly tolerance?: number;
  /** Packets skipped because the peer was too slow. */
  readonly packetsDropped: number;
  /** How far behind the newest packet it is. */
  readonly lagMs: number;
  readonly lagBytes?: number;
  /** The peer's own bandwidth estimate. */
  readonly estimateKbps?: number;
}

/** One destination, one protocol. The supervisor owns retries and state. */
export interface Output {
  readonly id: string;
  readonly kind: string;
  /** Address without its key. */
  readonly target: string;
  /** Hosts it connects to: when another output to the same host comes back, this one stops waiting. */
  readonly hosts?: readonly string[];
  /** Maximum publishes per hour; unlimited by default. */
  readonly publishesPerHour?: number;
  /**
   * Connects and delivers until the signal aborts (then it resolves soon) or the connection fails (then it rejects with
   * an EngineError that holds no secret; `details.retryAfterMs` where the peer said when to retry). May be called again
   * after it has ended.
   */
  run(signal: AbortSignal, report: (progress: OutputProgress) => void): Promise<void>;
  /** A file served to players, if the output has files; undefined when there is no file of this name now. */
  file?(name: string): OutputFile | undefined;
}
