/**
 * The publishing side of one RTMP connection (Adobe RTMP 1.0): handshake, commands, control messages. Media goes out
 * through `send`; arrival is known from the server's acknowledgements, which are requested often.
 */
import { randomFillSync } from 'node:crypto';
import { isIP, type Socket, connect as tcpConnect } from 'node:net';
import { connect as tlsConnect } from 'node:tls';
import { EngineError, type ErrorCode } from '../../core/errors.js';
import { type AmfEcmaArray, type AmfValue, decodeAmf0, encodeAmf0 } from './amf0.js';
import { CHUNK_STREAM, ChunkReader, ChunkWriter, MESSAGE, type RtmpMessage } from './chunks.js';
import { Delivery } from './rtmp-delivery.js';
import { type RtmpUrl, scrub } from './rtmp-url.js';

const CONNECT_TIMEOUT_MS = 8000;

export interface RtmpTlsOptions {
  /** Certificates (PEM) to trust instead of the system's. */
  ca?: string;
}

/**
 * Opens a connected socket; `rtmps` checks the certificate.
 *
 * @throws EngineError E_OUTPUT_CONNECT
 */
function openSocket(url: RtmpUrl, where: string, signal: AbortSignal, tls?: RtmpTlsOptions): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const { host, port } = url;
    // An IP address is not a server name (RFC 6066, 3); the certificate is checked against it all the same.
    const servername = isIP(host) === 0 ? host : '';
    const socket = url.secure ? tlsConnect({ host, port, servername, ca: tls?.ca }) : tcpConnect({ host, port });
    const failed = (found: string, cause?: unknown): void => {
      stop();
      socket.destroy();
      const todo = 'check the address and that the server is up; the engine retries';
      reject(new EngineError('E_OUTPUT_CONNECT', { where, expected: 'a connection', found, todo, cause }));
    };
    const onError = (e: Error): void => failed(scrub(e.message, url), e);
    const onAbort = (): void => failed('closed by the engine');
    const timer = setTimeout(() => failed(`no answer in ${CONNECT_TIMEOUT_MS} ms`), CONNECT_TIMEOUT_MS);
    const stop = (): void => {
      clearTimeout(timer);
      socket.off('error', onError);
      // A late error of an abandoned socket must not become an uncaught one.
      socket.on('error', () => undefined);
      signal.removeEventListener('abort', onAbort);
    };
    socket.once('error', onError);
    signal.addEventListener('abort', onAbort, { once: true });
    socket.once(url.secure ? 'secureConnect' : 'connect', () => {
      stop();
      resolve(socket);
    });
    if (signal.aborted) onAbort();
  });
}

type Fields = { readonly [key: string]: AmfValue };
const isFields = (value: AmfValue): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const textOf = (value: AmfValue): string => (typeof value === 'string' ? value : '');

/** Builds a connection's errors, without its key. */
class RtmpErrors {
  constructor(
    private readonly url: RtmpUrl,
    private readonly where: string,
  ) {}

  of(code: ErrorCode, found: string, cause?: unknown): EngineError {
    const todo =
      code === 'E_OUTPUT_REFUSED' ? 'check the key, and that nobody else publishes with it' : 'the engine retries';
    return new EngineError(code, { where: this.where, found: scrub(found, this.url), todo, cause });
  }

  /** Error from the information object of an `_error` or `onStatus`. */
  refusal(info: Fields): EngineError {
    const said = [textOf(info['code']), textOf(info['description'])].filter((part) => part !== '').join(': ');
    return this.of('E_OUTPUT_REFUSED', said === '' ? 'refused without a reason' : scrub(said, this.url));
  }
}

const PART_BYTES = 1536;
const VERSION = 3;

/** The client's side of the plain handshake (RTMP 1.0, 5.2): C0 and C1 go out, S0, S1 and S2 come in, C2 goes out. */
export class ClientHandshake {
  private pending: Buffer = Buffer.alloc(0);

  /** C0 and C1. */
  static hello(): Buffer {
    const hello = Buffer.alloc(1 + PART_BYTES);
    hello[0] = VERSION;
    randomFillSync(hello, 9);
    return hello;
  }

  /** Undefined until the handshake is complete; then C2 and any bytes that follow it. Throws RangeError. */
  take(data: Buffer): { reply: Buffer; rest: Buffer } | undefined {
    this.pending = Buffer.concat([this.pending, data]);
    const { pending } = this;
    if (pending.length > 0 && pending[0] !== VERSION) throw new RangeError(`RTMP version ${pending[0]}`);
    if (pending.length < 1 + 2 * PART_BYTES) return undefined;
    return { reply: pending.subarray(1, 1 + PART_BYTES), rest: Buffer.from(pending.subarray(1 + 2 * PART_BYTES)) };
  }
}

const COMMAND_TIMEOUT_MS = 8000;
/** Nearly every frame fits one chunk, so all connections can share its bytes. */
const CHUNK_BYTES = 60_000;
const GOODBYE_MS = 500;
const PING_REQUEST = 6;
const PING_RESPONSE = 7;

interface Pending {
  resolve(result: AmfValue): void;
  reject(error: EngineError): void;
}

interface RtmpConnectionOptions {
  readonly id: string;
  /** Total send rate. */
  readonly kbps: number;
  readonly tls?: RtmpTlsOptions;
}

export class RtmpConnection {
  readonly delivery: Delivery;
  private readonly writer = new ChunkWriter();
  private readonly reader = new ChunkReader((message) => this.onMessage(message));
  private handshake: ClientHandshake | undefined = new ClientHandshake();
  private onHandshake: (() => void) | undefined;
  private readonly pending = new Map<number, Pending>();
  private publishing: Pending | undefined;
  private transaction = 0;
  private streamId = 0;
  private failure: EngineError | undefined;
  private received = 0;
  private lastAckSent = 0;
  private peerWindow = 0;
  private readonly errors: RtmpErrors;
  private drainWaiters: (() => void)[] = [];
  private readonly ended: Promise<EngineError>;
  private end: (error: EngineError) => void = () => undefined;

  private constructor(
    private readonly socket: Socket,
    private readonly url: RtmpUrl,
    where: string,
    kbps: number,
  ) {
    this.delivery = new Delivery(socket, kbps);
    this.errors = new RtmpErrors(url, where);
    this.ended = new Promise((resolve) => (this.end = resolve));
    socket.setNoDelay(true);
    socket.on('data', (data: Buffer) => this.onData(data));
    socket.on('drain', () => this.wake());
    socket.on('error', (e) => this.fail('E_OUTPUT_LOST', e.message, e));
    socket.on('close', () => this.fail('E_OUTPUT_LOST', 'the server closed the connection'));
  }

  /**
   * Connects and publishes; resolves once the server has accepted the stream.
   *
   * @throws EngineError E_OUTPUT_CONNECT, E_OUTPUT_REFUSED, E_RTMP_PROTOCOL, E_TIMEOUT or E_OUTPUT_LOST
   */
  static async publish(url: RtmpUrl, signal: AbortSignal, options: RtmpConnectionOptions): Promise<RtmpConnection> {
    const where = `output "${options.id}" (${url.masked})`;
    const socket = await openSocket(url, where, signal, options.tls);
    const connection = new RtmpConnection(socket, url, where, options.kbps);
    const abort = (): void => connection.destroy();
    signal.addEventListener('abort', abort, { once: true });
    const timer = setTimeout(() => connection.fail('E_TIMEOUT', 'no answer'), COMMAND_TIMEOUT_MS);
    try {
      await connection.negotiate();
      return connection;
    } catch (e) {
      connection.destroy();
      throw e;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    }
  }

  /** Why it ended; undefined while it is open. */
  get whenEnded(): Promise<EngineError> {
    return this.ended;
  }
  get error(): EngineError | undefined {
    return this.failure;
  }
  send(kind: 'audio' | 'video', timestampMs: number, body: Uint8Array): void {
    const message = kind === 'audio' ? MESSAGE.audio : MESSAGE.video;
    for (const piece of this.writer.pieces(CHUNK_STREAM[kind], message, this.streamId, timestampMs, body)) {
      this.socket.write(piece);
    }
  }

  sendMetadata(metadata: AmfEcmaArray): void {
    const body = encodeAmf0('@setDataFrame', 'onMetaData', metadata);
    this.socket.write(this.writer.message(CHUNK_STREAM.data, MESSAGE.dataAmf0, this.streamId, 0, body));
  }

  /** Groups the writes of `work` into as few TCP packets as possible. */
  batch(work: () => void): void {
    this.socket.cork();
    try {
      work();
    } finally {
      this.socket.uncork();
    }
  }

  /** Resolves when bytes have left or arrived, or the connection has ended. */
  drained(): Promise<void> {
    if (this.failure !== undefined || !this.delivery.full) return Promise.resolve();
    return new Promise((resolve) => this.drainWaiters.push(resolve));
  }

  /** Unpublishes and closes. */
  async close(): Promise<void> {
    if (this.failure === undefined && this.streamId !== 0) {
      this.command(0, 'FCUnpublish', null, this.url.streamName);
      this.command(0, 'deleteStream', null, this.streamId);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, GOODBYE_MS);
        this.socket.end(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
    this.destroy();
  }

  destroy(): void {
    this.fail('E_CLOSED', 'closed by the engine');
    this.socket.destroy();
  }

  private async negotiate(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.onHandshake = resolve;
      void this.ended.then(reject);
      this.socket.write(ClientHandshake.hello());
    });
    this.control(MESSAGE.setChunkSize, CHUNK_BYTES);
    this.writer.chunkSize = CHUNK_BYTES;
    this.control(MESSAGE.windowAckSize, this.delivery.ackWindow);
    await this.call('connect', {
      app: this.url.app,
      type: 'nonprivate',
      flashVer: 'FMLE/3.0 (compatible; Showroom)',
      tcUrl: this.url.tcUrl,
    });
    // Old servers need these two commands; others ignore them, and their answers do not matter.
    this.command(0, 'releaseStream', null, this.url.streamName);
    this.command(0, 'FCPublish', null, this.url.streamName);
    const streamId = await this.call('createStream', null);
    if (typeof streamId !== 'number')
      throw this.errors.of('E_RTMP_PROTOCOL', 'a createStream answer without a stream id');
    this.streamId = streamId;
    await new Promise<AmfValue>((resolve, reject) => {
      this.publishing = { resolve, reject };
      void this.ended.then(reject);
      this.command(streamId, 'publish', null, this.url.streamName, 'live');
    });
  }

  private call(name: string, object: AmfValue): Promise<AmfValue> {
    return new Promise((resolve, reject) => {
      void this.ended.then(reject);
      this.pending.set(this.command(0, name, object), { resolve, reject });
    });
  }

  private command(streamId: number, name: string, ...values: AmfValue[]): number {
    this.transaction += 1;
    const body = encodeAmf0(name, this.transaction, ...values);
    this.socket.write(this.writer.message(CHUNK_STREAM.command, MESSAGE.commandAmf0, streamId, 0, body));
    return this.transaction;
  }

  private control(type: number, value: number): void {
    const body = Buffer.alloc(4);
    body.writeUInt32BE(value >>> 0);
    this.socket.write(this.writer.message(CHUNK_STREAM.control, type, 0, 0, body));
  }

  private onData(data: Buffer): void {
    if (this.failure !== undefined) return;
    this.received += data.length;
    try {
      if (this.handshake === undefined) this.reader.push(data);
      else this.shake(this.handshake, data);
    } catch (e) {
      this.fail('E_RTMP_PROTOCOL', e instanceof Error ? e.message : String(e), e);
      return;
    }
    if (this.peerWindow > 0 && this.received - this.lastAckSent >= this.peerWindow / 2) {
      this.lastAckSent = this.received;
      this.control(MESSAGE.acknowledgement, this.received);
    }
  }

  private shake(handshake: ClientHandshake, data: Buffer): void {
    const done = handshake.take(data);
    if (done === undefined) return;
    this.handshake = undefined;
    this.socket.write(done.reply);
    if (done.rest.length > 0) this.reader.push(done.rest);
    this.onHandshake?.();
  }

  private onMessage(message: RtmpMessage): void {
    const { type, payload } = message;
    if (type === MESSAGE.setChunkSize) {
      const size = payload.readUInt32BE(0) & 0x7fffffff;
      if (size < 1) throw new RangeError('RTMP chunk size 0');
      this.reader.chunkSize = size;
    } else if (type === MESSAGE.windowAckSize) {
      this.peerWindow = payload.readUInt32BE(0);
    } else if (type === MESSAGE.acknowledgement) {
      this.delivery.acks.take(payload.readUInt32BE(0));
      this.wake();
    } else if (type === MESSAGE.setPeerBandwidth) {
      this.control(MESSAGE.windowAckSize, this.delivery.ackWindow);
    } else if (type === MESSAGE.userControl && payload.readUInt16BE(0) === PING_REQUEST) {
      const pong = Buffer.from(payload.subarray(0, 6));
      pong.writeUInt16BE(PING_RESPONSE, 0);
      this.socket.write(this.writer.message(CHUNK_STREAM.control, MESSAGE.userControl, 0, 0, pong));
    } else if (type === MESSAGE.commandAmf0) {
      this.onCommand(decodeAmf0(payload));
    } else if (type === MESSAGE.commandAmf3) {
      this.onCommand(decodeAmf0(payload.subarray(1)));
    }
  }

  private onCommand([name, transaction, object, info]: AmfValue[]): void {
    const call = typeof transaction === 'number' ? this.pending.get(transaction) : undefined;
    if (name === '_result' && call !== undefined) {
      this.pending.delete(transaction as number);
      call.resolve(info);
    } else if (name === '_error' && call !== undefined) {
      this.pending.delete(transaction as number);
      call.reject(this.errors.refusal(isFields(info) ? info : isFields(object) ? object : {}));
    } else if (name === 'onStatus' && isFields(info)) {
      this.onStatus(info);
    } else if (name === 'close') {
      this.fail('E_OUTPUT_LOST', 'the server ended the session');
    }
  }

  private onStatus(info: Fields): void {
    const code = textOf(info['code']);
    if (code === 'NetStream.Publish.Start') {
      this.publishing?.resolve(undefined);
    } else if (info['level'] === 'error' || /BadName|Denied|Rejected|Failed|Unpublish/.test(code)) {
      const error = this.errors.refusal(info);
      this.publishing?.reject(error);
      this.failWith(error);
    }
  }

  private fail(code: ErrorCode, found: string, cause?: unknown): void {
    if (this.failure === undefined) this.failWith(this.errors.of(code, found, cause));
  }

  private failWith(error: EngineError): void {
    if (this.failure !== undefined) return;
    this.failure = error;
    this.end(error);
    this.wake();
    this.socket.destroy();
  }

  private wake(): void {
    const waiters = this.drainWaiters;
    this.drainWaiters = [];
    for (const waiter of waiters) waiter();
  }
}
