// frame path
import { close, write } from 'node:fs';
import { InputLog, type EncoderLink } from './process/encoder-link.js';

/** Retry delay for a full non-blocking pipe; 64 KiB are 170 ms of sound. */
const RETRY_MS = 5;

export interface FeedCounters {
  framesWritten: number;
  framesRefused: number;
  audioRefused: number;
  /** Pipes that broke during a write. */
  broken: number;
}

/** One descriptor with at most one write in flight. Closes itself once idle after `release()`. */
export abstract class InputWriter {
  readonly log: InputLog;
  broken = false;
  protected busy = false;
  private released = false;
  private closed = false;
  private buffer: Uint8Array | undefined;
  private offset = 0;
  private end = 0;

  constructor(
    readonly link: EncoderLink,
    protected readonly counters: FeedCounters,
    private readonly onClosed: (writer: InputWriter) => void,
  ) {
    this.log = new InputLog(link.log);
  }

  /** A write has ended: true when whole, false when the pipe broke. */
  protected abstract written(whole: boolean): void;

  /** Calls `then` once nothing handed over is needed any more. */
  protected settle(then: () => void): void {
    then();
  }

  /** Starts writing a part; `taken` is called when the write ends. */
  protected transfer(buffer: Uint8Array, start: number, end: number): void {
    write(this.link.fd, buffer, start, end - start, null, this.onWrite);
  }

  protected send(buffer: Uint8Array, start: number, end: number): void {
    this.busy = true;
    this.buffer = buffer;
    this.offset = start;
    this.end = end;
    this.transfer(buffer, start, end);
  }

  private readonly retry = (): void => {
    if (this.buffer !== undefined) this.transfer(this.buffer, this.offset, this.end);
  };

  private readonly onWrite = (error: NodeJS.ErrnoException | null, bytes: number): void => {
    if (error === null) this.taken(bytes, 'yes');
    else this.failed(error);
  };

  protected failed(error: unknown): void {
    const code = (error as NodeJS.ErrnoException).code;
    this.taken(0, code === 'EAGAIN' || code === 'EINTR' ? 'later' : 'no');
  }

  /** Bytes have been written; reports whether the rest can follow. */
  protected taken(bytes: number, goesOn: 'yes' | 'later' | 'no'): void {
    this.offset += bytes;
    if (goesOn === 'yes') {
      if (this.offset < this.end) {
        this.retry();
        return;
      }
    } else if (goesOn === 'later') {
      setTimeout(this.retry, RETRY_MS);
      return;
    } else {
      this.broken = true;
      this.counters.broken += 1;
    }
    this.busy = false;
    this.buffer = undefined;
    this.written(goesOn === 'yes');
    if ((this.released || this.broken) && !this.busy) this.settle(this.closeNow);
  }

  /** Ends the input: queued data still goes out, then the descriptor is closed. */
  release(): void {
    this.released = true;
    if (!this.busy) this.settle(this.closeNow);
  }

  private readonly closeNow = (): void => {
    if (this.closed) return;
    this.closed = true;
    close(this.link.fd, () => this.onClosed(this));
  };
}
