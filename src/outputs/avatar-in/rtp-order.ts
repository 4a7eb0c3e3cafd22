export interface OrderedPacket {
  readonly sequence: number;
  readonly timestamp: number;
  readonly marker: boolean;
  readonly payload: Uint8Array;
}

/** A resent packet comes within a round trip or two: at 3 Mbit/s this is a fifth of a second. */
const MAX_WAITING = 64;
const HALF = 0x8000;

/** Puts RTP packets in order. A gap is waited for while others come, then given up. */
export class RtpOrder {
  private next: number | undefined;
  private readonly waiting = new Map<number, OrderedPacket>();
  lost = 0;

  /** `onGap`: packets before the next one are lost. */
  constructor(
    private readonly onPacket: (packet: OrderedPacket) => void,
    private readonly onGap: () => void,
  ) {}

  push(packet: OrderedPacket): void {
    this.next ??= packet.sequence;
    const ahead = (packet.sequence - this.next) & 0xffff;
    if (ahead >= HALF) return; // late, or a repeat
    this.waiting.set(packet.sequence, packet);
    this.flush();
    if (this.waiting.size <= MAX_WAITING) return;
    let skip = HALF;
    for (const sequence of this.waiting.keys()) skip = Math.min(skip, (sequence - this.next) & 0xffff);
    this.lost += skip;
    this.next = (this.next + skip) & 0xffff;
    this.onGap();
    this.flush();
  }

  private flush(): void {
    for (let found = this.waiting.get(this.next!); found !== undefined; found = this.waiting.get(this.next!)) {
      this.waiting.delete(this.next!);
      this.next = (this.next! + 1) & 0xffff;
      this.onPacket(found);
    }
  }
}
