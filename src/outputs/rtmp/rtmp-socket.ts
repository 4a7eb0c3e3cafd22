import { connect as tcpConnect, isIP, type Socket } from 'node:net';
import { connect as tlsConnect } from 'node:tls';
import { EngineError } from '../../core/errors.js';
import { scrub, type RtmpUrl } from './rtmp-url.js';

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
export function openSocket(url: RtmpUrl, where: string, signal: AbortSignal, tls?: RtmpTlsOptions): Promise<Socket> {
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
