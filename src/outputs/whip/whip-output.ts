/**
 * Pushes the room over WebRTC to a WHIP endpoint (RFC 9725).
 *
 * Rule: one session per run. The offer goes out with the candidates found in the first moment; later ones (a slow STUN
 * server) are trickled where the server gave an entity tag, and left out otherwise. ICE servers named by the endpoint
 * are used from the next session on, which begins at once when the first cannot connect. The session is deleted
 * whenever a run ends. Delivered bytes are those the peer's receiver reports cover, picture only.
 * Numbers: 0.7 s for candidates; 10 s to connect, 3 s while ICE servers are left to try.
 */
import type { RTCIceServer } from 'werift';
import { EngineError, toEngineError } from '../../core/errors.js';
import type { Output, OutputProgress } from '../output.js';
import { RateWindow } from '../rate-window.js';
import type { WhipOutputOptions } from './whip-options.js';
import { WhipHttp, type WhipAnswer } from './whip-http.js';
import type { WhipSession } from './whip-session.js';

const REPORT_MS = 500;
const CONNECT_MS = 10_000;
const TRY_MS = 3000;

export class WhipOutput implements Output {
  readonly kind = 'whip';
  readonly id: string;
  readonly target: string;
  readonly hosts: readonly string[];
  private readonly http: WhipHttp;
  private readonly where: string;
  private iceServers: readonly RTCIceServer[] = [];

  /** @throws EngineError E_OUTPUT_INVALID */
  constructor(private readonly options: WhipOutputOptions) {
    const { id, url, token } = options;
    if (!URL.canParse(url) || !/^https?:/.test(url)) {
      throw new EngineError('E_OUTPUT_INVALID', {
        where: `output "${id}"`,
        expected: 'https://host/…',
        found: 'another form',
      });
    }
    const { protocol, host, hostname } = new URL(url);
    this.id = id;
    // Any part of the path may be the key.
    this.target = `${protocol}//${host}/***`;
    this.hosts = [hostname];
    this.where = `output "${id}" (${this.target})`;
    this.http = new WhipHttp({ url, token, where: this.where });
  }

  async run(signal: AbortSignal, report: (progress: OutputProgress) => void): Promise<void> {
    try {
      const found = await this.session(signal, report);
      if (!found && !signal.aborted) await this.session(signal, report);
    } catch (e) {
      if (!signal.aborted) throw toEngineError(e, this.where);
    }
  }

  /** Runs one session to its end; false when it could not connect and new ICE servers are left to try. */
  private async session(signal: AbortSignal, report: (progress: OutputProgress) => void): Promise<boolean> {
    // 15 MB of code that only rooms with WHIP outputs load.
    const { WhipSession } = await import('./whip-session.js');
    const session = new WhipSession({ ...this.options, iceServers: this.iceServers });
    let answer: WhipAnswer | undefined;
    const leave = (): void => session.end('closed by the engine');
    signal.addEventListener('abort', leave, { once: true });
    if (signal.aborted) leave();
    try {
      answer = await this.http.offer(await session.offer(), signal);
      const news = answer.iceServers.filter(({ urls }) => !this.iceServers.some((known) => known.urls === urls));
      this.iceServers = answer.iceServers;
      await session.accept(answer.sdp);
      if (answer.etag !== undefined) void this.trickle(session, answer, signal);
      if (!(await session.connected(news.length > 0 ? TRY_MS : CONNECT_MS))) {
        if (signal.aborted) return true;
        if (news.length > 0) return false;
        throw new EngineError('E_OUTPUT_CONNECT', {
          where: this.where,
          expected: `a WebRTC connection within ${CONNECT_MS} ms`,
          found: session.reason === '' ? 'no connection' : session.reason,
          todo: 'check that UDP gets through; the engine retries',
        });
      }
      await this.deliver(session, report);
      if (signal.aborted) return true;
      throw new EngineError('E_OUTPUT_LOST', { where: this.where, found: session.reason, todo: 'the engine retries' });
    } finally {
      signal.removeEventListener('abort', leave);
      await Promise.all([session.close(), answer === undefined ? undefined : this.leave(answer.session)]);
    }
  }

  private async deliver(session: WhipSession, report: (progress: OutputProgress) => void): Promise<void> {
    const rate = new RateWindow();
    const update = (): void => {
      const { media } = session;
      rate.add(performance.now(), media.videoBytesSent);
      const { ms: lagMs, bytes: lagBytes } = media.stream.lag();
      report({
        accepted: true,
        bytesSent: media.videoBytesSent,
        bytesDelivered: media.videoBytesSeen,
        // Receivers report about once a second.
        tolerance: Math.max(8 << 10, (rate.kbps ?? this.options.videoKbps) * 250),
        packetsDropped: media.packetsDropped,
        lagMs,
        lagBytes,
        estimateKbps: media.estimateKbps,
      });
    };
    session.media.start();
    update();
    const timer = setInterval(update, REPORT_MS);
    await session.ended;
    clearInterval(timer);
    update();
  }

  /** Sends the candidates that came after the offer. */
  private async trickle(session: WhipSession, answer: WhipAnswer, signal: AbortSignal): Promise<void> {
    try {
      for await (const fragment of session.lateCandidates()) {
        if (signal.aborted || !(await this.http.patch(answer, fragment, signal))) return;
      }
    } catch (e) {
      // The connection may work without them; the supervisor sees whether it does.
      this.options.log.debug({ output: this.id, reason: String(e) }, 'the server refused ICE candidates');
    }
  }

  private async leave(session: URL): Promise<void> {
    await this.http
      .leave(session)
      .catch((e: unknown) =>
        this.options.log.debug({ output: this.id, reason: String(e) }, 'could not delete the WHIP session'),
      );
  }
}
