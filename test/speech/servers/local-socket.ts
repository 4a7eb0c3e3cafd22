import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';

export interface SocketServer {
  readonly url: string;
  /** Headers of each accepted connection. */
  readonly headers: IncomingMessage['headers'][];
  close(): Promise<void>;
}

export interface SocketRefusal {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body: string;
}

/** A WebSocket server on loopback; `refuse` answers the upgrade with a plain HTTP error. */
export async function localSocket(
  accept: (socket: WebSocket) => void,
  refuse: (headers: IncomingMessage['headers']) => SocketRefusal | undefined = () => undefined,
): Promise<SocketServer> {
  const http = createServer();
  const server = new WebSocketServer({ noServer: true });
  const headers: IncomingMessage['headers'][] = [];
  http.on('upgrade', (request, socket, head) => {
    const refused = refuse(request.headers);
    if (refused !== undefined) {
      const lines = Object.entries({ ...refused.headers, 'content-length': String(Buffer.byteLength(refused.body)) });
      socket.end(
        `HTTP/1.1 ${refused.status} No\r\n${lines.map(([k, v]) => `${k}: ${v}`).join('\r\n')}\r\n\r\n${refused.body}`,
      );
      return;
    }
    headers.push(request.headers);
    server.handleUpgrade(request, socket, head, accept);
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return {
    url: `ws://127.0.0.1:${(http.address() as AddressInfo).port}`,
    headers,
    close: () =>
      new Promise((resolve) => {
        for (const socket of server.clients) socket.terminate();
        http.closeAllConnections();
        http.close(() => resolve());
      }),
  };
}
