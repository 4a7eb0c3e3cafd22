/**
 * Sends the room's packets over one WebRTC connection: RTP, retransmissions, sender reports, and the peer's feedback.
 *
 * Rule: sent packets are kept for about two seconds at the room's bitrate (a power of two of packets) and retransmitted
 * on request (`sendAgain`); the peer's receiver reports show which of them have arrived.
 * Numbers: reports each second; 512 to 8192 packets.
 */
import { randomBytes } from 'node:crypto';
import {
  ReceiverEstimatedMaxBitrate,
  type RTCPeerConnection,
  type RtcpPacket,
  RtcpPayloadSpecificFeedback,
  type RtcpReceiverInfo,
  RtcpRrPacket,
  RtcpSenderInfo,
  RtcpSourceDescriptionPacket,
  RtcpSrPacket,
  type RTCRtpSender,
  RtpHeader,
  RtpPacket,
  SourceDescriptionChunk,
  SourceDescriptionItem,
} from 'werift';
import type { Log } from '../../core/log.js';
import type { PacketSource } from '../../core/media/packets.js';
import { firstSequence, type PayloadCache, RTP_PAYLOAD_BYTES, type RtpUnit, ViewerStream } from './viewer-stream.js';

/** Gives Opus packets of 20 ms, in real time, until it is closed. */
export type SoundFeed = (events: {
  readonly onPacket: (packet: Uint8Array) => void;
  readonly onEnd: (reason: string) => void;
}) => { close(): void };

interface SoundSenderOptions {
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

/**
 * Retransmission on the stream's own SSRC (RFC 4585 NACK, no RTX), with the packet's original SRTP index.
 *
 * Problem: SRTP counts the wraps of the 16-bit sequence number (the rollover counter of RFC 3711, 3.3.1); both ends
 * must agree, or authentication fails. The stack derives the counter from the last number it sent: retransmitting
 * packet 0 counts as another wrap, and two packets from before a wrap undo it. From then on the peer drops every
 * picture, while sound and reports continue and the connection looks healthy. At 250 packets a second the number wraps
 * every four minutes.
 * Rule: the counter is set to the packet's own while it is encrypted, and restored; the stack's retransmission history
 * stays empty.
 */
export function sendAgain(sender: RTCRtpSender, { header, payload }: RtpPacket): Promise<unknown> {
  const state = sender.dtlsTransport.srtp.localContext.getSrtpSsrcState(header.ssrc);
  const { rolloverCounter, lastSequenceNumber } = state;
  // The kept packets span a fraction of the number space, so a larger number is from before the wrap.
  const its = header.sequenceNumber > lastSequenceNumber ? rolloverCounter - 1 : rolloverCounter;
  if (its < 0) return Promise.resolve();
  state.rolloverCounter = its;
  state.lastSequenceNumber = header.sequenceNumber;
  try {
    // Encrypted before the first await inside.
    return sender.dtlsTransport.sendRtp(payload, header);
  } finally {
    state.rolloverCounter = rolloverCounter;
    state.lastSequenceNumber = lastSequenceNumber;
  }
}

/** Disables the stack's own history: only `sendAgain` retransmits. */
export function answerNoNacks(sender: RTCRtpSender): void {
  Object.defineProperty(sender, 'rtpCache', { value: new Proxy([], { set: () => true }) });
}

interface MediaSenderOptions {
  /** For the log. */
  readonly id: string;
  readonly connection: RTCPeerConnection;
  readonly senders: { readonly video: RTCRtpSender; readonly audio: RTCRtpSender };
  readonly source: PacketSource;
  readonly cache: PayloadCache;
  /** Video bitrate; sizes the retransmission buffer. */
  readonly videoKbps: number;
  readonly maxLagMs?: number;
  readonly maxLagBytes?: number;
  readonly log: Log;
  /** Called once, when the connection is over. */
  readonly onEnd: (reason: string) => void;
}

const REPORT_MS = 1000;
const FIRST_REPORTS_MS = 200;
const KEPT_SECONDS = 2;

/**
 * A WebRTC receiver's bandwidth estimate (REMB), and whether to act on it.
 *
 * Problem: the estimate follows the received rate, so a calm picture lowers it, and so does a briefly busy machine.
 * Demands: a narrow link is not flooded; a wide one is not throttled for a guess.
 * Rule: an estimate counts while it is fresh. It limits the rate only while the receiver also loses packets, as a
 * narrow link makes it; a few losses on a wide link are retransmitted, and dropping pictures would not help.
 * Numbers, from draft-ietf-rmcat-gcc-02, section 6: a loss above 10 % in a report starts the limit, 2 % keeps it. It
 * ends 15 s after the last such report. Fresh is 10 s. A report on few packets proves nothing: one lost packet of
 * eight, while the picture stood still, is 12 %, and at 2 % loss every seventh such report has it. Reports are combined
 * until they cover 100 packets or 3 s.
 */
const FRESH_MS = 10_000;
const LOSS_MS = 15_000;
/** Of 256, as in a receiver report (RFC 3550, 6.4.1). */
const BEGINS = 26;
const KEEPS_UP = 5;
const MIN_PACKETS = 100;
const LONGEST_MS = 3000;

export class ReceiverEstimate {
  private bitsPerSecond = 0;
  private saidMs = -Infinity;
  private lostMs = -Infinity;
  /** Reported since the last evaluation. */
  private packets = 0;
  private lostPackets = 0;
  private sinceMs = 0;

  said(nowMs: number, bitsPerSecond: number): void {
    this.bitsPerSecond = bitsPerSecond;
    this.saidMs = nowMs;
  }

  /**
   * @param fraction lost, of 256
   * @param packets covered by the report
   */
  lost(nowMs: number, fraction: number, packets: number): void {
    if (packets <= 0) return;
    if (this.packets === 0) this.sinceMs = nowMs;
    this.packets += packets;
    this.lostPackets += (packets * fraction) / 256;
    if (this.packets < MIN_PACKETS && nowMs - this.sinceMs < LONGEST_MS) return;
    this.weigh(nowMs, (this.lostPackets / this.packets) * 256);
    this.packets = 0;
    this.lostPackets = 0;
  }

  private weigh(nowMs: number, fraction: number): void {
    const limits = nowMs - this.lostMs < LOSS_MS;
    if (fraction >= (limits ? KEEPS_UP : BEGINS)) this.lostMs = nowMs;
  }

  /** Undefined without a fresh estimate. */
  kbps(nowMs: number): number | undefined {
    const fresh = nowMs - this.saidMs < FRESH_MS && this.bitsPerSecond > 0;
    return fresh ? Math.round(this.bitsPerSecond / 1000) : undefined;
  }

  /** The maximum send rate; undefined while everything arrives. */
  limitKbps(nowMs: number): number | undefined {
    return nowMs - this.lostMs < LOSS_MS ? this.kbps(nowMs) : undefined;
  }
}

export class MediaSender {
  readonly stream: ViewerStream;
  /** Last time the peer was heard, by the monotonic clock. */
  lastHeardMs = performance.now();
  private readonly sent = { video: { packets: 0, octets: 0 }, audio: { packets: 0, octets: 0 } };
  private readonly kept: (RtpPacket | undefined)[];
  /** Video octets up to and including the packet in this slot. */
  private readonly octetsAt: Float64Array;
  private seen = 0;
  /** Highest sequence number of the video in the last report. */
  private reported: number | undefined;
  private readonly estimate = new ReceiverEstimate();
  private readonly stop = new AbortController();
  private releaseOpus: (() => void) | undefined;
  private timers: NodeJS.Timeout[] = [];
  private over = false;

  constructor(private readonly options: MediaSenderOptions) {
    const { senders, source, cache, videoKbps, maxLagMs, maxLagBytes } = options;
    const packets = (videoKbps * 125 * KEPT_SECONDS) / RTP_PAYLOAD_BYTES;
    const size = Math.min(8192, Math.max(512, 2 ** Math.ceil(Math.log2(packets))));
    this.kept = Array.from({ length: size });
    this.octetsAt = new Float64Array(size);
    // The stack's own reports say when a packet was sent, not when its picture was taken; these replace them.
    senders.video.rtcpRunning = true;
    senders.audio.rtcpRunning = true;
    answerNoNacks(senders.video);
    answerNoNacks(senders.audio);
    this.stream = new ViewerStream({
      source,
      cache,
      send: (unit) => this.send(unit),
      limitKbps: () => this.limitKbps,
      maxLagMs,
      maxLagBytes,
    });
  }

  get bytesSent(): number {
    return this.sent.video.octets + this.sent.audio.octets;
  }
  /** Delivered video bytes, as the peer reported; sound is left out of both counts. */
  get videoBytesSent(): number {
    return this.sent.video.octets;
  }
  get videoBytesSeen(): number {
    return this.seen;
  }
  get packetsDropped(): number {
    return this.stream.packetsDropped;
  }
  /** The peer's bandwidth estimate (REMB), or undefined. */
  get estimateKbps(): number | undefined {
    return this.estimate.kbps(performance.now());
  }
  /** The estimate while packets are lost as well; undefined while everything arrives. */
  get limitKbps(): number | undefined {
    return this.estimate.limitKbps(performance.now());
  }

  /** Called once the connection is up. */
  start(): void {
    if (this.over) return;
    const { source, log, id, senders } = this.options;
    this.lastHeardMs = performance.now();
    for (const sender of [senders.video, senders.audio]) sender.onRtcp.subscribe((packet) => this.heard(packet));
    senders.video.onPictureLossIndication.subscribe(() => this.stream.pictureLost(performance.now()));
    senders.video.onGenericNack.subscribe(({ lost }) => this.sendAgain(lost));
    source.acquire('opus').then(
      (release) => {
        if (this.over) release();
        else this.releaseOpus = release;
      },
      (e: unknown) => log.warn({ viewer: id, reason: String(e) }, 'viewer without sound'),
    );
    this.stream.run(this.stop.signal).then(
      () => this.fail('stream ended'),
      (e: unknown) => this.fail(`stream failed: ${String(e)}`),
    );
    // Early reports, so picture and sound synchronize at once.
    this.timers.push(setTimeout(() => this.report(), FIRST_REPORTS_MS));
    this.timers.push(setInterval(() => this.report(), REPORT_MS));
  }

  close(): void {
    if (this.over) return;
    this.over = true;
    this.stop.abort();
    for (const timer of this.timers) clearTimeout(timer);
    this.releaseOpus?.();
  }

  private fail(reason: string): void {
    if (!this.over) this.options.onEnd(reason);
  }

  private heard(packet: RtcpPacket): void {
    this.lastHeardMs = performance.now();
    if (packet instanceof RtcpRrPacket) for (const report of packet.reports) this.onReport(report);
    // It covers all streams of the connection, whichever it is addressed to.
    if (packet instanceof RtcpPayloadSpecificFeedback && packet.feedback instanceof ReceiverEstimatedMaxBitrate) {
      this.estimate.said(this.lastHeardMs, Number(packet.feedback.bitrate));
    }
  }

  private onReport({ ssrc, highestSequence, fractionLost }: RtcpReceiverInfo): void {
    if (ssrc !== this.options.senders.video.ssrc) return;
    // The first report covers everything sent; numbers are extended to 32 bits (RFC 3550, 6.4.1).
    const packets = this.reported === undefined ? this.sent.video.packets : (highestSequence - this.reported) >>> 0;
    this.reported = highestSequence;
    this.estimate.lost(this.lastHeardMs, fractionLost, Math.min(packets, this.sent.video.packets));
    const at = highestSequence & 0xffff;
    const packet = this.kept[at % this.kept.length];
    // A packet no longer kept was sent too long ago to prove anything about now.
    if (packet?.header.sequenceNumber !== at) return;
    this.seen = Math.max(this.seen, this.octetsAt[at % this.kept.length]!);
  }

  private send(unit: RtpUnit): void {
    const { kind, sequenceNumber, timestamp, marker, payload } = unit;
    const packet = new RtpPacket(new RtpHeader({ sequenceNumber, timestamp, marker, extension: true }), payload);
    const sent = this.sent[kind];
    sent.packets += 1;
    sent.octets += payload.length;
    if (kind === 'video') {
      this.kept[sequenceNumber % this.kept.length] = packet;
      this.octetsAt[sequenceNumber % this.kept.length] = sent.octets;
    }
    this.options.senders[kind].sendRtp(packet).catch((e: unknown) => this.fail(`send failed: ${String(e)}`));
  }

  private sendAgain(lost: readonly number[]): void {
    const { log, id, senders } = this.options;
    for (const sequenceNumber of lost) {
      const packet = this.kept[sequenceNumber % this.kept.length];
      if (packet?.header.sequenceNumber !== sequenceNumber) continue;
      sendAgain(senders.video, packet).catch((e: unknown) =>
        log.debug({ viewer: id, reason: String(e) }, 'a retransmission failed'),
      );
    }
  }

  private report(): void {
    const { stream, options } = this;
    if (this.over || !stream.clock.running) return;
    const nowMs = performance.now();
    const { ntp, video: videoTime, audio: audioTime } = stream.clock.report(nowMs, performance.timeOrigin + nowMs);
    for (const kind of ['video', 'audio'] as const) {
      const sender = options.senders[kind];
      const { packets, octets } = this.sent[kind];
      if (packets === 0) continue;
      const senderInfo = new RtcpSenderInfo({
        ntpTimestamp: ntp,
        rtpTimestamp: kind === 'video' ? videoTime : audioTime,
        packetCount: packets % 0x1_0000_0000,
        octetCount: octets % 0x1_0000_0000,
      });
      const name = new SourceDescriptionItem({ type: 1, text: options.connection.cname });
      sender.dtlsTransport
        .sendRtcp([
          new RtcpSrPacket({ ssrc: sender.ssrc, senderInfo }),
          new RtcpSourceDescriptionPacket({
            chunks: [new SourceDescriptionChunk({ source: sender.ssrc, items: [name] })],
          }),
        ])
        .catch((e: unknown) => this.fail(`report failed: ${String(e)}`));
    }
  }
}
