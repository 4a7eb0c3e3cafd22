import {
  MediaStream,
  MediaStreamTrack,
  RTCPeerConnection,
  RTCRtpCodecParameters,
  RtcpSenderInfo,
  RtcpSourceDescriptionPacket,
  RtcpSrPacket,
  RtpHeader,
  RtpPacket,
  SourceDescriptionChunk,
  SourceDescriptionItem,
  type RTCRtpSender,
} from 'werift';
import type { Closeable } from '../../core/closeable.js';
import { EngineError } from '../../core/errors.js';
import type { Log } from '../../core/log.js';
import type { PacketSource } from '../../core/packets.js';
import { fragmentCandidates } from './sdp-offer.js';
import { ViewerStream, type PayloadCache, type RtpUnit } from './viewer-stream.js';

export interface WhepViewerOptions {
  id: string;
  source: PacketSource;
  cache: PayloadCache;
  log: Log;
  /** Addresses to offer besides those of the machine's interfaces. */
  hostAddresses: readonly string[];
  /** Once, when it is over for whatever reason. */
  onGone(): void;
}

const CONNECT_MS = 12_000;
/** Receivers report every second or so; this long without a word, the viewer is gone. */
const SILENT_MS = 10_000;
const REPORT_MS = 1000;
const FIRST_REPORTS_MS = 200;
/** Sent packets kept for retransmission beyond the 128 that the stack keeps itself. */
const RESEND = 1024;

const FEEDBACK = [{ type: 'nack' }, { type: 'nack', parameter: 'pli' }];
const video = (): RTCRtpCodecParameters =>
  new RTCRtpCodecParameters({
    mimeType: 'video/H264',
    clockRate: 90_000,
    rtcpFeedback: FEEDBACK,
    parameters: 'level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f',
  });
const audio = (): RTCRtpCodecParameters =>
  new RTCRtpCodecParameters({ mimeType: 'audio/opus', clockRate: 48_000, channels: 2 });

/** One viewer: its peer connection, its stream, its reports. */
export class WhepViewer implements Closeable {
  private readonly connection: RTCPeerConnection;
  private readonly stream: ViewerStream;
  private readonly senders: { video: RTCRtpSender; audio: RTCRtpSender };
  private readonly sent = { video: { packets: 0, octets: 0 }, audio: { packets: 0, octets: 0 } };
  private readonly resend: (RtpPacket | undefined)[] = Array.from({ length: RESEND });
  private readonly stop = new AbortController();
  private releaseOpus: (() => void) | undefined;
  private lastHeardMs = performance.now();
  private timers: NodeJS.Timeout[] = [];
  private started = false;
  private over = false;
  private closed: Promise<void> | undefined;

  constructor(private readonly options: WhepViewerOptions) {
    this.connection = new RTCPeerConnection({
      codecs: { video: [video()], audio: [audio()] },
      iceServers: [],
      iceAdditionalHostAddresses: [...options.hostAddresses],
      bundlePolicy: 'max-bundle',
    });
    const together = new MediaStream({ id: 'room', tracks: [] });
    const add = (kind: 'video' | 'audio'): RTCRtpSender =>
      this.connection.addTransceiver(new MediaStreamTrack({ kind }), { direction: 'sendonly', streams: [together] })
        .sender;
    this.senders = { video: add('video'), audio: add('audio') };
    // The stack's own reports say when a packet was sent, not when its picture was; ours replace them.
    this.senders.video.rtcpRunning = true;
    this.senders.audio.rtcpRunning = true;
    this.stream = new ViewerStream({ source: options.source, cache: options.cache, send: (unit) => this.send(unit) });
  }

  get bytesSent(): number {
    return this.sent.video.octets + this.sent.audio.octets;
  }
  get packetsDropped(): number {
    return this.stream.packetsDropped;
  }
  get connected(): boolean {
    return this.started && !this.over;
  }

  /** @throws EngineError E_SDP_INVALID */
  async answer(offer: string): Promise<string> {
    try {
      await this.connection.setRemoteDescription({ type: 'offer', sdp: offer });
      this.chooseCodecs();
      await this.connection.setLocalDescription(await this.connection.createAnswer());
    } catch (cause) {
      throw new EngineError('E_SDP_INVALID', {
        where: 'WHEP offer',
        expected: 'an offer that can be answered',
        found: cause instanceof Error ? cause.message : String(cause),
        cause,
      });
    }
    const sdp = this.connection.localDescription?.sdp;
    if (sdp === undefined) throw new EngineError('E_INTERNAL', { where: 'WHEP answer', found: 'no description' });
    this.connection.connectionStateChange.subscribe((state) => {
      if (state === 'connected') this.start();
      else if (state === 'failed' || state === 'closed') this.end(`connection ${state}`);
    });
    if (this.connection.connectionState === 'connected') this.start();
    this.timers.push(setTimeout(() => this.started || this.end('never connected'), CONNECT_MS));
    return sdp;
  }

  /** @throws EngineError E_SDP_INVALID */
  async candidate(fragment: string): Promise<void> {
    for (const { candidate, mid } of fragmentCandidates(fragment)) {
      try {
        await this.connection.addIceCandidate({ candidate, sdpMid: mid ?? '0' });
      } catch (cause) {
        throw new EngineError('E_SDP_INVALID', {
          where: 'WHEP candidate',
          found: cause instanceof Error ? cause.message : String(cause),
          cause,
        });
      }
    }
  }

  async close(): Promise<void> {
    this.end('closed here');
    await this.closed;
  }

  /**
   * One codec a section. Browsers list H.264 once per profile and packetization mode; what they decode does
   * not depend on which they are told (seen with High in Chromium), what they depacketise does.
   */
  private chooseCodecs(): void {
    for (const transceiver of this.connection.getTransceivers()) {
      const usable = transceiver.codecs.filter(
        ({ mimeType, parameters = '' }) =>
          mimeType.toLowerCase() !== 'video/h264' || /packetization-mode=1/.test(parameters),
      );
      const best = usable.find(({ parameters = '' }) => /profile-level-id=42e0/i.test(parameters)) ?? usable[0];
      if (best !== undefined) transceiver.codecs = [best];
    }
  }

  private start(): void {
    if (this.started || this.over) return;
    this.started = true;
    const { source, log, id } = this.options;
    this.lastHeardMs = performance.now();
    for (const sender of [this.senders.video, this.senders.audio]) {
      sender.onRtcp.subscribe(() => (this.lastHeardMs = performance.now()));
    }
    this.senders.video.onPictureLossIndication.subscribe(() => this.stream.pictureLost(performance.now()));
    this.senders.video.onGenericNack.subscribe(({ lost }) => this.sendAgain(lost));
    source.acquire('opus').then(
      (release) => {
        if (this.over) release();
        else this.releaseOpus = release;
      },
      (e: unknown) => log.warn({ viewer: id, reason: String(e) }, 'viewer without sound'),
    );
    this.stream.run(this.stop.signal).then(
      () => this.end('stream ended'),
      (e: unknown) => this.end(`stream failed: ${String(e)}`),
    );
    // Early reports, so that picture and sound find together at once.
    this.timers.push(setTimeout(() => this.report(), FIRST_REPORTS_MS));
    this.timers.push(setInterval(() => this.everySecond(), REPORT_MS));
  }

  private everySecond(): void {
    this.report();
    if (performance.now() - this.lastHeardMs > SILENT_MS) this.end('not heard of any more');
  }

  private send(unit: RtpUnit): void {
    const { kind, sequenceNumber, timestamp, marker, payload } = unit;
    const packet = new RtpPacket(new RtpHeader({ sequenceNumber, timestamp, marker, extension: true }), payload);
    this.sent[kind].packets += 1;
    this.sent[kind].octets += payload.length;
    if (kind === 'video') this.resend[sequenceNumber % RESEND] = packet;
    this.senders[kind].sendRtp(packet).catch((e: unknown) => this.end(`send failed: ${String(e)}`));
  }

  /** What the stack's own short history does not hold any more. */
  private sendAgain(lost: readonly number[]): void {
    for (const sequenceNumber of lost) {
      const packet = this.resend[sequenceNumber % RESEND];
      if (packet === undefined || packet.header.sequenceNumber !== sequenceNumber) continue;
      if (this.inStackHistory(sequenceNumber)) continue;
      this.senders.video.dtlsTransport.sendRtp(packet.payload, packet.header).catch(() => undefined);
    }
  }

  private inStackHistory(sequenceNumber: number): boolean {
    const newer = this.resend[(sequenceNumber + 128) % RESEND];
    return newer === undefined || newer.header.sequenceNumber !== ((sequenceNumber + 128) & 0xffff);
  }

  private report(): void {
    if (this.over || !this.stream.clock.running) return;
    const nowMs = performance.now();
    const { ntp, video: videoTime, audio: audioTime } = this.stream.clock.report(nowMs, performance.timeOrigin + nowMs);
    for (const kind of ['video', 'audio'] as const) {
      const sender = this.senders[kind];
      const { packets, octets } = this.sent[kind];
      if (packets === 0) continue;
      const senderInfo = new RtcpSenderInfo({
        ntpTimestamp: ntp,
        rtpTimestamp: kind === 'video' ? videoTime : audioTime,
        packetCount: packets % 0x1_0000_0000,
        octetCount: octets % 0x1_0000_0000,
      });
      const name = new SourceDescriptionItem({ type: 1, text: this.connection.cname });
      sender.dtlsTransport
        .sendRtcp([
          new RtcpSrPacket({ ssrc: sender.ssrc, senderInfo }),
          new RtcpSourceDescriptionPacket({
            chunks: [new SourceDescriptionChunk({ source: sender.ssrc, items: [name] })],
          }),
        ])
        .catch((e: unknown) => this.end(`report failed: ${String(e)}`));
    }
  }

  private end(reason: string): void {
    if (this.over) return;
    this.over = true;
    this.options.log.info({ viewer: this.options.id, reason }, 'viewer gone');
    this.stop.abort();
    for (const timer of this.timers) clearTimeout(timer);
    this.releaseOpus?.();
    this.closed = this.connection.close().catch(() => undefined);
    this.options.onGone();
  }
}
