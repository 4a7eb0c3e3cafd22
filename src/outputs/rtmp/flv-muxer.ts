import {
  type EncodedPacket,
  NAL_PPS,
  NAL_SPS,
  nalType,
  type PacketSource,
  splitNals,
} from '../../core/media/packets.js';
import { ticks90k, type Ticks90k, ticksToMilliseconds } from '../../core/time.js';

/** Bodies of RTMP audio and video messages (Adobe Flash Video File Format 10.1, E.4.2 and E.4.3). */

/** Bytes before the record or the NAL units of a video body. */
export const FLV_VIDEO_HEADER_BYTES = 5;

const AVC = 7;
const KEY = 0x10;
const INTER = 0x20;
/** AAC, 44 kHz, 16 bit, stereo: fixed header values for AAC; the real ones are in its config. */
const AAC_HEADER = 0xaf;

/** AVCDecoderConfigurationRecord (ISO/IEC 14496-15, 5.3.3.1) as a sequence header. */
export function avcSequenceHeader(sps: Uint8Array, pps: Uint8Array): Buffer {
  const highProfile = [100, 110, 122, 144].includes(sps[1]!);
  const out = Buffer.alloc(5 + 6 + 2 + sps.length + 1 + 2 + pps.length + (highProfile ? 4 : 0));
  out[0] = KEY | AVC;
  let at = 5;
  out[at++] = 1;
  out[at++] = sps[1]!;
  out[at++] = sps[2]!;
  out[at++] = sps[3]!;
  out[at++] = 0xff; // lengths of 4 bytes
  out[at++] = 0xe1; // one SPS
  at = out.writeUInt16BE(sps.length, at);
  out.set(sps, at);
  at += sps.length;
  out[at++] = 1;
  at = out.writeUInt16BE(pps.length, at);
  out.set(pps, at);
  at += pps.length;
  // 4:2:0, 8 bit luma and chroma, no SPS extension
  if (highProfile) out.set([0xfd, 0xf8, 0xf8, 0x00], at);
  return out;
}

/** One access unit: Annex B in, 4-byte lengths out, without the parameter sets (the sequence header carries them). */
export function avcBody(annexB: Uint8Array, key: boolean): Buffer {
  const nals = splitNals(annexB).filter((nal) => nalType(nal) !== NAL_SPS && nalType(nal) !== NAL_PPS);
  let size = 5;
  for (const nal of nals) size += 4 + nal.length;
  const out = Buffer.allocUnsafe(size);
  out[0] = (key ? KEY : INTER) | AVC;
  out[1] = 1;
  out.writeUIntBE(0, 2, 3);
  let at = 5;
  for (const nal of nals) {
    at = out.writeUInt32BE(nal.length, at);
    out.set(nal, at);
    at += nal.length;
  }
  return out;
}

function avcEndOfSequence(): Buffer {
  return Buffer.from([KEY | AVC, 2, 0, 0, 0]);
}

function aacSequenceHeader(config: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([AAC_HEADER, 0]), config]);
}

function aacBody(frame: Uint8Array): Buffer {
  const out = Buffer.allocUnsafe(2 + frame.length);
  out[0] = AAC_HEADER;
  out[1] = 1;
  out.set(frame, 2);
  return out;
}

/** About a second and a half of picture and sound. */
const KEPT_BODIES = 128;

/**
 * Packet bodies, made once for all outputs of a room. Only the newest are kept, since outputs that keep up ask for the
 * same ones at the same time; an output that lags makes its own. Keeping all of them would double the ring.
 */
export class FlvBodies {
  private readonly made = new Map<EncodedPacket, Buffer>();

  body(packet: EncodedPacket): Buffer {
    let body = this.made.get(packet);
    if (body === undefined) {
      body = packet.kind === 'video' ? avcBody(packet.data, packet.key) : aacBody(packet.data);
      this.made.set(packet, body);
      if (this.made.size > KEPT_BODIES) this.made.delete(this.made.keys().next().value!);
    }
    return body;
  }
}

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

interface FlvMuxerOptions {
  readonly source: PacketSource;
  readonly bodies: FlvBodies;
  readonly timeline: RtmpTimeline;
  readonly send: (kind: 'audio' | 'video', timestampMs: number, body: Uint8Array) => void;
}

/**
 * Turns packets into RTMP messages of one connection: sequence headers when they change, times from the timeline's
 * zero.
 */
export class FlvMuxer {
  private avcHeader: Buffer | undefined;
  private aacConfig: Uint8Array | undefined;
  private lastMs = 0;

  constructor(private readonly options: FlvMuxerOptions) {}

  write(packet: EncodedPacket): void {
    const zero = this.options.timeline.zeroFor(packet.pts);
    // Sound from before the first picture would have a negative time.
    if (packet.pts < zero) return;
    const ms = ticksToMilliseconds(ticks90k(packet.pts - zero));
    this.lastMs = Math.max(this.lastMs, ms);
    if (packet.kind === 'video') this.video(packet, ms);
    else this.audio(packet, ms);
  }

  end(): void {
    if (this.avcHeader !== undefined) this.options.send('video', this.lastMs, avcEndOfSequence());
  }

  private video(packet: EncodedPacket, ms: number): void {
    const { send, bodies } = this.options;
    if (packet.key) {
      const nals = splitNals(packet.data);
      const sps = nals.find((nal) => nalType(nal) === NAL_SPS);
      const pps = nals.find((nal) => nalType(nal) === NAL_PPS);
      if (sps !== undefined && pps !== undefined) {
        const header = avcSequenceHeader(sps, pps);
        if (this.avcHeader === undefined || !header.equals(this.avcHeader)) {
          this.avcHeader = header;
          send('video', ms, header);
        }
      }
    }
    if (this.avcHeader !== undefined) send('video', ms, bodies.body(packet));
  }

  private audio(packet: EncodedPacket, ms: number): void {
    const { source, send, bodies } = this.options;
    const config = source.aac()?.config;
    if (config === undefined) return;
    if (config !== this.aacConfig) {
      const changed = this.aacConfig === undefined || Buffer.compare(config, this.aacConfig) !== 0;
      this.aacConfig = config;
      if (changed) send('audio', ms, aacSequenceHeader(config));
    }
    send('audio', ms, bodies.body(packet));
  }
}
