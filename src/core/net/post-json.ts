import { TimeLimit } from '../sleep.js';
import { isIP } from 'node:net';
import { heldFetch } from './held-fetch.js';
import { isLoopbackHost, type Resolve } from './public-address.js';

export interface PostOptions {
  /** Never shown, because it may hold a key. */
  readonly url: string;
  readonly token?: string | undefined;
  readonly body: unknown;
  readonly signal: AbortSignal;
  /** Whether a name may lead to an address of a private network; one that is written as such an address may. */
  readonly allowPrivate?: boolean | undefined;
  /** For tests: how names are looked up. */
  readonly resolve?: Resolve;
  /** Reads the answer of a receiver that returns 200 for everything; returns the error, or an empty text. */
  readonly refusal?: (answer: string) => string;
}

const TRY_MS = 5000;
const MAX_ANSWER_BYTES = 4096;

/** Posts JSON once. Resolves with the error, without the address, or an empty text. */
export async function postJson({
  url,
  token,
  body,
  signal,
  allowPrivate = false,
  resolve,
  refusal,
}: PostOptions): Promise<string> {
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
      guard: allowPrivate || isWrittenOut(url) ? undefined : resolve === undefined ? {} : { resolve },
    });
    if (reply.ok && refusal !== undefined) return refusal(await reply.beginning(MAX_ANSWER_BYTES));
    await reply.drop();
    return reply.ok ? '' : `status ${reply.status}`;
  } catch (e) {
    // The message of fetch may contain the address.
    const code = e instanceof Error ? ((e.cause as NodeJS.ErrnoException | undefined)?.code ?? e.name) : 'failed';
    return code === 'ENOTPUBLIC'
      ? 'its name leads to an address of a private network; set allowPrivate, or write the address itself'
      : code;
  } finally {
    limit.end();
  }
}

/** Whoever writes an address, or localhost, means it. */
function isWrittenOut(url: string): boolean {
  const { hostname } = new URL(url);
  return isLoopbackHost(hostname) || isIP(hostname.replace(/^\[|\]$/g, '')) !== 0;
}
