import { NAL_PPS, NAL_SPS, nalType, splitNals } from '../../core/media/annex-b.js';
import type { EncodedPacket, PacketSource } from '../../core/media/packets.js';
import { ticksToMilliseconds, ticks90k, type Ticks90k } from '../../core/time.js';
import { aacSequenceHeader, avcEndOfSequence, avcSequenceHeader, type FlvBodies } from './flv-body.js';

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

export interface FlvMuxerOptions {
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
