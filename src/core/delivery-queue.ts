/**
 * Delivers items one at a time to a receiver that may be slow, unreachable or failing.
 *
 * Problem: the sender must never wait for the receiver, and the receiver needs the items in order.
 * Rule: an item is retried after each of the waits. A full queue drops its oldest items, and the next delivery reports
 * how many were dropped. Items queued at close are still delivered if that is quick.
 * Numbers: 100 items, 1 s at close.
 */
import type { Closeable } from './closeable.js';

export interface DeliveryOptions<T> {
  /** Resolves with the error, or an empty text; never rejects. `dropped` items before it were lost. */
  readonly send: (item: T, dropped: number, signal: AbortSignal) => Promise<string>;
  /** Called when all tries failed. */
  readonly onFailure: (fault: string) => void;
  /** Waits between tries. */
  readonly waitsMs: readonly number[];
  readonly goodbyeMs?: number;
}

const MAX_ITEMS = 100;
const GOODBYE_MS = 1000;

export class DeliveryQueue<T> implements Closeable {
  private readonly items: T[] = [];
  private readonly stop = new AbortController();
  private dropped = 0;
  private closing = false;
  private working: Promise<void> | undefined;

  constructor(private readonly options: DeliveryOptions<T>) {}

  push(item: T): void {
    if (this.closing) return;
    this.items.push(item);
    if (this.items.length > MAX_ITEMS) {
      this.items.shift();
      this.dropped += 1;
    }
    this.working ??= this.work().finally(() => (this.working = undefined));
  }

  async close(): Promise<void> {
    this.closing = true;
    const timer = setTimeout(() => this.stop.abort(), this.options.goodbyeMs ?? GOODBYE_MS);
    await this.working;
    clearTimeout(timer);
  }

  private async work(): Promise<void> {
    const { send, waitsMs, onFailure } = this.options;
    const { signal } = this.stop;
    for (let item = this.items.shift(); item !== undefined; item = this.items.shift()) {
      const { dropped } = this;
      this.dropped = 0;
      let fault = await send(item, dropped, signal);
      for (const ms of waitsMs) {
        if (fault === '' || signal.aborted) break;
        await pause(ms, signal);
        fault = await send(item, dropped, signal);
      }
      if (signal.aborted) return;
      if (fault !== '') onFailure(fault);
    }
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done, { once: true });
  });
}
