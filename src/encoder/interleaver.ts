/**
 * Merges the packets of several encoders into one order.
 *
 * Problem: video leaves its encoder ten frames after its input, sound at once, and muxed outputs want one rising
 * sequence of timestamps.
 * Demands: rising times across video and AAC, and always within a stream; no stream may hold the others for long when
 * its encoder has died.
 * Rule: a packet passes once the other main stream has reached its time; a packet that waited longer than the limit
 * passes anyway. Opus follows the video like AAC but holds nothing back.
 * Numbers: the limit is the video's look-ahead plus 600 ms (a restart takes less).
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
  /** Late packets: older than their stream's last one (the end of a replaced encoder). */
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

  /** Releases every packet that may go; also called periodically while nothing arrives. */
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
