import type { Socket } from 'node:net';
import { Acknowledgements } from './acknowledgements.js';
import { TcpQueue } from './tcp-queue.js';

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
