/**
 * Sends media over WebRTC to a WHIP endpoint (RFC 9725).
 *
 * Rule: one session per run. The offer goes out with the candidates found in the first moment; later ones (a slow STUN
 * server) are trickled where the server gave an entity tag, and left out otherwise. ICE servers named by the endpoint
 * are used from the next session on, which begins at once when the first cannot connect. The session is deleted
 * whenever a run ends.
 * Numbers: 0.7 s for candidates; 10 s to connect, 3 s while ICE servers are left to try.
 */
import type { RTCIceServer } from 'werift';
import { EngineError, toEngineError } from '../../core/errors.js';
import type { Log } from '../../core/log.js';
import type { OutputProgress } from '../output.js';
import type { WhipContent } from './whip-content.js';
import { WhipHttp, type WhipAnswer } from './whip-http.js';
import type { WhipSession } from './whip-session.js';

const REPORT_MS = 500;
const CONNECT_MS = 10_000;
const TRY_MS = 3000;

export interface WhipClientOptions {
  readonly id: string;
  /** Says in errors whose session it is. */
  readonly whose: string;
  readonly url: string;
  readonly token?: string | undefined;
  /** Codecs in words, for a server that does not accept them. */
  readonly sends: string;
  /** Loaded late: 15 MB of code that only rooms with WHIP need. */
  readonly content: () => Promise<WhipContent>;
  readonly log: Log;
  /** Addresses to offer besides those of the machine's interfaces; loopback by default. */
  readonly hostAddresses?: readonly string[] | undefined;
}

export class WhipClient {
  /** Address without its key. */
  readonly target: string;
  readonly hosts: readonly string[];
  private readonly http: WhipHttp;
  private readonly where: string;
  private iceServers: readonly RTCIceServer[] = [];

  /** @throws EngineError E_OUTPUT_INVALID */
  constructor(private readonly options: WhipClientOptions) {
    const { whose, url, token, sends } = options;
    if (!URL.canParse(url) || !/^https?:/.test(url)) {
      throw new EngineError('E_OUTPUT_INVALID', { where: whose, expected: 'https://host/…', found: 'another form' });
    }
    const { protocol, host, hostname } = new URL(url);
    // Any part of the path may be the key.
    this.target = `${protocol}//${host}/***`;
    this.hosts = [hostname];
    this.where = `${whose} (${this.target})`;
    this.http = new WhipHttp({ url, token, sends, where: this.where });
  }

  /** As `run` of an output. */
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
    const { id, content, log, hostAddresses } = this.options;
    const { WhipSession } = await import('./whip-session.js');
    const { where, iceServers } = this;
    const session = new WhipSession({ id, where, content: await content(), iceServers, log, hostAddresses });
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

  private async deliver({ media, ended }: WhipSession, report: (progress: OutputProgress) => void): Promise<void> {
    const update = (): void => report(media.progress());
    media.start();
    update();
    const timer = setInterval(update, REPORT_MS);
    await ended;
    clearInterval(timer);
    update();
  }

  /** Sends the candidates that came after the offer. */
  private async trickle(session: WhipSession, answer: WhipAnswer, signal: AbortSignal): Promise<void> {
    const { log, id } = this.options;
    try {
      for await (const fragment of session.lateCandidates()) {
        if (signal.aborted || !(await this.http.patch(answer, fragment, signal))) return;
      }
    } catch (e) {
      // The connection may work without them; the supervisor sees whether it does.
      log.debug({ output: id, reason: String(e) }, 'the server refused ICE candidates');
    }
  }

  private async leave(session: URL): Promise<void> {
    const { log, id } = this.options;
    await this.http
      .leave(session)
      .catch((e: unknown) => log.debug({ output: id, reason: String(e) }, 'could not delete the WHIP session'));
  }
}
