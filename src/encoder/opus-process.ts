import type { ChildProcess } from 'node:child_process';
import type { Closeable } from '../core/closeable.js';
import { childEnvironment, spawnApart } from '../core/processes/child-process.js';
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
const MAX_ERROR_TEXT = 300;

/** Encodes one voice as Opus for as long as it is open, by an ffmpeg process. */
export class OpusProcess implements Closeable {
  private readonly child: ChildProcess;
  private readonly exited: Promise<void>;
  private over = false;

  constructor(private readonly options: OpusProcessOptions) {
    const { ffmpegPath, kbps, onPacket } = options;
    const env = leanStart(childEnvironment());
    this.child = spawnApart(ffmpegPath, speechOpusArgs(kbps), { stdio: ['pipe', 'pipe', 'pipe'], env });
    let stderr = '';
    this.child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-MAX_ERROR_TEXT);
    });
    this.child.stdin!.on('error', () => undefined); // its end is reported by the exit
    const reader = new OggOpusReader((packet) => {
      if (!this.over) onPacket(packet);
    });
    this.child.stdout!.on('data', (chunk: Buffer) => {
      try {
        reader.push(chunk);
      } catch (e) {
        this.fail(String(e));
      }
    });
    this.exited = new Promise((resolve) => {
      const end = (reason: string): void => {
        this.fail(stderr.trim() || reason);
        resolve();
      };
      this.child.once('error', (error) => end(error.message));
      this.child.once('close', (code, signal) => end(signal ?? `code ${code}`));
    });
  }

  /** Mono, 48 kHz; the samples are copied. */
  write(pcm: Float32Array): void {
    const stdin = this.child.stdin!;
    if (this.over) return;
    if (stdin.writableLength > MAX_QUEUED_BYTES) return this.fail('it takes no sound');
    stdin.write(Buffer.from(Float32Array.from(pcm).buffer));
  }

  async close(): Promise<void> {
    this.over = true;
    this.child.kill('SIGKILL');
    await this.exited;
  }

  private fail(reason: string): void {
    if (this.over) return;
    this.over = true;
    this.child.kill('SIGKILL');
    this.options.onEnd(`the Opus encoder has ended: ${reason}`);
  }
}
