/**
 * The ring from which all outputs read packets.
 *
 * Problem: outputs read at their own pace, and some stop reading.
 * Demands: a slow reader must not hold memory or delay anyone; a reader that lost packets must continue where a decoder
 * can (an IDR); a reader that keeps up loses nothing.
 * Rule: packets are kept until the ring exceeds its limits, read or not. A cursor that lags beyond its own limit, or
 * whose next packet is gone, jumps to the newest IDR ahead of it and counts the skipped packets.
 * Numbers: 12 s and 24 MiB by default (a GOP of 10 s at 20 Mbit/s fits).
 */
import type { CursorOptions, EncodedPacket, PacketCursor, PacketCursorStats } from '../core/media/packets.js';
import { ticksToMilliseconds, ticks90k } from '../core/time.js';

export interface PacketRingOptions {
  maxMs?: number;
  maxBytes?: number;
}

/** Expired packets stay in memory until this many can be cut off at once. */
const TRIM_AT = 64;

export class PacketRing {
  private packets: EncodedPacket[] = [];
  /** Sequence number of packets[0]. */
  private base = 0;
  /** Packets before this index are released; they are cut off in batches. */
  private head = 0;
  private bytes = 0;
  private newestKey = -1;
  private closed = false;
  private readonly maxMs: number;
  private readonly maxBytes: number;
  private readonly cursors = new Set<RingCursor>();

  constructor(options: PacketRingOptions = {}) {
    this.maxMs = options.maxMs ?? 12_000;
    this.maxBytes = options.maxBytes ?? 24 << 20;
  }

  push(packet: EncodedPacket): void {
    if (this.closed) return;
    if (packet.kind === 'video' && packet.key) this.newestKey = this.end;
    this.packets.push(packet);
    this.bytes += packet.data.byteLength;
    while (this.packets.length - this.head > 1 && this.overBounds(packet)) {
      this.bytes -= this.packets[this.head]!.data.byteLength;
      this.head += 1;
    }
    if (this.head >= TRIM_AT) {
      this.packets = this.packets.slice(this.head);
      this.base += this.head;
      this.head = 0;
    }
    for (const cursor of this.cursors) cursor.wake();
  }

  open(options: CursorOptions): PacketCursor {
    const cursor = new RingCursor(this, options, () => this.cursors.delete(cursor));
    if (this.closed) void cursor.close();
    else this.cursors.add(cursor);
    return cursor;
  }

  close(): void {
    this.closed = true;
    for (const cursor of this.cursors) void cursor.close();
    this.packets = [];
    this.bytes = 0;
  }

  /** Sequence number of the oldest packet held. */
  get start(): number {
    return this.base + this.head;
  }
  /** Sequence number of the next packet. */
  get end(): number {
    return this.base + this.packets.length;
  }
  /** Newest IDR still held, or −1. */
  get latestKey(): number {
    return this.newestKey >= this.start ? this.newestKey : -1;
  }
  /** Newest IDR not later than a time, else the oldest held, or −1. */
  keyAt(pts: number): number {
    let found = -1;
    for (let seq = this.start; seq < this.end; seq += 1) {
      const packet = this.at(seq)!;
      if (packet.kind !== 'video' || !packet.key) continue;
      if (found >= 0 && packet.pts > pts) break;
      found = seq;
    }
    return found;
  }
  get heldBytes(): number {
    return this.bytes;
  }
  at(seq: number): EncodedPacket | undefined {
    return seq < this.start ? undefined : this.packets[seq - this.base];
  }

  private overBounds(newest: EncodedPacket): boolean {
    const ms = ticksToMilliseconds(ticks90k(newest.pts - this.packets[this.head]!.pts));
    return this.bytes > this.maxBytes || ms > this.maxMs;
  }
}

class RingCursor implements PacketCursor {
  private seq: number;
  private needsKey: boolean;
  private closed = false;
  private waiter: (() => void) | undefined;
  private delivered = 0;
  private dropped = 0;
  private jumps = 0;
  private readonly wanted: ReadonlySet<string>;

  constructor(
    private readonly ring: PacketRing,
    private readonly options: CursorOptions,
    private readonly onClose: () => void,
  ) {
    this.wanted = new Set(options.codecs);
    const { from } = options;
    const key =
      from === 'latest-key' ? ring.latestKey : from === 'next-key' || from === 'next' ? -1 : ring.keyAt(from.keyAt);
    this.seq = key >= 0 ? key : ring.end;
    this.needsKey = key < 0 && from !== 'next' && this.wanted.has('h264');
  }

  take(): EncodedPacket | undefined {
    if (this.closed) return undefined;
    this.keepUp();
    for (; this.seq < this.ring.end; this.seq += 1) {
      const packet = this.ring.at(this.seq)!;
      if (!this.wanted.has(packet.codec)) continue;
      if (this.needsKey && !(packet.kind === 'video' && packet.key)) continue;
      this.needsKey = false;
      this.seq += 1;
      this.delivered += 1;
      return packet;
    }
    return undefined;
  }

  async next(signal: AbortSignal): Promise<EncodedPacket | undefined> {
    while (!this.closed && !signal.aborted) {
      const packet = this.take();
      if (packet !== undefined) return packet;
      await new Promise<void>((resolve) => {
        const done = (): void => {
          signal.removeEventListener('abort', done);
          this.waiter = undefined;
          resolve();
        };
        this.waiter = done;
        signal.addEventListener('abort', done, { once: true });
      });
    }
    return undefined;
  }

  lag(): { bytes: number; ms: number } {
    const newest = this.ring.at(this.ring.end - 1);
    const from = Math.max(this.seq, this.ring.start);
    const oldest = this.ring.at(from);
    if (newest === undefined || oldest === undefined) return { bytes: 0, ms: 0 };
    let bytes = 0;
    for (let i = from; i < this.ring.end; i += 1) {
      const packet = this.ring.at(i)!;
      if (this.wanted.has(packet.codec)) bytes += packet.data.byteLength;
    }
    return { bytes, ms: Math.max(0, ticksToMilliseconds(ticks90k(newest.pts - oldest.pts))) };
  }

  stats(): PacketCursorStats {
    return { delivered: this.delivered, dropped: this.dropped, jumps: this.jumps };
  }

  wake(): void {
    this.waiter?.();
  }

  close(): Promise<void> {
    if (!this.closed) {
      this.closed = true;
      this.onClose();
      this.wake();
    }
    return Promise.resolve();
  }

  private keepUp(): void {
    const lost = this.seq < this.ring.start;
    const key = this.ring.latestKey;
    // A reader waiting for its first IDR is not slow.
    if (!lost && ((this.needsKey && key < this.seq) || !this.tooFar())) return;
    if (key > this.seq) {
      this.jumpTo(key);
    } else if (lost) {
      this.jumpTo(this.ring.start);
      this.needsKey = this.wanted.has('h264');
    }
  }

  private tooFar(): boolean {
    // A lag of a few packets is never slow; this keeps the common case cheap.
    if (this.ring.end - this.seq < 8) return false;
    const { bytes, ms } = this.lag();
    return ms > this.options.maxLagMs || bytes > this.options.maxLagBytes;
  }

  private jumpTo(seq: number): void {
    for (let i = Math.max(this.seq, this.ring.start); i < seq; i += 1) {
      if (this.wanted.has(this.ring.at(i)!.codec)) this.dropped += 1;
    }
    this.dropped += Math.max(0, this.ring.start - this.seq);
    this.seq = seq;
    this.jumps += 1;
  }
}
