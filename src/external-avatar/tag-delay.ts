import type { Closeable } from '../core/closeable.js';
import { tagKind } from '../core/media/flv-tags.js';

const LOOK_MS = 20;
/** Half a minute at 8 Mbit/s. */
const MAX_BYTES = 32 << 20;

/**
 * Holds the video of an external avatar back while its voice is in the delay window of a takeover, so that its lips and its
 * voice stay together. It is held as it came, encoded: seconds of it are a few megabytes.
 */
export class TagDelay implements Closeable {
  private readonly queue: { readonly tag: Uint8Array; readonly atMs: number }[] = [];
  private bytes = 0;
  private delayMs = 0;
  private waitsForKey = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    /** False when the tag was lost. */
    private readonly onTag: (tag: Uint8Array) => boolean,
    private readonly nowMs: () => number = performance.now.bind(performance),
  ) {}

  /** 0: at once; what waits is dropped, and the picture goes on with the next key frame. */
  set(delayMs: number): void {
    this.delayMs = delayMs;
    clearInterval(this.timer);
    this.timer = delayMs > 0 ? setInterval(() => this.look(), LOOK_MS).unref() : undefined;
    if (delayMs > 0 || this.queue.length === 0) return;
    const config = this.queue.findLast(({ tag }) => tagKind(tag) === 'config');
    this.queue.length = 0;
    this.bytes = 0;
    this.waitsForKey = true;
    if (config !== undefined) this.onTag(config.tag);
  }

  /** False when the tag was lost, and a key frame is needed. */
  push(tag: Uint8Array): boolean {
    const kind = tagKind(tag);
    if (kind === 'key') this.waitsForKey = false;
    if (this.waitsForKey && kind !== 'config') return false;
    if (this.delayMs === 0) return this.onTag(tag);
    if (this.bytes + tag.length > MAX_BYTES) {
      this.waitsForKey = true;
      return false;
    }
    this.bytes += tag.length;
    this.queue.push({ tag: Uint8Array.from(tag), atMs: this.nowMs() + this.delayMs });
    return true;
  }

  /** Passes on what is due. */
  look(): void {
    const nowMs = this.nowMs();
    while (this.queue.length > 0 && this.queue[0]!.atMs <= nowMs) {
      const { tag } = this.queue.shift()!;
      this.bytes -= tag.length;
      this.onTag(tag);
    }
  }

  close(): Promise<void> {
    clearInterval(this.timer);
    this.queue.length = 0;
    this.bytes = 0;
    return Promise.resolve();
  }
}
