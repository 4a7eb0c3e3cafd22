import { frameIndex, frameToTicks, sampleIndex, sampleToTicks, type FrameRate } from '../../../src/core/time.js';
import { FlvReader } from '../../../src/encoder/stream-readers.js';
import { indexOf } from './null-packets.js';

const WRAP_MS = 2 ** 32;

/** Parses an FLV byte stream like a player, and compares its times with the numbers in the packets. */
export class SoakReceiver {
  readonly counts = { video: 0, audio: 0 };
  /** Packets whose 32-bit time was below the previous one, modulo 2^32. */
  backwards = 0;
  /** Times the 32-bit time wrapped to 0. */
  rollovers = 0;
  /** Numbers out of sequence. */
  gaps = 0;
  /** Maximum distance of picture from sound, in ms, over all pairs of neighbours. */
  worstOffsetMs = 0;
  private readonly last = { video: -1, audio: -1 };
  private lastMs = -1;
  private readonly shift = { video: Number.NaN, audio: Number.NaN };
  private readonly reader: FlvReader;

  constructor(rate: FrameRate, zeroMs: number) {
    this.reader = new FlvReader((unit) => {
      if (unit.kind === 'avc') {
        const n = indexOf(unit.data);
        this.take('video', n, 1, frameToTicks(frameIndex(n), rate) / 90 - zeroMs, unit.timestampMs);
      } else if (unit.kind === 'aac') {
        const k = indexOf(unit.data);
        this.take('audio', k, 1024, sampleToTicks(sampleIndex(k)) / 90 - zeroMs, unit.timestampMs);
      }
    });
  }

  push(chunk: Buffer): void {
    this.reader.push(chunk);
  }

  private take(kind: 'video' | 'audio', index: number, step: number, trueMs: number, timestampMs: number): void {
    this.counts[kind] += 1;
    if (this.last[kind] >= 0 && index !== this.last[kind] + step) this.gaps += 1;
    this.last[kind] = index;
    if (this.lastMs >= 0) {
      const forward = (timestampMs - this.lastMs + WRAP_MS) % WRAP_MS;
      if (forward > WRAP_MS / 2) this.backwards += 1;
      else if (timestampMs < this.lastMs) this.rollovers += 1;
    }
    this.lastMs = timestampMs;
    // A muxer's times are whole milliseconds.
    const off = (((trueMs - timestampMs) % WRAP_MS) + WRAP_MS) % WRAP_MS;
    this.shift[kind] = off > WRAP_MS / 2 ? off - WRAP_MS : off;
    const apart = Math.abs(this.shift.video - this.shift.audio);
    if (apart > this.worstOffsetMs) this.worstOffsetMs = apart;
  }
}
