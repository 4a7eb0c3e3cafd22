import {
  MediaStream,
  MediaStreamTrack,
  RTCPeerConnection,
  type RTCIceServer,
  type RTCRtpSender,
  type RTCRtpCodecParameters,
} from 'werift';
import { EngineError } from '../../core/errors.js';
import type { Log } from '../../core/log.js';
import { endHandshakes } from '../webrtc/peer-connections.js';
import type { OutputProgress } from '../output.js';

/** Media that flows over one connection. */
interface WhipMedia {
  /** Called once the connection is up. */
  start(): void;
  progress(): OutputProgress;
  close(): void;
}

interface WhipLink {
  readonly connection: RTCPeerConnection;
  /** Adds a track of its kind; all tracks belong to one stream. */
  readonly track: (kind: 'video' | 'audio') => RTCRtpSender;
  /** The media are over. */
  readonly onEnd: (reason: string) => void;
}

/** The tracks of a session. */
export interface WhipContent {
  readonly codecs: { readonly video: RTCRtpCodecParameters[]; readonly audio: RTCRtpCodecParameters[] };
  open(link: WhipLink): WhipMedia;
}

export interface WhipSessionOptions {
  readonly id: string;
  /** For errors. */
  readonly where: string;
  readonly content: WhipContent;
  readonly iceServers: readonly RTCIceServer[];
  readonly log: Log;
  readonly hostAddresses?: readonly string[] | undefined;
}

const CANDIDATES_MS = 700;

/** One sending peer connection that reports when and why it ended. */
export class WhipSession {
  readonly media: WhipMedia;
  /** Why it ended; empty before that. */
  reason = '';
  readonly ended: Promise<void>;
  private readonly connection: RTCPeerConnection;
  private end_: () => void = () => undefined;
  private candidates: string[] = [];
  private gathered: Promise<unknown> = Promise.resolve();
  private closed: Promise<void> | undefined;

  constructor(private readonly options: WhipSessionOptions) {
    const { content, iceServers, hostAddresses = ['127.0.0.1'] } = options;
    this.ended = new Promise((resolve) => (this.end_ = resolve));
    this.connection = new RTCPeerConnection({
      codecs: content.codecs,
      iceServers: [...iceServers],
      iceAdditionalHostAddresses: [...hostAddresses],
      bundlePolicy: 'max-bundle',
    });
    const together = new MediaStream({ id: 'room', tracks: [] });
    const track = (kind: 'video' | 'audio'): RTCRtpSender =>
      this.connection.addTransceiver(new MediaStreamTrack({ kind }), { direction: 'sendonly', streams: [together] })
        .sender;
    this.media = content.open({ connection: this.connection, track, onEnd: (reason) => this.end(reason) });
    this.connection.connectionStateChange.subscribe((state) => {
      if (state === 'failed' || state === 'closed')
        this.end(`the connection ${state === 'failed' ? 'failed' : 'was closed'}`);
    });
    this.connection.onIceCandidate.subscribe((candidate) => {
      if (candidate?.candidate) this.candidates.push(candidate.candidate.replace(/^a=/, ''));
    });
  }

  /** The offer, with the candidates found in the first moment. */
  async offer(): Promise<string> {
    await this.connection.createOffer();
    const gathered = this.connection.setLocalDescription();
    gathered.catch((e: unknown) => this.end(`no candidates: ${String(e)}`));
    this.gathered = gathered;
    let timer: NodeJS.Timeout | undefined;
    const moment = new Promise((resolve) => (timer = setTimeout(resolve, CANDIDATES_MS)));
    await Promise.race([this.gathered, moment]);
    clearTimeout(timer);
    const sdp = this.connection.localDescription?.sdp;
    if (sdp === undefined) throw new EngineError('E_INTERNAL', { where: 'WHIP offer', found: 'no description' });
    const missing = this.candidates.filter((candidate) => !sdp.includes(candidate));
    this.candidates = [];
    if (missing.length === 0) return sdp;
    const lines = missing.map((candidate) => `a=${candidate}\r\n`).join('');
    return sdp.replace(/^a=mid:.*\r\n/m, (mid) => mid + lines);
  }

  /** @throws EngineError E_SDP_INVALID */
  async accept(answer: string): Promise<void> {
    try {
      await this.connection.setRemoteDescription({ type: 'answer', sdp: answer });
    } catch (cause) {
      throw new EngineError('E_SDP_INVALID', {
        where: this.options.where,
        expected: 'an answer to the offer',
        found: cause instanceof Error ? cause.message : String(cause),
        cause,
      });
    }
  }

  /** Fragments of candidates that came after the offer (RFC 8840), until gathering is complete. */
  async *lateCandidates(): AsyncGenerator<string> {
    await this.gathered;
    const sdp = this.connection.localDescription?.sdp ?? '';
    const line = (name: string): string => new RegExp(`^a=${name}:.*$`, 'm').exec(sdp)?.[0] ?? '';
    const late = this.candidates.splice(0);
    if (late.length === 0) return;
    const media = /^m=.*$/m.exec(sdp)?.[0] ?? '';
    const lines = [line('ice-ufrag'), line('ice-pwd'), media, line('mid'), ...late.map((one) => `a=${one}`)];
    yield `${[...lines.map((one) => one.trim()), 'a=end-of-candidates'].join('\r\n')}\r\n`;
  }

  /** Whether it connected in time, before it ended. */
  async connected(timeoutMs: number): Promise<boolean> {
    const isConnected = (): boolean => this.connection.connectionState === 'connected';
    if (isConnected() || this.reason !== '') return isConnected();
    let timer: NodeJS.Timeout | undefined;
    const up = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, timeoutMs);
      this.connection.connectionStateChange.subscribe((state) => {
        if (state === 'connected') resolve();
      });
    });
    await Promise.race([up, this.ended]);
    clearTimeout(timer);
    return isConnected();
  }

  end(reason: string): void {
    if (this.reason !== '') return;
    this.reason = reason;
    this.media.close();
    this.end_();
  }

  close(): Promise<void> {
    this.end('closed by the engine');
    const { log, id } = this.options;
    endHandshakes(this.connection);
    this.closed ??= this.connection
      .close()
      .catch((e: unknown) => log.debug({ output: id, reason: String(e) }, 'closing a connection failed'));
    return this.closed;
  }
}
