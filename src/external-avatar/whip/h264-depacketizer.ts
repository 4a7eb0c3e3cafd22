import { NAL_IDR, nalType } from '../../core/media/annex-b.js';

const STAP_A = 24;
const FU_A = 28;
const FU_START = 0x80;
const FU_END = 0x40;
/** A picture of 1080p at a high rate has a tenth of it. */
const MAX_UNIT_BYTES = 8 << 20;
const MAX_NALS = 1024;
/** Each holds the memory of a whole packet, however small it is. */
const MAX_FRAGMENTS = 16_384;

export interface AccessUnit {
  readonly timestamp: number;
  readonly key: boolean;
  /** Without start codes. */
  readonly nals: readonly Uint8Array[];
}

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

/** RTP payloads of H.264 (RFC 6184: single NAL units, STAP-A and FU-A) as access units; one with a missing part is dropped. */
export class H264Depacketizer {
  private nals: Uint8Array[] = [];
  private bytes = 0;
  private fragments: Uint8Array[] | undefined;
  private timestamp: number | undefined;
  private broken = false;

  constructor(private readonly onUnit: (unit: AccessUnit) => void) {}

  /** Packets are missing before the next one. */
  gap(): void {
    this.broken = true;
    this.fragments = undefined;
  }

  push({ payload, timestamp, marker }: OrderedPacket): void {
    if (this.timestamp !== timestamp) {
      // A sender without markers: the next timestamp ends the picture.
      if (this.nals.length > 0) this.finish();
      this.reset(timestamp);
    }
    this.take(payload);
    if (!marker) return;
    this.finish();
    this.reset(undefined);
  }

  private take(payload: Uint8Array): void {
    if (payload.length < 2) return;
    const type = payload[0]! & 0x1f;
    if (type > 0 && type < STAP_A) return this.add(payload);
    if (type === STAP_A) {
      for (let at = 1; at + 2 < payload.length;) {
        const length = payload[at]! * 256 + payload[at + 1]!;
        if (length === 0 || at + 2 + length > payload.length) return this.gap();
        this.add(payload.subarray(at + 2, at + 2 + length));
        at += 2 + length;
      }
      return;
    }
    if (type !== FU_A || payload.length < 3) return;
    const header = payload[1]!;
    if ((header & FU_START) !== 0) this.fragments = [Uint8Array.of((payload[0]! & 0xe0) | (header & 0x1f))];
    if (this.fragments === undefined) return this.gap();
    this.bytes += payload.length;
    if (this.bytes > MAX_UNIT_BYTES || this.fragments.length >= MAX_FRAGMENTS) return this.gap();
    this.fragments.push(payload.subarray(2));
    if ((header & FU_END) === 0) return;
    const nal = Buffer.concat(this.fragments);
    this.fragments = undefined;
    this.bytes -= nal.length;
    this.add(nal);
  }

  private add(nal: Uint8Array): void {
    this.bytes += nal.length;
    if (this.bytes > MAX_UNIT_BYTES || this.nals.length >= MAX_NALS) return this.gap();
    this.nals.push(nal);
  }

  private finish(): void {
    const { nals, timestamp } = this;
    if (this.broken || this.fragments !== undefined || nals.length === 0 || timestamp === undefined) return;
    this.onUnit({ timestamp, key: nals.some((nal) => nalType(nal) === NAL_IDR), nals });
  }

  private reset(timestamp: number | undefined): void {
    // A gap between two pictures breaks the one that begins after it only when its first part is missing, which shows.
    this.broken = false;
    this.fragments = undefined;
    this.nals = [];
    this.bytes = 0;
    this.timestamp = timestamp;
  }
}
