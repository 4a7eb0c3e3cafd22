/**
 * Publishes the room's packets to one RTMP(S) address.
 *
 * Problem: a far side reads slower than we send, or stops. Demands: no memory grows for it, and when it
 * recovers it gets a picture that can be decoded and is not old.
 * Rule: no packet is taken from the ring while the socket holds more than the bound, so that the backlog is the
 * ring's, whose cursor jumps to the newest IDR. Timestamps are the packets' times minus the first one's.
 * Numbers: 256 KiB in the socket (0.8 s at 2.5 Mbit/s).
 */
import { NAL_PPS, NAL_SPS, nalType, splitNals } from '../../core/annex-b.js';
import { toEngineError } from '../../core/errors.js';
import type { EncodedPacket, PacketCursor, PacketSource } from '../../core/packets.js';
import { ticksToMilliseconds, ticks90k, type FrameRate } from '../../core/time.js';
import type { Output, OutputProgress } from '../output.js';
import { AmfEcmaArray } from './amf0.js';
import { aacBody, aacSequenceHeader, avcBody, avcEndOfSequence, avcSequenceHeader } from './flv-body.js';
import { RtmpConnection } from './rtmp-connection.js';
import type { RtmpTlsOptions } from './rtmp-socket.js';
import { parseRtmpUrl, type RtmpUrl } from './rtmp-url.js';

export interface RtmpOutputOptions {
  id: string;
  /** With key; never shown. */
  url: string;
  source: PacketSource;
  width: number;
  height: number;
  rate: FrameRate;
  videoKbps: number;
  aacKbps: number;
  maxLagMs: number;
  /**
   * `connection` (default): every connection begins at 0, as platforms expect. `output`: a reconnected one goes on
   * where the time is, for a receiver whose viewers stay.
   */
  timeline?: 'connection' | 'output';
  tls?: RtmpTlsOptions;
}

const SOCKET_BOUND_BYTES = 256 << 10;
const REPORT_MS = 500;

export class RtmpOutput implements Output {
  readonly kind: string;
  readonly id: string;
  readonly target: string;
  private readonly url: RtmpUrl;
  private firstPts = -1;

  /** @throws EngineError E_OUTPUT_INVALID */
  constructor(private readonly options: RtmpOutputOptions) {
    this.url = parseRtmpUrl(options.url);
    this.id = options.id;
    this.kind = this.url.secure ? 'rtmps' : 'rtmp';
    this.target = this.url.masked;
  }

  async run(signal: AbortSignal, report: (progress: OutputProgress) => void): Promise<void> {
    let connection: RtmpConnection | undefined;
    try {
      connection = await RtmpConnection.publish(this.url, this.id, signal, this.options.tls);
      await this.deliver(connection, signal, report);
    } catch (e) {
      connection?.destroy();
      if (signal.aborted) return;
      throw toEngineError(e, `output "${this.id}" (${this.target})`);
    }
  }

  private async deliver(
    connection: RtmpConnection,
    signal: AbortSignal,
    report: (progress: OutputProgress) => void,
  ): Promise<void> {
    const cursor = this.options.source.open({
      codecs: ['h264', 'aac'],
      from: 'latest-key',
      maxLagMs: this.options.maxLagMs,
      maxLagBytes: 16 << 20,
    });
    const tell = (): void =>
      report({
        accepted: true,
        bytesSent: connection.bytesSent,
        bytesDelivered: connection.bytesDelivered,
        packetsDropped: cursor.stats().dropped,
        lagMs: cursor.lag().ms,
      });
    const timer = setInterval(tell, REPORT_MS);
    const stop = new AbortController();
    const abort = (): void => stop.abort();
    signal.addEventListener('abort', abort, { once: true });
    void connection.whenEnded.then(abort);
    if (signal.aborted) abort();
    try {
      tell();
      connection.sendMetadata(this.metadata());
      await this.pump(connection, cursor, stop.signal);
      if (connection.error !== undefined) throw connection.error;
      await connection.close();
    } finally {
      clearInterval(timer);
      signal.removeEventListener('abort', abort);
      tell();
      await cursor.close();
    }
  }

  private async pump(connection: RtmpConnection, cursor: PacketCursor, stop: AbortSignal): Promise<void> {
    const muxer = new FlvMuxer(connection, this.options.source);
    muxer.firstPts = this.options.timeline === 'output' ? this.firstPts : -1;
    while (!stop.aborted) {
      const first = await cursor.next(stop);
      if (first === undefined) break;
      connection.batch(() => {
        for (let packet: EncodedPacket | undefined = first; packet !== undefined;) {
          muxer.write(packet);
          packet = connection.bufferedBytes < SOCKET_BOUND_BYTES ? cursor.take() : undefined;
        }
      });
      this.firstPts = muxer.firstPts;
      if (connection.bufferedBytes >= SOCKET_BOUND_BYTES) await drainOrStop(connection, stop);
    }
    if (connection.error === undefined) muxer.end();
  }

  private metadata(): AmfEcmaArray {
    const { width, height, rate, videoKbps, aacKbps } = this.options;
    return new AmfEcmaArray({
      width,
      height,
      framerate: rate.num / rate.den,
      videocodecid: 7,
      videodatarate: videoKbps,
      audiocodecid: 10,
      audiodatarate: aacKbps,
      audiosamplerate: 48_000,
      audiosamplesize: 16,
      stereo: true,
      encoder: 'Showroom',
    });
  }
}

async function drainOrStop(connection: RtmpConnection, stop: AbortSignal): Promise<void> {
  let done = (): void => undefined;
  const stopped = new Promise<void>((resolve) => (done = resolve));
  stop.addEventListener('abort', done, { once: true });
  if (stop.aborted) done();
  await Promise.race([connection.drained(), stopped]);
  stop.removeEventListener('abort', done);
}

/** Packets to RTMP messages of one connection: sequence headers when they change, times from zero. */
class FlvMuxer {
  firstPts = -1;
  private avcHeader: Buffer | undefined;
  private aacConfig: Uint8Array | undefined;
  private lastMs = 0;

  constructor(
    private readonly connection: RtmpConnection,
    private readonly source: PacketSource,
  ) {}

  write(packet: EncodedPacket): void {
    if (this.firstPts < 0) this.firstPts = packet.pts;
    // Sound from before the first picture has no place on this timeline.
    if (packet.pts < this.firstPts) return;
    const ms = ticksToMilliseconds(ticks90k(packet.pts - this.firstPts));
    this.lastMs = Math.max(this.lastMs, ms);
    if (packet.kind === 'video') this.video(packet, ms);
    else this.audio(packet, ms);
  }

  end(): void {
    if (this.avcHeader !== undefined) this.connection.send('video', this.lastMs, avcEndOfSequence());
  }

  private video(packet: EncodedPacket, ms: number): void {
    if (packet.key) {
      const nals = splitNals(packet.data);
      const sps = nals.find((nal) => nalType(nal) === NAL_SPS);
      const pps = nals.find((nal) => nalType(nal) === NAL_PPS);
      if (sps !== undefined && pps !== undefined) {
        const header = avcSequenceHeader(sps, pps);
        if (this.avcHeader === undefined || !header.equals(this.avcHeader)) {
          this.avcHeader = header;
          this.connection.send('video', ms, header);
        }
      }
    }
    if (this.avcHeader !== undefined) this.connection.send('video', ms, avcBody(packet.data, packet.key));
  }

  private audio(packet: EncodedPacket, ms: number): void {
    const config = this.source.aac()?.config;
    if (config === undefined) return;
    if (config !== this.aacConfig) {
      const changed = this.aacConfig === undefined || Buffer.compare(config, this.aacConfig) !== 0;
      this.aacConfig = config;
      if (changed) this.connection.send('audio', ms, aacSequenceHeader(config));
    }
    this.connection.send('audio', ms, aacBody(packet.data));
  }
}
