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
import { type Gop, GopCollector, Mp4Writer } from '../mp4/mp4-writer.js';
import type { Output, OutputProgress } from '../output.js';
import type { FlvBodies } from '../rtmp/flv-muxer.js';

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

/**
 * A live media playlist (RFC 8216) and its segments, in memory.
 *
 * Problem: a player requests segments from a playlist that is seconds old.
 * Rule: a segment that left the playlist stays available for one more playlist length (RFC 8216, 6.2.2). Segment
 * numbers never restart while the room runs.
 */
interface HlsSegment {
  readonly bytes: Buffer;
  readonly seconds: number;
  /** Number of its init segment. */
  readonly init: number;
  /** Times or parameters do not continue those of the previous segment. */
  readonly discontinuity: boolean;
}

/** A player begins three durations before the end (RFC 8216, 6.3.3); Chromium's gives up on a shorter playlist. */
const FIRST_SHOWN = 3;

export class LivePlaylist {
  private readonly segments: HlsSegment[] = [];
  private readonly inits = new Map<number, Buffer>();
  /** Number of segments[0]. */
  private first = 0;
  private goneDiscontinuities = 0;
  private targetSeconds: number;

  constructor(
    private readonly shown: number,
    segmentMs: number,
  ) {
    this.targetSeconds = Math.ceil(segmentMs / 1000);
  }

  addInit(number: number, bytes: Buffer): void {
    this.inits.set(number, bytes);
  }

  add(segment: HlsSegment): void {
    this.segments.push(segment);
    this.targetSeconds = Math.max(this.targetSeconds, Math.round(segment.seconds));
    while (this.segments.length > 2 * this.shown) {
      this.segments.shift();
      this.first += 1;
      const oldest = this.segments[0]!.init;
      for (const number of this.inits.keys()) if (number < oldest) this.inits.delete(number);
    }
    // The segments that just left the playlist, not those that left memory.
    if (this.segments.length > this.shown && this.segments[this.segments.length - this.shown - 1]!.discontinuity) {
      this.goneDiscontinuities += 1;
    }
  }

  get heldBytes(): number {
    return this.segments.reduce((sum, { bytes }) => sum + bytes.length, 0);
  }

  /** Undefined while there is too little for a player to start. */
  text(): string | undefined {
    if (this.segments.length < Math.min(FIRST_SHOWN, this.shown)) return undefined;
    const from = Math.max(0, this.segments.length - this.shown);
    const lines = [
      '#EXTM3U',
      '#EXT-X-VERSION:7',
      `#EXT-X-TARGETDURATION:${this.targetSeconds}`,
      `#EXT-X-MEDIA-SEQUENCE:${this.first + from}`,
      `#EXT-X-DISCONTINUITY-SEQUENCE:${this.goneDiscontinuities}`,
      '#EXT-X-INDEPENDENT-SEGMENTS',
    ];
    let init = -1;
    for (let i = from; i < this.segments.length; i += 1) {
      const segment = this.segments[i]!;
      if (segment.discontinuity) lines.push('#EXT-X-DISCONTINUITY');
      if (segment.init !== init) lines.push(`#EXT-X-MAP:URI="init-${segment.init}.mp4"`);
      init = segment.init;
      lines.push(`#EXTINF:${segment.seconds.toFixed(5)},`, `${this.first + i}.m4s`);
    }
    return `${lines.join('\n')}\n`;
  }

  /** Bytes of `12.m4s` or `init-1.mp4`. */
  file(name: string): Buffer | undefined {
    const [, init, segment] = /^(?:init-(\d{1,9})\.mp4|(\d{1,15})\.m4s)$/.exec(name) ?? [];
    if (init !== undefined) return this.inits.get(Number(init));
    return segment === undefined ? undefined : this.segments[Number(segment) - this.first]?.bytes;
  }
}

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
