import type { Closeable } from '../core/closeable.js';
import { childEnvironment, spawnApart } from '../core/processes/child-process.js';
import { StreamProcess } from '../core/processes/stream-process.js';
import { leanStart } from '../native/lean-start.js';
import { OggOpusReader } from './ogg-reader.js';
import { speechOpusArgs } from './process/encoder-args.js';

export interface OpusProcessOptions {
  readonly ffmpegPath: string;
  readonly kbps: number;
  /** Takes each packet of 20 ms. */
  readonly onPacket: (packet: Uint8Array) => void;
  /** Called once, when the encoder ends by itself or hangs. */
  readonly onEnd: (reason: string) => void;
}

/** Two seconds of sound. */
const MAX_QUEUED_BYTES = 2 * 48_000 * 4;

/** Encodes one voice as Opus for as long as it is open, by an ffmpeg process. */
export class OpusProcess implements Closeable {
  private readonly process: StreamProcess;

  constructor({ ffmpegPath, kbps, onPacket, onEnd }: OpusProcessOptions) {
    const env = leanStart(childEnvironment());
    const reader = new OggOpusReader(onPacket);
    this.process = new StreamProcess({
      child: spawnApart(ffmpegPath, speechOpusArgs(kbps), { stdio: ['pipe', 'pipe', 'pipe'], env }),
      maxQueuedBytes: MAX_QUEUED_BYTES,
      onOutput: (chunk) => {
        try {
          reader.push(chunk);
          return undefined;
        } catch (e) {
          return String(e);
        }
      },
      onEnd: (reason) => onEnd(`the Opus encoder has ended: ${reason}`),
    });
  }

  /** Mono, 48 kHz; the samples are copied. */
  write(pcm: Float32Array): void {
    if (!this.process.write(Buffer.from(Float32Array.from(pcm).buffer))) this.process.fail('it takes no sound');
  }

  close(): Promise<void> {
    return this.process.close();
  }
}
