import WebSocket from 'ws';
import { messageIn } from './voice-http.js';
import { statusFault, VoiceFault } from './voice-source.js';

const MAX_MESSAGE_BYTES = 8 << 20;
const MAX_TOTAL_BYTES = 32 << 20;
const MAX_SAID_BYTES = 4096;

export type SocketMessage = { readonly text: string } | { readonly bytes: Buffer };

/** A WebSocket to a speech service, read message by message. Its end before the last one is a fault. */
export class VoiceSocket {
  private readonly waiting: SocketMessage[] = [];
  private failure: Error | undefined;
  private wake: (() => void) | undefined;
  private total = 0;

  private constructor(
    private readonly socket: WebSocket,
    private readonly signal: AbortSignal,
  ) {
    socket.on('message', (data, isBinary) => {
      const bytes = Buffer.isBuffer(data) ? data : Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
      this.total += bytes.length;
      if (this.total > MAX_TOTAL_BYTES) this.fail(new VoiceFault('passing', `more than ${MAX_TOTAL_BYTES >> 20} MB`));
      else this.waiting.push(isBinary ? { bytes } : { text: bytes.toString('utf8') });
      this.wake?.();
    });
    socket.on('close', (code, reason) => {
      const said = reason.toString('utf8');
      this.fail(
        new VoiceFault(
          code === 1007 || code === 1008 ? 'setup' : 'passing',
          `the connection ended with ${code}${said === '' ? '' : ` (${said})`} before the last sample`,
        ),
      );
    });
    socket.on('error', (error) => this.fail(new VoiceFault('passing', `the connection broke: ${error.message}`)));
    signal.addEventListener('abort', this.onAbort, { once: true });
  }

  /** Resolves once the service has accepted the connection. */
  static open(url: string, headers: Record<string, string>, signal: AbortSignal): Promise<VoiceSocket> {
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(url, { headers, maxPayload: MAX_MESSAGE_BYTES, followRedirects: false });
      const end = (error: unknown): void => {
        signal.removeEventListener('abort', onAbort);
        socket.terminate();
        reject(error);
      };
      const onAbort = (): void => end(signal.reason);
      signal.addEventListener('abort', onAbort, { once: true });
      // Kept for the whole life: terminating a socket that still connects reports an error.
      socket.on('error', (error: NodeJS.ErrnoException) =>
        end(new VoiceFault('passing', `no connection: ${error.code ?? error.message}`)),
      );
      socket.once('unexpected-response', (_request, reply) => {
        let said = '';
        reply.setEncoding('utf8');
        reply.on('data', (text: string) => {
          if (said.length < MAX_SAID_BYTES) said += text;
        });
        const done = (): void => end(statusFault(reply.statusCode ?? 0, messageIn(said), reply.headers['retry-after']));
        reply.once('end', done);
        reply.once('error', done);
      });
      socket.once('open', () => {
        signal.removeEventListener('abort', onAbort);
        resolve(new VoiceSocket(socket, signal));
      });
    });
  }

  send(message: string): void {
    this.socket.send(message, () => undefined); // a failed send ends the connection
  }

  /** The next message, in order. */
  async next(): Promise<SocketMessage> {
    for (;;) {
      const message = this.waiting.shift();
      if (message !== undefined) return message;
      if (this.failure !== undefined) throw this.failure;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }

  close(): void {
    this.signal.removeEventListener('abort', this.onAbort);
    this.socket.removeAllListeners('message');
    this.socket.close(1000);
    // A service that does not answer the close must not keep the connection.
    setTimeout(() => this.socket.terminate(), 1000).unref();
  }

  private readonly onAbort = (): void => {
    this.fail(this.signal.reason as Error);
    this.socket.terminate();
  };

  private fail(error: Error): void {
    this.failure ??= error;
    this.wake?.();
  }
}
