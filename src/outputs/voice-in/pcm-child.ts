import type { Closeable } from '../../core/closeable.js';
import { spawnChild } from '../../core/processes/child-process.js';
import { StreamProcess } from '../../core/processes/stream-process.js';
import { SAMPLE_RATE_HZ } from '../../core/time.js';

export interface PcmChildOptions {
  readonly ffmpegPath: string;
  /** It reads from stdin and writes 32-bit floats. */
  readonly args: readonly string[];
  /** Mono, 48 kHz. */
  readonly onPcm: (pcm: Float32Array) => void;
  /** The decoder has ended by itself. */
  readonly onEnd: (reason: string) => void;
}

/** Later packets are lost with the connection. */
const MAX_QUEUED_BYTES = 1 << 20;

/** A voice comes in real time: what comes faster waits in the decoder, and is lost when too much waits. */
const MAX_RATE = 1.2;
/** Sound that may come at once, after a gap of the network. */
const MAX_BURST_MS = 2000;

/** An ffmpeg process that decodes a live stream of sound. */
export class PcmChild implements Closeable {
  private readonly decoder: StreamProcess;
  private rest: Buffer = Buffer.alloc(0);
  private allowedMs = MAX_BURST_MS;
  private lookedMs = performance.now();

  constructor({ ffmpegPath, args, onPcm, onEnd }: PcmChildOptions) {
    this.decoder = new StreamProcess({
      child: spawnChild(ffmpegPath, args, { stdio: ['pipe', 'pipe', 'pipe'] }),
      maxQueuedBytes: MAX_QUEUED_BYTES,
      onOutput: (chunk) => {
        const pcm = this.samplesOf(chunk);
        if (pcm.length > 0) onPcm(pcm);
        this.pace(pcm.length);
        return undefined;
      },
      onEnd: (reason) => onEnd(`the decoder has ended: ${reason}`),
    });
  }

  /** False when the bytes were lost. */
  write(bytes: Uint8Array): boolean {
    return this.decoder.write(bytes);
  }

  close(): Promise<void> {
    return this.decoder.close();
  }

  private pace(samples: number): void {
    const nowMs = performance.now();
    this.allowedMs = Math.min(MAX_BURST_MS, this.allowedMs + (nowMs - this.lookedMs) * MAX_RATE);
    this.lookedMs = nowMs;
    this.allowedMs -= (samples * 1000) / SAMPLE_RATE_HZ;
    if (this.allowedMs < 0) this.decoder.rest(-this.allowedMs / MAX_RATE);
  }

  private samplesOf(chunk: Buffer): Float32Array {
    const data = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    const whole = data.length - (data.length % 4);
    this.rest = data.subarray(whole);
    const pcm = new Float32Array(whole / 4);
    for (let i = 0; i < pcm.length; i += 1) {
      const x = data.readFloatLE(4 * i);
      pcm[i] = Number.isFinite(x) ? Math.max(-1, Math.min(1, x)) : 0;
    }
    return pcm;
  }
}
