/**
 * The last seconds of a room as a file, for clips.
 *
 * Problem: a clip of what just happened must be there when somebody asks for it, and a room that nobody watches must not
 * hold half a minute of pictures in memory for nothing.
 * Rule: while clips are wanted, whole GOPs are kept in memory, and the oldest are dropped beyond MAX_CLIP_SECONDS or MAX_BYTES.
 */
import type { Closeable } from '../../core/closeable.js';
import { MAX_CLIP_SECONDS } from '../../config/api/desk-handle.js';
import { EngineError } from '../../core/errors.js';
import type { PacketSource } from '../../core/media/packets.js';
import { TICKS_PER_SECOND } from '../../core/time.js';
import { type Gop, GopCollector, Mp4Writer } from '../mp4/mp4-writer.js';
import type { FlvBodies } from '../rtmp/flv-muxer.js';

const MAX_BYTES = 48 << 20;

export interface LastSecondsOptions {
  readonly source: PacketSource;
  readonly bodies: FlvBodies;
  readonly width: number;
  readonly height: number;
}

interface Kept {
  readonly gop: Gop;
  readonly bytes: number;
}

export class LastSeconds implements Closeable {
  private kept: Kept[] = [];
  private bytes = 0;
  private stop: AbortController | undefined;
  private reading: Promise<void> = Promise.resolve();

  constructor(private readonly options: LastSecondsOptions) {}

  /** Begins or ends to keep packets; what was kept is dropped at the end. */
  keep(on: boolean): void {
    if (on === (this.stop !== undefined)) return;
    if (!on) {
      this.stop?.abort();
      this.stop = undefined;
      this.drop(0);
      return;
    }
    const stop = new AbortController();
    this.stop = stop;
    this.reading = this.reading.then(() => this.read(stop.signal));
  }

  /** MP4 that plays everywhere: whole GOPs, at least the seconds asked for where there are as many. */
  clip(seconds: number): Buffer {
    const last = this.kept.at(-1)?.gop;
    if (last === undefined)
      throw new EngineError('E_NOT_FOUND', {
        where: 'clip',
        expected: 'some seconds of the show in memory',
        found: 'none yet',
        todo: 'keep the desk open for some seconds, and ask again',
      });
    const writer = new Mp4Writer(this.options);
    const init = writer.init(last);
    const from = last.endPts - seconds * TICKS_PER_SECOND;
    const gops: Gop[] = [];
    for (const { gop } of this.kept.toReversed()) {
      // Another encoder generation may have another size.
      if (gop.endPts <= from || !writer.init(gop).equals(init)) break;
      gops.unshift(gop);
    }
    return Buffer.concat([init, ...gops.map((gop) => writer.fragment(gop))]);
  }

  async close(): Promise<void> {
    this.keep(false);
    await this.reading;
  }

  private async read(signal: AbortSignal): Promise<void> {
    const { source } = this.options;
    const cursor = source.open({
      codecs: ['h264', 'aac'],
      from: 'latest-key',
      maxLagMs: 10_000,
      maxLagBytes: 24 << 20,
    });
    const gops = new GopCollector();
    try {
      for (let packet = await cursor.next(signal); packet !== undefined; packet = await cursor.next(signal)) {
        const gop = gops.push(packet);
        if (gop !== undefined && !signal.aborted) this.add(gop);
      }
    } finally {
      await cursor.close();
    }
  }

  private add(gop: Gop): void {
    const bytes = [...gop.video, ...gop.audio].reduce((sum, { data }) => sum + data.length, 0);
    this.kept.push({ gop, bytes });
    this.bytes += bytes;
    const from = gop.endPts - MAX_CLIP_SECONDS * TICKS_PER_SECOND;
    while (this.kept.length > 1 && (this.bytes > MAX_BYTES || this.kept[0]!.gop.endPts <= from))
      this.drop(this.kept.length - 1);
  }

  private drop(left: number): void {
    while (this.kept.length > left) this.bytes -= this.kept.shift()!.bytes;
  }
}
