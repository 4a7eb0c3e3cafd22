/**
 * Publishes the room's packets to an RTMP(S) address, or to its backup while the primary fails.
 *
 * Problem: a server reads slower than the engine sends, or stops; an ingest fails while its backup works.
 * Demands: memory does not grow; a recovered server gets a decodable, recent picture; a stream that moves to the backup
 * has no hole.
 * Rule: no packet is taken from the ring while more than the limit is in flight, so the backlog stays in the ring,
 * whose cursor jumps to the newest IDR. Timestamps are the packets' times minus the first one's. After a failure the
 * other ingest is tried; it begins at the last IDR the first is known to have received, on the same timeline.
 * Numbers: half a second in this process and just over a second in flight, at least 64 and 128 KiB.
 */
import { toEngineError } from '../../core/errors.js';
import type { EncodedPacket, PacketCursor, PacketSource } from '../../core/media/packets.js';
import type { FrameRate, Ticks90k } from '../../core/time.js';
import type { Output, OutputProgress } from '../output.js';
import { AmfEcmaArray } from './amf0.js';
import { FlvBodies, FlvMuxer, RtmpTimeline } from './flv-muxer.js';
import { RtmpConnection, type RtmpTlsOptions } from './rtmp-connection.js';
import { parseRtmpUrl, type RtmpUrl } from './rtmp-url.js';

export interface RtmpOutputOptions {
  id: string;
  /** With key; never shown. */
  url: string;
  /** Second ingest, with key: used while the first fails. */
  backupUrl?: string;
  source: PacketSource;
  width: number;
  height: number;
  rate: FrameRate;
  videoKbps: number;
  aacKbps: number;
  maxLagMs: number;
  maxLagBytes?: number;
  publishesPerHour?: number;
  /** Shared by all outputs of a room, so each body is made once. */
  bodies?: FlvBodies;
  /**
   * `connection` (default): every connection begins at 0, as platforms expect. `output`: a new connection continues the
   * timeline, for a receiver whose viewers stay. A timeline: shared by several outputs.
   */
  timeline?: 'connection' | 'output' | RtmpTimeline;
  tls?: RtmpTlsOptions;
}

const REPORT_MS = 500;
/** IDRs not yet known to have arrived. */
const MARKS = 64;

export class RtmpOutput implements Output {
  readonly kind: string;
  readonly id: string;
  readonly hosts: readonly string[];
  readonly publishesPerHour: number | undefined;
  private readonly urls: readonly RtmpUrl[];
  private readonly bodies: FlvBodies;
  private readonly timeline: RtmpTimeline | undefined;
  private at = 0;

  /** @throws EngineError E_OUTPUT_INVALID */
  constructor(private readonly options: RtmpOutputOptions) {
    const { url, backupUrl, timeline = backupUrl === undefined ? 'connection' : 'output' } = options;
    this.urls = [url, ...(backupUrl === undefined ? [] : [backupUrl])].map(parseRtmpUrl);
    this.id = options.id;
    this.kind = this.urls[0]!.secure ? 'rtmps' : 'rtmp';
    this.hosts = this.urls.map(({ host }) => host);
    this.publishesPerHour = options.publishesPerHour;
    this.bodies = options.bodies ?? new FlvBodies();
    this.timeline = timeline === 'connection' ? undefined : timeline === 'output' ? new RtmpTimeline() : timeline;
  }

  get target(): string {
    return this.urls[this.at]!.masked;
  }

  async run(signal: AbortSignal, report: (progress: OutputProgress) => void): Promise<void> {
    const url = this.urls[this.at]!;
    const { id, videoKbps, aacKbps, tls } = this.options;
    let connection: RtmpConnection | undefined;
    try {
      connection = await RtmpConnection.publish(url, signal, { id, kbps: videoKbps + aacKbps, tls });
      await this.deliver(connection, signal, report);
    } catch (e) {
      connection?.destroy();
      if (!signal.aborted) throw toEngineError(e, `output "${this.id}" (${url.masked})`);
    } finally {
      // Whatever ended the run, including a wedge found by the supervisor: the next run tries the other ingest.
      this.at = (this.at + 1) % this.urls.length;
    }
  }

  private async deliver(
    connection: RtmpConnection,
    signal: AbortSignal,
    report: (progress: OutputProgress) => void,
  ): Promise<void> {
    const { source, maxLagMs, maxLagBytes = 16 << 20 } = this.options;
    const timeline = this.timeline ?? new RtmpTimeline();
    const resumeAt = this.urls.length > 1 ? timeline.resumeAt : undefined;
    const from = resumeAt === undefined ? 'latest-key' : { keyAt: resumeAt };
    const cursor = source.open({ codecs: ['h264', 'aac'], from, maxLagMs, maxLagBytes });
    const marks = new ArrivalMarks(timeline);
    const update = (): void => {
      marks.arrived(connection.delivery.bytesDelivered);
      const { ms, bytes } = cursor.lag();
      report({
        accepted: true,
        bytesSent: connection.delivery.bytesSent,
        bytesDelivered: connection.delivery.bytesDelivered,
        tolerance: connection.delivery.toleranceBytes,
        packetsDropped: cursor.stats().dropped,
        lagMs: ms,
        lagBytes: bytes,
      });
    };
    const timer = setInterval(() => void connection.delivery.measure().then(update), REPORT_MS);
    const stop = new AbortController();
    const abort = (): void => stop.abort();
    signal.addEventListener('abort', abort, { once: true });
    void connection.whenEnded.then(abort);
    if (signal.aborted) abort();
    try {
      update();
      connection.sendMetadata(this.metadata());
      const muxer = new FlvMuxer({
        source,
        bodies: this.bodies,
        timeline,
        send: (kind, ms, body) => connection.send(kind, ms, body),
      });
      await pump(connection, cursor, muxer, marks, stop.signal);
      if (connection.error !== undefined) throw connection.error;
      await connection.close();
    } finally {
      clearInterval(timer);
      signal.removeEventListener('abort', abort);
      update();
      await cursor.close();
    }
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

async function pump(
  connection: RtmpConnection,
  cursor: PacketCursor,
  muxer: FlvMuxer,
  marks: ArrivalMarks,
  stop: AbortSignal,
): Promise<void> {
  while (!stop.aborted) {
    const first = await cursor.next(stop);
    if (first === undefined) break;
    connection.batch(() => {
      for (let packet: EncodedPacket | undefined = first; packet !== undefined;) {
        if (packet.kind === 'video' && packet.key) marks.add(packet.pts, connection.delivery.bytesSent);
        muxer.write(packet);
        packet = connection.delivery.full ? undefined : cursor.take();
      }
    });
    while (connection.delivery.full && !stop.aborted) await drainOrStop(connection, stop);
  }
  if (connection.error === undefined) muxer.end();
}

async function drainOrStop(connection: RtmpConnection, stop: AbortSignal): Promise<void> {
  let done = (): void => undefined;
  const stopped = new Promise<void>((resolve) => (done = resolve));
  stop.addEventListener('abort', done, { once: true });
  if (stop.aborted) done();
  await Promise.race([connection.drained(), stopped]);
  stop.removeEventListener('abort', done);
}

/** Updates which IDRs have certainly arrived: those followed by delivered bytes only. */
class ArrivalMarks {
  private readonly marks: { pts: Ticks90k; bytes: number }[] = [];

  constructor(private readonly timeline: RtmpTimeline) {}

  /** Everything before this IDR ends at `bytes`. */
  add(pts: Ticks90k, bytes: number): void {
    this.marks.push({ pts, bytes });
    if (this.marks.length > MARKS) this.marks.shift();
  }

  arrived(bytes: number): void {
    while (this.marks.length > 0 && this.marks[0]!.bytes <= bytes) this.timeline.arrived(this.marks.shift()!.pts);
  }
}
