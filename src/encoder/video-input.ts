// frame path
/**
 * Pictures for one encoder process.
 *
 * Problem: a picture of 720p is 1.4 MB; writing it to a pipe copies it into fresh kernel pages, which costs as much as
 * composing it.
 * Demands: no copy on the engine's side, and no picture may change before the encoder has read it: an unjudged picture
 * would be sent.
 * Rule: pages are lent to the pipe where possible (`PageLender`). A pipe holds no more than its capacity, so a lent
 * picture has been read once another whole picture of at least that size has gone in after it; it is then returned. One
 * more picture is therefore in flight. The last picture is returned when the pipe is empty or its reader gone. A
 * picture smaller than the pipe is written as usual.
 * Numbers: on two cores of 2026, 1.4 MB at 30 a second, CPU of the writer 0.32 ms a picture when written, 0.07 when
 * lent.
 */
import type { PageLender } from '../core/page-lender.js';
import type { FrameIndex } from '../core/time.js';
import type { EncoderLink } from './process/encoder-link.js';
import { type FeedCounters, InputWriter } from './input-writer.js';

const VIDEO_QUEUE = 3;
const EINTR = 4;
const EAGAIN = 11;
const EPIPE = 32;
/** Interval for checking whether the last picture was read. */
const DRAIN_CHECK_MS = 5;

export const ignoreToken = (_token: number): void => undefined;

export class VideoInput extends InputWriter {
  private readonly pictures: (Uint8Array | undefined)[] = Array.from({ length: VIDEO_QUEUE });
  private readonly tokens = new Int32Array(VIDEO_QUEUE);
  private head = 0;
  private count = 0;
  private readonly step = this.link.frameStep ?? 1;
  recycle: (token: number) => void = ignoreToken;
  /** The pipe holds, or may hold, pages of this picture. */
  private lent: Uint8Array | undefined;
  private lentToken = 0;
  private lends: boolean;
  private readonly capacity: number;

  constructor(
    link: EncoderLink,
    counters: FeedCounters,
    onClosed: (writer: InputWriter) => void,
    private readonly lender?: PageLender,
  ) {
    super(link, counters, onClosed);
    this.capacity = lender?.capacity(link.fd) ?? 0;
    this.lends = this.capacity > 0;
  }

  write(n: FrameIndex, picture: Uint8Array, token: number): boolean {
    if (this.step > 1 && n % this.step !== 0) {
      this.recycle(token);
      return true;
    }
    this.log.offer();
    if (this.broken || this.count === VIDEO_QUEUE) return false;
    const at = (this.head + this.count) % VIDEO_QUEUE;
    this.pictures[at] = picture;
    this.tokens[at] = token;
    this.count += 1;
    this.log.push(n, 0);
    if (!this.busy) this.send(picture, 0, picture.byteLength);
    return true;
  }

  /** Pictures not yet written whole. */
  get waiting(): number {
    return this.count;
  }

  protected override transfer(buffer: Uint8Array, start: number, end: number): void {
    if (this.lends && buffer.byteLength >= this.capacity) {
      this.lender!.lend(this.link.fd, buffer, start, end, this.onLent);
    } else super.transfer(buffer, start, end);
  }

  private readonly onLent = (errno: number, bytes: number): void => {
    if (errno === 0) this.taken(bytes, 'yes');
    else if (errno === EAGAIN || errno === EINTR) this.taken(bytes, 'later');
    else if (errno === EPIPE) this.taken(bytes, 'no');
    else {
      // This kernel, or this kind of memory, cannot lend: the rest is written.
      this.lends = false;
      this.taken(bytes, 'yes');
    }
  };

  protected written(whole: boolean): void {
    if (whole) this.counters.framesWritten += 1;
    const picture = this.pictures[this.head]!;
    const token = this.shift();
    // Everything before this picture has been read.
    this.giveBackLent();
    if (whole && this.capacity > 0 && picture.byteLength >= this.capacity) {
      this.lent = picture;
      this.lentToken = token;
    } else this.recycle(token);
    while (!whole && this.count > 0) this.recycle(this.shift());
    const next = this.pictures[this.head];
    if (this.count > 0 && next !== undefined && !this.busy) this.send(next, 0, next.byteLength);
  }

  private shift(): number {
    const token = this.tokens[this.head]!;
    this.pictures[this.head] = undefined;
    this.head = (this.head + 1) % VIDEO_QUEUE;
    this.count -= 1;
    return token;
  }

  private giveBackLent(): void {
    if (this.lent === undefined) return;
    this.lent = undefined;
    this.recycle(this.lentToken);
  }

  protected override settle(then: () => void): void {
    if (this.lent !== undefined && !this.broken && this.lender!.held(this.link.fd) > 0) {
      setTimeout(() => this.settle(then), DRAIN_CHECK_MS);
      return;
    }
    this.giveBackLent();
    then();
  }
}
