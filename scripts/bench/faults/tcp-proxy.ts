import { createServer, connect, type Server, type Socket } from 'node:net';

/** Faults the proxy applies to its connections. */
export type TcpFault =
  | { readonly kind: 'none' }
  /** Both sides stay open, and no byte moves. */
  | { readonly kind: 'silence' }
  /** The peer is gone; sent data is accepted and lost. */
  | { readonly kind: 'half-open' }
  | { readonly kind: 'latency'; readonly ms: number; readonly jitterMs: number }
  | { readonly kind: 'throttle'; readonly kbps: number };

const THROTTLE_TICK_MS = 20;

/** One direction of a connection. */
class Lane {
  private queue: { bytes: Buffer; dueMs: number }[] = [];
  private timer: NodeJS.Timeout | undefined;
  private lastDueMs = 0;

  constructor(
    private readonly from: Socket,
    private readonly to: Socket,
    private readonly fault: () => TcpFault,
  ) {
    from.on('data', (bytes: Buffer) => this.take(bytes));
    from.on('end', () => this.to.end());
  }

  /** The fault changed: queued data continues under the new one. */
  changed(): void {
    const { kind } = this.fault();
    if (kind === 'silence') this.from.pause();
    else this.from.resume();
    if (kind === 'none' && this.queue.length > 0) {
      for (const { bytes } of this.queue) this.to.write(bytes);
      this.queue = [];
    }
    this.schedule();
  }

  close(): void {
    clearTimeout(this.timer);
    this.queue = [];
  }

  private take(bytes: Buffer): void {
    const fault = this.fault();
    if (fault.kind === 'half-open') return;
    if (fault.kind === 'none' && this.queue.length === 0) {
      if (!this.to.write(bytes)) {
        this.from.pause();
        this.to.once('drain', () => this.changed());
      }
      return;
    }
    const delayMs = fault.kind === 'latency' ? fault.ms + (Math.random() * 2 - 1) * fault.jitterMs : 0;
    // Order is kept, as TCP does.
    this.lastDueMs = Math.max(this.lastDueMs, performance.now() + delayMs);
    this.queue.push({ bytes, dueMs: this.lastDueMs });
    if (fault.kind === 'throttle') this.from.pause();
    this.schedule();
  }

  private schedule(): void {
    clearTimeout(this.timer);
    const [next] = this.queue;
    const fault = this.fault();
    if (next === undefined || fault.kind === 'silence' || fault.kind === 'half-open') return;
    const waitMs = fault.kind === 'throttle' ? THROTTLE_TICK_MS : Math.max(0, next.dueMs - performance.now());
    this.timer = setTimeout(() => this.pass(), waitMs);
  }

  private pass(): void {
    const fault = this.fault();
    if (fault.kind === 'throttle') {
      const share = Math.ceil((fault.kbps * 125 * THROTTLE_TICK_MS) / 1000);
      const [next] = this.queue;
      if (next !== undefined) {
        this.to.write(next.bytes.subarray(0, share));
        next.bytes = next.bytes.subarray(share);
        if (next.bytes.length === 0) this.queue.shift();
      }
      if (this.queue.length === 0) this.from.resume();
    } else {
      while (this.queue.length > 0 && this.queue[0]!.dueMs <= performance.now())
        this.to.write(this.queue.shift()!.bytes);
    }
    this.schedule();
  }
}

/** A proxy between an output and its endpoint that injects faults. */
export class TcpProxy {
  private fault: TcpFault = { kind: 'none' };
  private server: Server | undefined;
  private readonly pairs = new Set<{ client: Socket; far: Socket; lanes: Lane[] }>();
  port = 0;

  constructor(public targetPort: number) {}

  async listen(): Promise<void> {
    const server = createServer((client) => this.pair(client));
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.port = (server.address() as { port: number }).port;
    this.server = server;
  }

  set(fault: TcpFault): void {
    this.fault = fault;
    for (const { far, lanes } of this.pairs) {
      if (fault.kind === 'half-open') far.destroy();
      for (const lane of lanes) lane.changed();
    }
    // Severed connections stay so until the fault ends.
    if (fault.kind === 'none') for (const pair of this.pairs) if (pair.far.destroyed) pair.client.destroy();
  }

  /** Ends all connections with a reset. */
  reset(): void {
    for (const { client, far } of this.pairs) {
      client.resetAndDestroy();
      far.destroy();
    }
  }

  /** Stops listening. */
  async refuse(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    const closed = new Promise((resolve) => server?.close(resolve));
    this.reset();
    await closed;
  }

  async close(): Promise<void> {
    if (this.server !== undefined) await this.refuse();
  }

  private pair(client: Socket): void {
    const far = connect({ port: this.targetPort, host: '127.0.0.1' });
    const fault = (): TcpFault => this.fault;
    const pair = { client, far, lanes: [new Lane(client, far, fault), new Lane(far, client, fault)] };
    this.pairs.add(pair);
    for (const lane of pair.lanes) lane.changed();
    const end = (): void => {
      // Half open: this side is not notified.
      if (this.fault.kind === 'half-open' && !client.destroyed) return;
      this.pairs.delete(pair);
      for (const lane of pair.lanes) lane.close();
      client.destroy();
      far.destroy();
    };
    for (const socket of [client, far]) {
      socket.on('error', end);
      socket.on('close', end);
    }
    if (this.fault.kind === 'half-open') far.destroy();
  }
}
