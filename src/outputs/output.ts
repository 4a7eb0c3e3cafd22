import type { OutputFile } from '../core/room-handle.js';

/** What an output has done so far on its present connection. */
export interface OutputProgress {
  /** False until the far side has accepted the stream. */
  readonly accepted: boolean;
  /** Bytes handed to the network. */
  readonly bytesSent: number;
  /**
   * Bytes that have demonstrably arrived: acknowledged by the far side where the protocol does that,
   * otherwise taken by the operating system. This is what liveness is judged by.
   */
  readonly bytesDelivered: number;
  /** How much a sound far side may leave unacknowledged; 96 KiB unless said. */
  readonly tolerance?: number;
  /** Packets passed over because the far side was too slow. */
  readonly packetsDropped: number;
  /** How far behind the newest packet it is. */
  readonly lagMs: number;
  readonly lagBytes?: number;
  /** What the far side says it could take. */
  readonly estimateKbps?: number;
}

/** One destination, one protocol. All retry and state is the supervisor's. */
export interface Output {
  readonly id: string;
  readonly kind: string;
  /** Address without its key. */
  readonly target: string;
  /** Where it connects to: when another output to the same host comes back, this one need not wait any longer. */
  readonly hosts?: readonly string[];
  /** How many publishes may be opened in an hour; any number unless said. */
  readonly publishesPerHour?: number;
  /**
   * Connects and delivers until the signal aborts (then it resolves, soon) or the connection fails (then it
   * rejects with an EngineError that holds no secret; `details.retryAfterMs` where the far side said when to come
   * again). May be called again after it has ended.
   */
  run(signal: AbortSignal, report: (progress: OutputProgress) => void): Promise<void>;
  /** A file that players fetch from it, where it has such; undefined where there is none of this name now. */
  file?(name: string): OutputFile | undefined;
}
