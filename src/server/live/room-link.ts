import { WebSocket } from 'ws';
import type { Closeable } from '../../core/closeable.js';
import type { RoomEndpoint } from '../../core/room-host.js';

export interface EngineMessage {
  readonly type: string;
  readonly data?: unknown;
}

const AGAIN_MS = 500;
/** The engine pings every 10 s. */
const SILENT_MS = 25_000;

/** The server's own connection to an engine's live side; comes back by itself until it is closed. */
export class RoomLink implements Closeable {
  private socket: WebSocket | undefined;
  private again: NodeJS.Timeout | undefined;
  private silent: NodeJS.Timeout | undefined;
  private isClosed = false;
  private resume: { epoch: string; seq: number } | undefined;

  constructor(
    private readonly endpoint: RoomEndpoint,
    private readonly onMessage: (message: EngineMessage) => void,
  ) {
    this.connect();
  }

  async close(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.again);
    clearTimeout(this.silent);
    this.socket?.terminate();
  }

  private connect(): void {
    if (this.isClosed) return;
    const { url, token } = this.endpoint;
    const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/api/live`, ['showroom'], {
      headers: { authorization: `Bearer ${token}` },
      perMessageDeflate: false,
    });
    this.socket = socket;
    socket.on('open', () => {
      const { resume } = this;
      socket.send(JSON.stringify({ type: 'watch', ...(resume === undefined ? {} : { resume }) }));
    });
    socket.on('message', (data) => {
      this.stillAlive();
      this.receive(String(data));
    });
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      clearTimeout(this.silent);
      if (!this.isClosed) this.again = setTimeout(() => this.connect(), AGAIN_MS).unref();
    });
    this.stillAlive();
  }

  private receive(text: string): void {
    const message = JSON.parse(text) as EngineMessage & { seq?: number; epoch?: string };
    if (message.type === 'ping') return;
    if (message.type === 'hello') {
      const isSame = this.resume?.epoch === message.epoch;
      this.resume = { epoch: message.epoch!, seq: isSame ? this.resume!.seq : message.seq! };
      return;
    }
    if (message.seq !== undefined && this.resume !== undefined) this.resume = { ...this.resume, seq: message.seq };
    this.onMessage(message);
  }

  private stillAlive(): void {
    clearTimeout(this.silent);
    this.silent = setTimeout(() => this.socket?.terminate(), SILENT_MS).unref();
  }
}
