import { NAL_PPS, NAL_SPS, nalType, splitNals } from '../../core/media/annex-b.js';
import type { EncodedPacket } from '../../core/media/packets.js';

/** One GOP and its sound. */
export interface Gop {
  /** The first is an IDR. */
  readonly video: readonly EncodedPacket[];
  readonly audio: readonly EncodedPacket[];
  /** Time of the next GOP's IDR, or the end of the last frame. */
  readonly endPts: number;
  readonly sps: Uint8Array;
  readonly pps: Uint8Array;
}

/** Cuts packets before each IDR. A GOP whose IDR has no parameter sets is dropped: it cannot be decoded. */
export class GopCollector {
  private video: EncodedPacket[] = [];
  private audio: EncodedPacket[] = [];

  /** Returns a GOP when this packet begins the next one. */
  push(packet: EncodedPacket): Gop | undefined {
    if (packet.kind === 'audio') {
      if (this.video.length > 0) this.audio.push(packet);
      return undefined;
    }
    let gop: Gop | undefined;
    if (packet.key) {
      gop = this.take(packet.pts);
    } else if (this.video.length === 0) {
      return undefined;
    }
    this.video.push(packet);
    return gop;
  }

  /** Returns the unfinished GOP at the end. */
  flush(): Gop | undefined {
    const last = this.video.at(-1);
    return last === undefined ? undefined : this.take(last.pts + last.duration);
  }

  private take(endPts: number): Gop | undefined {
    const { video, audio } = this;
    this.video = [];
    this.audio = [];
    if (video.length === 0) return undefined;
    const nals = splitNals(video[0]!.data);
    const sps = nals.find((nal) => nalType(nal) === NAL_SPS);
    const pps = nals.find((nal) => nalType(nal) === NAL_PPS);
    return sps === undefined || pps === undefined ? undefined : { video, audio, endPts, sps, pps };
  }
}
