import type { ChildProcess } from 'node:child_process';
import type { Closeable } from '../../core/closeable.js';
import { spawnChild } from '../../core/processes/child-process.js';

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

/** An ffmpeg process that decodes a live stream of sound. */
export class PcmChild implements Closeable {
  private readonly process: ChildProcess;
  private readonly ended: Promise<void>;
  private rest: Buffer = Buffer.alloc(0);
  private closed = false;

  constructor({ ffmpegPath, args, onPcm, onEnd }: PcmChildOptions) {
    this.process = spawnChild(ffmpegPath, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    let stderr = '';
    this.process.stderr!.setEncoding('utf8').on('data', (text: string) => (stderr = (stderr + text).slice(-300)));
    this.process.stdin!.on('error', () => undefined); // its end is reported by the exit
    this.process.stdout!.on('data', (chunk: Buffer) => {
      const data = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
      const whole = data.length - (data.length % 4);
      this.rest = data.subarray(whole);
      const pcm = new Float32Array(whole / 4);
      for (let i = 0; i < pcm.length; i += 1) {
        const x = data.readFloatLE(4 * i);
        pcm[i] = Number.isFinite(x) ? Math.max(-1, Math.min(1, x)) : 0;
      }
      if (pcm.length > 0) onPcm(pcm);
    });
    this.ended = new Promise((resolve) => {
      const end = (reason: string): void => {
        if (!this.closed) onEnd(`the decoder has ended: ${stderr.trim() || reason}`);
        this.closed = true;
        resolve();
      };
      this.process.once('error', (error) => end(error.message));
      this.process.once('close', (code, signal) => end(signal ?? `code ${code}`));
    });
  }

  /** False when the bytes were lost. */
  write(bytes: Uint8Array): boolean {
    const stdin = this.process.stdin!;
    if (this.closed || stdin.writableLength > MAX_QUEUED_BYTES) return false;
    stdin.write(bytes);
    return true;
  }

  async close(): Promise<void> {
    if (!this.closed) {
      this.closed = true;
      this.process.kill('SIGKILL');
    }
    await this.ended;
  }
}
