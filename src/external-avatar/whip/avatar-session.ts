import { RTCPeerConnection, type MediaStreamTrack } from 'werift';
import type { Closeable } from '../../core/closeable.js';
import { EngineError } from '../../core/errors.js';
import type { Log } from '../../core/log.js';
import { h264Codec, opusCodec } from '../../outputs/webrtc/codecs.js';
import { endHandshakes } from '../../outputs/webrtc/end-handshakes.js';
import { limitLosses, sendsTooManyStreams } from '../../outputs/webrtc/incoming-limits.js';
import { withoutHiddenAddresses } from '../../outputs/whep/sdp-offer.js';
import { bad, checkAvatarOffer, offeredProfile } from './avatar-offer.js';
import { AvcTags } from './avc-tags.js';
import { H264Depacketizer } from './h264-depacketizer.js';
import { RtpOrder } from './rtp-order.js';

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
const MAX_WAIT_MS = 1000;
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
      if (since !== undefined && !unit.key && performance.now() - since < MAX_WAIT_MS) return this.needKey();
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
