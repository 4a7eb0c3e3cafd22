import { RTCPeerConnection } from 'werift';
import type { Closeable } from '../../core/closeable.js';
import { EngineError } from '../../core/errors.js';
import type { Log } from '../../core/log.js';
import { endHandshakes, limitDatagrams, opusCodec, sendsTooManyStreams } from '../webrtc/peer-connections.js';
import { withoutHiddenAddresses } from '../whep/sdp-offer.js';

export interface VoiceSessionOptions {
  readonly log: Log;
  /** Addresses to offer besides those of the machine's interfaces; loopback by default. */
  readonly hostAddresses?: readonly string[];
  readonly onPacket: (sequence: number, payload: Uint8Array) => void;
  /** Called once, when the sender is gone for whatever reason. */
  readonly onGone: (reason: string) => void;
}

const CONNECT_MS = 12_000;
/** Opus without speech still sends two packets a second. */
const SILENT_MS = 10_000;
const LOOK_MS = 1000;
const MAX_SDP_BYTES = 64 << 10;

/** One microphone: a receiving peer connection for one Opus track (WHIP without its HTTP). */
export class VoiceSession implements Closeable {
  private readonly connection: RTCPeerConnection;
  private readonly timers: NodeJS.Timeout[] = [];
  private heardMs = performance.now();
  private over = false;
  private closed: Promise<void> | undefined;
  connected = false;

  constructor(private readonly options: VoiceSessionOptions) {
    const { hostAddresses = ['127.0.0.1'], onPacket } = options;
    this.connection = new RTCPeerConnection({
      codecs: { audio: [opusCodec()], video: [] },
      iceServers: [],
      iceAdditionalHostAddresses: [...hostAddresses],
      bundlePolicy: 'max-bundle',
    });
    this.connection.onTrack.subscribe((track) => {
      if (track.kind !== 'audio') return;
      track.onReceiveRtp.subscribe(({ header, payload }) => {
        if (this.over) return;
        this.heardMs = performance.now();
        onPacket(header.sequenceNumber, payload);
      });
    });
  }

  /** @throws EngineError E_SDP_INVALID */
  async answer(offer: string): Promise<string> {
    checkVoiceOffer(offer);
    try {
      await this.connection.setRemoteDescription({ type: 'offer', sdp: withoutHiddenAddresses(offer) });
      await this.connection.setLocalDescription(await this.connection.createAnswer());
    } catch (cause) {
      throw bad('an offer that can be answered', cause instanceof Error ? cause.message : String(cause));
    }
    const sdp = this.connection.localDescription?.sdp;
    if (sdp === undefined) throw new EngineError('E_INTERNAL', { where: 'WHIP answer', found: 'no description' });
    this.connection.connectionStateChange.subscribe((state) => {
      if (state === 'connected') this.connected = true;
      else if (state === 'failed' || state === 'closed') this.end(`connection ${state}`);
    });
    this.timers.push(
      limitDatagrams(this.connection, () => this.end('more packets than a microphone needs')),
      setTimeout(() => this.connected || this.end('never connected'), CONNECT_MS),
      setInterval(() => {
        if (this.connected && performance.now() - this.heardMs > SILENT_MS) this.end('no sound from the microphone');
        else if (sendsTooManyStreams(this.connection)) this.end('packets of too many streams');
      }, LOOK_MS),
    );
    return sdp;
  }

  async close(): Promise<void> {
    this.end('closed here');
    await this.closed;
  }

  private end(reason: string): void {
    if (this.over) return;
    this.over = true;
    this.connected = false;
    for (const timer of this.timers) clearTimeout(timer);
    endHandshakes(this.connection);
    this.closed = this.connection
      .close()
      .catch((e: unknown) => this.options.log.debug({ reason: String(e) }, 'closing a connection failed'));
    this.options.onGone(reason);
  }
}

function checkVoiceOffer(sdp: string): void {
  if (sdp.length > MAX_SDP_BYTES) throw bad(`at most ${MAX_SDP_BYTES} bytes`, `${sdp.length}`);
  if (!/^v=0\r?\n/.test(sdp)) throw bad('an SDP that starts with v=0', JSON.stringify(sdp.slice(0, 20)));
  if ((sdp.match(/^m=audio /gm) ?? []).length !== 1) throw bad('one audio section', 'another number');
  if (/^m=video /m.test(sdp)) throw bad('sound only', 'a video section');
  if (!/^a=ice-ufrag:/m.test(sdp) || !/^a=fingerprint:/m.test(sdp))
    throw bad('a WebRTC offer with ICE and DTLS', 'no ICE or DTLS attributes');
  if (!/^a=rtpmap:\d+ opus\/48000\/2/im.test(sdp)) throw bad('Opus among the codecs', 'no Opus');
  if (!/^a=(sendonly|sendrecv)\s*$/m.test(sdp)) throw bad('a section that sends', 'none');
}

const bad = (expected: string, found: string): EngineError =>
  new EngineError('E_SDP_INVALID', {
    where: 'WHIP offer of a microphone',
    expected,
    found,
    todo: 'send the offer of a sendonly peer connection with one Opus track',
  });
