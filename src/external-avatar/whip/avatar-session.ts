import { type MediaStreamTrack, RTCPeerConnection } from 'werift';
import type { Closeable } from '../../core/closeable.js';
import { EngineError } from '../../core/errors.js';
import type { Log } from '../../core/log.js';
import { avcConfigBody, FLV_VIDEO, flvTag, NAL_IDR, NAL_PPS, NAL_SPS, nalType } from '../../core/media/packets.js';
import {
  endHandshakes,
  h264Codec,
  limitDatagrams,
  limitLosses,
  opusCodec,
  sendsTooManyStreams,
} from '../../outputs/webrtc/peer-connections.js';
import { withoutHiddenAddresses } from '../../outputs/whep/sdp-offer.js';

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
 * waits for the time. So many late packets in a row are the packets of a sender that began again, at a number of its own.
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

  /** Another sender, or the same one after a restart: the next packet is its first. */
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

const KEY = 0x17;
const DELTA = 0x27;
const CLOCK_KHZ = 90;
const NAL_DELIMITER = 9;

/** Access units as FLV tags: a configuration whenever the parameter sets change, then pictures. */
export class AvcTags {
  private sps: Uint8Array | undefined;
  private pps: Uint8Array | undefined;
  private changed = false;
  private last: number | undefined;
  /** In ticks of 90 kHz, without the wrap of RTP. */
  private ticks = 0;

  constructor(private readonly onTag: (tag: Uint8Array) => void) {}

  push({ nals, timestamp, key }: AccessUnit): void {
    if (this.last !== undefined) this.ticks += (timestamp - this.last) | 0;
    this.last = timestamp;
    const timestampMs = Math.max(0, Math.round(this.ticks / CLOCK_KHZ));
    const slices: Uint8Array[] = [];
    for (const nal of nals) {
      const type = nalType(nal);
      if (type === NAL_SPS) this.sps = this.note(this.sps, nal);
      else if (type === NAL_PPS) this.pps = this.note(this.pps, nal);
      else if (type !== NAL_DELIMITER) slices.push(nal);
    }
    const { sps, pps } = this;
    if (sps === undefined || pps === undefined || sps.length < 4) return;
    if (this.changed) this.onTag(flvTag(FLV_VIDEO, timestampMs, avcConfigBody(sps, pps)));
    this.changed = false;
    if (slices.length === 0) return;
    const body = Buffer.alloc(5 + slices.reduce((sum, nal) => sum + 4 + nal.length, 0));
    body[0] = key ? KEY : DELTA;
    body[1] = 1;
    let at = 5;
    for (const nal of slices) {
      at = body.writeUInt32BE(nal.length, at);
      body.set(nal, at);
      at += nal.length;
    }
    this.onTag(flvTag(FLV_VIDEO, timestampMs, body));
  }

  private note(before: Uint8Array | undefined, nal: Uint8Array): Uint8Array {
    if (before !== undefined && Buffer.compare(before, nal) === 0) return before;
    this.changed = true;
    return Uint8Array.from(nal);
  }
}

const MAX_SDP_BYTES = 64 << 10;
const DEFAULT_PROFILE = '42e01f';

/** Checks the offer of an engine that sends an avatar, for clear error texts. Throws E_SDP_INVALID. */
function checkAvatarOffer(sdp: string): void {
  if (sdp.length > MAX_SDP_BYTES) throw bad(`at most ${MAX_SDP_BYTES} bytes`, `${sdp.length}`);
  if (!/^v=0\r?\n/.test(sdp)) throw bad('an SDP that starts with v=0', JSON.stringify(sdp.slice(0, 20)));
  if ((sdp.match(/^m=video /gm) ?? []).length !== 1) throw bad('one video section', 'another number');
  if ((sdp.match(/^m=/gm) ?? []).length > 2 || (sdp.match(/^m=audio /gm) ?? []).length > 1)
    throw bad('one video section, and one audio section or none', 'other sections');
  if (!/^a=ice-ufrag:/m.test(sdp) || !/^a=fingerprint:/m.test(sdp))
    throw bad('a WebRTC offer with ICE and DTLS', 'no ICE or DTLS attributes');
  if (!/^a=rtpmap:\d+ H264\/90000/im.test(sdp)) throw bad('H264 among the video codecs', 'no H264');
  if (!/^a=(sendonly|sendrecv)\s*$/m.test(sdp)) throw bad('a section that sends', 'none');
}

/** Profile of the first H.264 in packetization mode 1, as the sender will encode it. */
function offeredProfile(sdp: string): string {
  const line = /^a=fmtp:\d+ .*packetization-mode=1.*$/im.exec(sdp)?.[0] ?? '';
  return /profile-level-id=([0-9a-f]{6})/i.exec(line)?.[1]?.toLowerCase() ?? DEFAULT_PROFILE;
}

const bad = (expected: string, found: string): EngineError =>
  new EngineError('E_SDP_INVALID', {
    where: 'WHIP offer of an avatar',
    expected,
    found,
    todo: 'send the offer of a sendonly peer connection with one H.264 track, and one Opus track if there is sound',
  });

export interface AvatarSessionOptions {
  readonly log: Log;
  /** Addresses to offer besides those of the machine's interfaces; loopback by default. */
  readonly hostAddresses?: readonly string[];
  /** Takes an FLV video tag; false when it was lost. */
  readonly onTag: (tag: Uint8Array) => boolean;
  /** Takes an Opus packet of the source's sound. */
  readonly onSound: (sequence: number, payload: Uint8Array) => void;
  /** Called once, when the sender is gone for whatever reason. */
  readonly onGone: (reason: string) => void;
}

const CONNECT_MS = 12_000;
const SILENT_MS = 10_000;
const LOOK_MS = 500;
/** A lost picture smears the next ones: nothing is shown up to a key frame, but no longer than this. */
const SESSION_MAX_WAIT_MS = 1000;
const MIN_ASK_MS = 300;
/** Another stream of pictures takes over when the one before has been silent for so long. */
const SWITCH_MS = 500;

/** One engine that sends an avatar: a receiving peer connection for H.264 and Opus (WHIP without its HTTP). */
export class AvatarSession implements Closeable {
  private connection: RTCPeerConnection | undefined;
  private readonly timers: NodeJS.Timeout[] = [];
  private readonly tags: AvcTags;
  private readonly pictures: H264Depacketizer;
  private readonly order: RtpOrder;
  private seenMs = performance.now();
  private waitsSinceMs: number | undefined;
  private askedMs = -Infinity;
  /** The stream of pictures that is taken. */
  private ssrc: number | undefined;
  private over = false;
  private closed: Promise<void> | undefined;
  connected = false;

  constructor(private readonly options: AvatarSessionOptions) {
    this.tags = new AvcTags((tag) => {
      if (!options.onTag(tag)) this.needKey();
    });
    this.pictures = new H264Depacketizer((unit) => {
      const since = this.waitsSinceMs;
      if (since !== undefined && !unit.key && performance.now() - since < SESSION_MAX_WAIT_MS) return this.needKey();
      this.waitsSinceMs = undefined;
      this.tags.push(unit);
    });
    this.order = new RtpOrder(
      (packet) => this.pictures.push(packet),
      () => {
        this.pictures.gap();
        this.needKey();
      },
    );
  }

  /** Packets of pictures that never came. */
  get lostPackets(): number {
    return this.order.lost;
  }

  /** Throws E_SDP_INVALID. */
  async answer(offer: string): Promise<string> {
    checkAvatarOffer(offer);
    const connection = new RTCPeerConnection({
      codecs: { video: [h264Codec(offeredProfile(offer))], audio: [opusCodec()] },
      iceServers: [],
      iceAdditionalHostAddresses: [...(this.options.hostAddresses ?? ['127.0.0.1'])],
      bundlePolicy: 'max-bundle',
    });
    this.connection = connection;
    connection.onTrack.subscribe((track) => this.listen(track));
    try {
      await connection.setRemoteDescription({ type: 'offer', sdp: withoutHiddenAddresses(offer) });
      await connection.setLocalDescription(await connection.createAnswer());
    } catch (cause) {
      throw bad('an offer that can be answered', cause instanceof Error ? cause.message : String(cause));
    }
    for (const { receiver } of connection.getTransceivers()) limitLosses(receiver);
    const sdp = connection.localDescription?.sdp;
    if (sdp === undefined) throw new EngineError('E_INTERNAL', { where: 'WHIP answer', found: 'no description' });
    connection.connectionStateChange.subscribe((state) => {
      if (state === 'connected') this.connected = true;
      else if (state === 'failed' || state === 'closed') this.end(`connection ${state}`);
    });
    this.timers.push(
      limitDatagrams(connection, () => this.end('more packets than a sender of pictures needs')),
      setTimeout(() => this.connected || this.end('never connected'), CONNECT_MS),
      setInterval(() => {
        if (this.connected && performance.now() - this.seenMs > SILENT_MS) this.end('no pictures');
        else if (sendsTooManyStreams(connection)) this.end('packets of too many streams');
      }, LOOK_MS),
    );
    return sdp;
  }

  async close(): Promise<void> {
    this.end('closed here');
    await this.closed;
  }

  private listen(track: MediaStreamTrack): void {
    if (track.kind === 'audio') {
      track.onReceiveRtp.subscribe(({ header, payload }) => {
        if (!this.over) this.options.onSound(header.sequenceNumber, payload);
      });
      return;
    }
    track.onReceiveRtp.subscribe(({ header, payload }) => {
      if (this.over || payload.length === 0) return;
      const nowMs = performance.now();
      if (header.ssrc !== this.ssrc) {
        if (this.ssrc !== undefined && nowMs - this.seenMs < SWITCH_MS) return;
        this.ssrc = header.ssrc;
        this.order.restart();
        // The first key frame may have been sent before the connection was up.
        this.needKey();
      }
      this.seenMs = nowMs;
      const { sequenceNumber: sequence, timestamp, marker } = header;
      this.order.push({ sequence, timestamp, marker, payload });
    });
  }

  private needKey(): void {
    const nowMs = performance.now();
    this.waitsSinceMs ??= nowMs;
    if (nowMs - this.askedMs < MIN_ASK_MS) return;
    this.askedMs = nowMs;
    const { ssrc } = this;
    const receiver = this.connection?.getTransceivers().find((one) => one.kind === 'video')?.receiver;
    if (ssrc !== undefined) receiver?.sendRtcpPLI(ssrc).catch(() => undefined); // the next loss asks again
  }

  private end(reason: string): void {
    if (this.over) return;
    this.over = true;
    this.connected = false;
    for (const timer of this.timers) clearTimeout(timer);
    const { connection } = this;
    if (connection !== undefined) {
      endHandshakes(connection);
      this.closed = connection
        .close()
        .catch((e: unknown) => this.options.log.debug({ reason: String(e) }, 'closing a connection failed'));
    }
    this.options.onGone(reason);
  }
}
