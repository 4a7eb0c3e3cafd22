import { randomBytes } from 'node:crypto';
import { RtcpRrPacket, RtpHeader, RtpPacket, type RTCRtpSender, type RtcpPacket } from 'werift';
import { firstSequence } from './viewer-stream.js';

/** Gives Opus packets of 20 ms, in real time, until it is closed. */
export type SoundFeed = (events: {
  readonly onPacket: (packet: Uint8Array) => void;
  readonly onEnd: (reason: string) => void;
}) => { close(): void };

export interface SoundSenderOptions {
  readonly sender: RTCRtpSender;
  readonly feed: SoundFeed;
  /** Called once, when no more sound comes. */
  readonly onEnd: (reason: string) => void;
}

/** At 48 kHz (RFC 7587). */
const PACKET_TICKS = 960;
/** Ten seconds of packets. */
const KEPT = 512;
/** Six seconds: browsers report on sound every five. */
const UNREPORTED = 300;

/**
 * Sends Opus packets as one RTP track; the peer's receiver reports show which have arrived. Lost packets are not sent again: they
 * would come too late to be heard.
 */
export class SoundSender {
  bytesSent = 0;
  /** Bytes up to the newest packet that the peer has reported. */
  bytesSeen = 0;
  private sequence = firstSequence();
  private timestamp = randomBytes(4).readUInt32BE(0);
  private readonly bytesAt = new Float64Array(KEPT);
  private readonly numberAt = new Int32Array(KEPT).fill(-1);
  private feeding: { close(): void } | undefined;
  private over = false;

  constructor(private readonly options: SoundSenderOptions) {}

  /** Bytes that a healthy peer may not have reported yet. */
  get tolerance(): number {
    const at = (this.sequence - UNREPORTED) & 0xffff;
    return this.bytesSent - (this.numberAt[at % KEPT] === at ? this.bytesAt[at % KEPT]! : 0);
  }

  /** Called once the connection is up. */
  start(): void {
    if (this.over) return;
    const { sender, feed } = this.options;
    sender.onRtcp.subscribe((packet) => this.heard(packet));
    this.feeding = feed({ onPacket: (packet) => this.send(packet), onEnd: (reason) => this.fail(reason) });
  }

  close(): void {
    if (this.over) return;
    this.over = true;
    this.feeding?.close();
  }

  private fail(reason: string): void {
    if (!this.over) this.options.onEnd(reason);
  }

  private send(payload: Uint8Array): void {
    if (this.over) return;
    const { sequence, timestamp } = this;
    this.sequence = (sequence + 1) & 0xffff;
    this.timestamp = (timestamp + PACKET_TICKS) >>> 0;
    this.bytesSent += payload.length;
    this.bytesAt[sequence % KEPT] = this.bytesSent;
    this.numberAt[sequence % KEPT] = sequence;
    const header = new RtpHeader({ sequenceNumber: sequence, timestamp, marker: false, extension: true });
    const packet = new RtpPacket(header, Buffer.from(payload.buffer, payload.byteOffset, payload.length));
    this.options.sender.sendRtp(packet).catch((e: unknown) => this.fail(`send failed: ${String(e)}`));
  }

  private heard(packet: RtcpPacket): void {
    if (!(packet instanceof RtcpRrPacket)) return;
    for (const { ssrc, highestSequence } of packet.reports) {
      const at = highestSequence & 0xffff;
      // A packet no longer kept was sent too long ago to prove anything about now.
      if (ssrc !== this.options.sender.ssrc || this.numberAt[at % KEPT] !== at) continue;
      this.bytesSeen = Math.max(this.bytesSeen, this.bytesAt[at % KEPT]!);
    }
  }
}
