/**
 * fetch(), and the reading of its answer, until a signal.
 *
 * Problem: fetch() holds its signal weakly. Once the request is collected as garbage, an answer that never ends is waited
 * for until its own time limit of five minutes.
 * Rule: the signal rejects here, and cancels the body, so that its connection ends. `read` gets a copy of the answer whose
 * body is read through a reader of ours: only who reads a body may cancel it.
 */
export async function fetchWithin<T>(
  url: string | URL,
  init: RequestInit & { readonly signal: AbortSignal },
  read: (reply: Response) => Promise<T>,
): Promise<T> {
  const { signal } = init;
  signal.throwIfAborted();
  let end = (): void => undefined;
  const ended = new Promise<never>((_, reject) => (end = () => reject(signal.reason as Error)));
  ended.catch(() => undefined); // the race reports it
  signal.addEventListener('abort', end, { once: true });
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  try {
    const answer = await Promise.race([fetch(url, init), ended]);
    reader = answer.body?.getReader();
    const { status, statusText, headers } = answer;
    const body = reader === undefined ? null : streamOf(reader);
    return await Promise.race([read(new Response(body, { status, statusText, headers })), ended]);
  } finally {
    signal.removeEventListener('abort', end);
    // No-op after a whole answer.
    reader?.cancel().catch(() => undefined);
  }
}

const streamOf = (reader: ReadableStreamDefaultReader<Uint8Array>): ReadableStream<Uint8Array> =>
  new ReadableStream({
    async pull(controller) {
      const { done, value } = await reader.read();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  });
