import type { Closeable } from '../closeable.js';
import type { Ticks90k } from '../time.js';

/**
 * NAL units of an H.264 byte stream (ITU-T H.264 Annex B). The engine writes 4-byte start codes; 3-byte ones are read
 * as well.
 */

export const NAL_SLICE = 1;
export const NAL_IDR = 5;

export const NAL_SPS = 7;
export const NAL_PPS = 8;

/** nal_unit_type of a NAL unit without its start code. */
export const nalType = (nal: Uint8Array): number => (nal[0] ?? 0) & 0x1f;

/** The NAL units of one access unit as views without start codes; empty ones are skipped. */
export function splitNals(data: Uint8Array): Uint8Array[] {
  const nals: Uint8Array[] = [];
  const length = data.length;
  let start = -1;
  let i = 0;
  while (i + 2 < length) {
    if (data[i + 2]! > 1) {
      i += 3;
    } else if (data[i] === 0 && data[i + 1] === 0 && data[i + 2] === 1) {
      if (start >= 0) pushNal(nals, data, start, i);
      start = i + 3;
      i += 3;
    } else {
      i += 1;
    }
  }
  if (start >= 0) pushNal(nals, data, start, length);
  return nals;
}

function pushNal(nals: Uint8Array[], data: Uint8Array, start: number, limit: number): void {
  let end = limit;
  // A NAL unit never ends in a zero byte: zeros before a start code belong to the start code.
  while (end > start && data[end - 1] === 0) end -= 1;
  if (end > start) nals.push(data.subarray(start, end));
}

/** FLV as the decoder reads it (Adobe Flash Video File Format 10.1, annex E): video tags with H.264 alone. */
export const FLV_HEADER = Buffer.from([0x46, 0x4c, 0x56, 1, 1, 0, 0, 0, 9, 0, 0, 0, 0]);

export const FLV_AUDIO = 8;
export const FLV_VIDEO = 9;
const TAG_HEADER = 11;
const AVC = 7;
const KEY_AVC = 0x17;

/** A whole tag with its trailing size. */
export function flvTag(type: number, timestampMs: number, body: Uint8Array): Buffer {
  const tag = Buffer.alloc(TAG_HEADER + body.length + 4);
  tag[0] = type;
  tag.writeUIntBE(body.length, 1, 3);
  tag.writeUIntBE(timestampMs & 0xff_ffff, 4, 3);
  tag[7] = (timestampMs >>> 24) & 255;
  tag.set(body, TAG_HEADER);
  tag.writeUInt32BE(TAG_HEADER + body.length, TAG_HEADER + body.length);
  return tag;
}

/** The body of a configuration tag, with an AVCDecoderConfigurationRecord (ISO/IEC 14496-15, 5.3.3.1). */
export function avcConfigBody(sps: Uint8Array, pps: Uint8Array, lengthSize = 4): Buffer {
  const head = [KEY_AVC, 0, 0, 0, 0, 1, sps[1]!, sps[2]!, sps[3]!, 0xfc | (lengthSize - 1), 0xe1];
  const length = (bytes: Uint8Array): Buffer => Buffer.from([bytes.length >> 8, bytes.length & 255]);
  return Buffer.concat([Buffer.from(head), length(sps), sps, Buffer.from([1]), length(pps), pps]);
}

type TagKind = 'config' | 'key' | 'delta' | 'other';

/** What a video tag holds; anything but H.264 is `other`. */
export function tagKind(tag: Uint8Array): TagKind {
  if (tag[0] !== FLV_VIDEO || tag.length < TAG_HEADER + 9) return 'other';
  const first = tag[TAG_HEADER]!;
  if ((first & 0x0f) !== AVC || (first & 0x80) !== 0) return 'other';
  const packet = tag[TAG_HEADER + 1];
  if (packet === 0) return 'config';
  if (packet !== 1) return 'other';
  return first >> 4 === 1 ? 'key' : 'delta';
}

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
