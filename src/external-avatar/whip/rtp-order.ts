export interface OrderedPacket {
  readonly sequence: number;
  readonly timestamp: number;
  readonly marker: boolean;
  readonly payload: Uint8Array;
}

/*
 * A resent packet comes within a round trip or two: at 3 Mbit/s, 64 packets are a fifth of a second, and a small picture
 * waits for the time. So many late packets in a row are the packets of a sender that began anew, at a number of its own.
 */
const MAX_WAITING = 64;
const MAX_WAIT_MS = 400;
const MAX_LATE = 64;
const HALF = 0x8000;

/** Puts RTP packets in order. A gap is waited for while others come, then given up. */
export class RtpOrder {
  private next: number | undefined;
  private readonly waiting = new Map<number, OrderedPacket>();
  private waitsSinceMs = 0;
  /** Late packets in a row. */
  private late = 0;
  lost = 0;

  /** `onGap`: packets before the next one are lost. */
  constructor(
    private readonly onPacket: (packet: OrderedPacket) => void,
    private readonly onGap: () => void,
    private readonly nowMs: () => number = performance.now.bind(performance),
  ) {}

  push(packet: OrderedPacket): void {
    this.next ??= packet.sequence;
    const ahead = (packet.sequence - this.next) & 0xffff;
    if (ahead >= HALF) {
      // Late, or a repeat.
      if ((this.late += 1) < MAX_LATE) return;
      this.restart();
      this.next = packet.sequence;
    }
    this.late = 0;
    if (this.waiting.size === 0) this.waitsSinceMs = this.nowMs();
    this.waiting.set(packet.sequence, packet);
    this.flush();
    if (this.waiting.size === 0) return;
    if (this.waiting.size <= MAX_WAITING && this.nowMs() - this.waitsSinceMs < MAX_WAIT_MS) return;
    let skip = HALF;
    for (const sequence of this.waiting.keys()) skip = Math.min(skip, (sequence - this.next) & 0xffff);
    this.lost += skip;
    this.next = (this.next + skip) & 0xffff;
    this.onGap();
    this.waitsSinceMs = this.nowMs();
    this.flush();
  }

  /** Another sender, or the same one anew: the next packet is its first. */
  restart(): void {
    if (this.next === undefined) return;
    this.next = undefined;
    this.late = 0;
    this.waiting.clear();
    this.onGap();
  }

  private flush(): void {
    for (let found = this.waiting.get(this.next!); found !== undefined; found = this.waiting.get(this.next!)) {
      this.waiting.delete(this.next!);
      this.next = (this.next! + 1) & 0xffff;
      this.onPacket(found);
    }
  }
}
