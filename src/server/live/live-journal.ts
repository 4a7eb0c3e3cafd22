/**
 * What happens, numbered, for pages that must miss nothing.
 *
 * Problem: a page loses its connection for a second, or for the night in a closed laptop, and must neither miss a message
 * nor be sent hours of them.
 * Rule: every message has the next number of this run of the server. A page that comes back names its last number and
 * gets what followed, while the journal still holds it; else it is told so and gets the present state as a whole.
 * Numbers: the newest 4 MB of messages are held, some minutes of a busy room.
 */
import { randomBytes } from 'node:crypto';

export interface LiveMessage {
  readonly type: string;
  /** Absent for messages of the whole server. */
  readonly room?: string | undefined;
  readonly data?: unknown;
  /** Whom it is for; it is not sent with it. */
  readonly organisation?: string | undefined;
}

export interface NumberedMessage {
  readonly seq: number;
  readonly message: LiveMessage;
  /** As it is sent. */
  readonly text: string;
}

const MAX_BYTES = 4 * 1024 * 1024;

export class LiveJournal {
  /** Changes with each run of the server: numbers of another run mean nothing. */
  readonly epoch = randomBytes(8).toString('base64url');
  private readonly held: NumberedMessage[] = [];
  private readonly listeners = new Set<(message: NumberedMessage) => void>();
  private bytes = 0;
  private last = 0;

  constructor(private readonly maxBytes = MAX_BYTES) {}

  /** The number of the newest message. */
  get seq(): number {
    return this.last;
  }

  send(message: LiveMessage): void {
    this.last += 1;
    const { type, room, data } = message;
    const text = JSON.stringify({ seq: this.last, at: Date.now(), type, room, data });
    const numbered = { seq: this.last, message, text };
    this.held.push(numbered);
    this.bytes += text.length;
    while (this.bytes > this.maxBytes && this.held.length > 1) this.bytes -= this.held.shift()!.text.length;
    for (const listener of this.listeners) listener(numbered);
  }

  /** Messages after that number; undefined when some of them are not held any more. */
  since(epoch: string, seq: number): readonly NumberedMessage[] | undefined {
    if (epoch !== this.epoch || seq > this.last) return undefined;
    const first = this.held[0]?.seq ?? this.last + 1;
    if (seq + 1 < first) return undefined;
    return this.held.slice(seq + 1 - first);
  }

  /** Returns a function that ends it. */
  listen(listener: (message: NumberedMessage) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }
}
