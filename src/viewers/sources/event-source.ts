import { createHash } from 'node:crypto';
import type { WebSocket } from 'ws';
import type { EventCounts, EventSink, EventSourceHealth, ViewerEvent } from '../../config/api/events-handle.js';
import type { Closeable } from '../../core/closeable.js';
import { EngineError } from '../../core/errors.js';
import type { Log } from '../../core/log.js';
import { AnswerTooLarge, heldFetch } from '../../core/net/held-fetch.js';
import type { Resolve } from '../../core/net/public-address.js';
import { RateLimited, TimeLimit } from '../../core/sleep.js';

const MAX_TEXT = 500;
const MAX_NAME = 60;
const MAX_ID = 120;
const MAX_COUNT = 1_000_000;
/** The last moment that a date can hold. */
const LAST_MS = 8.64e15;

/** An event as a platform reported it, not yet trusted. */
export interface RawEvent {
  /** The platform's id of the event. */
  readonly id: unknown;
  readonly platform: string;
  readonly kind: ViewerEvent['kind'];
  readonly user?: unknown;
  readonly text?: unknown;
  readonly count?: unknown;
  readonly atMs?: unknown;
}

/**
 * Brings a stranger's event into the engine's shape: one line of text, bounded lengths, an id of this source. Returns
 * undefined for a comment without words and for an event without an id.
 */
export function shapeEvent(source: string, raw: RawEvent): ViewerEvent | undefined {
  const id = oneLine(raw.id, 10_000);
  const text = oneLine(raw.text, MAX_TEXT);
  if (id === '' || (raw.kind === 'comment' && text === '')) return undefined;
  const count = Math.floor(numberOf(raw.count));
  const atMs = numberOf(raw.atMs);
  return {
    id: `${source}:${id.length > MAX_ID ? shortHash(id) : id}`,
    platform: raw.platform,
    kind: raw.kind,
    user: oneLine(raw.user, MAX_NAME),
    ...(text === '' ? {} : { text }),
    ...(count >= 1 ? { count: Math.min(MAX_COUNT, count) } : {}),
    ...(atMs > 0 && atMs <= LAST_MS ? { atMs } : {}),
  };
}

/** NaN for lists and objects: one nested deeply would overflow the stack on its way to a number. */
const numberOf = (value: unknown): number =>
  typeof value === 'number' || typeof value === 'string' || typeof value === 'bigint' ? Number(value) : NaN;

/** Characters that change the direction of what follows, and marks of direction. */
const DIRECTIONS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g;

/** Controls and line breaks become blanks, marks of direction are dropped; a cut never leaves half of a surrogate pair. */
export function oneLine(value: unknown, max: number): string {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (typeof value !== 'string') return '';
  const line = value
    .slice(0, max * 4)
    .replace(DIRECTIONS, '')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
  return line.slice(0, max).replace(/[\uD800-\uDBFF]$/, '');
}

/** 96 bits of a hash, for ids. */
export const shortHash = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 16);

/** The members of a parsed JSON object; empty for anything else. */
export const membersOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};

/** The value of a JSON text; undefined for other text. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

const LOG_MS = 60_000;
/** Maximum length of a server's own words: a code, a reason, the text of a close frame. */
export const MAX_SERVER_WORDS = 60;
const MAX_REASON = 200;

interface SourceFeedOptions {
  readonly id: string;
  readonly kind: string;
  readonly sink: EventSink;
  readonly log: Log;
}

/** A source's counters and state, and its way to the sink. */
export class SourceFeed {
  private state: EventSourceHealth['state'] = 'connecting';
  private lastError = '';
  private events = 0;
  private ignored = 0;
  /** The reason that the log has; it is said again only after a connection. */
  private reported = '';
  private readonly sayIgnored = new RateLimited(LOG_MS);
  private readonly sayFailed = new RateLimited(LOG_MS);

  constructor(private readonly options: SourceFeedOptions) {}

  take(events: readonly ViewerEvent[]): EventCounts {
    if (events.length === 0) return { taken: 0, repeated: 0, dropped: 0 };
    const result = this.options.sink.take(events);
    this.events += events.length;
    this.ignored += result.dropped;
    return result;
  }

  /** Counts a message that is left out; malformed ones come in floods, so the log says it once a minute. */
  ignore(reason: string): void {
    this.ignored += 1;
    if (!this.sayIgnored.due) return;
    const { id, log } = this.options;
    log.warn(
      { source: id, reason: oneLine(reason, MAX_REASON), ignored: this.ignored },
      'an event source sent something unusable; it is left out',
    );
  }

  connecting(): void {
    this.state = 'connecting';
  }

  live(): void {
    if (this.state !== 'live') this.options.log.info({ source: this.options.id }, 'an event source is connected');
    this.state = 'live';
    this.lastError = '';
    this.reported = '';
  }

  failed(why: string, retryMs: number): void {
    const { id, log } = this.options;
    const reason = oneLine(why, MAX_REASON);
    // A source that keeps failing for one reason is reported once; a server that words it differently each time, once a minute.
    const isDue = this.sayFailed.due;
    if (reason !== this.reported && (this.reported === '' || isDue))
      log.warn({ source: id, reason, retryMs: Math.round(retryMs) }, 'an event source is down; the engine tries again');
    this.state = 'backoff';
    this.lastError = reason;
    this.reported = reason;
  }

  stopped(): void {
    this.state = 'stopped';
  }

  health(): EventSourceHealth {
    const { id, kind } = this.options;
    const { state, lastError, events, ignored } = this;
    return { id, kind, state, lastError, events, ignored };
  }
}

/** Chats of the largest shows send a hundred messages a second. */
export const MAX_MESSAGES_A_SECOND = 1000;
/** Beyond this a second is no traffic but an attack. */
const MAX_FLOOD_A_SECOND = 5000;
/** Answers that the other side has not read. */
const MAX_UNSENT_BYTES = 256 * 1024;
const MAX_PONGS_A_SECOND = 10;
const SECOND_MS = 1000;

/**
 * Keeps one WebSocket from filling time or memory.
 *
 * Problem: a chunk of the network holds ten thousand empty messages, each of which costs a call; and a server that asks
 * without reading the answers leaves them in memory.
 * Rule: a connection that exceeds its messages of a second is paused until the second has passed, and what arrived
 * meanwhile is left out; far above, or with answers unread, it ends. Pings count as messages.
 */
export class MessagePace {
  private second = 0;
  private count = 0;
  private pongs = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly socket: WebSocket,
    /** Ends the connection with a reason. */
    private readonly refuse: (reason: string) => void,
    private readonly nowMs: () => number = () => performance.now(),
  ) {
    socket.on('ping', (data: Buffer) => this.pong(data));
    socket.on('close', () => clearTimeout(this.timer));
  }

  /** Counts a message; false when it is to be left out. */
  take(): boolean {
    const second = Math.floor(this.nowMs() / SECOND_MS);
    if (second !== this.second) {
      this.second = second;
      this.count = 0;
      this.pongs = 0;
    }
    this.count += 1;
    if (this.count <= MAX_MESSAGES_A_SECOND) return true;
    if (this.count > MAX_FLOOD_A_SECOND) this.refuse(`more than ${MAX_FLOOD_A_SECOND} messages a second`);
    else if (this.timer === undefined) {
      this.socket.pause();
      this.timer = setTimeout(
        () => {
          this.timer = undefined;
          this.socket.resume();
        },
        SECOND_MS - (this.nowMs() % SECOND_MS),
      );
    }
    return false;
  }

  /** Sends, unless the other side does not read. */
  send(data: string | Uint8Array): void {
    if (this.socket.readyState !== this.socket.OPEN) return;
    if (this.socket.bufferedAmount > MAX_UNSENT_BYTES)
      return this.refuse(`${MAX_UNSENT_BYTES / 1024} KiB of answers were not read`);
    this.socket.send(data);
  }

  private pong(data: Buffer): void {
    if (!this.take() || this.pongs >= MAX_PONGS_A_SECOND || this.socket.readyState !== this.socket.OPEN) return;
    this.pongs += 1;
    if (this.socket.bufferedAmount > MAX_UNSENT_BYTES)
      return this.refuse(`${MAX_UNSENT_BYTES / 1024} KiB of answers were not read`);
    this.socket.pong(data);
  }
}

/** Of a WebSocket, of either side: messages come one a turn of the loop, and pings are answered by MessagePace. */
export const PACED = { allowSynchronousEvents: false, autoPong: false } as const;

const TIMEOUT_MS = 10_000;
const MAX_BYTES = 4 * 1024 * 1024;

export interface JsonAnswer {
  readonly status: number;
  /** Seconds of `Retry-After`; 0 for none. */
  readonly retryAfterS: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** GET of a JSON object, bounded in time and bytes. Rejects with a reason that holds no part of the address. */
export async function getJson(
  url: URL,
  { signal, headers = {} }: { signal: AbortSignal; headers?: Record<string, string> },
): Promise<JsonAnswer> {
  const limit = new TimeLimit(TIMEOUT_MS, signal);
  try {
    const reply = await heldFetch(url, {
      headers: { accept: 'application/json', ...headers },
      redirect: 'error',
      signal: limit.signal,
    });
    const text = await reply.text(MAX_BYTES);
    const retryAfterS = Number(reply.headers.get('retry-after') ?? 0);
    return { status: reply.status, retryAfterS: retryAfterS > 0 ? retryAfterS : 0, body: membersOf(parseJson(text)) };
  } catch (error) {
    const { name, cause } = error as Error & { cause?: NodeJS.ErrnoException };
    if (name === 'TimeoutError')
      throw new Error(`no answer from ${url.host} in ${TIMEOUT_MS / 1000} s`, { cause: error });
    if (error instanceof AnswerTooLarge) throw error;
    throw new Error(`${url.host} cannot be reached${cause?.code === undefined ? '' : ` (${cause.code})`}`, {
      cause: error,
    });
  } finally {
    limit.end();
  }
}

/** The value of a `${NAME}` of the room file; undefined when the file names none. Throws E_ENV_MISSING. */
export function secretOf(reference: string | undefined, env: NodeJS.ProcessEnv, where: string): string | undefined {
  if (reference === undefined) return undefined;
  const name = reference.slice(2, -1);
  const value = env[name];
  if (value !== undefined && value !== '') return value;
  throw new EngineError('E_ENV_MISSING', {
    where,
    expected: `environment variable ${name}`,
    found: 'not set',
    todo: `set ${name} before starting, or remove the source`,
  });
}

/** One connection to a platform's events. It is started when it is made, and never throws afterwards. */
export interface EventSource extends Closeable {
  readonly id: string;
  readonly kind: string;
  health(): EventSourceHealth;
}

export interface Waits {
  readonly minMs: number;
  readonly maxMs: number;
}

export const USUAL_WAITS: Waits = { minMs: 1000, maxMs: 60_000 };

/** Delays between tries: each twice the last one, with jitter, so that rooms do not all return at once. */
export class Backoff {
  private tries = 0;

  constructor(
    private readonly waits: Waits,
    private readonly random: () => number = Math.random,
  ) {}

  nextMs(): number {
    const { minMs, maxMs } = this.waits;
    const fullMs = Math.min(maxMs, minMs * 2 ** Math.min(this.tries, 30));
    this.tries += 1;
    return Math.max(minMs, fullMs * (0.5 + this.random() / 2));
  }

  /** For a refusal that another try will not change soon. */
  longestMs(): number {
    return this.waits.maxMs * (0.5 + this.random() / 2);
  }

  reset(): void {
    this.tries = 0;
  }
}

export interface SourceOptions {
  readonly sink: EventSink;
  readonly log: Log;
  /** Holds the keys that the room file names. */
  readonly env: NodeJS.ProcessEnv;
  /** For tests: delays before a new try, and how long a silent connection is kept. */
  readonly waits?: Partial<Waits>;
  readonly idleMs?: number;
  /** For tests: how names of servers are looked up. */
  readonly resolve?: Resolve;
}
