/**
 * The room as HLS for a phone's browser: fragmented MP4 in memory, served by the control server.
 *
 * Rule: a segment is one or more whole GOPs, closed by the first IDR after its minimum length. New picture parameters,
 * and a start after a failure, begin a new init segment after a discontinuity.
 * Numbers: 6 segments of 2 s in the playlist and 6 older ones still served, 8 MB at 2.5 Mbit/s; a viewer is 6–8 s
 * behind.
 */
import type { PacketSource } from '../../core/media/packets.js';
import type { OutputFile } from '../../config/api/room-handle.js';
import { TICKS_PER_SECOND } from '../../core/time.js';
import { GopCollector, type Gop } from '../mp4/gop-collector.js';
import { Mp4Writer } from '../mp4/mp4-writer.js';
import type { Output, OutputProgress } from '../output.js';
import type { FlvBodies } from '../rtmp/flv-body.js';
import { LivePlaylist } from './live-playlist.js';

export interface HlsOutputOptions {
  readonly id: string;
  /** Segments in the playlist. */
  readonly segments: number;
  /** Minimum length of a segment. */
  readonly segmentMs: number;
  readonly source: PacketSource;
  readonly bodies: FlvBodies;
  readonly width: number;
  readonly height: number;
}

const HLS_PLAYLIST = 'index.m3u8';
const MAX_LAG_MS = 10_000;

export class HlsOutput implements Output {
  readonly kind = 'hls';
  readonly id: string;
  readonly target: string;
  private readonly playlist: LivePlaylist;
  private inits = 0;

  constructor(private readonly options: HlsOutputOptions) {
    this.id = options.id;
    this.target = `/hls/${options.id}/${HLS_PLAYLIST}`;
    this.playlist = new LivePlaylist(options.segments, options.segmentMs);
  }

  /** The requested file; undefined when it does not exist (yet, or any more). */
  file(name: string): OutputFile | undefined {
    if (name === HLS_PLAYLIST) {
      const body = this.playlist.text();
      return body === undefined ? undefined : { contentType: 'application/vnd.apple.mpegurl', body, maxAgeS: 0 };
    }
    const body = this.playlist.file(name);
    return body === undefined ? undefined : { contentType: 'video/mp4', body, maxAgeS: 60 };
  }

  async run(signal: AbortSignal, report: (progress: OutputProgress) => void): Promise<void> {
    const cursor = this.options.source.open({
      codecs: ['h264', 'aac'],
      from: 'latest-key',
      maxLagMs: MAX_LAG_MS,
      maxLagBytes: 24 << 20,
    });
    const gops = new GopCollector();
    const segments = new SegmentCutter(this.options, this.playlist, () => (this.inits += 1));
    let bytes = 0;
    try {
      for (let packet = await cursor.next(signal); packet !== undefined; packet = await cursor.next(signal)) {
        const gop = gops.push(packet);
        if (gop === undefined) continue;
        bytes += segments.add(gop);
        const { ms, bytes: lagBytes } = cursor.lag();
        report({
          accepted: bytes > 0,
          bytesSent: bytes,
          bytesDelivered: bytes,
          packetsDropped: cursor.stats().dropped,
          lagMs: ms,
          lagBytes,
        });
      }
    } finally {
      await cursor.close();
    }
  }
}

/** Combines GOPs into segments. */
class SegmentCutter {
  private readonly writer: Mp4Writer;
  private init: Buffer | undefined;
  private number = 0;
  private parts: Buffer[] = [];
  private startPts = 0;
  private discontinuity = false;

  constructor(
    private readonly options: HlsOutputOptions,
    private readonly playlist: LivePlaylist,
    private readonly nextInit: () => number,
  ) {
    this.writer = new Mp4Writer(options);
  }

  /** @returns bytes of the segment that this GOP closed, or 0 */
  add(gop: Gop): number {
    const init = this.writer.init(gop);
    if (this.init === undefined || !init.equals(this.init)) {
      // The pending remainder is too short to show, and is dropped with its parameters.
      this.parts = [];
      this.number = this.nextInit();
      this.playlist.addInit(this.number, init);
      this.discontinuity = this.number > 1;
      this.init = init;
    }
    if (this.parts.length === 0) this.startPts = gop.video[0]!.pts;
    this.parts.push(this.writer.fragment(gop));
    const seconds = (gop.endPts - this.startPts) / TICKS_PER_SECOND;
    if (seconds * 1000 < this.options.segmentMs - 1) return 0;
    const bytes = Buffer.concat(this.parts);
    this.playlist.add({ bytes, seconds, init: this.number, discontinuity: this.discontinuity });
    this.discontinuity = false;
    this.parts = [];
    return bytes.length;
  }
}
