import type { EncodedPacket } from '../core/media/packets.js';

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
