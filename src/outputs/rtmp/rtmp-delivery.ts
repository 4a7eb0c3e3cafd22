import { type Socket, isIPv6 } from 'node:net';
import { readFile } from 'node:fs/promises';
import { socketQueueBytes } from '../../native/socket-queue.js';

const TABLES = ['/proc/net/tcp', '/proc/net/tcp6'] as const;

/**
 * How many bytes of a socket the peer's TCP has not acknowledged, as Linux reports it. Elsewhere it stays 0, as if all
 * had arrived.
 *
 * The addon queries the one socket. Without it the table of all sockets, /proc/net/tcp, is read: the kernel then walks
 * its whole hash table, 4 ms of CPU per reading on a machine with 24 GB.
 */
export class TcpQueue {
  /** At the last reading. */
  bytes = 0;

  constructor(private readonly socket: Socket) {}

  async read(): Promise<void> {
    const { localPort, remotePort, remoteAddress } = this.socket;
    const asked = socketQueueBytes(descriptorOf(this.socket));
    if (asked !== undefined) {
      this.bytes = asked;
      return;
    }
    if (process.platform !== 'linux' || localPort === undefined || remotePort === undefined) return;
    const first = isIPv6(remoteAddress ?? '') ? TABLES[1] : TABLES[0];
    const table = await readFile(first, 'latin1').catch(() => ''); // a hidden /proc only loses this figure
    this.bytes = queuedBytes(table, localPort, remotePort) ?? this.bytes;
  }
}

/** Node keeps the descriptor of a socket, also of the one below TLS, but has no public name for it. */
const descriptorOf = (socket: Socket): number => (socket as { _handle?: { fd?: number } | null })._handle?.fd ?? -1;

/** `tx_queue` of the connection between two ports. */
export function queuedBytes(table: string, localPort: number, remotePort: number): number | undefined {
  const port = (n: number): string => n.toString(16).toUpperCase().padStart(4, '0');
  const line = new RegExp(
    `^ *\\d+: [0-9A-F]+:${port(localPort)} [0-9A-F]+:${port(remotePort)} \\w\\w (\\w{8}):`,
    'm',
  ).exec(table);
  return line === null ? undefined : Number.parseInt(line[1]!, 16);
}

/**
 * Counts the bytes the server says have arrived (RTMP 1.0, 5.4.3): bytes since the connection began, modulo 2³².
 *
 * Servers differ: some never acknowledge, some count from another start, some acknowledge far less often than asked.
 * The count is followed by its steps, and trusted while the largest step is at most four times the requested window.
 */
class Acknowledgements {
  /** Bytes that have arrived. */
  acked = 0;
  /** Largest step seen. */
  widest = 0;
  private lastField = 0;
  private seen = false;

  /** @param window the requested acknowledgement interval in bytes */
  constructor(readonly window: number) {}

  /** Whether the server acknowledges as often as requested. */
  get trusted(): boolean {
    return this.seen && this.widest <= 4 * this.window;
  }

  take(field: number): void {
    const step = (field - this.lastField) >>> 0;
    this.lastField = field;
    // Some servers count from another start; a step back then looks like one of nearly 2³².
    const sound = step < 0x8000_0000;
    if (this.seen && sound) this.widest = Math.max(this.widest, step);
    this.acked = this.seen && sound ? this.acked + step : field;
    this.seen = true;
  }
}

const MIN_WINDOW_BYTES = 16 << 10;
const MAX_WINDOW_BYTES = 256 << 10;
const MIN_BOUND_BYTES = 64 << 10;

/** Tracks how many bytes have arrived and limits how many may be in flight. */
export class Delivery {
  readonly acks: Acknowledgements;
  /** Requested acknowledgement interval: four per second. */
  readonly ackWindow: number;
  private readonly tcpQueue: TcpQueue;

  /** @param kbps total send rate */
  constructor(
    private readonly socket: Socket,
    kbps: number,
  ) {
    this.ackWindow = Math.round(Math.min(MAX_WINDOW_BYTES, Math.max(MIN_WINDOW_BYTES, kbps * 31.25)));
    this.acks = new Acknowledgements(this.ackWindow);
    this.tcpQueue = new TcpQueue(socket);
  }

  get bytesSent(): number {
    return this.socket.bytesWritten;
  }
  /**
   * Bytes acknowledged by the server if it acknowledges as requested; otherwise by its TCP, where the system reports
   * that (Linux), or else accepted by the local system.
   */
  get bytesDelivered(): number {
    if (this.acks.trusted) return this.acks.acked;
    return Math.max(0, this.socket.bytesWritten - this.socket.writableLength - this.tcpQueue.bytes);
  }
  /** How many bytes may be in flight beyond the delivered ones on a healthy connection. */
  get toleranceBytes(): number {
    return this.acks.trusted ? 2 * Math.max(this.ackWindow, this.acks.widest) : 2 * MIN_WINDOW_BYTES;
  }
  /** True while so much is in flight that more would only go stale. */
  get full(): boolean {
    if (this.socket.writableLength >= this.boundBytes) return true;
    const { trusted, acked, widest } = this.acks;
    return trusted && this.bytesSent - acked >= 2 * this.boundBytes + widest;
  }
  /** Maximum backlog in this process: half a second's worth. */
  private get boundBytes(): number {
    return Math.max(MIN_BOUND_BYTES, 2 * this.ackWindow);
  }
  /** Reads how much the system still holds; for servers that do not acknowledge. */
  async measure(): Promise<void> {
    if (!this.acks.trusted) await this.tcpQueue.read();
  }
}
