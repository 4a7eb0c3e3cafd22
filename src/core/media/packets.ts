import type { Closeable } from '../closeable.js';
import type { Ticks90k } from '../time.js';

export type Codec = 'h264' | 'aac' | 'opus';

/** One encoded access unit, shared by every output and never modified. */
export interface EncodedPacket {
  readonly codec: Codec;
  readonly kind: 'video' | 'audio';
  /** Presentation time; equal to the decoding time, as there are no B-frames. */
  readonly pts: Ticks90k;
  readonly duration: Ticks90k;
  /** An IDR (video). Always true for audio. */
  readonly key: boolean;
  /** Number of the encoder generation. */
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
  /** Jumps to a later IDR. */
  readonly jumps: number;
}

/** One reader's position in the packet ring. */
export interface PacketCursor extends Closeable {
  /** The next packet, waiting for it if necessary. Undefined when the ring is closed or the signal aborts. */
  next(signal: AbortSignal): Promise<EncodedPacket | undefined>;
  /** The next packet if there is one already. */
  take(): EncodedPacket | undefined;
  /** Bytes and milliseconds between this cursor and the newest packet. */
  lag(): { bytes: number; ms: number };
  stats(): PacketCursorStats;
}

export interface CursorOptions {
  /** The streams that the reader wants. */
  codecs: readonly Codec[];
  /**
   * Start at the newest IDR in the ring (a fast start), at the next one, or where another reader ended: at the newest
   * IDR not after a time, else at the oldest IDR held.
   */
  from: 'latest-key' | 'next-key' | 'next' | { readonly keyAt: Ticks90k };
  /** A cursor further behind jumps to the newest IDR. */
  maxLagMs: number;
  maxLagBytes: number;
}

/** The source of packets for outputs; the ring in `encoder/` implements it. */
export interface PacketSource {
  open(options: CursorOptions): PacketCursor;
  /** Asks the encoder for an IDR soon; requests within a second are coalesced. */
  requestKeyFrame(): void;
  /** Newest parameter sets, undefined before the first IDR. */
  h264(): { sps: Uint8Array; pps: Uint8Array } | undefined;
  /** AudioSpecificConfig (ISO/IEC 14496-3). */
  aac(): { config: Uint8Array; sampleRateHz: number; channels: number } | undefined;
  /** Requests a codec that is encoded on demand (Opus). Resolves once it flows; each call has its own release. */
  acquire(codec: Codec): Promise<() => void>;
}
