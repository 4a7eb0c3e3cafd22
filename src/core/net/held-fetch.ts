import type { AddressGuard } from './public-address.js';

/** The message in the body of an error answer, as OpenAI's protocol has it: " (model not found)"; else empty. */
export function faultMessageIn(body: string): string {
  try {
    const { error } = JSON.parse(body) as { error?: { message?: unknown } | string };
    const message = typeof error === 'string' ? error : error?.message;
    return typeof message === 'string' ? ` (${message})` : '';
  } catch {
    return '';
  }
}

/** Why a request had no answer, in a word or a sentence: ECONNREFUSED. */
export function noAnswerReason(error: unknown): string {
  if (!(error instanceof Error)) return 'no answer';
  const cause = error.cause as NodeJS.ErrnoException | undefined;
  return cause?.code ?? cause?.message ?? error.message;
}

/**
 * The answer of a server, read within bounds.
 *
 * Problem: `text()` and its like read whatever is sent: an error page without end fills the memory before a time limit
 * comes.
 * Rule: an answer has no such method. Whoever reads it says how much at most; beyond it the connection is closed. What
 * a server says about an error is cut to its beginning, and never fails.
 */
export const MAX_ERROR_BYTES = 64 * 1024;
/** Time for the text of an error, within the request's own limit. */
const ERROR_MS = 5000;

/** A body above its bound. */
export class AnswerTooLarge extends Error {
  constructor(readonly maxBytes: number) {
    super(`an answer of more than ${maxBytes} bytes`);
  }
}

export class HeldAnswer {
  readonly status: number;
  readonly headers: Headers;

  constructor(private readonly response: Response) {
    this.status = response.status;
    this.headers = response.headers;
  }

  get ok(): boolean {
    return this.response.ok;
  }

  /** The body as it comes. Throws AnswerTooLarge, which closes the connection, as leaving early does. */
  async *chunks(maxBytes: number): AsyncGenerator<Uint8Array, void, void> {
    let size = 0;
    for await (const chunk of this.response.body ?? []) {
      size += (chunk as Uint8Array).length;
      if (size > maxBytes) throw new AnswerTooLarge(maxBytes);
      yield chunk as Uint8Array;
    }
  }

  /** The whole body. Throws AnswerTooLarge. */
  async bytes(maxBytes: number): Promise<Buffer> {
    const parts: Uint8Array[] = [];
    for await (const chunk of this.chunks(maxBytes)) parts.push(chunk);
    return Buffer.concat(parts);
  }

  /** The whole body as UTF-8. Throws AnswerTooLarge. */
  async text(maxBytes: number): Promise<string> {
    return (await this.bytes(maxBytes)).toString('utf8');
  }

  /** The beginning of what a server says about an error; empty where it says nothing. Never throws. */
  async beginning(maxBytes = MAX_ERROR_BYTES): Promise<string> {
    const { body } = this.response;
    if (body === null) return '';
    const reader = body.getReader();
    const parts: Uint8Array[] = [];
    const timer = setTimeout(() => void reader.cancel().catch(() => undefined), ERROR_MS);
    try {
      for (let left = maxBytes; left > 0;) {
        const { done, value } = await reader.read();
        if (done) break;
        parts.push(value.subarray(0, left));
        left -= value.length;
      }
    } catch {
      // Broken off: what came counts.
    } finally {
      clearTimeout(timer);
      void reader.cancel().catch(() => undefined);
    }
    return Buffer.concat(parts).toString('utf8');
  }

  /** Closes the connection unread. */
  async drop(): Promise<void> {
    await this.response.body?.cancel().catch(() => undefined);
  }
}

interface HeldRequest extends RequestInit {
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
