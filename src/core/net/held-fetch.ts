import { HeldAnswer } from './held-answer.js';
import type { AddressGuard } from './public-address.js';

export interface HeldRequest extends RequestInit {
  readonly signal: AbortSignal;
  /** For an address that a server named: public addresses alone. */
  readonly guard?: AddressGuard | undefined;
}

/**
 * fetch() with a signal that ends the request, and the reading of its answer.
 *
 * Problem: fetch() holds its signal weakly. Once the request is collected as garbage, an answer that never ends is waited
 * for until its own time limit of five minutes.
 * Rule: a listener of ours rejects the wait for the answer. It reads the body through a reader of ours, since only who
 * reads a body may cancel it, and on abort it fails the reading with the signal's reason and closes the connection.
 */
export async function heldFetch(url: string | URL, { guard, ...init }: HeldRequest): Promise<HeldAnswer> {
  const { signal } = init;
  const asked = guard === undefined ? fetch(url, init) : guardedFetch(url, init, guard);
  const { body, status, statusText, headers } = await orAborted(asked, signal);
  return new HeldAnswer(
    new Response(body === null ? null : heldBody(body, signal), { status, statusText, headers: [...headers] }),
  );
}

/** Loaded where it is needed: most rooms never ask an address that a server named. */
async function guardedFetch(url: string | URL, init: RequestInit, guard: AddressGuard): Promise<Response> {
  const { heldGuardedFetch } = await import('./held-guarded-fetch.js');
  return heldGuardedFetch(url, init, guard);
}

function orAborted(answer: Promise<Response>, signal: AbortSignal): Promise<Response> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
    answer.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
    if (signal.aborted) onAbort();
  });
}

function heldBody(body: ReadableStream<Uint8Array>, signal: AbortSignal): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  let onAbort = (): void => undefined;
  const cancel = (reason: unknown): Promise<void> => {
    signal.removeEventListener('abort', onAbort);
    return reader.cancel(reason);
  };
  return new ReadableStream({
    start(controller) {
      onAbort = () => {
        controller.error(signal.reason);
        // A connection that is broken already is closed, too.
        void cancel(signal.reason).catch(() => undefined);
      };
      signal.addEventListener('abort', onAbort, { once: true });
      if (signal.aborted) onAbort();
    },
    async pull(controller) {
      const { done, value } = await reader.read();
      if (signal.aborted) return;
      if (!done) return controller.enqueue(value);
      signal.removeEventListener('abort', onAbort);
      controller.close();
    },
    cancel,
  });
}
