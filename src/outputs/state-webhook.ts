/**
 * Tells others by HTTP when an output changes its state.
 *
 * Problem: a receiver is slow, away, or answers errors. Demands: outputs never wait for it, and what it gets is in
 * order. Rule: one event at a time, tried three times; what does not fit the queue is dropped, the oldest first, and the
 * next event says how many. What the end of the room brings is still told, if that is quick. Numbers: 5 s a try, 1 s and 4 s
 * between them, 100 events, 1 s at the end.
 */
import type { Closeable } from '../core/closeable.js';
import type { Log } from '../core/log.js';
import type { OutputEvent } from '../core/room-handle.js';
import { maskUrl } from '../core/secrets.js';

export interface StateWebhookOptions {
  /** Never shown. */
  readonly url: string;
  readonly token?: string;
  readonly room: string;
  readonly log: Log;
  /** Between tries; shorter in tests. */
  readonly waitsMs?: readonly number[];
}

const TRY_MS = 5000;
const WAITS_MS = [1000, 4000];
const QUEUE = 100;
const GOODBYE_MS = 1000;

export class StateWebhook implements Closeable {
  private readonly queue: OutputEvent[] = [];
  private readonly stop = new AbortController();
  private dropped = 0;
  private closing = false;
  private working: Promise<void> | undefined;

  constructor(private readonly options: StateWebhookOptions) {}

  tell(event: OutputEvent): void {
    if (this.closing) return;
    this.queue.push(event);
    if (this.queue.length > QUEUE) {
      this.queue.shift();
      this.dropped += 1;
    }
    this.working ??= this.work().finally(() => (this.working = undefined));
  }

  async close(): Promise<void> {
    this.closing = true;
    const timer = setTimeout(() => this.stop.abort(), GOODBYE_MS);
    await this.working;
    clearTimeout(timer);
  }

  private async work(): Promise<void> {
    const { room, log, url, waitsMs = WAITS_MS } = this.options;
    for (let event = this.queue.shift(); event !== undefined; event = this.queue.shift()) {
      const body = JSON.stringify({ event: 'output-state', room, dropped: this.dropped, ...event });
      this.dropped = 0;
      let fault = await this.post(body);
      for (const ms of waitsMs) {
        if (fault === '' || this.stop.signal.aborted) break;
        await this.pause(ms);
        fault = await this.post(body);
      }
      if (this.stop.signal.aborted) return;
      if (fault !== '') log.warn({ webhook: maskUrl(url), reason: fault }, 'a webhook did not take an event');
    }
  }

  /** What went wrong, or nothing. */
  private async post(body: string): Promise<string> {
    const { url, token } = this.options;
    try {
      const reply = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        },
        body,
        redirect: 'error',
        signal: AbortSignal.any([this.stop.signal, AbortSignal.timeout(TRY_MS)]),
      });
      await reply.body?.cancel();
      return reply.ok ? '' : `status ${reply.status}`;
    } catch (e) {
      // The message of fetch may hold the address.
      return e instanceof Error
        ? (((e.cause as NodeJS.ErrnoException | undefined)?.code ?? e.name) as string)
        : 'failed';
    }
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const { signal } = this.stop;
      const timer = setTimeout(done, ms);
      function done(): void {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      }
      signal.addEventListener('abort', done, { once: true });
    });
  }
}
