import type { WebSocket } from 'ws';

/** Chats of the largest shows send a hundred messages a second. */
export const MAX_MESSAGES_A_SECOND = 1000;
/** Beyond this a second is no traffic but an attack. */
const MAX_FLOOD_A_SECOND = 5000;
/** Answers that the other side has not read. */
const MAX_UNSENT_BYTES = 256 * 1024;
const MAX_PONGS_A_SECOND = 10;
const SECOND_MS = 1000;

/**
 * Keeps one WebSocket from filling time or memory.
 *
 * Problem: a chunk of the network holds ten thousand empty messages, each of which costs a call; and a server that asks
 * without reading the answers leaves them in memory.
 * Rule: a connection that exceeds its messages of a second is paused until the second has passed, and what arrived
 * meanwhile is left out; far above, or with answers unread, it ends. Pings count as messages.
 */
export class MessagePace {
  private second = 0;
  private count = 0;
  private pongs = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly socket: WebSocket,
    /** Ends the connection with a reason. */
    private readonly refuse: (reason: string) => void,
    private readonly nowMs: () => number = () => performance.now(),
  ) {
    socket.on('ping', (data: Buffer) => this.pong(data));
    socket.on('close', () => clearTimeout(this.timer));
  }

  /** Counts a message; false when it is to be left out. */
  take(): boolean {
    const second = Math.floor(this.nowMs() / SECOND_MS);
    if (second !== this.second) {
      this.second = second;
      this.count = 0;
      this.pongs = 0;
    }
    this.count += 1;
    if (this.count <= MAX_MESSAGES_A_SECOND) return true;
    if (this.count > MAX_FLOOD_A_SECOND) this.refuse(`more than ${MAX_FLOOD_A_SECOND} messages a second`);
    else if (this.timer === undefined) {
      this.socket.pause();
      this.timer = setTimeout(
        () => {
          this.timer = undefined;
          this.socket.resume();
        },
        SECOND_MS - (this.nowMs() % SECOND_MS),
      );
    }
    return false;
  }

  /** Sends, unless the other side does not read. */
  send(data: string | Uint8Array): void {
    if (this.socket.readyState !== this.socket.OPEN) return;
    if (this.socket.bufferedAmount > MAX_UNSENT_BYTES)
      return this.refuse(`${MAX_UNSENT_BYTES / 1024} KiB of answers were not read`);
    this.socket.send(data);
  }

  private pong(data: Buffer): void {
    if (!this.take() || this.pongs >= MAX_PONGS_A_SECOND || this.socket.readyState !== this.socket.OPEN) return;
    this.pongs += 1;
    if (this.socket.bufferedAmount > MAX_UNSENT_BYTES)
      return this.refuse(`${MAX_UNSENT_BYTES / 1024} KiB of answers were not read`);
    this.socket.pong(data);
  }
}

/** Of a WebSocket, of either side: messages come one a turn of the loop, and pings are answered by MessagePace. */
export const PACED = { allowSynchronousEvents: false, autoPong: false } as const;
