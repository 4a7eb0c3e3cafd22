import type { ChildProcess } from 'node:child_process';
import type { Closeable } from '../closeable.js';

export interface StreamProcessOptions {
  /** With pipes for output and errors, and for input unless it opens that by itself. */
  readonly child: ChildProcess;
  /** Bytes that may wait for it: a process that cannot follow must not fill the memory. */
  readonly maxQueuedBytes: number;
  /** Returns the reason to end a process whose output is unusable. */
  readonly onOutput: (chunk: Buffer) => string | undefined;
  /** It ended by itself; called once. */
  readonly onEnd: (reason: string) => void;
}

const MAX_STDERR_CHARACTERS = 300;

/** A process that decodes or encodes a stream for as long as it comes. */
export class StreamProcess implements Closeable {
  private readonly child: ChildProcess;
  private readonly ended: Promise<void>;
  private closed = false;
  private resting: NodeJS.Timeout | undefined;

  constructor(private readonly options: StreamProcessOptions) {
    const { child, onOutput } = options;
    this.child = child;
    let stderr = '';
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-MAX_STDERR_CHARACTERS);
    });
    child.stdin?.on('error', () => undefined); // its end is reported by the exit
    child.stdout!.on('data', (chunk: Buffer) => {
      const fault = this.closed ? undefined : onOutput(chunk);
      if (fault !== undefined) this.fail(fault);
    });
    this.ended = new Promise((resolve) => {
      const end = (reason: string): void => {
        this.fail(stderr.trim().split('\n').at(-1) || reason);
        resolve();
      };
      child.once('error', (error) => end(error.message));
      child.once('close', (code, signal) => end(signal ?? `code ${code}`));
    });
  }

  /** False when the bytes were dropped. */
  write(bytes: Uint8Array): boolean {
    const { stdin } = this.child;
    if (this.closed || stdin === null || stdin.writableLength > this.options.maxQueuedBytes) return false;
    stdin.write(bytes);
    return true;
  }

  /** Takes no output for a while: the process waits as soon as its pipe is full. */
  rest(ms: number): void {
    if (this.closed) return;
    clearTimeout(this.resting);
    this.child.stdout!.pause();
    this.resting = setTimeout(() => this.child.stdout!.resume(), ms);
  }

  /** Ends it with a reason, as if it had ended by itself. */
  fail(reason: string): void {
    if (this.closed) return;
    this.end();
    this.options.onEnd(reason);
  }

  async close(): Promise<void> {
    this.end();
    await this.ended;
  }

  private end(): void {
    this.closed = true;
    this.child.kill('SIGKILL');
    clearTimeout(this.resting);
    // It has ended when its output is read to the end.
    this.child.stdout!.resume();
  }
}
