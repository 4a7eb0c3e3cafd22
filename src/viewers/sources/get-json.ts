import { AnswerTooLarge } from '../../core/net/held-answer.js';
import { heldFetch } from '../../core/net/held-fetch.js';
import { TimeLimit } from '../../core/time-limit.js';
import { membersOf, parseJson } from './shape-event.js';

const TIMEOUT_MS = 10_000;
const MAX_BYTES = 4 * 1024 * 1024;

export interface JsonAnswer {
  readonly status: number;
  /** Seconds of `Retry-After`; 0 for none. */
  readonly retryAfterS: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** GET of a JSON object, bounded in time and bytes. Rejects with a reason that holds no part of the address. */
export async function getJson(
  url: URL,
  { signal, headers = {} }: { signal: AbortSignal; headers?: Record<string, string> },
): Promise<JsonAnswer> {
  const limit = new TimeLimit(TIMEOUT_MS, signal);
  try {
    const reply = await heldFetch(url, {
      headers: { accept: 'application/json', ...headers },
      redirect: 'error',
      signal: limit.signal,
    });
    const text = await reply.text(MAX_BYTES);
    const retryAfterS = Number(reply.headers.get('retry-after') ?? 0);
    return { status: reply.status, retryAfterS: retryAfterS > 0 ? retryAfterS : 0, body: membersOf(parseJson(text)) };
  } catch (error) {
    const { name, cause } = error as Error & { cause?: NodeJS.ErrnoException };
    if (name === 'TimeoutError')
      throw new Error(`no answer from ${url.host} in ${TIMEOUT_MS / 1000} s`, { cause: error });
    if (error instanceof AnswerTooLarge) throw error;
    throw new Error(`${url.host} cannot be reached${cause?.code === undefined ? '' : ` (${cause.code})`}`, {
      cause: error,
    });
  } finally {
    limit.end();
  }
}
