/**
 * Puts the packets of several encoders into one order.
 *
 * Problem: video leaves its encoder ten frames after it went in, sound at once, and muxed outputs want one
 * rising sequence of timestamps. Demands: rising times across video and AAC; within a stream always; no
 * stream may hold the others for long when its encoder has died.
 * Rule: a packet is passed on when the other main stream has come at least as far; what has waited longer than
 * the bound goes anyway. Opus follows the video like AAC does but holds nobody.
 * Numbers: the bound is the video's look-ahead plus 600 ms (a restart takes less).
 */
import type { EncodedPacket } from '../core/media/packets.js';

interface Waiting {
  readonly packet: EncodedPacket;
  readonly sinceMs: number;
}

export class Interleaver {
  private readonly queue: Waiting[] = [];
  private videoPts = -Infinity;
  private aacPts = -Infinity;
  private opusPts = -Infinity;
  /** Packets that came with a time their stream had passed already (the end of a replaced encoder). */
  outdated = 0;

  constructor(
    private readonly maxWaitMs: number,
    private readonly emit: (packet: EncodedPacket) => void,
  ) {}

  push(packet: EncodedPacket, nowMs: number): void {
    if (packet.pts <= this.newest(packet)) {
      this.outdated += 1;
      return;
    }
    if (packet.codec === 'h264') this.videoPts = packet.pts;
    else if (packet.codec === 'aac') this.aacPts = packet.pts;
    else this.opusPts = packet.pts;
    let at = this.queue.length;
    while (at > 0 && this.queue[at - 1]!.packet.pts > packet.pts) at -= 1;
    this.queue.splice(at, 0, { packet, sinceMs: nowMs });
    this.flush(nowMs);
  }

  /** Lets go what may go now; also to be called every now and then while nothing comes. */
  flush(nowMs: number): void {
    let ready = 0;
    for (let i = 0; i < this.queue.length; i += 1) {
      const { packet, sinceMs } = this.queue[i]!;
      const other = packet.codec === 'h264' ? this.aacPts : this.videoPts;
      if (other >= packet.pts || nowMs - sinceMs >= this.maxWaitMs) ready = i + 1;
      else break;
    }
    if (ready === 0) return;
    for (const { packet } of this.queue.splice(0, ready)) this.emit(packet);
  }

  private newest(packet: EncodedPacket): number {
    if (packet.codec === 'h264') return this.videoPts;
    return packet.codec === 'aac' ? this.aacPts : this.opusPts;
  }
}
