/**
 * Sends the room's packets to one WebRTC viewer.
 *
 * Problem: a viewer wants a picture at once, but a decoder starts at an IDR, which may be two seconds old; sent with
 * its own times, the viewer would stay two seconds behind.
 * Demands: a picture at once, no added delay, no burst that overruns a receiver's socket buffer, bounded memory per
 * viewer.
 * Rule: it starts at the newest IDR. The frames from there to the newest one get timestamps one tick apart, ending at
 * the newest, so the decoder runs through them and shows the present. Sound starts with the present. Packets go out in
 * small groups. A picture loss is answered the same way while the IDR is fresh, and otherwise by the next IDR. A viewer
 * on a narrow link gets as many pictures as fit (PictureBudget).
 * Numbers: 32 packets each 4 ms (77 Mbit/s); 1.5 s of lag, then a jump to the newest IDR; fresh is 1 s.
 */
import { randomBytes } from 'node:crypto';
import {
  type EncodedPacket,
  NAL_PPS,
  NAL_SPS,
  nalType,
  type PacketCursor,
  type PacketSource,
  splitNals,
} from '../../core/media/packets.js';
import { ticks90k, type Ticks90k, TICKS_PER_SECOND } from '../../core/time.js';

/** Fits a 1280-byte IPv6 path with RTP header, extensions and SRTP tag around it. */
export const RTP_PAYLOAD_BYTES = 1200;

const STAP_A = 24;
const FU_A = 28;
const FU_START = 0x80;
const FU_END = 0x40;

/**
 * One access unit as RTP payloads (RFC 6184, packetization-mode 1): parameter sets together in a STAP-A, small NAL
 * units alone, large ones as FU-A. The last payload carries the marker bit.
 */
export function packetizeH264(annexB: Uint8Array, maxBytes: number = RTP_PAYLOAD_BYTES): Buffer[] {
  const nals = splitNals(annexB);
  const isSet = (nal: Uint8Array): boolean => nalType(nal) === NAL_SPS || nalType(nal) === NAL_PPS;
  const sets = nals.filter(isSet);
  const payloads: Buffer[] = [];
  const together = sets.reduce((sum, nal) => sum + 2 + nal.length, 1);
  if (sets.length > 1 && together <= maxBytes) payloads.push(stapA(sets, together));
  else for (const nal of sets) single(payloads, nal, maxBytes);
  for (const nal of nals) if (!isSet(nal)) single(payloads, nal, maxBytes);
  return payloads;
}

function stapA(nals: readonly Uint8Array[], size: number): Buffer {
  const out = Buffer.allocUnsafe(size);
  const importance = nals.reduce((most, nal) => Math.max(most, nal[0]! & 0x60), 0);
  out[0] = importance | STAP_A;
  let at = 1;
  for (const nal of nals) {
    at = out.writeUInt16BE(nal.length, at);
    out.set(nal, at);
    at += nal.length;
  }
  return out;
}

function single(payloads: Buffer[], nal: Uint8Array, maxBytes: number): void {
  if (nal.length <= maxBytes) {
    payloads.push(Buffer.from(nal.buffer, nal.byteOffset, nal.byteLength));
    return;
  }
  const body = nal.length - 1;
  // Pieces of equal size, so the last one is not tiny.
  const pieces = Math.ceil(body / (maxBytes - 2));
  for (let i = 0; i < pieces; i += 1) {
    const from = 1 + Math.floor((body * i) / pieces);
    const to = 1 + Math.floor((body * (i + 1)) / pieces);
    const out = Buffer.allocUnsafe(2 + to - from);
    out[0] = (nal[0]! & 0xe0) | FU_A;
    out[1] = (i === 0 ? FU_START : 0) | (i === pieces - 1 ? FU_END : 0) | nalType(nal);
    out.set(nal.subarray(from, to), 2);
    payloads.push(out);
  }
}

const NTP_UNIX_SECONDS = 2_208_988_800;
const wrap = (n: number): number => ((n % 0x1_0000_0000) + 0x1_0000_0000) % 0x1_0000_0000;

/**
 * One viewer's mapping between packet times, RTP timestamps and NTP time.
 *
 * A receiver synchronizes picture and sound by the sender reports alone (RFC 3550, 6.4.1). Both streams' reports come
 * from this one line through (time of day, packet time), so media of the same packet time gets the same NTP time
 * whenever it left.
 */
export class MediaClock {
  private anchorMs = -1;
  private anchorPts = 0;

  constructor(
    private readonly videoOffset: number,
    private readonly audioOffset: number,
  ) {}

  get running(): boolean {
    return this.anchorMs >= 0;
  }

  /** Packet time `pts` is "now" for this viewer. `nowMs` is any monotonic clock. */
  start(pts: Ticks90k, nowMs: number): void {
    this.anchorMs = nowMs;
    this.anchorPts = pts;
  }

  /** RTP timestamp, 90 kHz. */
  video(pts: number): number {
    return wrap(pts + this.videoOffset);
  }
  /** RTP timestamp, 48 kHz (RFC 7587). */
  audio(pts: number): number {
    return wrap(Math.floor((pts * 8) / 15) + this.audioOffset);
  }

  /** Contents of the sender reports at `nowMs`; `unixMs` is the matching time of day. */
  report(nowMs: number, unixMs: number): { ntp: bigint; video: number; audio: number } {
    const pts = Math.round(this.anchorPts + (nowMs - this.anchorMs) * 90);
    return { ntp: toNtp(unixMs), video: this.video(pts), audio: this.audio(pts) };
  }
}

/** Milliseconds since 1970 as 64-bit NTP time: seconds since 1900 and a binary fraction. */
export function toNtp(unixMs: number): bigint {
  const seconds = Math.floor(unixMs / 1000);
  const fraction = Math.floor(((unixMs - seconds * 1000) / 1000) * 0x1_0000_0000);
  return (BigInt(seconds + NTP_UNIX_SECONDS) << 32n) | BigInt(fraction);
}

/**
 * Drops pictures of one viewer to fit its bandwidth.
 *
 * Rule: pictures go out while the budget lasts, then none until an IDR the budget can pay for, so everything that
 * arrives can be decoded. The budget fills at the limit as media time passes.
 * Numbers: at most one second's worth is saved up.
 */
export class PictureBudget {
  private bits = 0;
  private atTicks = -1;
  private passing = false;

  /** Pictures are being dropped. */
  get thin(): boolean {
    return this.passing;
  }

  /** Whether to send a picture. `limitKbps` undefined: no limit. */
  takes(picture: { pts: number; key: boolean; bytes: number }, limitKbps: number | undefined): boolean {
    const { pts, key, bytes } = picture;
    if (key) this.passing = false;
    if (limitKbps === undefined) {
      this.atTicks = -1;
      return !this.passing;
    }
    const second = limitKbps * 1000;
    const filled = this.atTicks < 0 ? second : this.bits + ((pts - this.atTicks) * second) / TICKS_PER_SECOND;
    this.bits = Math.min(second, filled);
    this.atTicks = pts;
    if (this.bits < 0) this.passing = true;
    if (this.passing) return false;
    this.bits -= bytes * 8;
    return true;
  }
}

export interface RtpUnit {
  readonly kind: 'video' | 'audio';
  readonly sequenceNumber: number;
  readonly timestamp: number;
  readonly marker: boolean;
  readonly payload: Buffer;
}

/** Payloads of a packet are made once for all viewers. */
export class PayloadCache {
  private readonly made = new WeakMap<EncodedPacket, readonly Buffer[]>();

  payloads(packet: EncodedPacket): readonly Buffer[] {
    let payloads = this.made.get(packet);
    if (payloads === undefined) {
      const { data } = packet;
      payloads =
        packet.kind === 'video' ? packetizeH264(data) : [Buffer.from(data.buffer, data.byteOffset, data.length)];
      this.made.set(packet, payloads);
    }
    return payloads;
  }
}

const GROUP = 32;
const GROUP_MS = 4;
const MAX_LAG_MS = 1500;
const MAX_LAG_BYTES = 8 << 20;
const FRESH_TICKS = 90_000;
const RESYNC_MS = 1000;

/** Below 2^15: a receiver that misses the first packets must not miss a wrap with them (RFC 3711, 3.3.1). */
export function firstSequence(): number {
  return randomBytes(2).readUInt16BE(0) >> 1;
}

interface ViewerStreamOptions {
  source: PacketSource;
  cache: PayloadCache;
  /** Defaults: 1500 and 8 MiB. */
  maxLagMs?: number;
  maxLagBytes?: number;
  /** The viewer's bandwidth limit for video; unlimited by default. */
  limitKbps?(): number | undefined;
  /** Sends one RTP packet. */
  send(unit: RtpUnit): void;
}

export class ViewerStream {
  readonly clock: MediaClock;
  private cursor: PacketCursor;
  private readonly queue: RtpUnit[] = [];
  private videoSequence = firstSequence();
  private audioSequence = firstSequence();
  private lastVideoTime = -1;
  private firstLivePts = -1;
  private lastKeyPts = -1;
  private lastResyncMs = -Infinity;
  private droppedBefore = 0;
  private resync = false;
  private readonly budget = new PictureBudget();
  private passedOver = 0;

  constructor(private readonly options: ViewerStreamOptions) {
    this.clock = new MediaClock(randomBytes(4).readUInt32BE(0), randomBytes(4).readUInt32BE(0));
    this.cursor = this.open();
  }

  get packetsDropped(): number {
    return this.droppedBefore + this.cursor.stats().dropped + this.passedOver;
  }

  lag(): { bytes: number; ms: number } {
    return this.cursor.lag();
  }

  /** Runs until the signal aborts or the ring closes. */
  async run(signal: AbortSignal): Promise<void> {
    try {
      while (!signal.aborted) {
        const { cursor } = this;
        const first = await cursor.next(signal);
        if (first === undefined) {
          // A replaced cursor ends too; that is not the end of the stream.
          if (cursor !== this.cursor) continue;
          return;
        }
        if (cursor !== this.cursor) continue;
        const packets = [first];
        for (let next = cursor.take(); next !== undefined; next = cursor.take()) packets.push(next);
        if (!this.clock.running || this.resync) this.catchUp(packets);
        else for (const packet of packets) this.live(packet);
        await this.drain(signal);
      }
    } finally {
      await this.cursor.close();
    }
  }

  /** The viewer's decoder lost the picture. */
  pictureLost(nowMs: number): void {
    if (!this.clock.running || nowMs - this.lastResyncMs < RESYNC_MS) return;
    this.lastResyncMs = nowMs;
    this.options.source.requestKeyFrame();
    // A link this narrow cannot carry the last GOP again.
    if (this.budget.thin) return;
    if (this.lastVideoTime - this.lastKeyPts > FRESH_TICKS) return;
    const old = this.cursor;
    this.droppedBefore += old.stats().dropped;
    this.cursor = this.open();
    this.resync = true;
    void old.close();
  }

  private open(): PacketCursor {
    const { source, maxLagMs = MAX_LAG_MS, maxLagBytes = MAX_LAG_BYTES } = this.options;
    return source.open({ codecs: ['h264', 'opus'], from: 'latest-key', maxLagMs, maxLagBytes });
  }

  /** `packets` begins with an IDR and ends with the present. */
  private catchUp(packets: readonly EncodedPacket[]): void {
    const video = packets.filter((packet) => packet.kind === 'video');
    const newest = video.at(-1);
    if (newest === undefined) return;
    let time = Math.max(this.lastVideoTime + 1, newest.pts - (video.length - 1));
    for (const packet of video) {
      this.video(packet, time);
      time += 1;
    }
    if (!this.resync) {
      this.clock.start(ticks90k(newest.pts), performance.now());
      this.firstLivePts = newest.pts;
    }
    this.resync = false;
  }

  private live(packet: EncodedPacket): void {
    if (packet.kind === 'video') {
      const { pts, key, data } = packet;
      if (!this.budget.takes({ pts, key, bytes: data.length }, this.options.limitKbps?.())) {
        this.passedOver += 1;
        return;
      }
      this.video(packet, Math.max(packet.pts, this.lastVideoTime + 1));
    } else if (packet.pts >= this.firstLivePts) {
      this.push('audio', this.clock.audio(packet.pts), packet);
    }
  }

  private video(packet: EncodedPacket, time: number): void {
    if (packet.key) this.lastKeyPts = packet.pts;
    this.lastVideoTime = time;
    this.push('video', this.clock.video(time), packet);
  }

  private push(kind: 'video' | 'audio', timestamp: number, packet: EncodedPacket): void {
    const payloads = this.options.cache.payloads(packet);
    for (let i = 0; i < payloads.length; i += 1) {
      const sequenceNumber = kind === 'video' ? this.videoSequence : this.audioSequence;
      if (kind === 'video') this.videoSequence = (sequenceNumber + 1) & 0xffff;
      else this.audioSequence = (sequenceNumber + 1) & 0xffff;
      const marker = kind === 'video' && i === payloads.length - 1;
      this.queue.push({ kind, sequenceNumber, timestamp, marker, payload: payloads[i]! });
    }
  }

  /** Nothing is taken from the ring during this wait, so the queue holds one batch at most. */
  private async drain(signal: AbortSignal): Promise<void> {
    for (let at = 0; at < this.queue.length && !signal.aborted; at += GROUP) {
      if (at > 0) await new Promise((resolve) => setTimeout(resolve, GROUP_MS));
      for (const unit of this.queue.slice(at, at + GROUP)) this.options.send(unit);
    }
    this.queue.length = 0;
  }
}
