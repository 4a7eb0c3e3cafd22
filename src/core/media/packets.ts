import type { Closeable } from '../closeable.js';
import type { Ticks90k } from '../time.js';

export type Codec = 'h264' | 'aac' | 'opus';

/** One encoded access unit, shared by every output and never written to. */
export interface EncodedPacket {
  readonly codec: Codec;
  readonly kind: 'video' | 'audio';
  /** Presentation time; equal to the decoding time, as there are no B-frames. */
  readonly pts: Ticks90k;
  readonly duration: Ticks90k;
  /** An IDR (video). Always true for audio. */
  readonly key: boolean;
  /** Number of the encoder generation that made it. */
  readonly generation: number;
  /**
   * h264: Annex B with 4-byte start codes, SPS and PPS before each IDR, no AUD.
   * aac: one raw frame without ADTS header. opus: one packet of 20 ms.
   */
  readonly data: Uint8Array;
}

export interface PacketCursorStats {
  /** Packets handed out. */
  readonly delivered: number;
  /** Packets jumped over because the reader was too slow. */
  readonly dropped: number;
  /** How many times it jumped to a later IDR. */
  readonly jumps: number;
}

/** One reader's place in the packet ring. */
export interface PacketCursor extends Closeable {
  /** The next packet; waits for one. Undefined when the ring is closed or the signal aborts. */
  next(signal: AbortSignal): Promise<EncodedPacket | undefined>;
  /** The next packet if there is one now. */
  take(): EncodedPacket | undefined;
  /** Bytes and milliseconds between this cursor and the newest packet. */
  lag(): { bytes: number; ms: number };
  stats(): PacketCursorStats;
}

export interface CursorOptions {
  /** Which streams the reader wants. */
  codecs: readonly Codec[];
  /**
   * Start at the newest IDR in the ring (a fast start), wait for the next one, or go on where another reader ended:
   * at the newest IDR that is not after a time, or the oldest IDR held if that is gone.
   */
  from: 'latest-key' | 'next-key' | { readonly keyAt: Ticks90k };
  /** Behind by more than this, the cursor jumps to the newest IDR. */
  maxLagMs: number;
  maxLagBytes: number;
}

/** Where outputs get packets from; the ring in `encoder/` implements it. */
export interface PacketSource {
  open(options: CursorOptions): PacketCursor;
  /** Asks the encoder for an IDR soon; requests within a second are joined. */
  requestKeyFrame(): void;
  /** Newest parameter sets, undefined before the first IDR. */
  h264(): { sps: Uint8Array; pps: Uint8Array } | undefined;
  /** AudioSpecificConfig (ISO/IEC 14496-3). */
  aac(): { config: Uint8Array; sampleRateHz: number; channels: number } | undefined;
  /**
   * A codec that is encoded only while someone wants it (Opus). Resolves once it flows; each call is
   * undone by its own release.
   */
  acquire(codec: Codec): Promise<() => void>;
}
