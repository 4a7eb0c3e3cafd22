/**
 * Measures the A/V offset of the room as a viewer on this machine receives it.
 *
 * Problem: clock drift shows only at the receiver, and only after hours. It must be measured during the whole show, at
 * almost no cost and without a mark in the picture.
 * Rule: the probe regularly pulls the room's own HTTP-FLV for a few seconds, behind publisher and server, and compares
 * packet times with those at the encoders. A failed or empty measurement clears the previous value.
 * Numbers: the first after 5 s, then once a minute for 2.5 s (4 % of the time); timeout 8 s.
 */
import { get } from 'node:http';
import { TimeLimit } from '../core/sleep.js';
import type { Closeable } from '../core/closeable.js';
import type { Log } from '../core/log.js';
import type { PacketSource, EncodedPacket } from '../core/media/packets.js';
import { FlvReader } from '../encoder/stream-readers.js';

const TAIL_BYTES = 24;
const WRAP_MS = 2 ** 32;
/** With fewer matches of a kind there is no measurement. */
const MIN_MATCHES = 10;

/**
 * Measures how far picture and sound have drifted apart on the way to a receiver, by the timestamps of their packets.
 *
 * The time of every packet is known when it is made (frame n, sample k). A received packet is recognised by its last
 * bytes, which no muxer changes. The offset is the median delay of the picture minus the median delay of the sound.
 * Packets with equal last bytes (silence) are left out.
 */
export class AvOffset {
  /** Tail → time in ms; undefined where two packets have the same tail. */
  private readonly made = new Map<string, number | undefined>();
  private readonly shifts = { video: [] as number[], audio: [] as number[] };

  constructor(private readonly maxPackets = 4000) {}

  /** A packet as it left the encoders. */
  sent({ data, pts, codec }: Pick<EncodedPacket, 'data' | 'pts' | 'codec'>): void {
    if (codec === 'opus') return;
    const key = tailOf(data);
    this.made.set(key, this.made.has(key) ? undefined : pts / 90);
    if (this.made.size <= this.maxPackets) return;
    for (const oldest of this.made.keys()) {
      this.made.delete(oldest);
      break;
    }
  }

  /** A packet as a receiver got it. Its clock may start anywhere and wraps at 2^32 ms. */
  received(kind: 'video' | 'audio', data: Uint8Array, timestampMs: number): void {
    const madeMs = this.made.get(tailOf(data));
    if (madeMs !== undefined) this.shifts[kind].push((((timestampMs - madeMs) % WRAP_MS) + WRAP_MS) % WRAP_MS);
  }

  /** In ms; positive when the picture is late. Undefined while too few packets were matched. */
  get offsetMs(): number | undefined {
    const { video, audio } = this.shifts;
    if (video.length < MIN_MATCHES || audio.length < MIN_MATCHES) return undefined;
    const apart = middle(video) - middle(audio);
    const wrapped = apart > WRAP_MS / 2 ? apart - WRAP_MS : apart < -WRAP_MS / 2 ? apart + WRAP_MS : apart;
    return Math.round(wrapped * 100) / 100;
  }
}

const tailOf = (data: Uint8Array): string =>
  Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('latin1', Math.max(0, data.length - TAIL_BYTES));

function middle(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}

export interface AvProbeOptions {
  readonly flvUrl: string;
  readonly source: PacketSource;
  readonly log: Log;
  readonly firstMs?: number;
  readonly everyMs?: number;
  readonly lastsMs?: number;
}

const GIVEN_UP_MS = 8000;
const POLL_MS = 100;

export class AvProbe implements Closeable {
  /** The last measurement; null before the first and after a failed one. */
  offsetMs: number | null = null;
  measurements = 0;
  private timer: NodeJS.Timeout | undefined;
  private readonly stop = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(private readonly options: AvProbeOptions) {}

  start(): void {
    this.next(this.options.firstMs ?? 5000);
  }

  async close(): Promise<void> {
    clearTimeout(this.timer);
    this.stop.abort();
    await this.running;
  }

  private next(afterMs: number): void {
    if (this.stop.signal.aborted) return;
    this.timer = setTimeout(() => {
      this.running = this.measure()
        .catch((error: unknown) => {
          this.offsetMs = null;
          if (!this.stop.signal.aborted) this.options.log.warn({ reason: String(error) }, 'A/V offset not measured');
        })
        .finally(() => this.next(this.options.everyMs ?? 60_000));
    }, afterMs);
    this.timer.unref();
  }

  private async measure(): Promise<void> {
    const { source, flvUrl, log, lastsMs = 2500 } = this.options;
    const offset = new AvOffset();
    const cursor = source.open({
      codecs: ['h264', 'aac'],
      from: 'latest-key',
      maxLagMs: 10_000,
      maxLagBytes: 16 << 20,
    });
    const collect = (): void => {
      for (let packet = cursor.take(); packet !== undefined; packet = cursor.take()) offset.sent(packet);
    };
    const polling = setInterval(collect, POLL_MS);
    try {
      await this.pull(flvUrl, lastsMs, (kind, data, timestampMs) => {
        collect();
        offset.received(kind, data, timestampMs);
      });
    } finally {
      clearInterval(polling);
      await cursor.close();
    }
    this.offsetMs = offset.offsetMs ?? null;
    this.measurements += 1;
    log.debug({ offsetMs: this.offsetMs }, 'A/V offset at a viewer');
  }

  private pull(
    url: string,
    lastsMs: number,
    onPacket: (kind: 'video' | 'audio', data: Uint8Array, timestampMs: number) => void,
  ): Promise<void> {
    const reader = new FlvReader((unit) => {
      if (unit.kind === 'avc') onPacket('video', unit.data, unit.timestampMs);
      else if (unit.kind === 'aac') onPacket('audio', unit.data, unit.timestampMs);
    });
    const limit = new TimeLimit(GIVEN_UP_MS, this.stop.signal);
    return new Promise<void>((resolve, reject) => {
      const request = get(url, { signal: limit.signal, agent: false }, (response) => {
        const done = setTimeout(() => {
          request.destroy();
          resolve();
        }, lastsMs);
        response.on('data', (chunk: Buffer) => {
          try {
            reader.push(chunk);
          } catch (error) {
            request.destroy();
            reject(error as Error);
          }
        });
        response.on('close', () => {
          clearTimeout(done);
          reject(new Error('the viewer was cut off')); // no-op when the timer has already fired
        });
      });
      request.on('error', reject);
    }).finally(() => limit.end());
  }
}
