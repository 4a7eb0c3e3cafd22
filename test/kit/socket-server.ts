import type { AddressInfo } from 'node:net';
import type { IncomingMessage } from 'node:http';
import type { Test } from 'tap';
import { WebSocketServer, type WebSocket } from 'ws';

/** A WebSocket server on loopback that can vanish and come back at the same port. */
export class SocketServer {
  /** Connections so far. */
  connections = 0;
  private server: WebSocketServer | undefined;
  private chosen = 0;

  private constructor(private readonly onConnect: (socket: WebSocket, request: IncomingMessage) => void) {}

  static async start(
    t: Test,
    onConnect: (socket: WebSocket, request: IncomingMessage) => void = () => undefined,
  ): Promise<SocketServer> {
    const own = new SocketServer(onConnect);
    t.teardown(() => own.stop());
    await own.start();
    return own;
  }

  async start(): Promise<void> {
    const server = new WebSocketServer({ host: '127.0.0.1', port: this.chosen });
    server.on('connection', (socket, request) => {
      this.connections += 1;
      this.onConnect(socket, request);
    });
    await new Promise<void>((resolve) => server.once('listening', resolve));
    this.chosen = (server.address() as AddressInfo).port;
    this.server = server;
  }

  get port(): number {
    return this.chosen;
  }

  get url(): string {
    return `ws://127.0.0.1:${this.chosen}`;
  }

  get clients(): readonly WebSocket[] {
    return [...(this.server?.clients ?? [])];
  }

  send(data: string | Uint8Array): void {
    for (const client of this.clients) client.send(data);
  }

  async stop(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (server === undefined) return;
    for (const client of server.clients) client.terminate();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
}
