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
import { EngineError, toEngineError, type ErrorCode } from '../../core/errors.js';
import type { Log } from '../../core/log.js';
import type { OutputProgress } from '../output.js';
import type { WhipContent, WhipSession } from './whip-session.js';
import { type HeldAnswer, heldFetch } from '../../core/net/held-fetch.js';
import type { AddressGuard } from '../../core/net/public-address.js';
import { TimeLimit } from '../../core/sleep.js';

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

/** The endpoint's answer to an offer. */
interface WhipAnswer {
  readonly sdp: string;
  /** The session's resource. */
  readonly session: URL;
  /** Entity tag of the ICE session; only where the server accepts trickled candidates. */
  readonly etag: string | undefined;
  readonly iceServers: readonly RTCIceServer[];
}

interface WhipHttpOptions {
  /** May hold a key; never shown. */
  readonly url: string;
  readonly token?: string | undefined;
  /** Codecs in words, for a server that does not accept them. */
  readonly sends: string;
  /** For display: which output. */
  readonly where: string;
  /** For tests: addresses of other hosts. */
  readonly guard?: AddressGuard;
}

interface WhipRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

const REQUEST_MS = 8000;
const GOODBYE_MS = 1500;
const REDIRECTS = 5;
const MAX_ANSWER_BYTES = 256 << 10;

/** The HTTP of WHIP (RFC 9725): an offer is posted, candidates are patched, the session is deleted. */
export class WhipHttp {
  constructor(private readonly options: WhipHttpOptions) {}

  /** @throws EngineError E_OUTPUT_REFUSED, E_OUTPUT_CONNECT, E_OUTPUT_INVALID, E_SDP_INVALID */
  async offer(sdp: string, signal: AbortSignal): Promise<WhipAnswer> {
    let url = new URL(this.options.url);
    for (let redirects = 0; ; redirects += 1) {
      const from = url;
      const headers = { 'content-type': 'application/sdp', accept: 'application/sdp' };
      const next = await this.send({ method: 'POST', url, headers, body: sdp, signal }, async (reply) => {
        if (reply.status === 307 || reply.status === 308) {
          await reply.drop();
          return this.redirected(from, reply.headers.get('location'), redirects);
        }
        if (reply.status !== 201) throw await this.refused(reply);
        return this.answer(from, reply);
      });
      if (!(next instanceof URL)) return next;
      url = next;
    }
  }

  /** Sends candidates; false when the server does not (or no longer) accept them. */
  async patch(answer: WhipAnswer, fragment: string, signal: AbortSignal): Promise<boolean> {
    const headers = { 'content-type': 'application/trickle-ice-sdpfrag', 'if-match': answer.etag ?? '*' };
    return this.send({ method: 'PATCH', url: answer.session, headers, body: fragment, signal }, async (reply) => {
      await reply.drop();
      return reply.ok;
    });
  }

  /** Deletes the session; it is over whatever the server answers. */
  async leave(session: URL): Promise<void> {
    await this.send({ method: 'DELETE', url: session, timeoutMs: GOODBYE_MS }, (reply) => reply.drop());
  }

  private async send<T>(
    { method, url, headers, body, signal, timeoutMs = REQUEST_MS }: WhipRequest,
    read: (reply: HeldAnswer) => Promise<T>,
  ): Promise<T> {
    const { token } = this.options;
    const authorization: Record<string, string> = token !== undefined ? { authorization: `Bearer ${token}` } : {};
    const limit = new TimeLimit(timeoutMs, signal);
    try {
      const init = {
        method,
        headers: { ...headers, ...authorization },
        ...(body === undefined ? {} : { body }),
        redirect: 'manual',
        signal: limit.signal,
        guard: this.isOwn(url) ? undefined : (this.options.guard ?? {}),
      } as const;
      return await read(await heldFetch(url, init));
    } catch (e) {
      if (e instanceof EngineError) throw e;
      // A fetch error's message may hold the address, so only its system code is reported.
      const code = e instanceof Error ? (e.cause as NodeJS.ErrnoException | undefined)?.code : undefined;
      const found = limit.isOver ? `no answer in ${timeoutMs} ms` : (code ?? 'no connection');
      throw this.error('E_OUTPUT_CONNECT', 'an answer over HTTP', found, 'check the address; the engine retries');
    } finally {
      limit.end();
    }
  }

  private isOwn(url: URL): boolean {
    return url.hostname === new URL(this.options.url).hostname;
  }

  /** The endpoint may name another host (RFC 9725), which gets the token: over TLS, and on the public internet. */
  private named(from: URL, location: string | null): URL | string {
    if (location === null || !URL.canParse(location, from.href)) return 'no usable Location header';
    const to = new URL(location, from);
    if (!/^https?:$/.test(to.protocol)) return 'another protocol';
    if (from.protocol === 'https:' && to.protocol === 'http:') return 'a downgrade from HTTPS to HTTP';
    if (to.protocol === 'http:' && !this.isOwn(to)) return 'another host without TLS';
    return to;
  }

  private redirected(from: URL, location: string | null, redirects: number): URL {
    const wrong = (found: string): EngineError =>
      this.error('E_OUTPUT_CONNECT', 'a redirect to an endpoint', found, 'ask the operator of the server');
    const to = this.named(from, location);
    if (typeof to === 'string') throw wrong(to);
    if (redirects >= REDIRECTS) throw wrong(`more than ${REDIRECTS} of them`);
    return to;
  }

  private async answer(url: URL, reply: HeldAnswer): Promise<WhipAnswer> {
    const session = this.named(url, reply.headers.get('location'));
    if (typeof session === 'string') {
      await reply.drop();
      throw this.error(
        'E_OUTPUT_CONNECT',
        'the address of the session (Location)',
        session,
        'check that the address is a WHIP endpoint',
      );
    }
    const type = reply.headers.get('content-type') ?? 'none';
    const sdp = await reply.beginning(MAX_ANSWER_BYTES + 1);
    if (!/^application\/sdp\b/i.test(type) || sdp.length > MAX_ANSWER_BYTES || !sdp.startsWith('v=0')) {
      throw this.error('E_SDP_INVALID', 'an answer as application/sdp', `content type ${type.slice(0, 60)}`);
    }
    return {
      sdp,
      session,
      etag: reply.headers.get('etag') ?? undefined,
      iceServers: iceServersOf(reply.headers.get('link') ?? ''),
    };
  }

  private async refused(reply: HeldAnswer): Promise<EngineError> {
    await reply.drop();
    const { status } = reply;
    const after = reply.headers.get('retry-after');
    const wait = after === null || !/^[\w ,:]{1,40}$/.test(after) ? '' : ` (the server asks to retry after ${after})`;
    const known = STATUS[status] ?? (status >= 500 ? STATUS[500]! : STATUS[400]!);
    const details = { retryAfterMs: retryAfterMs(after, reply.headers.get('date')) };
    const todo = known[2] === CHECK_CODECS ? `${CHECK_CODECS}: the engine sends ${this.options.sends}` : known[2];
    return this.error(known[0], 'status 201', `${status}: ${known[1]}${wait}`, todo, details);
  }

  private error(
    code: ErrorCode,
    expected: string,
    found: string,
    todo?: string,
    details?: Record<string, unknown>,
  ): EngineError {
    return new EngineError(code, { where: this.options.where, expected, found, todo, details });
  }
}

const CHECK_CODECS = 'check the codecs the server accepts';
const STATUS: Readonly<Record<number, readonly [ErrorCode, found: string, todo: string]>> = {
  400: ['E_OUTPUT_REFUSED', 'the offer is not accepted', CHECK_CODECS],
  401: ['E_OUTPUT_REFUSED', 'the token is missing or wrong', 'copy the token again'],
  403: ['E_OUTPUT_REFUSED', 'the token may not publish here', 'check what the token is for'],
  404: ['E_OUTPUT_REFUSED', 'there is no such endpoint', 'copy the address again'],
  405: ['E_OUTPUT_REFUSED', 'the address takes no POST', 'use the WHIP address, not the address of a page'],
  406: ['E_OUTPUT_REFUSED', 'the offer is not accepted', CHECK_CODECS],
  409: ['E_OUTPUT_REFUSED', 'somebody else publishes there', 'end the other publisher; the engine retries'],
  415: ['E_OUTPUT_REFUSED', 'the address takes no SDP', 'check that it is the WHIP address'],
  422: ['E_OUTPUT_REFUSED', 'the offer is not accepted', CHECK_CODECS],
  429: ['E_OUTPUT_CONNECT', 'too many requests', 'the engine retries'],
  500: ['E_OUTPUT_CONNECT', 'an internal server error', 'the engine retries'],
  503: ['E_OUTPUT_CONNECT', 'the server is busy', 'the engine retries'],
};

/** `Retry-After`: seconds, or a date by the server's own clock (RFC 9110, 10.2.3); undefined for anything else. */
export function retryAfterMs(field: string | null, serverDate: string | null): number | undefined {
  if (field === null) return undefined;
  const ms = /^\d{1,9}$/.test(field) ? Number(field) * 1000 : Date.parse(field) - Date.parse(serverDate ?? '');
  return ms > 0 ? ms : undefined;
}

/** `Link: <stun:host>; rel="ice-server"`, with user name and credential for TURN (RFC 9725, 4.6). */
export function iceServersOf(link: string): RTCIceServer[] {
  const servers: RTCIceServer[] = [];
  for (const [, urls, rest] of link.matchAll(
    /<((?:stun|turn)s?:[^>]+)>((?:\s*;\s*[\w-]+=(?:"(?:[^"\\]|\\.)*"|[^\s;,"]+))*)/gi,
  )) {
    const parameters = new Map<string, string>();
    for (const [, name, quoted, bare] of rest!.matchAll(/([\w-]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]+))/g)) {
      parameters.set(name!.toLowerCase(), quoted?.replaceAll(/\\(.)/g, '$1') ?? bare!);
    }
    if (parameters.get('rel') !== 'ice-server') continue;
    servers.push({ urls: urls!, username: parameters.get('username'), credential: parameters.get('credential') });
  }
  return servers;
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
