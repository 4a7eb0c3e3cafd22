import type { ChildProcess } from 'node:child_process';
import type { Closeable } from '../../core/closeable.js';
import { spawnChild } from '../../core/processes/child-process.js';
import { Y4mReader } from '../clips/y4m-reader.js';

export interface PictureDecoderOptions {
  readonly ffmpegPath: string;
  readonly args: readonly string[];
  readonly usesStdin: boolean;
  /** I420; valid until the next call but one. */
  readonly onPicture: (frame: Buffer, width: number, height: number) => void;
  /** It ended by itself. */
  readonly onEnd: (reason: string) => void;
}

/** Later bytes are lost until the next key frame: a decoder that cannot follow must not fill the memory. */
const MAX_QUEUED_BYTES = 4 << 20;

/** An ffmpeg process that turns a video into pictures. */
export class PictureDecoder implements Closeable {
  private readonly process: ChildProcess;
  private readonly ended: Promise<void>;
  private closed = false;

  constructor({ ffmpegPath, args, usesStdin, onPicture, onEnd }: PictureDecoderOptions) {
    this.process = spawnChild(ffmpegPath, args, { stdio: [usesStdin ? 'pipe' : 'ignore', 'pipe', 'pipe'] });
    let stderr = '';
    this.process.stderr!.setEncoding('utf8').on('data', (text: string) => (stderr = (stderr + text).slice(-300)));
    this.process.stdin?.on('error', () => undefined); // its end is reported by the exit
    const reader = new Y4mReader((frame) => onPicture(frame, reader.width, reader.height));
    this.process.stdout!.on('data', (chunk: Buffer) => {
      if (this.closed || reader.take(chunk)) return;
      stderr = 'pictures of another size, or no pictures';
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
  push(bytes: Uint8Array): boolean {
    const { stdin } = this.process;
    if (this.closed || stdin === null || stdin.writableLength > MAX_QUEUED_BYTES) return false;
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
