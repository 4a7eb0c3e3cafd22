import type { ChildProcess } from 'node:child_process';
import type { Closeable } from '../closeable.js';
import { spawnChild } from './child-process.js';

export interface LiveDecoderOptions {
  readonly ffmpegPath: string;
  readonly args: readonly string[];
  /** Whether its input is written here; else it opens the input by itself. */
  readonly usesStdin: boolean;
  /** Bytes that may wait for it: a decoder that cannot follow must not fill the memory. */
  readonly maxQueuedBytes: number;
  /** Returns the reason to end a decoder whose output is unusable. */
  readonly onOutput: (chunk: Buffer) => string | undefined;
  /** It ended by itself. */
  readonly onEnd: (reason: string) => void;
}

const MAX_STDERR_CHARACTERS = 300;

/** An ffmpeg process that decodes a stream for as long as it comes. */
export class LiveDecoder implements Closeable {
  private readonly process: ChildProcess;
  private readonly ended: Promise<void>;
  private closed = false;

  constructor(private readonly options: LiveDecoderOptions) {
    const { ffmpegPath, args, usesStdin, onOutput, onEnd } = options;
    this.process = spawnChild(ffmpegPath, args, { stdio: [usesStdin ? 'pipe' : 'ignore', 'pipe', 'pipe'] });
    let stderr = '';
    this.process.stderr!.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-MAX_STDERR_CHARACTERS);
    });
    this.process.stdin?.on('error', () => undefined); // its end is reported by the exit
    this.process.stdout!.on('data', (chunk: Buffer) => {
      const fault = this.closed ? undefined : onOutput(chunk);
      if (fault === undefined) return;
      stderr = fault;
      this.process.kill('SIGKILL');
    });
    this.ended = new Promise((resolve) => {
      const end = (reason: string): void => {
        if (!this.closed) onEnd(stderr.trim().split('\n').at(-1) || reason);
        this.closed = true;
        resolve();
      };
      this.process.once('error', (error) => end(error.message));
      this.process.once('close', (code, signal) => end(signal ?? `code ${code}`));
    });
  }

  /** False when the bytes were dropped. */
  write(bytes: Uint8Array): boolean {
    const { stdin } = this.process;
    if (this.closed || stdin === null || stdin.writableLength > this.options.maxQueuedBytes) return false;
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
