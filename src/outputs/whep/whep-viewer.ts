import { MediaStream, MediaStreamTrack, RTCPeerConnection, type RTCRtpSender } from 'werift';
import type { Closeable } from '../../core/closeable.js';
import { EngineError } from '../../core/errors.js';
import type { Log } from '../../core/log.js';
import type { PacketSource } from '../../core/media/packets.js';
import {
  endHandshakes,
  h264Codec,
  limitDatagrams,
  opusCodec,
  sendsTooManyStreams,
} from '../webrtc/peer-connections.js';
import { MediaSender } from '../webrtc/media-sender.js';
import type { PayloadCache } from '../webrtc/viewer-stream.js';
import { fragmentCandidates, isHiddenAddress, withoutHiddenAddresses } from './sdp-offer.js';

export interface WhepViewerOptions {
  id: string;
  source: PacketSource;
  cache: PayloadCache;
  videoKbps: number;
  log: Log;
  /** Addresses to offer besides those of the machine's interfaces. */
  hostAddresses: readonly string[];
  /** Called once, when the viewer is gone for whatever reason. */
  onGone(): void;
}

const CONNECT_MS = 12_000;
/** Receivers report about once a second; after this much silence the viewer is gone. */
const SILENT_MS = 10_000;
const LOOK_MS = 1000;
/** Each candidate is an address the server contacts; a browser names about ten. */
const MAX_CANDIDATES = 100;

/** One viewer: its peer connection, its stream, its reports. */
export class WhepViewer implements Closeable {
  private readonly connection: RTCPeerConnection;
  private readonly media: MediaSender;
  private timers: NodeJS.Timeout[] = [];
  private started = false;
  private candidates = 0;
  private over = false;
  private closed: Promise<void> | undefined;

  constructor(private readonly options: WhepViewerOptions) {
    this.connection = new RTCPeerConnection({
      codecs: { video: [h264Codec()], audio: [opusCodec()] },
      iceServers: [],
      iceAdditionalHostAddresses: [...options.hostAddresses],
      bundlePolicy: 'max-bundle',
    });
    const together = new MediaStream({ id: 'room', tracks: [] });
    const add = (kind: 'video' | 'audio'): RTCRtpSender =>
      this.connection.addTransceiver(new MediaStreamTrack({ kind }), { direction: 'sendonly', streams: [together] })
        .sender;
    const { id, source, cache, videoKbps, log } = options;
    this.media = new MediaSender({
      id,
      connection: this.connection,
      senders: { video: add('video'), audio: add('audio') },
      source,
      cache,
      videoKbps,
      log,
      onEnd: (reason) => this.end(reason),
    });
  }

  get bytesSent(): number {
    return this.media.bytesSent;
  }
  get packetsDropped(): number {
    return this.media.packetsDropped;
  }
  /** The viewer's bandwidth limit, while it is below the send rate (REMB, with loss). */
  get limitKbps(): number | undefined {
    return this.media.limitKbps;
  }
  get connected(): boolean {
    return this.started && !this.over;
  }

  /** @throws EngineError E_SDP_INVALID */
  async answer(offer: string): Promise<string> {
    try {
      await this.connection.setRemoteDescription({ type: 'offer', sdp: withoutHiddenAddresses(offer) });
      this.chooseCodecs();
      await this.connection.setLocalDescription(await this.connection.createAnswer());
    } catch (cause) {
      throw new EngineError('E_SDP_INVALID', {
        where: 'WHEP offer',
        expected: 'an offer that can be answered',
        found: cause instanceof Error ? cause.message : String(cause),
        cause,
      });
    }
    const sdp = this.connection.localDescription?.sdp;
    if (sdp === undefined) throw new EngineError('E_INTERNAL', { where: 'WHEP answer', found: 'no description' });
    this.connection.connectionStateChange.subscribe((state) => {
      if (state === 'connected') this.start();
      else if (state === 'failed' || state === 'closed') this.end(`connection ${state}`);
    });
    if (this.connection.connectionState === 'connected') this.start();
    this.timers.push(
      limitDatagrams(this.connection, () => this.end('more packets than a viewer needs')),
      setTimeout(() => this.started || this.end('never connected'), CONNECT_MS),
    );
    return sdp;
  }

  /** @throws EngineError E_SDP_INVALID */
  async candidate(fragment: string): Promise<void> {
    for (const { candidate, mid } of fragmentCandidates(fragment)) {
      this.candidates += 1;
      if (this.candidates > MAX_CANDIDATES) {
        throw new EngineError('E_SDP_INVALID', {
          where: 'WHEP candidate',
          expected: `at most ${MAX_CANDIDATES} of them`,
          found: String(this.candidates),
        });
      }
      if (isHiddenAddress(candidate)) continue;
      try {
        await this.connection.addIceCandidate({ candidate, sdpMid: mid ?? '0' });
      } catch (cause) {
        throw new EngineError('E_SDP_INVALID', {
          where: 'WHEP candidate',
          found: cause instanceof Error ? cause.message : String(cause),
          cause,
        });
      }
    }
  }

  async close(): Promise<void> {
    this.end('closed here');
    await this.closed;
  }

  /**
   * One codec per section. Browsers list H.264 once per profile and packetization mode; decoding does not depend on the
   * announced profile (seen with High in Chromium), but depacketizing depends on the mode.
   */
  private chooseCodecs(): void {
    for (const transceiver of this.connection.getTransceivers()) {
      const usable = transceiver.codecs.filter(
        ({ mimeType, parameters = '' }) =>
          mimeType.toLowerCase() !== 'video/h264' || /packetization-mode=1/.test(parameters),
      );
      const best = usable.find(({ parameters = '' }) => /profile-level-id=42e0/i.test(parameters)) ?? usable[0];
      if (best !== undefined) transceiver.codecs = [best];
    }
  }

  private start(): void {
    if (this.started || this.over) return;
    this.started = true;
    this.media.start();
    this.timers.push(setInterval(() => this.look(), LOOK_MS));
  }

  private look(): void {
    if (performance.now() - this.media.lastHeardMs > SILENT_MS) this.end('no RTCP from the viewer');
    else if (sendsTooManyStreams(this.connection)) this.end('packets of too many streams');
  }

  private end(reason: string): void {
    if (this.over) return;
    this.over = true;
    const { log, id } = this.options;
    log.info({ viewer: id, reason }, 'viewer gone');
    this.media.close();
    for (const timer of this.timers) clearTimeout(timer);
    endHandshakes(this.connection);
    this.closed = this.connection
      .close()
      .catch((e: unknown) => log.debug({ viewer: id, reason: String(e) }, 'closing a connection failed'));
    this.options.onGone();
  }
}
