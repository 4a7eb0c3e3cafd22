/**
 * A WebSocket client that stays connected.
 *
 * Problem: platforms close connections, restart, go silent without closing, and send more than anybody can use. A room
 * on air must neither fail nor fill its memory because of that.
 * Rule: a lost connection is tried again with growing, jittered delays; the delays start over once a connection has
 * proved itself. A silent connection is pinged, then dropped. A message above the limit drops the connection, as do
 * answers that are not read; a flood of messages is paused. No callback's error leaves this class.
 * Numbers: 1 s to 60 s between tries, 10 s to connect, 60 s of silence, 256 KiB a message, 256 KiB unread, 1,000
 * messages a second.
 */
import type { LookupFunction } from 'node:net';
import { WebSocket, type RawData } from 'ws';
import type { Closeable } from '../../core/closeable.js';
import {
  Backoff,
  MAX_SERVER_WORDS,
  MessagePace,
  oneLine,
  PACED,
  type SourceFeed,
  USUAL_WAITS,
  type Waits,
} from './event-source.js';

const CONNECT_MS = 10_000;
const IDLE_MS = 60_000;
const MAX_MESSAGE_BYTES = 256 * 1024;
/** Messages of one chunk of the network that wait for the one being unpacked. */
const MAX_WAITING = 32;
/** A connection this old counts as good, whatever it sent. */
const PROVEN_MS = 30_000;

export interface ReconnectingSocketOptions {
  /** The address, looked up for each try. A rejection counts as a failed try. */
  readonly url: (signal: AbortSignal) => string | Promise<string>;
  /** Finds the address of a name, for a server that another one named. */
  readonly lookup?: LookupFunction;
  readonly feed: SourceFeed;
  readonly onOpen?: (socket: SocketHandle) => void;
  /** While its promise is pending, the connection is paused. */
  readonly onMessage: (data: Buffer, isBinary: boolean, socket: SocketHandle) => void | Promise<void>;
  /** The connection is live at once; otherwise when `live()` is called. Default true. */
  readonly liveOnOpen?: boolean;
  /** Called every `keepAliveMs` instead of a WebSocket ping, for protocols with a heartbeat of their own. */
  readonly keepAlive?: { readonly everyMs: number; readonly send: (socket: SocketHandle) => void };
  readonly waits?: Partial<Waits> | undefined;
  readonly idleMs?: number | undefined;
  readonly maxMessageBytes?: number;
}

/** The present connection, for its protocol. */
export interface SocketHandle {
  send(data: string | Uint8Array): void;
  live(): void;
  /** Ends this connection with a reason; `lasting`: the next try waits the longest delay. */
  refuse(reason: string, lasting?: boolean): void;
}

export class ReconnectingSocket implements Closeable {
  private readonly backoff: Backoff;
  private readonly stop = new AbortController();
  private socket: WebSocket | undefined;
  private retry: NodeJS.Timeout | undefined;

  constructor(private readonly options: ReconnectingSocketOptions) {
    this.backoff = new Backoff({ ...USUAL_WAITS, ...options.waits });
    void this.connect();
  }

  close(): Promise<void> {
    if (this.stop.signal.aborted) return Promise.resolve();
    this.stop.abort();
    clearTimeout(this.retry);
    this.options.feed.stopped();
    this.socket?.terminate();
    return Promise.resolve();
  }

  private async connect(): Promise<void> {
    const { feed, url } = this.options;
    feed.connecting();
    try {
      const address = await url(this.stop.signal);
      if (!this.stop.signal.aborted) this.open(address);
    } catch (error) {
      const lasting = error instanceof LastingRefusal;
      this.again(error instanceof Error ? error.message : String(error), lasting);
    }
  }

  private open(address: string): void {
    const { feed, onOpen, onMessage, liveOnOpen = true, keepAlive } = this.options;
    const idleMs = this.options.idleMs ?? IDLE_MS;
    const socket = new WebSocket(address, {
      handshakeTimeout: CONNECT_MS,
      maxPayload: this.options.maxMessageBytes ?? MAX_MESSAGE_BYTES,
      // A few bytes that unpack to a large message would pass the limit of the packed size.
      perMessageDeflate: false,
      followRedirects: false,
      ...(this.options.lookup === undefined ? {} : { lookup: this.options.lookup }),
      ...PACED,
    });
    this.socket = socket;
    const timers: NodeJS.Timeout[] = [];
    let reason = '';
    let lasting = false;
    let heardMs = performance.now();
    const handle: SocketHandle = {
      send: (data) => pace.send(data),
      live: () => {
        feed.live();
        this.backoff.reset();
      },
      refuse: (why, forLong = false) => {
        reason = why;
        lasting = forLong;
        socket.terminate();
      },
    };
    const pace = new MessagePace(socket, (why) => handle.refuse(why));
    /** Messages in their order, where reading one takes several turns. */
    let reading: Promise<void> | undefined;
    let waiting = 0;
    const heard = (): void => void (heardMs = performance.now());
    const unreadable = (error: unknown): void => feed.ignore(`it could not be read: ${String(error).slice(0, 200)}`);
    const guarded = (run: () => void): void => {
      try {
        run();
      } catch (error) {
        unreadable(error);
      }
    };
    socket.on('open', () => {
      heard();
      if (liveOnOpen) feed.live();
      guarded(() => onOpen?.(handle));
      timers.push(setTimeout(() => this.backoff.reset(), PROVEN_MS));
      timers.push(
        setInterval(() => {
          if (performance.now() - heardMs > idleMs) return handle.refuse(`silent for ${Math.round(idleMs / 1000)} s`);
          if (keepAlive === undefined) socket.ping();
        }, idleMs / 3),
      );
      if (keepAlive !== undefined)
        timers.push(setInterval(() => guarded(() => keepAlive.send(handle)), keepAlive.everyMs));
    });
    socket.on('pong', heard);
    socket.on('ping', heard);
    socket.on('message', (data: RawData, isBinary) => {
      heard();
      if (!pace.take()) return feed.ignore('more messages a second than anybody writes');
      const read = (): void | Promise<void> => onMessage(bytesOf(data), isBinary, handle);
      if (reading === undefined) {
        guarded(() => {
          const taking = read();
          if (taking === undefined) return;
          socket.pause();
          reading = taking;
        });
      } else if (waiting < MAX_WAITING) {
        waiting += 1;
        reading = reading.then(read).finally(() => (waiting -= 1));
      } else return feed.ignore('messages faster than they can be unpacked');
      const last = reading;
      reading = last?.catch(unreadable).finally(() => {
        if (waiting > 0) return;
        reading = undefined;
        if (socket.isPaused) socket.resume();
      });
    });
    socket.on('error', (error) => {
      if (reason === '') reason = inWords(error, feed);
    });
    socket.on('close', (code, text) => {
      for (const timer of timers) clearTimeout(timer);
      if (this.socket === socket) this.socket = undefined;
      const words = oneLine(text.toString('utf8'), MAX_SERVER_WORDS);
      const closed = words === '' ? undefined : `closed by the other side: ${words}`;
      this.again(reason || (closed ?? `closed by the other side (code ${code})`), lasting);
    });
  }

  private again(reason: string, lasting: boolean): void {
    if (this.stop.signal.aborted) return;
    const waitMs = lasting ? this.backoff.longestMs() : this.backoff.nextMs();
    this.options.feed.failed(reason, waitMs);
    clearTimeout(this.retry);
    this.retry = setTimeout(() => void this.connect(), waitMs);
    this.retry.unref();
  }
}

/** Thrown by `url` when another try soon will end in the same way. */
export class LastingRefusal extends Error {}

const bytesOf = (data: RawData): Buffer =>
  Buffer.isBuffer(data) ? data : Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens at this address',
  ENOTFOUND: 'the host name is unknown',
  EAI_AGAIN: 'the host name cannot be looked up now',
  ETIMEDOUT: 'no answer',
  ECONNRESET: 'the connection was reset',
  ENOTPUBLIC: 'the host leads to an address of a private network',
  EHOSTUNREACH: 'the host cannot be reached',
};

function inWords(error: Error & { code?: string }, feed: SourceFeed): string {
  if (error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') {
    feed.ignore('a message above the size limit');
    return 'a message above the size limit';
  }
  return WORDS[error.code ?? ''] ?? error.message.slice(0, 200);
}
