import type { Closeable } from '../core/closeable.js';
import { DeliveryQueue } from '../core/delivery-queue.js';
import type { Log } from '../core/log.js';
import { postJson } from '../core/net/post-json.js';
import type { OutputEvent } from '../config/api/room-handle.js';
import { maskUrl } from '../core/secrets.js';

export interface StateWebhookOptions {
  /** Never shown. */
  readonly url: string;
  readonly token?: string;
  readonly allowPrivate?: boolean | undefined;
  readonly room: string;
  readonly log: Log;
  /** Between tries; shorter in tests. */
  readonly waitsMs?: readonly number[];
}

const WAITS_MS = [1000, 4000];

/** Posts every state change of an output, in order; outputs never wait for it. */
export class StateWebhook implements Closeable {
  private readonly queue: DeliveryQueue<OutputEvent>;

  constructor({ url, token, allowPrivate, room, log, waitsMs = WAITS_MS }: StateWebhookOptions) {
    this.queue = new DeliveryQueue({
      send: (event, dropped, signal) =>
        postJson({ url, token, signal, allowPrivate, body: { event: 'output-state', room, dropped, ...event } }),
      onFailure: (reason) => log.warn({ webhook: maskUrl(url), reason }, 'a webhook did not accept an event'),
      waitsMs,
    });
  }

  tell(event: OutputEvent): void {
    this.queue.push(event);
  }

  close(): Promise<void> {
    return this.queue.close();
  }
}
