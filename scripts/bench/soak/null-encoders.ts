import { makePacket, type NullPacketKind } from './null-packets.js';
import type { EncodedPacket } from '../../../src/core/media/packets.js';
import {
  frameIndex,
  frameToTicks,
  sampleIndex,
  sampleToTicks,
  ticks90k,
  type FrameIndex,
  type FrameRate,
  type SampleIndex,
} from '../../../src/core/time.js';
import type { EncoderSink } from '../../../src/loop/show-taker.js';

const GRID: Readonly<Record<'aac' | 'opus', number>> = { aac: 1024, opus: 960 };

/**
 * Replaces the encoders, which would take two weeks of CPU for a day of media: one tiny packet for each frame and for
 * each 1024 or 960 samples, on the same grids. A packet contains its frame or sample number, so a receiver can compare
 * it with the packet's time.
 */
export class NullEncoders implements EncoderSink {
  private readonly next = { aac: -1, opus: -1 };
  private readonly gopFrames: number;

  constructor(
    private readonly rate: FrameRate,
    private readonly firstFrame: number,
    private readonly recycle: (token: number) => void,
    private readonly emit: (packet: EncodedPacket) => void,
  ) {
    this.gopFrames = Math.max(1, Math.round((2 * rate.num) / rate.den));
  }

  writeVideo(n: FrameIndex, picture: Uint8Array, token: number): boolean {
    const key = (n - this.firstFrame) % this.gopFrames === 0;
    const pts = frameToTicks(n, this.rate);
    // Includes a byte of the picture, so the packet depends on the drawing.
    const data = makePacket(key ? 'idr' : 'slice', n, picture[picture.length >> 2]!);
    const duration = ticks90k(frameToTicks(frameIndex(n + 1), this.rate) - pts);
    this.recycle(token);
    this.emit({ codec: 'h264', kind: 'video', pts, duration, key, generation: 1, data });
    return true;
  }

  writeAudio(start: SampleIndex, _pcm: Float32Array, samples: number): boolean {
    this.audio('aac', start, samples);
    this.audio('opus', start, samples);
    return true;
  }

  private audio(codec: 'aac' | 'opus', start: number, samples: number): void {
    const grid = GRID[codec];
    if (this.next[codec] < 0) this.next[codec] = Math.ceil(start / grid) * grid;
    // Like an encoder: a packet comes when its last sample has gone in.
    while (this.next[codec] + grid <= start + samples) {
      const k = this.next[codec];
      const kind: NullPacketKind = codec;
      const duration = ticks90k((grid * 15) / 8);
      const pts = sampleToTicks(sampleIndex(k));
      this.emit({ codec, kind: 'audio', pts, duration, key: true, generation: 1, data: makePacket(kind, k, 0) });
      this.next[codec] += grid;
    }
  }
}
