import type { Socket } from 'node:net';
import { Acknowledgements } from './acknowledgements.js';
import { TcpQueue } from './tcp-queue.js';

const MIN_WINDOW_BYTES = 16 << 10;
const MAX_WINDOW_BYTES = 256 << 10;
const MIN_BOUND_BYTES = 64 << 10;

/** How much of what was sent has arrived, and how much may be under way. */
export class Delivery {
  readonly acks: Acknowledgements;
  /** We ask for an acknowledgement after this many bytes: four a second. */
  readonly ackWindow: number;
  private readonly tcpQueue: TcpQueue;

  /** @param kbps of all that will be sent */
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
   * Acknowledged by the far side if it does that as we asked; otherwise by its TCP, where the system tells that
   * (Linux), or else taken by the system here.
   */
  get bytesDelivered(): number {
    if (this.acks.trusted) return this.acks.acked;
    return Math.max(0, this.socket.bytesWritten - this.socket.writableLength - this.tcpQueue.bytes);
  }
  /** How much more than was delivered may be under way while all is well. */
  get toleranceBytes(): number {
    return this.acks.trusted ? 2 * Math.max(this.ackWindow, this.acks.widest) : 2 * MIN_WINDOW_BYTES;
  }
  /** True while so much is under way that more would only grow old on the way. */
  get full(): boolean {
    if (this.socket.writableLength >= this.boundBytes) return true;
    const { trusted, acked, widest } = this.acks;
    return trusted && this.bytesSent - acked >= 2 * this.boundBytes + widest;
  }
  /** What may wait in this process: half a second's worth. */
  private get boundBytes(): number {
    return Math.max(MIN_BOUND_BYTES, 2 * this.ackWindow);
  }
  /** Reads how much the system still holds; for far sides that do not acknowledge. */
  async measure(): Promise<void> {
    if (!this.acks.trusted) await this.tcpQueue.read();
  }
}
