import { TimeLimit } from '../time-limit.js';
import { heldFetch } from './held-fetch.js';

export interface PostOptions {
  /** Never shown, because it may hold a key. */
  readonly url: string;
  readonly token?: string | undefined;
  readonly body: unknown;
  readonly signal: AbortSignal;
  /** Reads the answer of a receiver that returns 200 for everything; returns the error, or an empty text. */
  readonly refusal?: (answer: string) => string;
}

const TRY_MS = 5000;
const MAX_ANSWER_BYTES = 4096;

/** Posts JSON once. Resolves with the error, without the address, or an empty text. */
export async function postJson({ url, token, body, signal, refusal }: PostOptions): Promise<string> {
  const limit = new TimeLimit(TRY_MS, signal);
  try {
    const reply = await heldFetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json; charset=utf-8',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(body),
      redirect: 'error',
      signal: limit.signal,
    });
    if (reply.ok && refusal !== undefined) return refusal(await reply.beginning(MAX_ANSWER_BYTES));
    await reply.drop();
    return reply.ok ? '' : `status ${reply.status}`;
  } catch (e) {
    // The message of fetch may contain the address.
    return e instanceof Error ? (((e.cause as NodeJS.ErrnoException | undefined)?.code ?? e.name) as string) : 'failed';
  } finally {
    limit.end();
  }
}
